// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/mappingtrial.h"

#include "core/dn.h"
#include "core/mapping.h"
#include "ldap/dialect.h"
#include "provision/soundrows.h"

namespace gatehouse::app {

using provision::LiveDirectory;
using provision::MappingPreview;
using provision::PersonPreview;

QString entryTitle(const core::Entry &entry)
{
    for (const char *name : {"displayName", "cn", "uid"}) {
        const QList<QByteArray> values = entry.values(name);
        if (!values.isEmpty() && values.first().isValidUtf8())
            return QString::fromUtf8(values.first());
    }
    const auto dn = core::Dn::parse(QByteArrayView(entry.dn));
    return dn ? dn->firstValue() : QString::fromUtf8(entry.dn);
}

MappingTrial::MappingTrial(Console &console, QObject *parent) : QObject(parent), m_console(console)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &MappingTrial::evaluateEverybody);
}

MappingTrial::~MappingTrial() = default;

void MappingTrial::begin(const core::Rule &rule)
{
    const core::Configuration &configuration = m_console.configuration();
    const core::Connection *connection = configuration.connection(rule.connection);
    const core::Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
    const bool same = m_directory && gateway && m_gateway == *gateway && m_rule.baseDn == rule.baseDn
                      && m_rule.userOrganizationalUnits == rule.userOrganizationalUnits
                      && m_rule.userFilter == rule.userFilter;
    if (same)
        return;
    m_rule = rule;
    m_directory.reset();
    m_person.reset();
    m_everybody.reset();
    m_entry.reset();
    m_schema.reset();
    m_takeFirst = true;
    emit chosen();
    if (!gateway || gateway->type != core::GatewayType::Ldap) {
        emit directoryFailed({core::Code::InvalidInput, QStringLiteral("no directory"),
                              tr("The rule's connection has no LDAP gateway, so there is nobody to try the mapping on")});
        return;
    }
    auto scope = provision::scopeOf(rule, ldap::Dialect(gateway->vendor));
    if (!scope) {
        emit directoryFailed(scope.error());
        return;
    }
    m_gateway = *gateway;
    m_scope = *std::move(scope);
    m_directory = std::make_unique<LiveDirectory>(*gateway, m_scope);
    connect(m_directory.get(), &LiveDirectory::found, this,
            [this](quint64, const QList<provision::FoundEntry> &entries) {
                if (m_takeFirst && !entries.isEmpty()) {
                    m_takeFirst = false;
                    choose(entries.first().dn);
                }
                emit found(entries);
            });
    connect(m_directory.get(), &LiveDirectory::entryRead, this, [this](quint64 request, const core::Entry &entry) {
        if (request != m_reading)
            return;
        m_entry = std::make_shared<const core::Entry>(entry);
        emit chosen();
        evaluatePerson();
    });
    connect(m_directory.get(), &LiveDirectory::schemaLoaded, this, [this](quint64, const core::Schema &schema) {
        m_schema = schema;
        emit schemaLoaded(schema);
    });
    connect(m_directory.get(), &LiveDirectory::failed, this, &MappingTrial::onFailed);
    m_person = std::make_unique<PersonPreview>(m_console.environmentPath(), *gateway, *connection);
    connect(m_person.get(), &PersonPreview::evaluated, this, [this](const provision::PersonOutcome &outcome) {
        if (outcome.edit == m_personEdit)
            emit outcomeChanged(outcome);
    });
    connect(m_person.get(), &PersonPreview::failed, this,
            [this](quint64, const core::Error &error) { emit directoryFailed(error); });
    makePreview();
    m_directory->search({});
    m_schemaRequest = m_directory->loadSchema();
}

void MappingTrial::makePreview()
{
    m_everybody.reset();
    m_counted.clear();
    if (!m_gateway || !m_counting)
        return;
    m_everybody = std::make_unique<MappingPreview>(m_console.environmentPath(), *m_gateway, m_rule, m_sample);
    connect(m_everybody.get(), &MappingPreview::progressed, this, [this](const provision::MappingStatistics &statistics) {
        if (statistics.edit == m_everybodyEdit)
            emit counted(statistics);
    });
    connect(m_everybody.get(), &MappingPreview::failed, this, [this](quint64 edit, const QList<core::Error> &errors) {
        if (edit == m_everybodyEdit)
            emit countFailed(errors);
    });
    m_pause.start(0);
}

void MappingTrial::retry()
{
    if (!m_directory) {
        const core::Rule rule = m_rule;
        begin(rule);
        return;
    }
    m_takeFirst = m_takeFirst || !m_entry;
    if (!m_entry)
        m_directory->search({});
    if (!m_schema)
        m_schemaRequest = m_directory->loadSchema();
    m_counted.clear();
    m_pause.start(0);
}

void MappingTrial::setRows(const QList<core::AttributeMapping> &rows, bool typing)
{
    m_typing = typing;
    m_rows = rows;
    evaluatePerson();
    m_pause.start(typing ? kPauseMs : 0);
}

void MappingTrial::search(const QString &text)
{
    if (m_directory)
        m_directory->search(text);
}

void MappingTrial::choose(const QByteArray &dn)
{
    if (!m_directory)
        return;
    m_takeFirst = false;
    m_reading = m_directory->read(dn);
}

QString MappingTrial::title() const
{
    return m_entry ? entryTitle(*m_entry) : QString();
}

void MappingTrial::setSample(qint64 people)
{
    if (m_sample == people)
        return;
    m_sample = people;
    makePreview();
}

void MappingTrial::setCounting(bool counting)
{
    if (m_counting == counting)
        return;
    m_counting = counting;
    makePreview();
}

void MappingTrial::evaluatePerson()
{
    if (m_person && m_entry)
        m_personEdit = m_person->evaluate(m_entry, m_rows);
}

bool MappingTrial::namesAreKnown(const QList<core::AttributeMapping> &rows,
                                 const std::shared_ptr<const core::AttributeCatalog> &catalog) const
{
    if (!m_schema)
        return false;
    const auto mapping = core::Mapping::compile(rows, catalog);
    if (!mapping)
        return false;
    return std::all_of(mapping->sources().cbegin(), mapping->sources().cend(), [this](const QByteArray &name) {
        return m_schema->find(QString::fromUtf8(name).section(u';', 0, 0)) != nullptr;
    });
}

void MappingTrial::evaluateEverybody()
{
    if (!m_everybody)
        return;
    const auto catalog = std::make_shared<const core::AttributeCatalog>(m_console.catalog());
    const QList<core::AttributeMapping> rows = provision::soundRows(m_rows, catalog).rows;
    if (rows == m_counted)
        return;
    // Half a word asks the directory for an attribute that nobody means: that can wait until the word is whole.
    if (m_typing && !namesAreKnown(rows, catalog))
        return;
    m_counted = rows;
    m_everybodyEdit = m_everybody->evaluate(rows);
    emit counting();
}

void MappingTrial::onFailed(quint64 request, const core::Error &error)
{
    if (request == m_schemaRequest && m_entry)
        return; // people can be read all the same; names are offered as the directory's vendor has them
    if (request == m_reading && error.code == core::Code::NotFound) {
        m_entry.reset();
        emit chosen();
    }
    emit directoryFailed(error);
}

} // namespace gatehouse::app
