// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/mappingeditor.h"

#include "ui/editors/mappingdelegate.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::MappingTable;

namespace {
constexpr int kMinRows = 5;
constexpr int kMaxRows = 14; ///< shown at once; more scroll
constexpr int kRemoveWidth = 44;
constexpr int kMaxFaults = 4; ///< written out under the table
} // namespace

MappingEditor::MappingEditor(bool editable, QWidget *parent)
    : QWidget(parent), m_editable(editable), m_view(new TableView(this)),
      m_add(new QPushButton(tr("+ &Add"), this)), m_fault(new QLabel(this))
{
    m_table.setEditable(editable);
    m_view->setModel(&m_table);
    m_view->setObjectName(QStringLiteral("mappings"));
    m_view->setAccessibleName(tr("Attribute mapping"));
    m_view->setItemDelegate(new MappingDelegate(m_suggestions, m_view));
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->horizontalHeader()->setSectionsMovable(false);
    m_view->horizontalHeader()->setSectionsClickable(false);
    m_view->horizontalHeader()->setStretchLastSection(false);
    m_view->horizontalHeader()->setSectionResizeMode(MappingTable::Check, QHeaderView::Stretch);
    m_view->setColumnWidth(MappingTable::Target, 150);
    m_view->setColumnWidth(MappingTable::Source, 160);
    m_view->setColumnWidth(MappingTable::When, 90);
    m_view->setColumnHidden(MappingTable::Remove, !editable);
    m_view->horizontalHeader()->setSectionResizeMode(MappingTable::Remove, QHeaderView::Fixed);
    m_view->setColumnWidth(MappingTable::Remove, kRemoveWidth);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    if (editable) {
        m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 22);
        m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
                                | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
        connect(m_view, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
            if (index.flags() & Qt::ItemIsEditable)
                m_view->edit(index);
        });
        auto *erase = new QShortcut(QKeySequence::Delete, m_view, this, [this] { removeRow(m_view->currentIndex().row()); });
        erase->setContext(Qt::WidgetShortcut);
    }
    m_add->setVisible(editable);
    m_add->setObjectName(QStringLiteral("addMapping"));
    m_add->setAutoDefault(false);
    connect(m_add, &QPushButton::clicked, this, &MappingEditor::add);
    m_fault->setTextFormat(Qt::PlainText);
    m_fault->setWordWrap(true);
    m_fault->setForegroundRole(QPalette::BrightText);
    m_fault->setObjectName(QStringLiteral("mappingFault"));
    m_fault->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_fault);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_add);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    setFocusProxy(m_view);

    connect(&m_table, &MappingTable::edited, this, [this] {
        recheck();
        emit rowsChanged();
    });
    connect(&m_table, &QAbstractItemModel::modelReset, this, [this] {
        placeButtons();
        fitHeight();
    });
    connect(&m_table, &QAbstractItemModel::rowsInserted, this, &MappingEditor::placeButtons);
    connect(&m_table, &QAbstractItemModel::rowsRemoved, this, &MappingEditor::placeButtons);
    fitHeight();
}

void MappingEditor::setCatalog(const core::AttributeCatalog &catalog)
{
    m_table.setCatalog(std::make_shared<core::AttributeCatalog>(catalog));
}

void MappingEditor::setCheck(Check check)
{
    m_check = std::move(check);
    recheck();
}

void MappingEditor::setMappings(const QList<core::AttributeMapping> &mappings)
{
    m_table.setMappings(mappings);
    recheck();
    emit rowsChanged();
}

QVariantList MappingEditor::rows() const
{
    QVariantList rows;
    for (const core::AttributeMapping &mapping : m_table.mappings())
        rows << QVariant(QStringList{mapping.target, mapping.source, mapping.expression,
                                     QString::number(int(mapping.when))});
    return rows;
}

void MappingEditor::add()
{
    // The next required attribute that has no row offers itself; else the person chooses.
    const auto unmapped = m_table.unmapped();
    const bool required = !unmapped.isEmpty() && m_table.isRequired(unmapped.first().first);
    const int row = m_table.add(required ? unmapped.first().first : QString());
    fitHeight();
    const QModelIndex cell = m_table.index(row, required ? MappingTable::Source : MappingTable::Target);
    m_view->setCurrentIndex(cell);
    m_view->scrollTo(cell);
    m_view->setFocus(Qt::OtherFocusReason);
    m_view->edit(cell);
}

void MappingEditor::removeRow(int row)
{
    if (!m_editable || row < 0)
        return;
    m_table.removeRow(row);
    const int next = std::min(row, m_table.rowCount() - 1);
    if (next >= 0)
        m_view->setCurrentIndex(m_table.index(next, MappingTable::Target));
    m_view->setFocus(Qt::OtherFocusReason);
}

void MappingEditor::recheck()
{
    if (!m_check)
        return;
    m_table.clearFaults();
    QStringList general;
    const QString key = QStringLiteral("attributeMappings");
    for (const app::FieldFault &fault : m_check(m_table.mappings())) {
        const int row = fault.indexUnder(key);
        if (row < 0) {
            general << fault.text;
            continue;
        }
        m_table.setFault(row, fault.path.section(QStringLiteral("]."), 1), fault.text);
        // The cell has room for its beginning only.
        if (general.size() < kMaxFaults)
            general << tr("%1: %2").arg(m_table.index(row, MappingTable::Target).data(app::TitleRole).toString(),
                                        fault.text);
    }
    m_fault->setText(general.join(u'\n'));
    m_fault->setVisible(!general.isEmpty());
}

void MappingEditor::placeButtons()
{
    if (!m_editable)
        return;
    for (int row = 0; row < m_table.rowCount(); ++row) {
        const QModelIndex cell = m_table.index(row, MappingTable::Remove);
        auto *button = new QToolButton(m_view);
        button->setProperty("form", QStringLiteral("flat"));
        button->setIcon(icon(QStringLiteral("delete")));
        button->setIconSize({16, 16});
        button->setFocusPolicy(Qt::NoFocus); // the Delete key does it from the row
        const QString name = tr("Delete the mapping of %1")
                                 .arg(m_table.index(row, MappingTable::Target).data(app::TitleRole).toString());
        button->setToolTip(name);
        button->setAccessibleName(name);
        connect(button, &QToolButton::clicked, this, [this, at = QPersistentModelIndex(cell)] { removeRow(at.row()); },
                Qt::QueuedConnection);
        m_view->setIndexWidget(cell, button);
    }
    fitHeight();
}

void MappingEditor::fitHeight()
{
    const int rows = std::clamp(m_table.rowCount(), kMinRows, kMaxRows);
    m_view->setMinimumHeight(m_view->horizontalHeader()->sizeHint().height()
                             + rows * m_view->verticalHeader()->defaultSectionSize() + 4);
}

} // namespace gatehouse::ui
