// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/mappingtrial.h"

#include "core/dn.h"
#include "store/environment.h"
#include "store/schemas.h"

#include <algorithm>

namespace gatehouse::app {

using provision::LiveDirectory;
using provision::MappingPreview;
using provision::PersonPreview;

namespace {

bool names(const core::SlotNames &all, const QByteArray &name)
{
    return std::any_of(all.cbegin(), all.cend(), [&](const QByteArray &one) { return one.compare(name, Qt::CaseInsensitive) == 0; });
}

} // namespace

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
    m_lookUp.setSingleShot(true);
    m_lookUp.setInterval(kPauseMs);
    connect(&m_lookUp, &QTimer::timeout, this, [this] {
        if (m_directory && m_subject->isSignOn() && !m_typed.isEmpty())
            setSearching(m_directory->lookUp(m_subject->byIdentifier(m_typed)));
    });
}

MappingTrial::~MappingTrial() = default;

void MappingTrial::begin(const TrialSubjectOr &wanted)
{
    if (!wanted) {
        m_subject.reset();
        m_directory.reset();
        m_preview.reset();
        m_everybody.reset();
        m_schema.reset();
        forgetPerson();
        // What is still being written is no failure.
        const bool unready = wanted.error().code == core::Code::InvalidInput;
        if (unready)
            emit unavailable(wanted.error().detail);
        else
            emit directoryFailed(wanted.error());
        emit notCounted(unready ? wanted.error().detail : wanted.error().text());
        return;
    }
    const std::shared_ptr<const TrialSubject> before = std::exchange(m_subject, *wanted);
    const bool sameGateway = m_directory && before && before->gateway() == m_subject->gateway();
    const bool samePlace = sameGateway && before->scope().bases == m_subject->scope().bases
                           && before->scope().filter == m_subject->scope().filter && before->search() == m_subject->search();
    if (samePlace && before->settings() == m_subject->settings())
        return;
    if (!sameGateway) {
        m_schema.reset();
        m_takeFirst = true;
        forgetPerson();
        openDirectory();
        m_schemaRequest = m_directory->loadSchema();
    } else {
        m_directory->setScope(m_subject->scope());
    }
    m_cancelled = false;
    makePreview();
    if (samePlace && entry())
        evaluatePerson();
    else
        findSomebody();
}

void MappingTrial::openDirectory()
{
    m_directory = std::make_unique<LiveDirectory>(m_subject->gateway(), m_subject->scope(),
                                                  m_subject->isSignOn() ? link::Need::Lookup : link::Need::InboundProvisioning);
    connect(m_directory.get(), &LiveDirectory::found, this,
            [this](quint64 request, const QList<provision::FoundEntry> &entries) {
                if (request == m_searching)
                    setSearching(0);
                m_console.noteUse(m_subject->gateway(), std::nullopt);
                onFound(entries);
            });
    connect(m_directory.get(), &LiveDirectory::entryRead, this, &MappingTrial::onRead);
    connect(m_directory.get(), &LiveDirectory::answered, this, &MappingTrial::onAnswered);
    connect(m_directory.get(), &LiveDirectory::schemaLoaded, this, [this](quint64, const core::Schema &schema) {
        m_schema = schema;
        m_console.noteUse(m_subject->gateway(), std::nullopt);
        rememberSchema(schema);
        emit schemaLoaded(schema);
    });
    connect(m_directory.get(), &LiveDirectory::failed, this, &MappingTrial::onFailed);
    m_preview = std::make_unique<PersonPreview>(m_console.environmentPath());
    connect(m_preview.get(), &PersonPreview::evaluated, this, [this](const provision::PersonOutcome &outcome) {
        if (outcome.edit == m_personEdit)
            emit outcomeChanged(outcome);
    });
    connect(m_preview.get(), &PersonPreview::failed, this,
            [this](quint64, const core::Error &error) { emit directoryFailed(error); });
}

/// For checks of names without the directory, and for other names of attributes in previews.
void MappingTrial::rememberSchema(const core::Schema &schema)
{
    m_console.write<core::Result<void>>(
        this,
        [gateway = m_subject->gateway().id, schema](store::Environment &environment) {
            return environment.schemas().save(gateway, schema);
        },
        Console::Touched::Nothing, [](const core::Result<void> &) {});
}

/// The sample again, by what they typed; the first one, where there is none.
void MappingTrial::findSomebody()
{
    if (m_subject->isSignOn() && m_typed.isEmpty())
        m_typed = identifier();
    if (m_subject->isSignOn() && !m_typed.isEmpty()) {
        m_lookUp.start(0);
        return;
    }
    if (entry())
        forgetPerson(); // whether they are in it still is not known
    m_takeFirst = true;
    list({});
}

void MappingTrial::makePreview()
{
    m_everybody.reset();
    m_counted.clear();
    if (!m_subject || !m_counting || m_cancelled)
        return;
    if (!m_subject->uncountable().isEmpty()) {
        emit notCounted(m_subject->uncountable());
        return;
    }
    m_everybody = std::make_unique<MappingPreview>(m_console.environmentPath(), m_subject->gateway(), m_subject->scope(),
                                                   m_subject->compile(), m_sample);
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
    if (!m_subject)
        return;
    if (!m_directory)
        openDirectory();
    if (!entry())
        findSomebody();
    if (!m_schema)
        m_schemaRequest = m_directory->loadSchema();
    m_counted.clear();
    if (m_cancelled) {
        m_cancelled = false;
        makePreview();
    }
    m_pause.start(0);
}

void MappingTrial::setRows(const QList<core::AttributeMapping> &rows, bool typing)
{
    m_typing = typing;
    m_rows = rows;
    readMissing();
    evaluatePerson();
    m_pause.start(typing ? kPauseMs : 0);
}

void MappingTrial::search(const QString &text)
{
    if (m_subject && !m_subject->isSignOn()) {
        list(text);
        return;
    }
    m_typed = text.trimmed(); // looked up as soon as it can be
    if (m_typed.isEmpty()) {
        m_lookUp.stop();
        return;
    }
    m_takeFirst = false;
    m_lookUp.start();
}

void MappingTrial::list(const QString &text)
{
    if (m_directory && m_subject->uncountable().isEmpty())
        setSearching(m_directory->search(text));
}

void MappingTrial::choose(const QByteArray &dn)
{
    if (!m_directory)
        return;
    m_takeFirst = false;
    m_lookUp.stop();
    m_typed.clear();
    m_asked = m_subject->sources(m_rows, std::make_shared<const core::AttributeCatalog>(m_console.catalog()));
    m_reading = m_directory->read(dn, m_asked);
    setSearching(m_reading);
}

void MappingTrial::cancelSearch()
{
    m_lookUp.stop();
    if (!m_directory)
        return;
    m_directory.reset(); // ends the wait at once
    m_preview.reset();
    setSearching(0);
    m_reading = m_readingAgain = m_evidenceRequest = 0;
    openDirectory();
    if (!m_schema)
        m_schemaRequest = m_directory->loadSchema();
    evaluatePerson();
}

void MappingTrial::setSearching(quint64 request)
{
    const bool before = m_searching != 0;
    m_searching = request;
    if (before != (request != 0))
        emit searching(request != 0);
}

QString MappingTrial::title() const
{
    return entry() ? entryTitle(*entry()) : QString();
}

void MappingTrial::setSample(qint64 people)
{
    if (m_sample == people)
        return;
    m_sample = people;
    m_cancelled = false;
    makePreview();
}

void MappingTrial::setCounting(bool counting)
{
    if (m_counting == counting)
        return;
    m_counting = counting;
    makePreview();
}

void MappingTrial::cancelCounting()
{
    m_cancelled = true;
    m_everybody.reset();
    m_counted.clear();
    emit notCounted({});
}

void MappingTrial::onFound(const QList<provision::FoundEntry> &entries)
{
    if (m_takeFirst && !entries.isEmpty())
        choose(entries.first().dn);
    emit found(entries);
}

void MappingTrial::onRead(quint64 request, const core::Entry &entry)
{
    if (request == m_readingAgain && this->entry() && this->entry()->dn == entry.dn) {
        m_person.entry = std::make_shared<const core::Entry>(entry);
        evaluatePerson();
    }
    if (request != m_reading)
        return;
    setSearching(0);
    take({std::make_shared<const core::Entry>(entry), m_subject->identifierOf(entry), {}});
}

void MappingTrial::onAnswered(quint64 request, const std::any &answer)
{
    if (request == m_evidenceRequest) {
        m_person.evidence = answer;
        m_evidenceRequest = 0;
        evaluatePerson();
        return;
    }
    const auto *given = std::any_cast<IdentifierAnswer>(&answer);
    if (request != m_searching || !given)
        return;
    setSearching(0);
    if (given->entry) {
        m_asked.clear();
        take({given->entry, m_typed, {}});
        readMissing();
    } else {
        forgetPerson();
    }
    emit identified(m_typed, *given);
}

void MappingTrial::take(const TriedPerson &person)
{
    m_person = person;
    m_evidence.clear();
    m_evidenceRequest = 0;
    emit chosen();
    evaluatePerson();
}

void MappingTrial::forgetPerson()
{
    m_person = {};
    m_evidence.clear();
    m_evidenceRequest = 0;
    m_personEdit = 0;
    emit chosen();
}

/// Some attributes come only to who asks for them by name.
void MappingTrial::readMissing()
{
    if (!m_directory || !entry() || m_typing)
        return;
    const auto catalog = std::make_shared<const core::AttributeCatalog>(m_console.catalog());
    const core::SlotNames wanted = m_subject->sources(m_rows, catalog);
    const bool missing = std::any_of(wanted.cbegin(), wanted.cend(), [&](const QByteArray &name) {
        return !names(m_asked, name) && entry()->values(name).isEmpty();
    });
    for (const QByteArray &name : wanted) {
        if (!names(m_asked, name))
            m_asked.append(name);
    }
    if (missing)
        m_readingAgain = m_directory->read(entry()->dn, wanted);
}

void MappingTrial::evaluatePerson()
{
    if (!m_preview || !m_subject || !entry())
        return;
    const TrialSubject::Evidence evidence = m_subject->evidence(*entry(), m_rows);
    if (evidence.key != m_evidence) {
        m_evidence = evidence.key;
        m_person.evidence.reset();
        m_evidenceRequest = evidence.key.isEmpty() ? 0 : m_directory->ask(evidence.read);
    }
    if (m_evidenceRequest == 0)
        m_personEdit = m_preview->evaluate(m_subject->judgement(m_person, m_rows));
}

bool MappingTrial::namesAreKnown(const QList<core::AttributeMapping> &rows) const
{
    if (!m_schema)
        return false;
    const auto catalog = std::make_shared<const core::AttributeCatalog>(m_console.catalog());
    const core::SlotNames sources = m_subject->sources(rows, catalog);
    return std::all_of(sources.cbegin(), sources.cend(), [this](const QByteArray &name) {
        return m_schema->find(QString::fromUtf8(name).section(u';', 0, 0)) != nullptr;
    });
}

void MappingTrial::evaluateEverybody()
{
    if (!m_everybody)
        return;
    const auto catalog = std::make_shared<const core::AttributeCatalog>(m_console.catalog());
    const QList<core::AttributeMapping> rows = m_subject->sound(m_rows, catalog);
    if (rows == m_counted)
        return;
    // Half a word asks the directory for an attribute that nobody means: that can wait until the word is whole.
    if (m_typing && !namesAreKnown(rows))
        return;
    m_counted = rows;
    m_everybodyEdit = m_everybody->evaluate(rows);
    emit counting();
}

void MappingTrial::onFailed(quint64 request, const core::Error &error)
{
    m_console.noteUse(m_subject->gateway(), error);
    if (request == m_searching)
        setSearching(0);
    if (request == m_evidenceRequest) {
        m_person.evidence = error;
        m_evidenceRequest = 0;
        evaluatePerson();
        return;
    }
    if ((request == m_schemaRequest || request == m_readingAgain) && entry())
        return; // people can be read all the same; names are offered as the directory's vendor has them
    if (request == m_reading && error.code == core::Code::NotFound)
        forgetPerson();
    emit directoryFailed(error);
}

} // namespace gatehouse::app
