// SPDX-License-Identifier: GPL-3.0-or-later
//
// After a whole read: asks the directory for everybody whom it did not deliver, before anything is planned for them. Who is
// gone or has left the scope is planned for as such; who is there after all is used as it is now; where that cannot be told
// nothing is done. Part of a run: lives in its thread, writes nothing, and waits by the event loop.
#pragma once

#include "core/dn.h"
#include "provision/directoryreader.h"
#include "provision/planner.h"
#include "provision/whereabouts.h"

#include <QHash>
#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace gatehouse::provision {

class MissingPeople : public QObject {
    Q_OBJECT
public:
    /// @p reader has ended well and stays open. All references must outlive the object, and @p reader the question that is
    /// being answered.
    MissingPeople(store::Environment &environment, const RuleContext &context, Planner &planner, DirectoryReader &reader);

    /// With @p only, for that user alone (0: for everybody). finished() follows by the event loop.
    void start(qint64 only);

    /// DNs of organizational units below which people were, and below which nobody in scope is found any more.
    const QStringList &lostUnits() const { return m_lostUnits; }
    /// What a reviewer has to know of those who were left alone; sentences.
    QStringList notes() const;
    /// Users whose entries the directory does not show, whatever is planned for them.
    const std::vector<qint64> &notShown() const { return m_notShown; }

signals:
    void progressed(qint64 done, qint64 total);
    /// The error says that the read was short, or that the directory could not be asked.
    void finished(const std::optional<gatehouse::core::Error> &error);

private:
    struct Unit {
        QByteArray dn;
        qsizetype depth = 0;
        qint64 vanished = 0;
    };

    void next();
    void ask(Question question, void (MissingPeople::*then)());
    void takeAnswer();
    [[nodiscard]] core::Result<void> settle();
    [[nodiscard]] core::Result<void> settleVanished(const MissingPerson &person, core::Departure departure);
    void countUnits(const QByteArray &dn);
    void askUnits();
    void takeUnits();
    bool isShort() const;
    void finish(std::optional<core::Error> error);

    store::Environment &m_environment;
    const RuleContext &m_context;
    Planner &m_planner;
    DirectoryReader &m_reader;
    std::shared_ptr<WhereaboutsSearch> m_search;
    std::vector<qint64> m_rows;
    size_t m_at = 0;
    bool m_whole = true;
    void (MissingPeople::*m_then)() = nullptr;
    // Of the question that is being answered.
    std::vector<MissingPerson> m_people;
    std::shared_ptr<std::vector<store::LinkedPerson>> m_asked;
    std::shared_ptr<std::optional<WhereaboutsAnswer>> m_answer;
    std::shared_ptr<QList<QByteArray>> m_emptyUnits;

    qint64 m_now;
    QHash<qint64, qint64> m_since; ///< user -> seconds since 1970; who was missing before
    std::vector<qint64> m_notShown;
    std::vector<core::Dn> m_bases;
    QHash<QByteArray, Unit> m_units; ///< by dnKey()
    QStringList m_lostUnits;
    qint64 m_inside = 0;
    qint64 m_unclear = 0;
    qint64 m_waiting = 0;
    bool m_done = false;
};

} // namespace gatehouse::provision
