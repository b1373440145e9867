// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mapping being tried while it is edited: on one person of the live directory at every keystroke, and on everybody in
// scope as soon as somebody pauses. It finds people, reads the chosen one, knows the directory's schema. Owned by the
// mapping's form, GUI thread; directories are read and mappings evaluated in threads of their own. It writes nothing.
#pragma once

#include "app/console.h"
#include "core/schema.h"
#include "provision/livedirectory.h"
#include "provision/mappingpreview.h"
#include "provision/personpreview.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace gatehouse::app {

class MappingTrial : public QObject {
    Q_OBJECT
public:
    static constexpr int kPauseMs = 250; ///< of typing, before everybody is counted

    /// @p console must outlive it.
    explicit MappingTrial(Console &console, QObject *parent = nullptr);
    ~MappingTrial() override;

    /// Tries the mapping of @p rule as it is edited, saved or not: opens its directory, asks for the schema and the first
    /// people and takes the first one. Nothing happens when gateway and scope are those of before.
    void begin(const core::Rule &rule);
    /// After a failure: everything that is missing is asked for again.
    void retry();
    bool isBegun() const { return m_directory != nullptr; }

    /// @p typing: somebody is in the middle of a word.
    void setRows(const QList<core::AttributeMapping> &rows, bool typing);
    void search(const QString &text);
    void choose(const QByteArray &dn);
    /// How many people are counted at most; provision::MappingPreview::kEverybody for all.
    void setSample(qint64 people);
    /// Counts while somebody can see it only.
    void setCounting(bool counting);

    const std::shared_ptr<const core::Entry> &entry() const { return m_entry; }
    /// What people call the chosen entry.
    QString title() const;
    const std::optional<core::Schema> &schema() const { return m_schema; }
    const std::optional<core::Gateway> &gateway() const { return m_gateway; }
    const provision::Scope &scope() const { return m_scope; }

signals:
    void found(const QList<gatehouse::provision::FoundEntry> &entries);
    /// entry() is another one, or nobody.
    void chosen();
    void outcomeChanged(const gatehouse::provision::PersonOutcome &outcome);
    void schemaLoaded(const gatehouse::core::Schema &schema);
    /// People cannot be looked up.
    void directoryFailed(const gatehouse::core::Error &error);
    /// Everybody is being counted anew.
    void counting();
    void counted(const gatehouse::provision::MappingStatistics &statistics);
    void countFailed(const QList<gatehouse::core::Error> &errors);

private:
    void makePreview();
    void evaluatePerson();
    void evaluateEverybody();
    bool namesAreKnown(const QList<core::AttributeMapping> &rows,
                       const std::shared_ptr<const core::AttributeCatalog> &catalog) const;
    void onFailed(quint64 request, const core::Error &error);

    Console &m_console;
    core::Rule m_rule;
    std::optional<core::Gateway> m_gateway;
    provision::Scope m_scope;
    std::unique_ptr<provision::LiveDirectory> m_directory;
    std::unique_ptr<provision::PersonPreview> m_person;
    std::unique_ptr<provision::MappingPreview> m_everybody;
    std::shared_ptr<const core::Entry> m_entry;
    std::optional<core::Schema> m_schema;
    QList<core::AttributeMapping> m_rows;
    QList<core::AttributeMapping> m_counted; ///< rows that everybody is counted by
    QTimer m_pause;
    qint64 m_sample = 1000;
    bool m_counting = false;
    bool m_typing = false;
    bool m_takeFirst = true;
    quint64 m_reading = 0;
    quint64 m_schemaRequest = 0;
    quint64 m_personEdit = 0;
    quint64 m_everybodyEdit = 0;
};

/// The name for people of an entry: its display name, else what it is called.
QString entryTitle(const core::Entry &entry);

} // namespace gatehouse::app
