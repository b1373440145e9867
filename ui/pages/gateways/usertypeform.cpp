// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/usertypeform.h"

#include "app/gateways/usertypeedit.h"
#include "app/gateways/usertyperows.h"
#include "app/gateways/usertypesubject.h"
#include "core/dn.h"
#include "core/filter.h"
#include "core/signonmapping.h"
#include "ui/editors/filteredit.h"
#include "ui/editors/listeditor.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/provisioning/everybodycard.h"
#include "ui/pages/provisioning/mappingtryout.h"
#include "ui/theme/theme.h"
#include "ui/widgets/note.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QShowEvent>

namespace gatehouse::ui {

using app::UserTypeEdit;
using core::PasswordAuthority;

namespace {

const QString kName = QStringLiteral("name");
const QString kAuthority = QStringLiteral("passwordAuthority");
const QString kPasswords = QStringLiteral("allowPasswordChanges");
const QString kBase = QStringLiteral("searchBaseDn");
const QString kLinks = QStringLiteral("orderedCorrelationAttributes");
const QString kMigration = QStringLiteral("newUserLookup");
const QString kFilter = QStringLiteral("newUserLookup.ldapFilterPattern");
const QString kPopulation = QStringLiteral("newUserLookup.population");
const QString kMappings = QStringLiteral("newUserLookup.attributeMappings");
const QString kNested = QStringLiteral("newUserLookup.nestedGroups");
const QString kUpdate = QStringLiteral("updateUserOnSuccessfulAuthentication");

constexpr int kPauseMs = 400;

/// A compound editor never loses the focus itself; its error goes as soon as it is put right.
auto validatedAgain(FormField *field)
{
    return [field] {
        if (!field->error().isEmpty())
            field->validate();
    };
}

} // namespace

UserTypeForm::UserTypeForm(app::Console &console, const core::UserType &userType, const core::Gateway &gateway,
                           const core::Configuration &configuration, QWidget *parent)
    : ThingForm(parent), m_console(console), m_before(userType), m_gateway(gateway), m_configuration(configuration)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &UserTypeForm::tryIt);
    auto *top = new QWidget;
    auto *line = new QHBoxLayout(top);
    line->setContentsMargins(0, 0, 0, 0);
    auto *defaults = new QPushButton(tr("&Use default values"));
    defaults->setObjectName(QStringLiteral("useDefaults"));
    defaults->setAutoDefault(false);
    defaults->setToolTip(tr("Link attributes, filter and mapping as they are usual in %1").arg(core::vendorName(gateway.vendor)));
    connect(defaults, &QPushButton::clicked, this, &UserTypeForm::useDefaults);
    line->addWidget(defaults);
    line->addStretch(1);
    addWidget(top);

    auto *field = addField(kName, tr("User &Type"), new QLineEdit(userType.name));
    field->setRequired(true);
    field->setHelp(tr("A name for this kind of people, for example Employees."));
    addAuthority();
    addSearch();
    addMigration();
    connect(this, &Form::edited, this, &UserTypeForm::showDependents);
    setSources(app::userTypeSources(gateway.vendor));
    showDependents();
    markUnchanged();
}

void UserTypeForm::addAuthority()
{
    auto *authority = new QComboBox;
    authority->addItem(QStringLiteral("PingOne"), int(PasswordAuthority::PingOne));
    authority->addItem(QStringLiteral("LDAP"), int(PasswordAuthority::Ldap));
    authority->setCurrentIndex(authority->findData(int(m_before.passwordAuthority)));
    addField(kAuthority, tr("Select Password &Authority"), authority);

    auto *help = new QPushButton(tr("&Help me decide"));
    help->setProperty("form", QStringLiteral("link"));
    help->setObjectName(QStringLiteral("helpMeDecide"));
    help->setCheckable(true);
    help->setAutoDefault(false);
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(help);
    layout->addStretch(1);
    addWidget(line);
    m_decide = new Note;
    m_decide->setObjectName(QStringLiteral("decide"));
    addWidget(m_decide);
    connect(help, &QPushButton::toggled, this, [this](bool shown) {
        m_decide->setText(
            shown ? tr("PingOne: the first sign-on is checked in the directory, and the password is taken over; from "
                       "then on PingOne checks it, and the directory may be out of reach.\n\nLDAP: the directory checks "
                       "the password at every sign-on, with its own policies, locks and expiry; PingOne keeps none.\n\n"
                       "From LDAP to PingOne, the password is taken over at a person's next sign-on. From PingOne to "
                       "LDAP, PingOne removes its password and asks the directory from then on.")
                  : QString(),
            Tone::Neutral);
    });

    m_passwordChanges = new QCheckBox;
    m_passwordChanges->setChecked(m_before.allowPasswordChanges);
    addField(kPasswords, tr("Password changes"), m_passwordChanges);
}

void UserTypeForm::addSearch()
{
    auto *base = new QLineEdit(m_before.searchBaseDn);
    base->setFont(monospaceFont(font()));
    base->setPlaceholderText(QStringLiteral("OU=Staff,DC=example,DC=com"));
    auto *field = addField(kBase, tr("User Search LDAP &Base DN"), base);
    field->setRequired(true);
    field->setHelp(tr("People are searched for below it, at any depth."));
    field->setCheck([](const QVariant &value) {
        const auto dn = core::Dn::parse(value.toString().trimmed());
        return dn ? QString() : app::ConfigFaults::text(dn.error());
    });

    m_links = new ListEditor(ListEditor::Kind::Attribute, tr("+ Add &link attribute"));
    m_links->setObjectName(QStringLiteral("link"));
    m_links->setPlaceholder(QStringLiteral("sAMAccountName"));
    m_links->setItems(m_before.orderedCorrelationAttributes);
    field = addField(kLinks, tr("User &Link Attributes *"), m_links);
    field->setHelp(tr("By which a person is found again, tried from top to bottom until exactly one matches; where one "
                      "matches several people, the next is tried. Drag a row, or press Alt+Up and Alt+Down in it."));
    field->setCheck([](const QVariant &value) {
        return value.toStringList().isEmpty() ? tr("Name at least one attribute, for example uid.") : QString();
    });
    connect(m_links, &ListEditor::itemsChanged, field, validatedAgain(field));
}

void UserTypeForm::addMigration()
{
    auto *migration = new QCheckBox(tr("&Enable migration of new users upon first authentication"));
    migration->setChecked(m_before.newUserLookup.has_value());
    addField(kMigration, tr("Enable migration of new users upon first authentication"), migration)
        ->setHelp(tr("Who signs on for the first time is made here, just in time. Leave it off where a rule "
                     "provisions these people."));
    m_exclusion = new Note;
    m_exclusion->setObjectName(QStringLiteral("exclusion"));
    addWidget(m_exclusion);

    const core::NewUserLookup lookup = m_before.newUserLookup.value_or(core::NewUserLookup());
    m_filter = new FilterEdit;
    m_filter->setText(lookup.ldapFilterPattern);
    m_filter->setPlaceholder(QStringLiteral("(|(uid=${identifier})(mail=${identifier}))"));
    auto *field = addField(kFilter, tr("LDAP &Filter *"), m_filter);
    field->setHelp(tr("Who may be migrated. ${identifier} stands for what the person typed as user name."));
    field->setCheck([this](const QVariant &) -> QString {
        if (!isOn(kMigration))
            return {};
        if (m_filter->text().isEmpty())
            return tr("A filter is required.");
        if (const QString fault = m_filter->fault(); !fault.isEmpty())
            return fault;
        const auto filter = core::Filter::parse(m_filter->text());
        return filter && filter->replaced("${identifier}", "x") == *filter
                   ? tr("It would find nobody in particular: ${identifier} must stand in it as a value, for example "
                        "(uid=${identifier}).")
                   : QString();
    });
    connect(m_filter, &FilterEdit::textChanged, field, validatedAgain(field));

    auto *population = new QComboBox;
    for (const core::Population &one : m_configuration.populations)
        population->addItem(one.name, one.name);
    const core::Population *byDefault = m_configuration.defaultPopulation();
    const QString wanted = !lookup.population.isEmpty() ? lookup.population : byDefault ? byDefault->name : QString();
    if (population->findData(wanted) < 0)
        population->addItem(wanted, wanted);
    population->setCurrentIndex(population->findData(wanted));
    addField(kPopulation, tr("P&opulation"), population)->setHelp(tr("Migrated people go here."));

    auto *update = new QCheckBox(tr("U&pdate PingOne user attributes as users sign on"));
    update->setChecked(m_before.updateUserOnSuccessfulAuthentication);
    addField(kUpdate, tr("Update PingOne user attributes as users sign on"), update)
        ->setHelp(tr("All or nothing, by the rows of Map Attributes: where one value cannot be taken over, none is, and "
                     "the sign-on fails. Both are noted in Audit."));

    m_mapping = new MappingEditor(true);
    m_mapping->setObjectName(QStringLiteral("mappingEditor"));
    m_mapping->setUserTypeWords();
    m_mapping->setCatalog(app::userTypeCatalog(m_configuration));
    m_mapping->setMappings(app::mappingRows(lookup.attributeMappings));
    m_mapping->setCheck([this](const QList<core::AttributeMapping> &) {
        QList<app::FieldFault> faults;
        for (app::FieldFault fault : UserTypeEdit::judge(m_configuration, m_gateway.id, userType()).own) {
            if (!fault.isUnder(kMappings))
                continue;
            fault.path = fault.path.section(u'.', 1); // the table counts from "attributeMappings"
            faults.append(fault);
        }
        return faults;
    });
    m_tryout = new MappingTryout(m_console, m_mapping,
                                 std::make_shared<const core::AttributeCatalog>(app::userTypeCatalog(m_configuration)),
                                 MappingTryout::Words::SignOn, this);
    addField(kMappings, tr("Map Attributes"), m_mapping)
        ->setHelp(tr("* Required. External Group Names makes groups of a group attribute: memberOf in Active Directory, "
                     "isMemberOf in PingDirectory. F2 changes a cell, Del removes a row, Ctrl+E builds an expression."));
    connect(&m_tryout->trial(), &app::MappingTrial::schemaLoaded, this, [this](const core::Schema &schema) {
        QStringList names;
        for (const core::SchemaAttribute &attribute : schema.attributes())
            names << attribute.names;
        m_links->setSuggestions(names);
        m_mapping->table().setSuggestion(core::kExternalGroupNames, app::groupAttribute(m_gateway.vendor, &schema));
    });

    auto *nested = new QCheckBox(tr("Also groups that people belong to through &other groups"));
    nested->setChecked(lookup.nestedGroups);
    addField(kNested, tr("Also groups that people belong to through other groups"), nested)
        ->setHelp(tr("External groups then come of nested memberships, too, where the group attribute holds DNs."));
    addWidget(m_tryout->everybody());
}

void UserTypeForm::showEvent(QShowEvent *event)
{
    ThingForm::showEvent(event);
    if (!event->spontaneous())
        tryIt();
}

/// Tries the mapping on whom base and filter find as they stand.
void UserTypeForm::tryIt()
{
    if (isOn(kMigration) && isVisible())
        m_tryout->trial().begin(app::userTypeSubject(m_configuration, m_gateway, userType()));
}

void UserTypeForm::setSources(const QStringList &sources)
{
    m_links->setSuggestions(sources);
    QList<app::CompletionItem> items;
    for (const QString &source : sources)
        items.append({.kind = app::CompletionKind::Attribute, .name = source, .insertion = source});
    m_mapping->setSources(items);
    m_mapping->table().setSuggestion(core::kExternalGroupNames, app::groupAttribute(m_gateway.vendor));
}

void UserTypeForm::showDependents()
{
    const bool isLdap = PasswordAuthority(number(kAuthority)) == PasswordAuthority::Ldap;
    m_passwordChanges->setText(isLdap ? tr("Enable password &changes from PingOne") : tr("Push password &changes to LDAP"));
    m_passwordChanges->setAccessibleName(m_passwordChanges->text().remove(u'&'));
    field(kPasswords)->setHelp(isLdap ? tr("People may change their password in PingOne, which writes it to the "
                                           "directory. Also needed for expired passwords in Active Directory, and for "
                                           "those that must be changed at the next logon.")
                                      : tr("A password that is changed in PingOne is written to the directory, too."));
    const bool migrates = isOn(kMigration);
    field(kUpdate)->setVisible(isLdap);
    for (const QString &key : {kFilter, kPopulation, kMappings})
        field(key)->setVisible(migrates);
    m_tryout->everybody()->setVisible(migrates);
    const QList<core::AttributeMapping> &rows = m_mapping->mappings();
    field(kNested)->setVisible(migrates && std::any_of(rows.begin(), rows.end(), [](const core::AttributeMapping &row) {
        return row.target == core::kExternalGroupNames;
    }));
    m_exclusion->setText(UserTypeEdit::exclusion(UserTypeEdit::with(m_configuration, m_gateway.id, userType()),
                                                 m_gateway, userType()),
                         Tone::Warning);
    if (isVisible())
        m_pause.start();
}

QString UserTypeForm::likelyBase() const
{
    for (const core::UserType &other : m_gateway.userTypes) {
        if (other.id != m_before.id && !other.searchBaseDn.isEmpty())
            return other.searchBaseDn;
    }
    for (const core::Rule &rule : m_configuration.rules) {
        const core::Connection *connection = m_configuration.connection(rule.connection);
        if (connection && connection->gateway == m_gateway.name && !rule.scope.baseDn.isEmpty())
            return rule.scope.baseDn;
    }
    // The bind account usually lives in the same domain: its name from the first DC on.
    const qsizetype domain = m_gateway.bindDn.indexOf(QStringLiteral("dc="), 0, Qt::CaseInsensitive);
    return domain < 0 ? QString() : m_gateway.bindDn.mid(domain);
}

void UserTypeForm::useDefaults()
{
    const core::UserType usual = core::defaultUserType(m_gateway.vendor);
    if (text(kName).isEmpty())
        field(kName)->setValue(app::freeName(m_gateway.userTypes, usual.name));
    if (text(kBase).isEmpty())
        field(kBase)->setValue(likelyBase());
    m_links->setItems(usual.orderedCorrelationAttributes);
    m_filter->setText(usual.newUserLookup->ldapFilterPattern);
    m_mapping->setMappings(app::mappingRows(usual.newUserLookup->attributeMappings));
}

core::UserType UserTypeForm::userType() const
{
    core::UserType userType = m_before;
    userType.name = text(kName);
    userType.passwordAuthority = PasswordAuthority(number(kAuthority));
    userType.allowPasswordChanges = isOn(kPasswords);
    userType.searchBaseDn = text(kBase);
    userType.orderedCorrelationAttributes = m_links->items();
    userType.updateUserOnSuccessfulAuthentication =
        userType.passwordAuthority == PasswordAuthority::Ldap && isOn(kUpdate);
    if (!isOn(kMigration)) {
        userType.newUserLookup.reset();
        return userType;
    }
    core::NewUserLookup lookup = m_before.newUserLookup.value_or(core::NewUserLookup());
    lookup.ldapFilterPattern = m_filter->text();
    lookup.population = value(kPopulation).toString();
    lookup.attributeMappings = app::userTypeMappings(m_mapping->mappings());
    lookup.nestedGroups = isOn(kNested);
    userType.newUserLookup = lookup;
    return userType;
}

} // namespace gatehouse::ui
