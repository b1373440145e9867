// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressionedit.h"

#include "app/expressions/expressionplace.h"
#include "ui/editors/completionpopup.h"
#include "ui/editors/expressionfield.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kPauseMs = 300;
constexpr int kMaxMessages = 3;

QString placed(const core::expr::Fault &fault)
{
    return ExpressionEdit::tr("At character %1: %2").arg(fault.offset + 1).arg(fault.message);
}

} // namespace

ExpressionEdit::ExpressionEdit(QWidget *parent)
    : QWidget(parent), m_field(new ExpressionField(this)), m_popup(new CompletionPopup(this)), m_hint(new QLabel(this)),
      m_message(new QLabel(this))
{
    setFocusProxy(m_field);
    m_hint->setObjectName(QStringLiteral("parameterHint"));
    m_hint->setTextFormat(Qt::RichText);
    m_hint->setWordWrap(true);
    m_hint->setFont(scaledFont(font(), 0.95));
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    m_message->setObjectName(QStringLiteral("expressionFault"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_field);
    layout->addWidget(m_message);
    layout->addWidget(m_hint);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);

    connect(m_field, &QPlainTextEdit::textChanged, this, &ExpressionEdit::onEdited);
    connect(m_field, &QPlainTextEdit::cursorPositionChanged, this, &ExpressionEdit::showHint);
    connect(m_field, &ExpressionField::completionRequested, this, [this] { complete(true); });
    connect(m_field, &ExpressionField::keyOffered, this, [this](int key, bool *taken) {
        *taken = key == 0 ? m_popup->isVisible() : m_popup->takeKey(key);
        // Left and right leave the name that was being completed.
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End)
            m_popup->hide();
    });
    connect(m_field, &ExpressionField::focusLeft, m_popup, &QWidget::hide);
    connect(m_popup, &CompletionPopup::chosen, this, &ExpressionEdit::accept);
    connect(m_popup, &CompletionPopup::currentChanged, this, [this](const QString &words) {
        m_field->setAccessibleDescription(words);
        QAccessibleEvent event(m_field, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&event);
    });
    connect(&m_evaluation, &app::LiveEvaluation::answered, this, &ExpressionEdit::take);
    connect(&m_pause, &QTimer::timeout, this, &ExpressionEdit::showMessage);
    connect(m_hint, &QLabel::linkActivated, this, &ExpressionEdit::documentationRequested);
    showHint();
}

ExpressionEdit::~ExpressionEdit()
{
    m_field->disconnect(this); // the field loses its focus while it goes
}

QString ExpressionEdit::text() const
{
    return m_field->text();
}

void ExpressionEdit::setText(const QString &text)
{
    if (text == m_field->text())
        return;
    m_accepting = true;
    m_field->setPlainText(text);
    m_field->moveCursor(QTextCursor::End);
    m_accepting = false;
}

void ExpressionEdit::setAttributes(QList<app::CompletionItem> attributes)
{
    m_attributes = std::move(attributes);
}

void ExpressionEdit::setQuestion(const app::ExpressionQuestion &question)
{
    m_question = question;
    ask(false);
}

void ExpressionEdit::test()
{
    ask(true);
}

void ExpressionEdit::insert(const QString &text, int caret)
{
    m_accepting = true;
    m_field->replace(m_field->cursorAt(), 0, text, caret);
    m_accepting = false;
    m_field->setFocus(Qt::OtherFocusReason);
}

void ExpressionEdit::goToFault()
{
    m_field->setFocus(Qt::OtherFocusReason);
    QTextCursor cursor = m_field->textCursor();
    if (m_answer && !m_answer->faults.isEmpty())
        cursor.setPosition(std::min(m_answer->faults.constFirst().offset, int(text().size())));
    else
        cursor.movePosition(QTextCursor::End);
    m_field->setTextCursor(cursor);
}

void ExpressionEdit::onEdited()
{
    const QString now = text();
    if (now == m_before)
        return; // only colours have changed
    const bool typedOne = now.size() == m_before.size() + 1;
    m_before = now;
    m_answer.reset();
    m_pause.start();
    ask(false);
    emit textChanged();
    if (m_accepting)
        return;
    const int at = m_field->cursorAt();
    const QChar last = at > 0 ? now.at(at - 1) : QChar();
    const bool begins = typedOne && (last.isLetter() || last == u'.' || last == u'#');
    // The popup opens by itself on a letter, # or a dot, and follows while it is open.
    if (m_popup->isVisible() || begins)
        complete(false);
}

void ExpressionEdit::ask(bool steps)
{
    m_question.text = text();
    m_question.steps = steps;
    m_evaluation.ask(m_question);
}

void ExpressionEdit::take(const app::ExpressionAnswer &answer)
{
    if (answer.text != text())
        return;
    m_answer = answer;
    const bool faulty = !answer.faults.isEmpty() || answer.failure;
    // Good news at once, bad news when typing pauses.
    if (!faulty || !m_pause.isActive())
        showMessage();
    emit answered(answer);
}

QString ExpressionEdit::faultText(const app::ExpressionAnswer &answer)
{
    QStringList lines;
    for (const core::expr::Fault &fault : answer.faults)
        lines.append(placed(fault));
    if (answer.failure)
        lines.append(placed(*answer.failure));
    if (lines.size() > kMaxMessages) {
        const qsizetype more = lines.size() - kMaxMessages;
        lines = lines.mid(0, kMaxMessages);
        lines.append(tr("and %n more", nullptr, int(more)));
    }
    return lines.join(u'\n');
}

void ExpressionEdit::showMessage()
{
    QString words;
    QList<core::expr::Fault> faults;
    QList<core::expr::Fault> warnings;
    if (m_answer) {
        faults = m_answer->faults;
        if (m_answer->failure)
            faults.append(*m_answer->failure);
        warnings = m_answer->warnings;
        words = faultText(*m_answer);
        if (words.isEmpty() && !warnings.isEmpty())
            words = tr("Warning, at character %1: %2").arg(warnings.constFirst().offset + 1).arg(warnings.constFirst().message);
    }
    m_field->setMarks(faults, warnings);
    setTextTone(*m_message, faults.isEmpty() ? Tone::Warning : Tone::Bad);
    m_message->setText(words);
    m_message->setVisible(!words.isEmpty());
    if (m_field->accessibleDescription() != words) {
        m_field->setAccessibleDescription(words);
        QAccessibleEvent event(m_field, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&event);
    }
}

void ExpressionEdit::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showHint();
}

void ExpressionEdit::complete(bool asked)
{
    const app::ExpressionPlace place = app::placeAt(text(), m_field->cursorAt());
    const bool wanted = asked || place.kind == app::ExpressionPlace::Kind::Library
        || place.kind == app::ExpressionPlace::Kind::Function
        || (place.kind == app::ExpressionPlace::Kind::Name && !place.typed.isEmpty());
    QList<app::CompletionItem> items = wanted ? app::completionsAt(place, m_attributes) : QList<app::CompletionItem>();
    // Behind a name that is whole, what is asked for is how to go on.
    if (asked && !place.typed.isEmpty() && !items.isEmpty() && items.constFirst().name == place.typed
        && place.length == place.typed.size()) {
        QString spaced = text();
        spaced.insert(m_field->cursorAt(), u' ');
        const app::ExpressionPlace behind = app::placeAt(spaced, m_field->cursorAt() + 1);
        items = app::operatorItems(behind.inList) + items.mid(1);
    }
    // What is written out already needs no list of one.
    const bool whole = items.size() == 1 && items.constFirst().name == place.typed;
    if (items.isEmpty() || (whole && !asked)) {
        m_popup->hide();
        return;
    }
    m_popup->offer(items, m_field, m_field->characterRect(place.start));
}

void ExpressionEdit::accept(const app::CompletionItem &item)
{
    app::ExpressionPlace place = app::placeAt(text(), m_field->cursorAt());
    if (item.kind == app::CompletionKind::Operator) {
        place.start = m_field->cursorAt();
        place.length = 0;
    }
    QString insertion = item.insertion;
    int caret = item.caret;
    const QString after = text().mid(place.start + place.length);
    // The arguments are there already.
    if (item.kind == app::CompletionKind::Function && after.startsWith(u'(')) {
        insertion = item.name;
        caret = -1;
    }
    m_popup->hide();
    m_accepting = true;
    m_field->replace(place.start, place.length, insertion, caret);
    m_accepting = false;
    m_field->setFocus(Qt::OtherFocusReason);
    if (item.kind == app::CompletionKind::Library)
        complete(true);
}

void ExpressionEdit::showHint()
{
    const auto call = app::callAt(text(), m_field->cursorAt());
    if (!call) {
        m_hint->setText(tr("Ctrl+Space offers attributes, functions and operators.").toHtmlEscaped());
        return;
    }
    const core::expr::FunctionDescription &function = *call->function;
    const QString name = u'#' + function.library.toString() + u'.' + function.name.toString();
    const int current = app::parameterOf(function, call->argument);
    QStringList parameters;
    for (int i = 0; i < int(function.parameters.size()); ++i) {
        const QString parameter = function.parameters[size_t(i)].name.toString().toHtmlEscaped();
        parameters.append(i == current ? QStringLiteral("<b style=\"color:%1\">%2</b>").arg(colors().text.name(), parameter)
                                       : parameter);
    }
    if (function.repeated > 0)
        parameters.append(QStringLiteral("…"));
    QString words = QStringLiteral("<code>%1(%2)</code> → %3. %4 <a href=\"%1\" style=\"color:%6\">%5</a>")
                        .arg(name, parameters.join(QStringLiteral(", ")), core::expr::typeName(function.result),
                             function.summary.toString().toHtmlEscaped(), tr("Documentation"), colors().accent.name());
    m_hint->setText(words);
}

} // namespace gatehouse::ui
