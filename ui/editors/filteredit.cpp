// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/filteredit.h"

#include "app/configfaults.h"
#include "core/filter.h"
#include "core/schemacheck.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kLines = 3;
constexpr int kPauseMs = 350;  ///< a half-typed filter is not yet a wrong one
constexpr int kBeforeCaret = 32;
constexpr int kAfterCaret = 16;
} // namespace

FilterEdit::FilterEdit(QWidget *parent)
    : QWidget(parent), m_edit(new QPlainTextEdit(this)), m_caret(new QLabel(this)), m_note(new QLabel(this))
{
    const QFont mono = monospaceFont(font());
    m_edit->setFont(mono);
    m_edit->setTabChangesFocus(true);
    m_edit->setFixedHeight(QFontMetrics(mono).lineSpacing() * kLines + 20);
    m_edit->setObjectName(QStringLiteral("filterText"));
    m_edit->setAccessibleName(tr("LDAP filter"));
    m_caret->setFont(mono);
    m_caret->setTextFormat(Qt::PlainText);
    m_caret->setForegroundRole(QPalette::BrightText);
    m_caret->setObjectName(QStringLiteral("caret"));
    m_caret->hide();
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("schemaNote"));
    m_note->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_edit);
    layout->addWidget(m_caret);
    layout->addWidget(m_note);
    setFocusProxy(m_edit);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &FilterEdit::check);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        m_pause.start();
        emit textChanged();
    });
}

QString FilterEdit::text() const
{
    return m_edit->toPlainText().trimmed();
}

void FilterEdit::setText(const QString &text)
{
    if (text == m_edit->toPlainText())
        return;
    m_edit->setPlainText(text);
    check();
}

void FilterEdit::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

QString FilterEdit::fault() const
{
    if (text().isEmpty())
        return {};
    const auto parsed = core::Filter::parse(text());
    if (parsed)
        return {};
    const QString words = app::ConfigFaults::text(parsed.error());
    return parsed.error().offset < 0 ? words : tr("At character %1: %2").arg(parsed.error().offset + 1).arg(words);
}

void FilterEdit::check()
{
    m_pause.stop();
    QList<QTextEdit::ExtraSelection> marks;
    QString caret;
    const QString typed = m_edit->toPlainText();
    const auto parsed = core::Filter::parse(typed.trimmed());
    if (!typed.trimmed().isEmpty() && !parsed && parsed.error().offset >= 0) {
        const qsizetype lead = typed.indexOf(typed.trimmed());
        const int at = std::min(int(lead) + parsed.error().offset, int(typed.size()));
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_edit->document());
        // At the very end there is no character to underline: the last one stands for it.
        mark.cursor.setPosition(std::min(at, std::max(0, int(typed.size()) - 1)));
        const int length = std::max(1, parsed.error().length);
        mark.cursor.setPosition(std::min(mark.cursor.position() + length, int(typed.size())), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(colors().bad);
        mark.format.setForeground(colors().bad);
        marks << mark;

        QString line = QString(typed).replace(u'\n', u' ');
        const int from = std::max(0, at - kBeforeCaret);
        caret = (from > 0 ? QStringLiteral("…") : QString()) + line.mid(from, at - from + kAfterCaret);
        caret += u'\n' + QString(at - from + (from > 0 ? 1 : 0), u' ') + u'^';
    }
    m_edit->setExtraSelections(marks);
    m_caret->setText(caret);
    m_caret->setVisible(!caret.isEmpty());
    QStringList unknown;
    if (m_schema && parsed && !typed.trimmed().isEmpty()) {
        for (const QByteArray &name : parsed->attributes()) {
            if (const auto warning = core::unknownAttribute(*m_schema, QString::fromUtf8(name)))
                unknown << app::ConfigFaults::text(*warning);
        }
    }
    m_note->setText(unknown.join(u'\n'));
    m_note->setVisible(!unknown.isEmpty());
}

void FilterEdit::setSchema(std::shared_ptr<const core::Schema> schema)
{
    m_schema = std::move(schema);
    check();
}

} // namespace gatehouse::ui
