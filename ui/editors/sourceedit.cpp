// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/sourceedit.h"

#include "core/octets.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowdelegate.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>

namespace gatehouse::ui {

namespace {
constexpr int kOffered = 40;
constexpr int kShownRows = 6;
constexpr int kPopupWidth = 340;
} // namespace

SourceEdit::SourceEdit(const QList<app::CompletionItem> &sources, QWidget *parent)
    : QLineEdit(parent), m_sources(sources), m_offered(new app::AttributeCompletion(this))
{
    setFont(monospaceFont(font()));
    auto *completer = new QCompleter(m_offered, this);
    completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setMaxVisibleItems(kShownRows);
    completer->popup()->setItemDelegate(new RowDelegate(completer->popup()));
    completer->popup()->setMinimumWidth(kPopupWidth);
    completer->popup()->setAccessibleName(tr("Source attributes"));
    setCompleter(completer);
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        offer(text);
        emit typed(text);
    });
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this, [this](const QString &text) {
        setModified(true);
        emit typed(text);
    });
}

void SourceEdit::offer(const QString &text)
{
    const QString wanted = text.startsWith(QLatin1String("ADD:"), Qt::CaseInsensitive) ? text.mid(4) : text;
    const bool isName = core::isAttributeType(wanted.section(u';', 0, 0).toUtf8());
    if (!isName && !wanted.isEmpty()) {
        m_offered->setShown({}); // an expression
        return;
    }
    QList<app::CompletionItem> shown = app::ranked(m_sources, wanted, kOffered);
    const bool known = std::any_of(m_sources.cbegin(), m_sources.cend(), [&](const app::CompletionItem &item) {
        return item.name.compare(wanted, Qt::CaseInsensitive) == 0 || item.aliases.contains(wanted, Qt::CaseInsensitive);
    });
    if (isName && !known) {
        app::CompletionItem add;
        add.name = QStringLiteral("ADD:") + wanted;
        add.insertion = wanted;
        add.detail = tr("a new source attribute");
        shown.append(add);
    }
    m_offered->setShown(shown);
}

void SourceEdit::keyPressEvent(QKeyEvent *event)
{
    // Ctrl+Space and Down offer what there is, as in the expression editor.
    const bool asked = event->key() == Qt::Key_Space && event->modifiers() & Qt::ControlModifier;
    if (asked || event->key() == Qt::Key_Down) {
        offer(hasSelectedText() && selectedText() == text() ? QString() : text());
        completer()->complete();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace gatehouse::ui
