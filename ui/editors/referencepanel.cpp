// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/referencepanel.h"

#include "app/roles.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/searchbox.h"

#include <QEvent>
#include <QFile>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QTextBrowser>
#include <QTextDocument>
#include <QUrl>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

const QString kInsertScheme = QStringLiteral("insert");

QString chapters()
{
    QFile file(QStringLiteral(":/help/expression-language.md"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

ReferencePanel::ReferencePanel(QWidget *parent)
    : QWidget(parent), m_reference(chapters()), m_search(new SearchBox(tr("Search the documentation"), this)),
      m_list(new QListView(this)), m_text(new QTextBrowser(this)), m_insert(new QPushButton(tr("&Insert"), this))
{
    m_search->setObjectName(QStringLiteral("referenceSearch"));
    m_search->setDelay(0);
    m_list->setObjectName(QStringLiteral("referenceList"));
    m_list->setAccessibleName(tr("Documentation"));
    m_list->setModel(&m_found);
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_text->setObjectName(QStringLiteral("referenceText"));
    m_text->setAccessibleName(tr("Documentation of what is chosen"));
    m_text->setOpenLinks(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_insert->setObjectName(QStringLiteral("referenceInsert"));
    auto *split = new QSplitter(Qt::Vertical, this);
    split->addWidget(m_list);
    split->addWidget(m_text);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    split->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_search);
    layout->addWidget(split, 1);
    layout->addWidget(m_insert, 0, Qt::AlignTrailing);

    connect(m_search, &SearchBox::searched, this, &ReferencePanel::search);
    connect(m_search, &SearchBox::downPressed, m_list, [this] { m_list->setFocus(Qt::ShortcutFocusReason); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ReferencePanel::showEntry);
    connect(m_list, &QListView::activated, m_insert, &QPushButton::click);
    connect(m_text, &QTextBrowser::anchorClicked, this, &ReferencePanel::onLink);
    connect(m_insert, &QPushButton::clicked, this, [this] {
        const app::ReferenceEntry *entry = current();
        if (entry && !entry->insertion.isEmpty())
            emit insertRequested(entry->insertion, entry->caret);
        else if (entry && !entry->examples.isEmpty())
            emit insertRequested(entry->examples.constFirst().expression, -1);
    });
    search({});
}

void ReferencePanel::begin()
{
    m_search->setFocus(Qt::OtherFocusReason);
    m_search->selectAll();
}

void ReferencePanel::showFunction(const QString &function)
{
    m_search->setText(function);
    search(function);
    const int wanted = m_reference.find(function);
    for (int row = 0; row < m_found.rowCount(); ++row) {
        if (m_found.index(row, 0).data(app::IdRole).toInt() == wanted)
            m_list->setCurrentIndex(m_found.index(row, 0));
    }
}

void ReferencePanel::search(const QString &words)
{
    m_found.clear();
    for (const int index : m_reference.search(words)) {
        const app::ReferenceEntry &entry = m_reference.entries().at(index);
        auto *item = new QStandardItem(entry.title);
        item->setData(entry.title, app::TitleRole);
        item->setData(entry.text.section(QStringLiteral("\n\n"), 0, 0).simplified(), app::SubtitleRole);
        item->setData(index, app::IdRole);
        m_found.appendRow(item);
    }
    m_list->setCurrentIndex(m_found.index(0, 0));
    showEntry();
}

const app::ReferenceEntry *ReferencePanel::current() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? &m_reference.entries().at(index.data(app::IdRole).toInt()) : nullptr;
}

void ReferencePanel::showEntry()
{
    const app::ReferenceEntry *entry = current();
    m_insert->setEnabled(entry && (!entry->insertion.isEmpty() || !entry->examples.isEmpty()));
    m_insert->setAccessibleDescription(entry ? entry->title : QString());
    if (!entry) {
        m_text->setPlainText(tr("Nothing is written about this. Try a single word, for example join, null or date."));
        return;
    }
    QTextDocument body;
    body.setMarkdown(QStringLiteral("### ") + entry->title + QStringLiteral("\n\n") + entry->text);
    QString html = body.toHtml();
    html.truncate(html.indexOf(QStringLiteral("</body>")));
    const auto code = [](const QString &text) { return QStringLiteral("<code>%1</code>").arg(text.toHtmlEscaped()); };
    if (!entry->examples.isEmpty())
        html += QStringLiteral("<p><b>%1</b></p>").arg(tr("Examples"));
    for (qsizetype i = 0; i < entry->examples.size(); ++i) {
        const app::ReferenceExample &example = entry->examples.at(i);
        const QString result = example.fails ? QStringLiteral("<span style=\"color:%1\">%2</span>").arg(colors().bad.name(), tr("an error"))
            : example.result.isEmpty()       ? tr("changes from time to time")
                                             : QStringLiteral("<span style=\"color:%1\">%2</span>").arg(colors().good.name(), code(example.result));
        html += QStringLiteral("<p>%1<br>→ %2").arg(code(example.expression), result);
        if (!example.fails)
            html += QStringLiteral(" &nbsp;<a href=\"%1:%2\" style=\"color:%3\">%4</a>").arg(kInsertScheme).arg(i).arg(colors().accent.name(), tr("Insert"));
        html += QStringLiteral("</p>");
    }
    if (!entry->data.isEmpty())
        html += QStringLiteral("<p style=\"color:%1\">%2 %3</p>").arg(colors().muted.name(), tr("With the data"), code(entry->data.trimmed()));
    m_text->setHtml(html);
}

void ReferencePanel::onLink(const QUrl &link)
{
    const app::ReferenceEntry *entry = current();
    if (!entry || link.scheme() != kInsertScheme)
        return;
    const int index = link.path().toInt();
    if (index >= 0 && index < entry->examples.size())
        emit insertRequested(entry->examples.at(index).expression, -1);
}

void ReferencePanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showEntry();
}

} // namespace gatehouse::ui
