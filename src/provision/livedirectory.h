// SPDX-License-Identifier: GPL-3.0-or-later
//
// A directory at one's fingertips: its schema for completion, its people by a few letters, one entry with everything.
// For editors that show real data while one types. It keeps one session open in a thread of its own, opened when first
// needed and again when it was lost. Belongs to the thread that made it; verbs return at once with a request number,
// answers come by signal and bear it. Of searches that wait only the newest is made. It writes nothing.
#pragma once

#include "core/config/forward.h"
#include "core/entry.h"
#include "core/error.h"
#include "core/result.h"
#include "core/schema.h"
#include "link/versions.h"
#include "provision/scope.h"

#include <QObject>

#include <any>
#include <functional>
#include <memory>

namespace gatehouse::ldap {
class Session;
}

namespace gatehouse::provision {

struct FoundEntry {
    QByteArray dn;
    QString title; ///< the name for people
    QString detail; ///< username or e-mail
};

class LiveDirectory : public QObject {
    Q_OBJECT
public:
    /// Through gateway clients, @p need says which versions of them will do.
    LiveDirectory(core::Gateway gateway, Scope scope, link::Need need = link::Need::InboundProvisioning, QObject *parent = nullptr);
    /// Cancels what goes on and waits for the thread, which ends at once.
    ~LiveDirectory() override;

    /// People whose name, username or e-mail contains @p text; empty: the first ones.
    quint64 search(const QString &text, int limit = 20);
    /// All attributes of an entry, operational ones included; @p more names those that a server gives only to who asks.
    quint64 read(const QByteArray &dn, const core::SlotNames &more = {});
    quint64 loadSchema();
    /// @p work with the session, in the thread; answered() bears what it gives.
    using Work = std::function<core::Result<std::any>(ldap::Session &session)>;
    quint64 ask(Work work);
    /// The same for what is being typed: of these, and of searches, that wait only the newest is made.
    quint64 lookUp(Work work);
    /// Where searches go from now on.
    void setScope(Scope scope);

signals:
    void found(quint64 request, const QList<gatehouse::provision::FoundEntry> &entries);
    void entryRead(quint64 request, const gatehouse::core::Entry &entry);
    void schemaLoaded(quint64 request, const gatehouse::core::Schema &schema);
    void answered(quint64 request, const std::any &answer);
    void failed(quint64 request, const gatehouse::core::Error &error);

private:
    class Worker;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
