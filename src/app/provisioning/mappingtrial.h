// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mapping being tried while it is edited, a rule's or a user type's: on one person of the live directory at every
// keystroke, and on everybody as soon as somebody pauses. It finds people, reads the chosen one, knows the directory's
// schema. Owned by the mapping's form, GUI thread; directories are read and mappings evaluated in threads of their own. It
// writes nothing.
#pragma once

#include "app/console.h"
#include "app/provisioning/trialsubject.h"
#include "core/schema.h"
#include "provision/mappingpreview.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace gatehouse::app {

class MappingTrial : public QObject {
    Q_OBJECT
public:
    static constexpr int kPauseMs = 250; ///< of typing, before everybody is counted or a user name is looked up

    /// @p console must outlive it.
    explicit MappingTrial(Console &console, QObject *parent = nullptr);
    ~MappingTrial() override;

    /// Tries the mapping of @p subject as it is edited, saved or not: opens its directory, asks for the schema and the
    /// first people and takes the first one. Of what is as before nothing is asked again, and the sample stays whom it was.
    void begin(const TrialSubjectOr &subject);
    /// After a failure: everything that is missing is asked for again.
    void retry();
    bool isBegun() const { return m_directory != nullptr; }
    const TrialSubject *subject() const { return m_subject.get(); }

    /// @p typing: somebody is in the middle of a word.
    void setRows(const QList<core::AttributeMapping> &rows, bool typing);
    /// What somebody typed to find a person: a part of a name, or what the person would type as user name.
    void search(const QString &text);
    /// The people who can be chosen from, by a part of a name or all of them; found() follows.
    void list(const QString &text);
    void choose(const QByteArray &dn);
    /// Ends what the directory is asked for the sample.
    void cancelSearch();
    /// How many people are counted at most; provision::MappingPreview::kEverybody for all.
    void setSample(qint64 people);
    /// Counts while somebody can see it only.
    void setCounting(bool counting);
    /// Ends the count, until retry().
    void cancelCounting();

    const std::shared_ptr<const core::Entry> &entry() const { return m_person.entry; }
    /// What the chosen one would type as user name; empty where that is not known.
    const QString &identifier() const { return m_person.identifier; }
    /// What people call the chosen entry.
    QString title() const;
    const std::optional<core::Schema> &schema() const { return m_schema; }

signals:
    void found(const QList<gatehouse::provision::FoundEntry> &entries);
    /// What became of a user name that was typed.
    void identified(const QString &typed, const gatehouse::app::IdentifierAnswer &answer);
    /// Whether the directory is being asked for a person.
    void searching(bool going);
    /// entry() is another one, or nobody.
    void chosen();
    void outcomeChanged(const gatehouse::provision::PersonOutcome &outcome);
    void schemaLoaded(const gatehouse::core::Schema &schema);
    /// There is nobody to try it on yet, and why.
    void unavailable(const QString &why);
    /// People cannot be looked up.
    void directoryFailed(const gatehouse::core::Error &error);
    /// Everybody is being counted anew.
    void counting();
    void counted(const gatehouse::provision::MappingStatistics &statistics);
    void countFailed(const QList<gatehouse::core::Error> &errors);
    /// Nobody is counted, and why.
    void notCounted(const QString &why);

private:
    void openDirectory();
    void rememberSchema(const core::Schema &schema);
    void makePreview();
    void findSomebody();
    void take(const TriedPerson &person);
    void forgetPerson();
    void readMissing();
    void setSearching(quint64 request);
    void evaluatePerson();
    void evaluateEverybody();
    bool namesAreKnown(const QList<core::AttributeMapping> &rows) const;
    void onFound(const QList<provision::FoundEntry> &entries);
    void onRead(quint64 request, const core::Entry &entry);
    void onAnswered(quint64 request, const std::any &answer);
    void onFailed(quint64 request, const core::Error &error);

    Console &m_console;
    std::shared_ptr<const TrialSubject> m_subject;
    std::unique_ptr<provision::LiveDirectory> m_directory;
    std::unique_ptr<provision::PersonPreview> m_preview;
    std::unique_ptr<provision::MappingPreview> m_everybody;
    TriedPerson m_person;
    core::SlotNames m_asked; ///< of the person's attributes, by name
    std::optional<core::Schema> m_schema;
    QList<core::AttributeMapping> m_rows;
    QList<core::AttributeMapping> m_counted; ///< rows that everybody is counted by
    QString m_typed;        ///< what is looked up when somebody pauses
    QByteArray m_evidence;  ///< key of what was read besides
    QTimer m_pause;
    QTimer m_lookUp;
    qint64 m_sample = 1000;
    bool m_counting = false;
    bool m_cancelled = false;
    bool m_typing = false;
    bool m_takeFirst = true;
    quint64 m_searching = 0;
    quint64 m_reading = 0;
    quint64 m_readingAgain = 0;
    quint64 m_schemaRequest = 0;
    quint64 m_evidenceRequest = 0;
    quint64 m_personEdit = 0;
    quint64 m_everybodyEdit = 0;
};

/// The name for people of an entry: its display name, else what it is called.
QString entryTitle(const core::Entry &entry);

} // namespace gatehouse::app
