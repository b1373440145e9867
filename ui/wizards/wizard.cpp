// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizards/wizard.h"

#include "ui/theme/theme.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/line.h"
#include "ui/widgets/scrollpane.h"
#include "ui/wizards/steplist.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {
constexpr QSize kSize(900, 620); ///< fits the smallest window
constexpr int kMaxWindowShare = 40;
}

Wizard::Wizard(const QString &title, QWidget *parent)
    : QDialog(parent), m_title(title), m_list(new StepList(this)), m_pages(new QStackedWidget(this)),
      m_error(new ErrorPanel(this)), m_cancel(new QPushButton(tr("&Cancel"), this)),
      m_back(new QPushButton(tr("&Back"), this)), m_next(new QPushButton(this))
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    setObjectName(QStringLiteral("wizard"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_next->setProperty("form", QStringLiteral("primary"));
    m_next->setDefault(true);
    m_next->setObjectName(QStringLiteral("next"));
    m_back->setAutoDefault(false);
    m_back->setObjectName(QStringLiteral("back"));
    m_cancel->setAutoDefault(false);
    m_cancel->setObjectName(QStringLiteral("cancel"));
    connect(m_next, &QPushButton::clicked, this, &Wizard::next);
    connect(m_back, &QPushButton::clicked, this, &Wizard::back);
    connect(m_cancel, &QPushButton::clicked, this, &Wizard::reject);
    connect(m_list, &StepList::chosen, this, [this](int index) {
        // Back freely; forward only over steps that hold.
        if (index < m_current || checkStep(currentStep()))
            show(index);
    });

    auto *errorHolder = new QWidget;
    auto *errorLayout = new QVBoxLayout(errorHolder);
    errorLayout->setContentsMargins(24, 0, 24, 8);
    errorLayout->addWidget(m_error);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(24, 12, 24, 14);
    buttons->setSpacing(8);
    buttons->addWidget(m_cancel);
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_next);
    auto *right = new QVBoxLayout;
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(m_pages, 1);
    right->addWidget(errorHolder);
    right->addWidget(new Line);
    right->addLayout(buttons);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_list);
    layout->addLayout(right, 1);
    QSize size = kSize;
    if (parent)
        size = size.boundedTo(parent->window()->size() - QSize(kMaxWindowShare, kMaxWindowShare));
    resize(size);
}

void Wizard::addStep(const QString &key, const QString &title, const QString &explanation, QWidget *content)
{
    Step step;
    step.key = key;
    step.content = content;
    auto *inside = new QWidget;
    inside->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(6);
    auto *heading = new QLabel(title, inside);
    heading->setFont(scaledFont(font(), 1.3, QFont::DemiBold));
    heading->setWordWrap(true);
    heading->setObjectName(QStringLiteral("stepTitle"));
    column->addWidget(heading);
    if (!explanation.isEmpty()) {
        auto *words = new QLabel(explanation, inside);
        words->setWordWrap(true);
        words->setTextFormat(Qt::PlainText);
        words->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(words);
    }
    column->addSpacing(10);
    column->addWidget(content);
    column->addStretch(1);
    auto *area = new ScrollPane(inside);
    step.page = area;
    step.button = m_list->addStep(title);
    step.button->setObjectName(QStringLiteral("step-") + key);
    m_pages->addWidget(area);
    m_steps.append(step);
}

void Wizard::setStepLeftOut(const QString &key, bool leftOut)
{
    const int index = indexOf(key);
    if (index < 0 || m_steps[index].leftOut == leftOut)
        return;
    m_steps[index].leftOut = leftOut;
    updateSteps();
}

void Wizard::setNextText(const QString &key, const QString &text)
{
    if (const int index = indexOf(key); index >= 0)
        m_steps[index].nextText = text;
    updateSteps();
}

void Wizard::begin()
{
    show(0);
}

QString Wizard::currentStep() const
{
    return m_current < 0 ? QString() : m_steps.at(m_current).key;
}

bool Wizard::isReached(const QString &key) const
{
    return indexOf(key) <= m_reached;
}

int Wizard::indexOf(const QString &key) const
{
    for (int i = 0; i < m_steps.size(); ++i) {
        if (m_steps.at(i).key == key)
            return i;
    }
    return -1;
}

int Wizard::neighbour(int from, int step) const
{
    int at = from + step;
    while (at >= 0 && at < m_steps.size() && m_steps.at(at).leftOut)
        at += step;
    return at;
}

void Wizard::goTo(const QString &key)
{
    if (const int index = indexOf(key); index >= 0)
        show(index);
}

void Wizard::show(int index)
{
    if (index < 0 || index >= m_steps.size())
        return;
    m_error->clear();
    m_current = index;
    m_reached = std::max(m_reached, index);
    m_pages->setCurrentIndex(index);
    if (auto *area = qobject_cast<QScrollArea *>(m_steps.at(index).page))
        area->verticalScrollBar()->setValue(0);
    updateSteps();
    enterStep(m_steps.at(index).key);
    // The first thing that can be filled in; where there is nothing, the button that goes on.
    for (QWidget *widget : m_steps.at(index).content->findChildren<QWidget *>()) {
        if (widget->isVisibleTo(this) && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus)
            && !widget->focusProxy()) {
            widget->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    m_next->setFocus(Qt::OtherFocusReason);
}

void Wizard::updateSteps()
{
    const int count = int(m_steps.size());
    const auto of = int(std::count_if(m_steps.begin(), m_steps.end(), [](const Step &step) { return !step.leftOut; }));
    int number = 0;
    for (int i = 0; i < count; ++i) {
        const Step &step = m_steps.at(i);
        step.button->setVisible(!step.leftOut);
        if (step.leftOut)
            continue;
        using State = StepButton::State;
        // The last step is done by its button alone, which ends the wizard.
        const bool last = neighbour(i, 1) >= count;
        const Tone outcome = last ? Tone::Neutral : i <= m_reached ? outcomeOf(step.key) : Tone::Good;
        step.button->setState(i == m_current                             ? State::Current
                              : i > m_reached                            ? State::ToCome
                              : step.faulty || outcome == Tone::Bad      ? State::Faulty
                              : outcome == Tone::Warning                 ? State::Warned
                              : outcome == Tone::Neutral                 ? State::Open
                                                                         : State::Done,
                              ++number, of);
    }
    if (m_current < 0)
        return;
    const bool last = neighbour(m_current, 1) >= count;
    const QString text = m_steps.at(m_current).nextText;
    m_next->setText(!text.isEmpty() ? text : last ? tr("&Save") : tr("&Next"));
    m_back->setVisible(neighbour(m_current, -1) >= 0);
    setWindowTitle(m_title);
}

void Wizard::markFaulty(const QString &key, bool faulty)
{
    if (const int index = indexOf(key); index >= 0)
        m_steps[index].faulty = faulty;
    updateSteps();
}

void Wizard::next()
{
    if (m_current < 0 || !m_next->isEnabled())
        return;
    m_error->clear();
    if (!checkStep(currentStep()))
        return;
    markFaulty(currentStep(), false);
    const int index = neighbour(m_current, 1);
    if (index < m_steps.size())
        show(index);
    else
        save();
}

void Wizard::back()
{
    show(neighbour(m_current, -1));
}

void Wizard::setBusy(bool busy)
{
    m_next->setEnabled(!busy);
    m_back->setEnabled(!busy);
    m_list->setEnabled(!busy);
}

void Wizard::showErrors(const QList<core::Error> &errors)
{
    m_error->setErrors(errors);
}

void Wizard::reject()
{
    if (!isTouched()) {
        QDialog::reject();
        return;
    }
    Question question;
    question.title = tr("Throw away what you entered?");
    question.text = tr("Nothing of it has been saved.");
    question.confirm = tr("&Throw away");
    question.harmful = true;
    ask(this, question, [this](Reply reply) {
        if (reply == Reply::Confirm)
            QDialog::reject();
    });
}

void Wizard::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (parentWidget())
        move(parentWidget()->window()->geometry().center() - rect().center());
}

} // namespace gatehouse::ui
