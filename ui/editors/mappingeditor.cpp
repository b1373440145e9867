// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/mappingeditor.h"

#include "app/gateways/usertyperows.h"
#include "ui/editors/mappingdelegate.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/note.h"
#include "ui/widgets/tableview.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStyleHints>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

using app::MappingTable;

namespace {
constexpr int kMinRows = 3;
constexpr int kMaxHeight = 520; ///< of the table; more rows scroll
constexpr int kIconColumn = 32;
constexpr int kNarrow = 480; ///< pixels
constexpr int kRoomy = 640;  ///< pixels; from here on the whole heading has room
} // namespace

MappingEditor::MappingEditor(bool editable, QWidget *parent)
    : QWidget(parent), m_editable(editable), m_view(new TableView(this)), m_delegate(new MappingDelegate(m_view)),
      m_bar(new QHBoxLayout), m_defaultsButton(new QPushButton(tr("Use &default values"), this)),
      m_add(new QPushButton(tr("+ &Add"), this)), m_undo(new Note(Tone::Neutral, {}, this)), m_fault(new QLabel(this))
{
    m_table.setEditable(editable);
    m_view->setModel(&m_table);
    m_view->setObjectName(QStringLiteral("mappings"));
    m_view->setAccessibleName(tr("Attribute mapping"));
    m_view->setItemDelegate(m_delegate);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    QHeaderView *header = m_view->horizontalHeader();
    header->setSectionsMovable(false);
    header->setSectionsClickable(false);
    header->setStretchLastSection(false);
    header->setFont(scaledFont(font(), 0.87));
    header->setMinimumSectionSize(24);
    // The gear and what the sample becomes stand beside the source; when it is written, and Delete, at the end.
    header->moveSection(header->visualIndex(MappingTable::Check), header->visualIndex(MappingTable::When));
    for (const int column : {MappingTable::Build, MappingTable::Remove}) {
        m_view->setColumnHidden(column, !editable);
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        m_view->setColumnWidth(column, kIconColumn);
    }
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_fault->setTextFormat(Qt::PlainText);
    m_fault->setWordWrap(true);
    m_fault->setForegroundRole(QPalette::BrightText);
    m_fault->setObjectName(QStringLiteral("mappingFault"));
    m_fault->hide();

    m_bar->setSpacing(8);
    m_bar->addStretch(1);
    m_bar->addWidget(m_add, 0, Qt::AlignTop);
    m_defaultsButton->setProperty("form", QStringLiteral("link"));
    m_defaultsButton->hide();
    m_add->setVisible(editable);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(m_bar);
    layout->addWidget(m_undo);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_fault);
    layout->addWidget(m_defaultsButton, 0, Qt::AlignLeading);
    m_view->viewport()->installEventFilter(this);
    if (editable)
        makeEditable();

    connect(&m_table, &MappingTable::edited, this, [this] {
        recheck();
        emit rowsChanged();
    });
    connect(&m_table, &QAbstractItemModel::modelReset, this, &MappingEditor::fitRows);
    connect(&m_table, &QAbstractItemModel::rowsInserted, this, &MappingEditor::fitRows);
    connect(&m_table, &QAbstractItemModel::rowsRemoved, this, &MappingEditor::fitRows);
    connect(&m_table, &QAbstractItemModel::rowsMoved, this, &MappingEditor::fitRows);
    fitRows();
}

void MappingEditor::makeEditable()
{
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
                            | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_view->setDragDropMode(QAbstractItemView::InternalMove);
    m_view->setDragDropOverwriteMode(false);
    connect(m_view, &QAbstractItemView::activated, this, &MappingEditor::onActivated);
    connect(m_view, &QAbstractItemView::clicked, this, &MappingEditor::onClicked);
    connect(m_view, &TableView::menuRequested, this, [this](QMenu *menu) { fillMenu(*menu); });
    m_view->installEventFilter(this);
    m_add->setObjectName(QStringLiteral("addMapping"));
    m_add->setAutoDefault(false);
    m_defaultsButton->setObjectName(QStringLiteral("useDefaults"));
    m_defaultsButton->setAutoDefault(false);
    m_undo->setObjectName(QStringLiteral("undoDefaults"));
    connect(m_add, &QPushButton::clicked, this, &MappingEditor::add);
    connect(m_defaultsButton, &QPushButton::clicked, this, &MappingEditor::useDefaults);
    connect(m_undo, &Note::actionClicked, this, [this] {
        m_undo->setText({}, Tone::Neutral);
        m_table.replace(m_before);
        m_view->setFocus(Qt::OtherFocusReason);
    });
    connect(m_delegate, &MappingDelegate::sourceTyped, this,
            [this](int row, const QString &text) { emit rowsTyped(m_table.mappingsWith(row, text)); });
    // A cell that was left without saving leaves the preview of what was typed: back to the rows.
    connect(m_delegate, &QAbstractItemDelegate::closeEditor, this,
            [this](QWidget *, QAbstractItemDelegate::EndEditHint hint) {
                if (hint == QAbstractItemDelegate::RevertModelCache)
                    emit rowsChanged();
            });
}

void MappingEditor::setCatalog(const core::AttributeCatalog &catalog)
{
    m_table.setCatalog(std::make_shared<core::AttributeCatalog>(catalog));
}

void MappingEditor::setSources(const QList<app::CompletionItem> &sources)
{
    m_delegate->setSources(sources);
}

void MappingEditor::setUserTypeWords()
{
    m_add->setText(tr("+ Add &Mapping"));
    m_isUserType = true;
    m_table.setReadSource(&app::setUserTypeSource);
    m_view->setAccessibleName(tr("Map Attributes"));
    shareWidth();
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

void MappingEditor::setDefaults(const QList<core::AttributeMapping> &defaults, const QString &whose)
{
    m_defaults = defaults;
    m_whose = whose;
    m_defaultsButton->setVisible(m_editable && !defaults.isEmpty());
    m_defaultsButton->setToolTip(tr("The attributes that a rule for %1 starts with").arg(whose));
}

void MappingEditor::useDefaults()
{
    m_before = m_table.mappings();
    m_table.replace(m_defaults);
    m_undo->setText(tr("These are the default values of %1. Nothing is saved yet.").arg(m_whose), Tone::Neutral);
    m_undo->setAction(tr("&Undo"));
    m_view->setFocus(Qt::OtherFocusReason);
}

void MappingEditor::setLead(QWidget *lead)
{
    m_bar->insertWidget(0, lead, 1);
    m_bar->setStretch(1, 0);
    QList<QWidget *> order;
    for (QWidget *part : lead->findChildren<QWidget *>()) {
        if (part->focusPolicy() & Qt::TabFocus && !part->focusProxy())
            order.append(part);
    }
    order << m_add << m_view << m_defaultsButton;
    for (qsizetype i = 1; i < order.size(); ++i)
        setTabOrder(order.at(i - 1), order.at(i));
}

QVariantList MappingEditor::rows() const
{
    QVariantList rows;
    for (const core::AttributeMapping &mapping : m_table.mappings())
        rows << QVariant(QStringList{mapping.target, mapping.source, mapping.expression,
                                     QString::number(int(mapping.when))});
    return rows;
}

void MappingEditor::setSource(int row, const QString &text)
{
    m_table.setData(m_table.index(row, MappingTable::Source), text, Qt::EditRole);
}

void MappingEditor::setRowFault(int row, const app::FieldFault &fault)
{
    m_table.setFault(row, fault.path.section(QStringLiteral("]."), 1), fault.text, fault.error.offset, fault.error.length);
    fitRows();
}

void MappingEditor::add()
{
    // The next required attribute that has no row offers itself; else the person chooses.
    const auto unmapped = m_table.unmapped();
    const bool required = !unmapped.isEmpty() && m_table.isRequired(unmapped.first().first);
    const int row = m_table.add(required ? unmapped.first().first : QString());
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

void MappingEditor::moveRow(int steps)
{
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return;
    const int place = m_table.moveBy(current.row(), steps);
    m_view->setCurrentIndex(m_table.index(place, current.column()));
    m_view->scrollTo(m_view->currentIndex());
}

void MappingEditor::onClicked(const QModelIndex &index)
{
    if (index.column() == MappingTable::Build)
        emit buildRequested(index.row());
    else if (index.column() == MappingTable::Remove) {
        // The second click of a double-click would take the row that has moved up.
        if (m_removed.isValid() && m_removed.elapsed() < QGuiApplication::styleHints()->mouseDoubleClickInterval())
            return;
        removeRow(index.row());
        m_removed.start();
    }
}

void MappingEditor::onActivated(const QModelIndex &index)
{
    if (index.flags() & Qt::ItemIsEditable)
        m_view->edit(index);
    else
        onClicked(index);
}

void MappingEditor::fillMenu(QMenu &menu)
{
    const int row = m_view->currentIndex().row();
    if (row < 0)
        return;
    const auto say = [](QAction *action, const QKeySequence &keys) {
        action->setShortcut(keys);
        action->setShortcutVisibleInContextMenu(true);
    };
    say(menu.addAction(icon(QStringLiteral("gear")), tr("&Build and Test Expression…"), this,
                       [this, row] { emit buildRequested(row); }),
        QKeySequence(Qt::CTRL | Qt::Key_E));
    QMenu *when = m_isUserType ? nullptr : menu.addMenu(tr("&Written"));
    for (const core::MappingWhen one : {core::MappingWhen::Always, core::MappingWhen::OnCreate, core::MappingWhen::WhenEmpty}) {
        if (!when)
            break;
        QAction *action = when->addAction(MappingTable::whenText(one), this, [this, row, one] {
            m_table.setData(m_table.index(row, MappingTable::When), int(one), Qt::EditRole);
        });
        action->setCheckable(true);
        action->setChecked(m_table.mappings().at(row).when == one);
    }
    say(menu.addAction(icon(QStringLiteral("up")), tr("Move &Up"), this, [this] { moveRow(-1); }),
        QKeySequence(Qt::ALT | Qt::Key_Up));
    say(menu.addAction(icon(QStringLiteral("down")), tr("Move &Down"), this, [this] { moveRow(1); }),
        QKeySequence(Qt::ALT | Qt::Key_Down));
    say(menu.addAction(icon(QStringLiteral("delete")), tr("D&elete"), this, [this, row] { removeRow(row); }),
        QKeySequence::Delete);
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
        if (row < 0)
            general << fault.text;
        else if (m_table.faultOf(row).isEmpty()) // of several the first: the others often follow from it
            m_table.setFault(row, fault.path.section(QStringLiteral("]."), 1), fault.text, fault.error.offset, fault.error.length);
    }
    m_fault->setText(general.join(u'\n'));
    m_fault->setVisible(!general.isEmpty());
    fitRows();
}

void MappingEditor::shareWidth()
{
    const int room = m_view->viewport()->width() - (m_editable ? 2 * kIconColumn : 0);
    int when = m_view->fontMetrics().horizontalAdvance(MappingTable::whenText(core::MappingWhen::OnCreate)) + 20;
    // Where there is no room for a column, the attribute's second line says when it is written.
    const bool narrow = m_isUserType || room < kNarrow;
    m_view->setColumnHidden(MappingTable::When, narrow);
    if (narrow)
        when = 0;
    else
        m_view->setColumnWidth(MappingTable::When, when);
    const int rest = std::max(0, room - when);
    if (m_isUserType)
        m_table.setHeadings(room < kRoomy ? QString() : tr("PingOne User Profile Attribute"), tr("LDAP attribute"));
    const int target = std::max(rest * 27 / 100, m_view->horizontalHeader()->sectionSizeHint(MappingTable::Target));
    const int source = (rest - target) / 2;
    m_view->setColumnWidth(MappingTable::Target, target);
    m_view->setColumnWidth(MappingTable::Source, source);
    m_view->setColumnWidth(MappingTable::Check, rest - target - source);
}

void MappingEditor::fitRows()
{
    int height = 0;
    for (int row = 0; row < m_table.rowCount(); ++row) {
        const int wanted = m_delegate->rowHeight(row);
        if (m_view->rowHeight(row) != wanted)
            m_view->setRowHeight(row, wanted);
        height += wanted;
    }
    const int least = kMinRows * (m_table.rowCount() > 0 ? m_delegate->rowHeight(0) : 40);
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height() + std::clamp(height, least, kMaxHeight) + 4);
}

std::function<void()> MappingEditor::workOf(const QKeySequence &keys)
{
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return {};
    if (keys == QKeySequence(Qt::Key_Delete))
        return [this, row = current.row()] { removeRow(row); };
    if (keys == QKeySequence(Qt::ALT | Qt::Key_Up))
        return [this] { moveRow(-1); };
    if (keys == QKeySequence(Qt::ALT | Qt::Key_Down))
        return [this] { moveRow(1); };
    if (keys == QKeySequence(Qt::CTRL | Qt::Key_E))
        return [this, row = current.row()] { emit buildRequested(row); };
    const bool isIcon = current.column() == MappingTable::Build || current.column() == MappingTable::Remove;
    if (keys == QKeySequence(Qt::Key_Space) && isIcon)
        return [this, current] { onClicked(current); };
    return {};
}

void MappingEditor::focusInEvent(QFocusEvent *event)
{
    // No focus proxy: by Tab one would come to the table at once, past what stands above it.
    m_view->setFocus(event->reason());
}

bool MappingEditor::eventFilter(QObject *watched, QEvent *event)
{
    const bool press = event->type() == QEvent::KeyPress;
    if (watched == m_view && m_editable && (press || event->type() == QEvent::ShortcutOverride)) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const auto work = workOf(QKeySequence(key->keyCombination()));
        if (work && press)
            work();
        else if (work)
            event->accept(); // ours before any menu's
        if (work)
            return true;
    }
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        shareWidth();
        fitRows(); // what is wrong wraps anew
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
