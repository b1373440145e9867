// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/stepview.h"

#include "app/provisioning/steptable.h"
#include "app/text.h"
#include "ui/pages/provisioning/changelabel.h"
#include "ui/pages/provisioning/stepdelegates.h"
#include "ui/pages/provisioning/steptableview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/note.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::StepTable;
using app::Text;

namespace {
constexpr int kDetailsHeight = 190;
constexpr int kLabelWidth = 150;
} // namespace

StepView::StepView(StepTable &table, QWidget *parent)
    : QSplitter(Qt::Vertical, parent), m_table(table), m_view(new StepTableView(table)),
      m_empty(new EmptyState(QStringLiteral("runs"), {}, {})), m_area(new QScrollArea), m_details(new QWidget),
      m_user(new QLabel), m_action(new Badge), m_entry(new QLabel), m_id(new QLabel), m_problems(new Note),
      m_changes(new QGridLayout)
{
    setHandleWidth(1);
    setChildrenCollapsible(false);
    m_view->setObjectName(QStringLiteral("steps"));
    m_view->setAccessibleName(tr("Changes, object by object"));
    m_view->setItemDelegate(new StepDelegate(m_view));
    m_view->verticalHeader()->setDefaultSectionSize(StepDelegate::rowHeight(m_view->fontMetrics()));
    m_view->setColumnWidth(StepTable::Change, 104);
    m_view->setColumnWidth(StepTable::User, 130);
    m_view->setColumnWidth(StepTable::Entry, 290);

    auto *top = new QWidget;
    auto *stack = new QStackedLayout(top);
    stack->addWidget(m_view);
    stack->addWidget(m_empty);
    addWidget(top);

    m_user->setFont(scaledFont(font(), 1.05, QFont::DemiBold));
    for (QLabel *label : {m_user, m_entry, m_id}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setWordWrap(true);
    }
    m_user->setWordWrap(false);
    m_entry->setFont(monospaceFont(font()));
    m_id->setForegroundRole(QPalette::PlaceholderText);
    m_details->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(m_details);
    column->setContentsMargins(24, 12, 24, 12);
    column->setSpacing(6);
    auto *heading = new QHBoxLayout;
    heading->setSpacing(10);
    heading->addWidget(m_user);
    heading->addWidget(m_action);
    heading->addStretch(1);
    column->addLayout(heading);
    column->addWidget(m_entry);
    column->addWidget(m_id);
    column->addWidget(m_problems);
    m_changes->setContentsMargins(0, 4, 0, 0);
    m_changes->setHorizontalSpacing(12);
    m_changes->setVerticalSpacing(4);
    m_changes->setColumnMinimumWidth(0, kLabelWidth);
    m_changes->setColumnStretch(1, 1);
    column->addLayout(m_changes);
    column->addStretch(1);
    m_area->setWidget(m_details);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::StrongFocus);
    m_area->setAccessibleName(tr("The selected object in full"));
    m_area->setObjectName(QStringLiteral("stepDetails"));
    addWidget(m_area);
    m_area->hide();
    setStretchFactor(0, 1);
    setStretchFactor(1, 0);
    setSizes({400, kDetailsHeight});

    connect(m_view, &StepTableView::tooLong, this, [this] {
        emit said(tr("So many rows cannot be copied at once. Export them instead."), Tone::Warning);
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &StepView::showCurrent);
    connect(&table, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
        const int row = m_view->currentIndex().row();
        if (row >= from.row() && row <= to.row())
            showCurrent();
    });
    connect(&table, &QAbstractItemModel::modelReset, this, [this] {
        showCurrent();
        showEmpty();
    });
    connect(&table, &QAbstractItemModel::rowsInserted, this, &StepView::showEmpty);
    connect(&table, &QAbstractItemModel::rowsRemoved, this, &StepView::showEmpty);
    showEmpty();
}

void StepView::remember(QSettings &settings, const QString &key)
{
    m_view->remember(settings, key);
    const QByteArray state = settings.value(key + QStringLiteral("/split")).toByteArray();
    if (!state.isEmpty())
        restoreState(state);
    connect(this, &QSplitter::splitterMoved, this,
            [this, &settings, key] { settings.setValue(key + QStringLiteral("/split"), saveState()); });
}

TableView *StepView::table() const
{
    return m_view;
}

void StepView::setEmptyText(Empty why, const QString &title, const QString &text)
{
    m_empty->setText(title, text);
    switch (why) {
    case Empty::AllWell:
        return m_empty->setIcon(QStringLiteral("check"), Tone::Good);
    case Empty::Waiting:
        return m_empty->setIcon(QStringLiteral("runs"));
    case Empty::NotFound:
        return m_empty->setIcon(QStringLiteral("search"));
    case Empty::Failed:
        return m_empty->setIcon(QStringLiteral("error"), Tone::Bad);
    }
}

void StepView::showEmpty()
{
    static_cast<QStackedLayout *>(widget(0)->layout())->setCurrentIndex(m_table.rowCount() == 0 ? 1 : 0);
}

void StepView::clearChanges()
{
    while (QLayoutItem *item = m_changes->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

void StepView::showCurrent()
{
    clearChanges();
    const QModelIndex current = m_view->currentIndex();
    const QVariant found = current.isValid() ? current.data(StepTable::StepRole) : QVariant();
    m_area->setVisible(found.isValid());
    if (!found.isValid())
        return;
    const auto step = found.value<core::Step>();
    m_user->setText(step.target.name.isEmpty() ? tr("No username") : step.target.text());
    m_action->setState(signedAction(step.action), Text::tone(step.action), false);
    m_entry->setText(step.source.text());
    m_id->setText(step.source.id.isEmpty() ? QString() : tr("Immutable id %1").arg(core::displayId(step.source.id)));
    m_id->setVisible(!m_id->text().isEmpty());
    QStringList problems;
    if (step.departure != core::Departure::None)
        problems << Text::departure(step.departure) + u'.';
    for (const core::Problem &problem : step.problems) {
        const QString name = problem.attribute.isEmpty() ? QString() : m_table.attributeName(problem.attribute) + u": ";
        problems << name + Text::problem(problem);
    }
    if (step.ties())
        problems << tr("The entry is tied to the user of this name who is here already.");
    m_problems->setText(problems.join(u'\n'), step.action == core::Action::Failed ? Tone::Warning : Tone::Neutral);
    int row = 0;
    for (const core::AttributeChange &change : step.changes) {
        auto *name = new QLabel(m_table.attributeName(change.name), m_details);
        name->setForegroundRole(QPalette::PlaceholderText);
        name->setToolTip(change.name);
        auto *label = new ChangeLabel(change, m_details);
        label->setAccessibleName(QStringLiteral("%1: %2").arg(name->text(), label->text()));
        m_changes->addWidget(name, row, 0, Qt::AlignTop);
        m_changes->addWidget(label, row, 1);
        ++row;
    }
}

} // namespace gatehouse::ui
