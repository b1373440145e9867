// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/users/userpanel.h"

#include "app/console.h"
#include "app/text.h"
#include "store/identities.h"
#include "store/signonlocks.h"
#include "ui/dialogs/picker.h"
#include "ui/pages/users/userform.h"
#include "ui/theme/icons.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/rowlist.h"
#include "ui/widgets/section.h"
#include "ui/widgets/toggleswitch.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

using app::Console;
using app::Text;

namespace {
constexpr int kGroupsOffered = 200;
}

UserPanel::UserPanel(Console &console, QWidget *parent)
    : DetailsPanel(parent), m_console(console), m_editing(new Editing(this)), m_error(new ErrorPanel), m_lock(new Note(Tone::Warning)),
      m_groups(new RowList(tr("Groups of the user"),
                           tr("In no group. Groups come from the directory by a rule or a sign-on, or are given here."))),
      m_sync(new QWidget), m_api(new CodeView(tr("The user as JSON")))
{
    showToggle(tr("User enabled"));
    connect(toggle(), &ToggleSwitch::clicked, this, &UserPanel::setEnabled);
    makeProfile();
    makeOthers();
    makeMenu();
    setEmpty(new EmptyState(QStringLiteral("users"), tr("Nobody selected"),
                            tr("Choose a user in the table to see their profile, groups and links.")));
    connect(m_editing, &Editing::finished, this, [this] { showUser(m_row); });
    connect(&console, &Console::configurationChanged, this, [this] {
        if (m_editing->isActive())
            return;
        makeProfile();
        refresh();
    });
    showEmpty();
}

void UserPanel::makeProfile()
{
    // Made anew when the configuration changes: there may be other custom attributes.
    auto *column = m_profile ? static_cast<QVBoxLayout *>(m_profile->layout()) : nullptr;
    if (!column) {
        m_profile = new QWidget;
        column = new QVBoxLayout(m_profile);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(20);
        column->addWidget(m_error);
        m_lock->setObjectName(QStringLiteral("lock"));
        m_lock->hide();
        connect(m_lock, &Note::actionClicked, this, &UserPanel::unlock);
        column->addWidget(m_lock);
        addTab(QStringLiteral("profile"), tr("Profile"), m_profile);
    }
    for (Section *section : std::as_const(m_sections))
        section->deleteLater();
    m_sections.clear();
    if (m_record)
        m_record->deleteLater();
    const core::AttributeCatalog &catalog = m_console.catalog();
    for (const app::AttributeSection &part : app::attributeSections(catalog)) {
        auto *section = new Section(app::sectionTitle(part.kind));
        section->setObjectName(QStringLiteral("section-%1").arg(int(part.kind)));
        for (const int number : part.attributes)
            section->rows()->addRow(catalog.at(number).name, catalog.at(number).displayName);
        if (part.kind == app::AttributeSection::Kind::Account)
            section->rows()->addRow(QStringLiteral("population"), tr("Population"));
        section->setEditable(true);
        connect(section, &Section::editClicked, this, [this, kind = part.kind] { edit(kind); });
        column->addWidget(section);
        m_sections.insert(int(part.kind), section);
    }
    m_record = new Section(tr("Record"));
    PropertyRows *rows = m_record->rows();
    rows->addRow(QStringLiteral("id"), tr("User ID"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("authority"), tr("Password checked by"));
    rows->addRow(QStringLiteral("created"), tr("Created"));
    rows->addRow(QStringLiteral("updated"), tr("Updated"));
    rows->addRow(QStringLiteral("signOn"), tr("Last sign-on"));
    column->addWidget(m_record);
}

void UserPanel::makeOthers()
{
    m_groups->setActions(tr("&Add to group\u2026"), tr("&Remove"));
    connect(m_groups, &RowList::addClicked, this, &UserPanel::addGroup);
    connect(m_groups, &RowList::removeClicked, this, [this](const QVariant &id) { removeGroup(id.toLongLong()); });
    connect(m_groups, &RowList::activated, this,
            [this](const QVariant &id) { emit goRequested(QStringLiteral("groups"), id.toString()); });
    addTab(QStringLiteral("groups"), tr("Groups"), m_groups, false);
    auto *column = new QVBoxLayout(m_sync);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(20);
    addTab(QStringLiteral("sync"), tr("Sync"), m_sync);
    addTab(QStringLiteral("api"), tr("API"), m_api, false);
}

void UserPanel::makeMenu()
{
    menu()->addAction(icon(QStringLiteral("copy")), tr("Copy user &ID"), this, [this] {
        QGuiApplication::clipboard()->setText(m_details.user.id.toString(QUuid::WithoutBraces));
    });
    menu()->addAction(icon(QStringLiteral("copy")), tr("Copy user&name"), this, [this] {
        QGuiApplication::clipboard()->setText(displayName());
    });
    menu()->addSeparator();
    m_unlock = menu()->addAction(icon(QStringLiteral("key")), tr("&Unlock sign-on"), this, &UserPanel::unlock);
    m_delete = menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete user\u2026"), this, &UserPanel::remove);
}

QString UserPanel::displayName() const
{
    return m_details.user.values.text(m_console.catalog().username());
}

void UserPanel::refresh()
{
    if (m_row != 0 && !m_editing->isActive())
        showUser(m_row);
}

void UserPanel::showUser(qint64 row)
{
    m_console.reader().cancel(m_request);
    m_request = 0;
    m_row = row;
    if (row == 0) {
        showEmpty();
        return;
    }
    m_request = m_console.read<app::UserDetails>(
        this, [row](store::Reader &reader) { return app::readUserDetails(reader, row); },
        [this](core::Result<app::UserDetails> details) {
            m_request = 0;
            if (details) {
                fill(*details);
            } else if (details.error().code == core::Code::NotFound) {
                m_row = 0;
                showEmpty();
            } else {
                m_error->setError(details.error());
                showDetails();
            }
        });
}

void UserPanel::fill(const app::UserDetails &details)
{
    m_details = details;
    m_error->clear();
    const core::User &user = details.user;
    const core::AttributeCatalog &catalog = m_console.catalog();
    const bool *flag = std::get_if<bool>(&user.values.get(catalog.enabled()));
    const bool enabled = !flag || *flag;
    toggle()->setChecked(enabled);
    state()->setState(details.lock ? tr("Locked") : enabled ? QString() : tr("Disabled"), details.lock ? Tone::Warning : Tone::Neutral);
    m_unlock->setVisible(details.lock.has_value());
    m_lock->setText(details.lock ? app::lockText(*details.lock) : QString(), Tone::Warning);
    m_lock->setAction(details.lock ? tr("&Unlock sign-on") : QString());
    setTitle(displayName());
    QString name = user.values.text(catalog.find(QStringLiteral("name.formatted")));
    if (name.isEmpty())
        name = QString(user.values.text(catalog.find(QStringLiteral("name.given"))) + QLatin1Char(' ')
                       + user.values.text(catalog.find(QStringLiteral("name.family"))))
                   .trimmed();
    const core::Population *population = m_console.population(user.population);
    QStringList about{name, population ? population->name : QString()};
    about.removeAll(QString());
    setSubtitle(Text::sideBySide(about));

    fillProfile();
    QList<ListRow> rows;
    for (const core::Group &group : details.groups) {
        ListRow row{group.row, group.displayName.isEmpty() ? group.name : group.displayName, group.description};
        if (row.subtitle.isEmpty() && !group.displayName.isEmpty() && group.name != group.displayName)
            row.subtitle = group.name;
        if (group.justInTime)
            row.badges << tr("Just-in-time");
        if (group.source == core::GroupSource::Gateway)
            row.badges << tr("LDAP Gateway");
        rows.append(row);
    }
    std::sort(rows.begin(), rows.end(), [](const ListRow &a, const ListRow &b) {
        return QString::localeAwareCompare(a.title, b.title) < 0;
    });
    m_groups->setRows(rows);
    fillLinks();
    QJsonObject json = core::withExternalLink(core::toJson(user, catalog, population ? *population : core::Population{}),
                                              details.externalLink);
    json.insert(QStringLiteral("account"), store::accountJson(details.lock, enabled, QDateTime::currentDateTimeUtc()));
    m_api->setText(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Indented)));
    if (!m_editing->isActive())
        showDetails();
}

void UserPanel::fillProfile()
{
    const core::User &user = m_details.user;
    const core::AttributeCatalog &catalog = m_console.catalog();
    for (const app::AttributeSection &part : app::attributeSections(catalog)) {
        Section *section = m_sections.value(int(part.kind));
        if (!section)
            continue;
        for (const int number : part.attributes)
            section->rows()->setValue(catalog.at(number).name, Text::value(user.values.get(number)));
        const core::Population *population = m_console.population(user.population);
        section->rows()->setValue(QStringLiteral("population"), population ? population->name : QString());
    }
    PropertyRows *rows = m_record->rows();
    rows->setValue(QStringLiteral("id"), user.id.toString(QUuid::WithoutBraces));
    rows->setValue(QStringLiteral("authority"),
                   user.authorityGateway.isEmpty() ? tr("this directory")
                                                   : tr("%1 (%2)").arg(user.authorityGateway, user.authorityUserType));
    rows->setValue(QStringLiteral("created"), Text::fullTime(user.createdAt));
    rows->setValue(QStringLiteral("updated"), Text::fullTime(user.updatedAt), Text::relativeTime(user.updatedAt));
    rows->setValue(QStringLiteral("signOn"), Text::fullTime(user.lastSignOnAt));
}

void UserPanel::fillLinks()
{
    auto *column = static_cast<QVBoxLayout *>(m_sync->layout());
    while (QLayoutItem *item = column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (m_details.links.isEmpty()) {
        auto *none = new QLabel(tr("Not linked to any directory. A user is linked when a rule provisions them, or when "
                                   "they first sign on through a gateway."));
        none->setWordWrap(true);
        none->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(none);
        return;
    }
    for (const app::LinkedEntry &link : m_details.links) {
        auto *section = new Section(link.gateway);
        PropertyRows *rows = section->rows();
        rows->addRow(QStringLiteral("dn"), tr("Directory entry"), link.dn, PropertyRows::Monospace);
        rows->addRow(QStringLiteral("id"), tr("Immutable ID"), link.sourceId, PropertyRows::Monospace);
        rows->addRow(QStringLiteral("rule"), tr("Rule"), link.rule);
        if (!link.rule.isEmpty())
            rows->addRow(QStringLiteral("run"), tr("Rule last ran"), Text::relativeTime(link.lastRun));
        auto *state = new Badge;
        state->setState(link.deprovisioned ? tr("Left the scope") : tr("Linked"),
                        link.deprovisioned ? Tone::Warning : Tone::Good);
        rows->addRow(tr("State"), state);
        column->addWidget(section);
    }
}

void UserPanel::edit(app::AttributeSection::Kind kind)
{
    const auto begin = [this, kind] {
        for (const app::AttributeSection &part : app::attributeSections(m_console.catalog())) {
            if (part.kind != kind || !m_sections.contains(int(kind)))
                continue;
            Form *form = makeUserForm(m_console, m_details.user, part.attributes,
                                      kind == app::AttributeSection::Kind::Account);
            m_editing->editSection(m_sections.value(int(kind)), form, displayName(),
                                   [this, before = m_details.user](const Form &filled, const Editing::Finish &finish) {
                                       core::User wanted = before;
                                       readUserForm(filled, m_console.catalog(), wanted);
                                       save(wanted, finish, false);
                                   });
        }
    };
    m_editing->leave(begin);
}

void UserPanel::create(qint64 population)
{
    core::User user;
    user.population = population;
    QList<int> attributes;
    const core::AttributeCatalog &catalog = m_console.catalog();
    for (const QString &name :
         {QStringLiteral("username"), QStringLiteral("email"), QStringLiteral("name.given"),
          QStringLiteral("name.family"), QStringLiteral("name.formatted"), QStringLiteral("title")})
        attributes << catalog.find(name);
    // Without a value for these a new user would be refused.
    for (int number = 0; number < catalog.size(); ++number) {
        if (catalog.at(number).required && !attributes.contains(number))
            attributes << number;
    }
    m_editing->create(tr("New user"), makeUserForm(m_console, user, attributes, true), tr("the new user"),
                      tr("&Create user"), [this](const Form &filled, const Editing::Finish &finish) {
                          core::User wanted;
                          readUserForm(filled, m_console.catalog(), wanted);
                          wanted.values.set(m_console.catalog().enabled(), true);
                          save(wanted, finish, true);
                      });
}

void UserPanel::save(const core::User &user, const Editing::Finish &finish, bool isNew)
{
    using Answer = tl::expected<core::User, QList<core::Problem>>;
    m_console.write<Answer>(
        this, [user](store::Environment &environment) { return environment.identities().saveUser(user); },
        Console::Touched::Users, [this, user, finish, isNew](const Answer &answer) {
            if (!answer) {
                finish(userFaults(answer.error(), m_console.catalog(), user));
                return;
            }
            const QString name = answer->values.text(m_console.catalog().username());
            // Whoever was chosen meanwhile stays the one that the buttons are about.
            if (isNew ? m_editing->isActive() : m_row == user.row)
                m_row = answer->row;
            finish({});
            emit said(isNew ? tr("Created %1.").arg(name) : tr("Saved %1.").arg(name), Tone::Good);
            if (isNew)
                emit created(answer->row);
        });
}

void UserPanel::setEnabled(bool enabled)
{
    const QString name = displayName();
    m_console.write<core::Result<void>>(
        this,
        [row = m_row, enabled](store::Environment &environment) {
            return environment.identities().setUserEnabled(row, enabled);
        },
        Console::Touched::Users, [this, enabled, name, row = m_row](const core::Result<void> &answer) {
            if (!answer) {
                if (m_row == row)
                    toggle()->setChecked(!enabled);
                emit said(Text::headline(answer.error()), Tone::Bad);
                return;
            }
            emit said(enabled ? tr("Enabled %1.").arg(name) : tr("Disabled %1.").arg(name), Tone::Good);
        });
}

void UserPanel::unlock()
{
    const QString name = displayName();
    m_console.write<core::Result<bool>>(
        this,
        [name](store::Environment &environment) {
            return store::SignOnLocks(environment.database()).unlock(store::SignOnLocks::nameSubject(name));
        },
        Console::Touched::Users, [this, name](const core::Result<bool> &answer) {
            if (answer)
                emit said(tr("%1 may sign on again.").arg(name), Tone::Good);
            else
                emit said(Text::headline(answer.error()), Tone::Bad);
        });
}

void UserPanel::remove()
{
    Question question;
    question.title = tr("Delete %1?").arg(displayName());
    question.text = m_details.links.isEmpty()
                        ? tr("The user, their memberships and their history of sign-ons go. This cannot be undone.")
                        : tr("The user and their memberships go; this cannot be undone. The entry in %1 stays, and a "
                             "rule that still finds it will make the user again.")
                              .arg(m_details.links.first().gateway);
    question.confirm = tr("&Delete user");
    question.harmful = true;
    ask(this, question, [this, row = m_row, name = displayName()](Reply reply) {
        if (reply != Reply::Confirm)
            return;
        m_console.write<core::Result<void>>(
            this, [row](store::Environment &environment) { return environment.identities().deleteUser(row); },
            Console::Touched::Users, [this, name](const core::Result<void> &answer) {
                if (answer)
                    emit said(tr("Deleted %1.").arg(name), Tone::Good);
                else
                    emit said(Text::headline(answer.error()), Tone::Bad);
            });
    });
}

void UserPanel::addGroup()
{
    QList<qint64> in;
    for (const core::Group &group : std::as_const(m_details.groups))
        in << group.row;
    const auto source = [this, in](const QString &search, const Picker::Answer &answer) {
        m_console.read<QList<core::Group>>(
            this, [search](store::Reader &reader) { return reader.groups(search); },
            [in, answer](const core::Result<QList<core::Group>> &groups) {
                QList<Choice> choices;
                for (const core::Group &group : groups.value_or(QList<core::Group>{})) {
                    if (choices.size() >= kGroupsOffered)
                        break;
                    Choice choice{group.row, group.displayName.isEmpty() ? group.name : group.displayName,
                                  group.description, true};
                    if (in.contains(group.row) || group.source != core::GroupSource::Internal) {
                        choice.enabled = false;
                        choice.subtitle = in.contains(group.row) ? tr("already a member")
                                                                 : tr("members come from %1").arg(group.sourceName);
                    }
                    choices.append(choice);
                }
                answer(choices);
            });
    };
    auto *picker = new Picker(
        tr("Add %1 to a group").arg(displayName()), tr("Search groups"), tr("&Add"), source,
        [this, user = m_row](const QVariant &id) {
            m_console.write<core::Result<void>>(
                this,
                [group = id.toLongLong(), user](store::Environment &environment) {
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

void UserPanel::removeGroup(qint64 group)
{
    m_console.write<core::Result<void>>(
        this,
        [group, user = m_row](store::Environment &environment) {
            return environment.identities().removeMember(group, user);
        },
        Console::Touched::Groups, [this](const core::Result<void> &answer) {
            if (!answer)
                emit said(Text::headline(answer.error()), Tone::Bad);
        });
}

} // namespace gatehouse::ui
