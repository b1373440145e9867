// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where people are whom a read did not deliver. The directory is asked for them by their immutable ids, many at once, in
// the whole naming context: somebody who is not shown there is gone, or hidden; somebody who is shown has left the scope
// only where the entry's own DN and values say so. Everything blocks and belongs to the thread of the session.
#pragma once

#include "core/filtermatch.h"
#include "core/plan/step.h"
#include "ldap/session.h"
#include "provision/rulecontext.h"
#include "store/links.h"

#include <QHash>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::provision {

enum class Whereabouts {
    NotVisible,    ///< the directory does not show the entry
    Deleted,       ///< it says that the entry was deleted
    OutsideBase,   ///< there, and not below a base of the rule
    OtherRule,     ///< there, outside of this rule's scope and within that of another one of the gateway
    OutsideFilter, ///< there, and by its own values not what the filter asks for
    Inside,        ///< there and in scope: the read should have delivered it
    Unclear,       ///< there; what the filter asks for cannot be read of it
};
/// None for who has not left.
core::Departure departureOf(Whereabouts whereabouts);

/// What one question came to.
struct WhereaboutsAnswer {
    std::vector<Whereabouts> people; ///< in the order asked
    core::EntryBatch inside;         ///< the entries that are Inside, with the rule's slots
};

class WhereaboutsSearch {
public:
    /// @p context outlives the object. @p idAttributes: those that ids were seen in, all when none was.
    WhereaboutsSearch(const RuleContext &context, QList<QByteArray> idAttributes);

    [[nodiscard]] core::Result<WhereaboutsAnswer> lookUp(ldap::Session &session, std::span<const store::LinkedPerson> people);
    /// Whether the directory shows anybody in scope below @p unit.
    [[nodiscard]] core::Result<bool> anybodyBelow(ldap::Session &session, const QByteArray &unit);
    /// Why somebody's whereabouts were Unclear, for people; empty when nobody's were.
    QStringList reasons() const;

    static constexpr size_t kAtOnce = 250; ///< ids in one search

private:
    using Places = QHash<QByteArray, size_t>; ///< id -> place in the question

    [[nodiscard]] core::Result<void> prepare(ldap::Session &session);
    core::Filter idsFilter(std::span<const store::LinkedPerson> people, const std::vector<size_t> &places) const;
    [[nodiscard]] core::Result<void> find(ldap::Session &session, std::span<const store::LinkedPerson> people, const Places &places,
                                          WhereaboutsAnswer &answer);
    [[nodiscard]] core::Result<void> askServer(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                               const std::vector<size_t> &unsure, const Places &places, WhereaboutsAnswer &answer);
    [[nodiscard]] core::Result<void> askForDeleted(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                                   const Places &places, WhereaboutsAnswer &answer);
    /// In the widest place that the account may read.
    [[nodiscard]] core::Result<void> searchWide(ldap::Session &session, ldap::SearchRequest request, const ldap::PageSink &sink);
    [[nodiscard]] core::Result<void> askOtherRules(ldap::Session &session, std::span<const store::LinkedPerson> people,
                                                   const Places &places, WhereaboutsAnswer &answer);
    bool canRead(const QByteArray &attribute);

    const RuleContext &m_context;
    QList<QByteArray> m_idAttributes;
    core::Filter m_filter;              ///< of the rule's scope
    ldap::Session *m_session = nullptr; ///< of the question that is being answered
    bool m_prepared = false;
    std::shared_ptr<const core::Schema> m_schema; ///< nullptr: the server shows none
    std::optional<core::FilterMatch> m_match;
    std::shared_ptr<const core::SlotNames> m_slots; ///< the rule's, then what the filter asks for
    QList<ldap::RequestControl> m_controls;         ///< that keep references away
    QList<QByteArray> m_bases;                      ///< widest first; those that cannot be read are dropped
    QHash<QByteArray, bool> m_readable;
    struct Unsure {
        size_t place;
        core::Entry entry;
        bool blind; ///< not only for the way in which values are compared
    };
    std::vector<Unsure> m_unsure;
    bool m_showsDeleted = false;
    std::optional<core::Error> m_probeError;
};

} // namespace gatehouse::provision
