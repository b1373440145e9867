// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a mapping that is being edited is tried for: the people of a rule, or those who sign on as a user type. It says
// where they are, how one of them is found and judged, and how the mapping is compiled for everybody. A trial asks it;
// what it hands out runs in other threads and keeps copies of all it needs. Immutable, made in the GUI thread.
#pragma once

#include "core/config/gateway.h"
#include "core/entry.h"
#include "core/identity.h"
#include "provision/livedirectory.h"
#include "provision/personpreview.h"
#include "provision/scope.h"
#include "provision/triedmapping.h"

#include <any>
#include <memory>

namespace gatehouse::app {

/// Somebody on whom a mapping is tried.
struct TriedPerson {
    std::shared_ptr<const core::Entry> entry;
    QString identifier; ///< what they typed as user name; empty: they were found otherwise
    std::any evidence;  ///< what was read for TrialSubject::evidence(), or the core::Error that came of it
};

/// What became of an identifier that was typed.
struct IdentifierAnswer {
    std::shared_ptr<const core::Entry> entry; ///< the one that matches; null: not exactly one does
    QString filter;      ///< as it was sent
    QStringList matches; ///< DNs, where several match
    QString why;         ///< why nobody is found
};

class TrialSubject {
public:
    using Work = provision::LiveDirectory::Work;

    TrialSubject(core::Gateway gateway, provision::Scope scope) : m_gateway(std::move(gateway)), m_scope(std::move(scope)) {}
    virtual ~TrialSubject() = default;

    const core::Gateway &gateway() const { return m_gateway; }
    /// Where everybody is. No base: nothing says that, see uncountable().
    const provision::Scope &scope() const { return m_scope; }
    /// Why nobody can be listed and everybody not be counted; empty: they can.
    virtual QString uncountable() const { return {}; }
    // The same texts, the same subject: by what people are found besides the scope, and what else their judgement depends on.
    virtual QString search() const { return {}; }
    virtual QString settings() const { return {}; }

    /// Whether people are found by what they type as user name, rather than by a part of their names.
    virtual bool isSignOn() const = 0;
    /// Finds somebody by what they would type; gives an IdentifierAnswer. Only where isSignOn().
    virtual Work byIdentifier(const QString &) const { return {}; }
    /// What @p entry would type; empty where that is not known.
    virtual QString identifierOf(const core::Entry &) const { return {}; }

    /// The LDAP attributes that the rows read, as far as they compile.
    virtual core::SlotNames sources(const QList<core::AttributeMapping> &rows,
                                    const std::shared_ptr<const core::AttributeCatalog> &catalog) const = 0;
    /// What else must be read of the directory before @p entry can be judged; an empty key: nothing. The same key, the same
    /// evidence.
    struct Evidence {
        QByteArray key;
        Work read;
    };
    virtual Evidence evidence(const core::Entry &, const QList<core::AttributeMapping> &) const { return {}; }
    virtual provision::PersonJudgement judgement(const TriedPerson &person, const QList<core::AttributeMapping> &rows) const = 0;

    virtual provision::CompileMapping compile() const = 0;
    /// The rows that can be evaluated already.
    virtual QList<core::AttributeMapping> sound(const QList<core::AttributeMapping> &rows,
                                                const std::shared_ptr<const core::AttributeCatalog> &catalog) const = 0;

private:
    core::Gateway m_gateway;
    provision::Scope m_scope;
};

/// Null, and why in words for people, where there is nobody to try a mapping on.
using TrialSubjectOr = tl::expected<std::shared_ptr<const TrialSubject>, core::Error>;

/// @p rule as it is edited, saved or not.
TrialSubjectOr ruleSubject(const core::Configuration &configuration, const core::Rule &rule);

} // namespace gatehouse::app
