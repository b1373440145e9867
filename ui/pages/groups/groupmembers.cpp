// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/groups/groupmembers.h"

#include "app/text.h"
#include "store/environment.h"
#include "store/identities.h"
#include "ui/dialogs/picker.h"
#include "ui/theme/icons.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Console;
using app::Text;
using app::UsersTableModel;

namespace {
constexpr int kUsersOffered = 50;
/// Removed in one go at most; each is a change of its own in the history.
constexpr qsizetype kMaxRemoved = 10000;
} // namespace

GroupMembers::GroupMembers(Console &console, QWidget *parent)
    : QWidget(parent), m_console(console), m_model(console), m_search(new SearchBox(tr("Search members"))),
      m_add(new QPushButton(tr("&Add member\u2026"))), m_remove(new QPushButton(tr("&Remove"))),
      m_table(new TableView), m_note(new QLabel)
{
    m_search->setObjectName(QStringLiteral("memberSearch"));
    m_add->setIcon(icon(QStringLiteral("user-add")));
    m_add->setObjectName(QStringLiteral("addMember"));
    m_remove->setObjectName(QStringLiteral("removeMember"));
    m_table->setObjectName(QStringLiteral("members"));
    m_table->setAccessibleName(tr("Members"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new CellDelegate(m_table));
    QHeaderView *header = m_table->horizontalHeader();
    for (const int column : {int(UsersTableModel::Email), int(UsersTableModel::Population),
                             int(UsersTableModel::Updated)})
        m_table->setColumnHidden(column, true);
    m_table->shareWidth({100, 200, 200, 130, 0, 120}, {{UsersTableModel::Enabled, tr("Disabled")}});
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    header->setSortIndicator(UsersTableModel::Username, Qt::AscendingOrder);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setWordWrap(true);
    m_note->setFont(scaledFont(font(), 0.93));
    m_note->setContentsMargins(20, 6, 20, 10);

    auto *top = new QHBoxLayout;
    top->setContentsMargins(20, 12, 20, 8);
    top->setSpacing(8);
    top->addWidget(m_search, 1);
    top->addWidget(m_remove);
    top->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    auto *inset = new QHBoxLayout;
    inset->setContentsMargins(12, 0, 12, 0);
    inset->addWidget(m_table);
    layout->addLayout(inset, 1);
    layout->addWidget(m_note);

    connect(header, &QHeaderView::sortIndicatorChanged, &m_model, &UsersTableModel::sort);
    connect(m_search, &SearchBox::searched, this, [this](const QString &text) {
        store::UserQuery query = m_model.query();
        query.search = text.trimmed();
        m_model.setQuery(query);
    });
    connect(m_search, &SearchBox::downPressed, m_table, [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &GroupMembers::updateButtons);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        emit goRequested(QStringLiteral("users"), QString::number(m_model.idAt(index.row())));
    });
    connect(&m_model, &UsersTableModel::loaded, this, &GroupMembers::updateButtons);
    connect(&m_model, &UsersTableModel::failed, this,
            [this](const core::Error &error) { emit said(Text::headline(error), Tone::Bad); });
    connect(&console, &Console::groupsChanged, &m_model, &UsersTableModel::refresh);
    connect(m_add, &QPushButton::clicked, this, &GroupMembers::add);
    connect(m_remove, &QPushButton::clicked, this, &GroupMembers::remove);
    updateButtons();
}

void GroupMembers::setGroup(const core::Group &group)
{
    const bool other = m_group.row != group.row;
    m_group = group;
    if (other) {
        m_search->clear();
        store::UserQuery query;
        query.group = group.row;
        query.order = m_model.query().order;
        query.descending = m_model.query().descending;
        m_model.setQuery(query);
    }
    updateButtons();
}

void GroupMembers::updateButtons()
{
    const bool external = m_group.source != core::GroupSource::Internal;
    m_add->setVisible(!external);
    m_remove->setEnabled(m_table->selectionModel()->hasSelection());
    const qint64 shown = m_model.rowCount();
    QString note = shown == 1 ? tr("1 member") : tr("%1 members").arg(Text::number(shown));
    if (external)
        note += QStringLiteral(" · ")
                + (m_group.sourceName.isEmpty()
                       ? tr("Members come from the group's source; who is removed here may come back.")
                       : tr("Members come from %1; who is removed here may come back.").arg(m_group.sourceName));
    m_note->setText(note);
}

void GroupMembers::add()
{
    using Users = std::vector<store::UserRow>;
    const auto source = [this](const QString &search, const Picker::Answer &answer) {
        store::UserQuery query;
        query.search = search.trimmed();
        query.population = m_group.population; // a population's group has members from it only
        m_console.read<Users>(
            this,
            [query](store::Reader &reader) -> core::Result<Users> {
                auto ids = reader.firstUserIds(query, kUsersOffered);
                if (!ids)
                    return core::fail(ids.error());
                return reader.userRows(*ids);
            },
            [this, answer](const core::Result<Users> &users) {
                QList<Choice> choices;
                for (const store::UserRow &user : users.value_or(Users{})) {
                    const bool member = m_model.rowOf(user.row) >= 0;
                    choices.append({user.row, user.username,
                                    member ? tr("already a member") : user.name.isEmpty() ? user.email : user.name, !member});
                }
                answer(choices);
            });
    };
    auto *picker = new Picker(
        tr("Add a member to %1").arg(m_group.name), tr("Search users by name or e-mail"), tr("&Add"), source,
        [this, group = m_group.row](const QVariant &id) {
            m_console.write<core::Result<void>>(
                this,
                [group, user = id.toLongLong()](store::Environment &environment) {
                    return environment.identities().addMember(group, user);
                },
                Console::Touched::Groups, [this](const core::Result<void> &answer) {
                    if (!answer)
                        emit said(Text::headline(answer.error()), Tone::Bad);
                });
        },
        this);
    picker->open();
}

void GroupMembers::remove()
{
    QList<qint64> users;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom() && users.size() < kMaxRemoved; ++row)
            users << m_model.idAt(row);
    }
    if (users.isEmpty())
        return;
    m_console.write<core::Result<void>>(
        this,
        [group = m_group.row, users](store::Environment &environment) -> core::Result<void> {
            for (const qint64 user : users) {
                const auto removed = environment.identities().removeMember(group, user);
                // Somebody who has left meanwhile is where they should be.
                if (!removed && removed.error().code != core::Code::NotFound)
                    return removed;
            }
            return {};
        },
        Console::Touched::Groups, [this, count = users.size()](const core::Result<void> &answer) {
            if (!answer)
                emit said(Text::headline(answer.error()), Tone::Bad);
            else
                emit said(count == 1 ? tr("Removed 1 member.") : tr("Removed %1 members.").arg(Text::number(count)), Tone::Good);
        });
}

} // namespace gatehouse::ui
