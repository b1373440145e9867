// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/resultview.h"

#include "app/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/note.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kValueLines = 4;
constexpr int kStoredShown = 300;
constexpr int kStepRows = 6;

QString duration(qint64 nanoseconds)
{
    const double milliseconds = double(nanoseconds) / 1e6;
    if (milliseconds < 0.1)
        return ResultView::tr("less than 0.1 ms");
    return ResultView::tr("%1 ms").arg(milliseconds, 0, 'f', milliseconds < 10 ? 1 : 0);
}

} // namespace

ResultView::ResultView(QWidget *parent)
    : QFrame(parent), m_time(new QLabel(this)), m_value(new QPlainTextEdit(this)), m_kind(new QLabel(this)),
      m_storedLabel(new QLabel(this)), m_stored(new QLabel(this)), m_note(new Note(Tone::Neutral, {}, this)),
      m_stepsTitle(new QLabel(tr("What the parts give"), this)), m_steps(new QStandardItemModel(0, 2, this)),
      m_stepsView(new TableView(this))
{
    setProperty("form", QStringLiteral("card"));
    auto *title = new QLabel(tr("Result"), this);
    title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_time->setObjectName(QStringLiteral("resultTime"));
    m_time->setForegroundRole(QPalette::PlaceholderText);
    m_value->setObjectName(QStringLiteral("resultValue"));
    m_value->setAccessibleName(tr("Result"));
    m_value->setReadOnly(true);
    m_value->setTabChangesFocus(true);
    m_value->setFont(monospaceFont(font()));
    m_value->setFixedHeight(QFontMetrics(m_value->font()).lineSpacing() * kValueLines + 20);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_kind->setObjectName(QStringLiteral("resultKind"));
    m_kind->setForegroundRole(QPalette::PlaceholderText);
    m_storedLabel->setForegroundRole(QPalette::PlaceholderText);
    m_storedLabel->setTextFormat(Qt::PlainText);
    m_stored->setObjectName(QStringLiteral("resultStored"));
    m_stored->setTextFormat(Qt::PlainText);
    m_stored->setWordWrap(true);
    m_stored->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note->setObjectName(QStringLiteral("resultNote"));
    m_stepsTitle->setFont(title->font());
    m_steps->setHorizontalHeaderLabels({tr("Part"), tr("Gives")});
    m_stepsView->setObjectName(QStringLiteral("resultSteps"));
    m_stepsView->setAccessibleName(m_stepsTitle->text());
    m_stepsView->setModel(m_steps);
    m_stepsView->setSortingEnabled(false);
    m_stepsView->horizontalHeader()->setSortIndicatorShown(false);
    m_stepsView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_stepsView->shareWidth({1, 1});
    m_stepsView->setMinimumHeight(110);

    auto *head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_time);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_value);
    layout->addWidget(m_kind);
    layout->addWidget(m_storedLabel);
    layout->addWidget(m_stored);
    layout->addWidget(m_note);
    layout->addWidget(m_stepsTitle);
    layout->addWidget(m_stepsView, 1);
    m_stepsTitle->hide();
    m_stepsView->hide();
    setTarget(nullptr);
}

void ResultView::setTarget(const core::AttributeDefinition *definition)
{
    m_target.reset();
    if (definition)
        m_target = *definition;
    m_storedLabel->setVisible(definition != nullptr);
    m_stored->setVisible(definition != nullptr);
    if (definition)
        m_storedLabel->setText(tr("%1 would hold").arg(definition->displayName));
}

QString ResultView::valueText() const
{
    return m_value->toPlainText();
}

QString ResultView::storedText() const
{
    return m_stored->text();
}

QString ResultView::storedWords(const app::ExpressionAnswer &answer) const
{
    if (!answer.problems.isEmpty())
        return tr("nothing: the value is refused");
    if (core::isNull(answer.stored))
        return tr("nothing: there is no value");
    const QString words = app::Text::value(answer.stored);
    return words.size() > kStoredShown ? words.left(kStoredShown) + u'…' : words;
}

void ResultView::show(const app::ExpressionAnswer &answer)
{
    m_time->setText(answer.value ? tr("live · %1").arg(duration(answer.nanoseconds)) : QString());
    m_value->setPlainText(answer.value ? app::valueText(*answer.value) : QString());
    if (answer.empty)
        m_kind->setText(tr("Write an expression: what it gives for the sample stands here."));
    else if (!answer.faults.isEmpty())
        m_kind->setText(tr("The expression has a fault."));
    else if (answer.failure)
        m_kind->setText(tr("The expression fails for this sample."));
    else
        m_kind->setText(app::valueKind(*answer.value));
    m_stored->setText(answer.value ? storedWords(answer) : QStringLiteral("—"));

    QString note;
    Tone tone = Tone::Warning;
    if (answer.value && !answer.problems.isEmpty()) {
        note = m_target ? tr("%1: %2").arg(m_target->displayName, answer.problems.constFirst().message)
                        : answer.problems.constFirst().message;
        tone = Tone::Bad;
    } else if (answer.value) {
        note = answer.targetNote;
    }
    m_note->setText(note, tone);

    m_steps->removeRows(0, m_steps->rowCount());
    for (const app::ExpressionStep &step : answer.steps) {
        auto *part = new QStandardItem(step.text);
        auto *gives = new QStandardItem(step.result);
        part->setFont(monospaceFont(font()));
        part->setToolTip(step.text.left(kStoredShown));
        gives->setToolTip(step.result.left(kStoredShown));
        if (step.failed)
            gives->setForeground(colors().bad);
        m_steps->appendRow({part, gives});
    }
    m_stepsTitle->setVisible(!answer.steps.isEmpty());
    m_stepsView->setVisible(!answer.steps.isEmpty());
    const int rows = std::min(kStepRows, int(answer.steps.size()));
    m_stepsView->setMinimumHeight(m_stepsView->horizontalHeader()->sizeHint().height()
                                  + rows * m_stepsView->verticalHeader()->defaultSectionSize() + 4);
}

void ResultView::showWaiting()
{
    m_time->setText(tr("evaluating…"));
}

} // namespace gatehouse::ui
