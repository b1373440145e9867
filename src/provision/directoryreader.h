// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a rule's people from the directory in a thread of its own and hands them over page by page through a bounded
// queue: the server never waits for us, and we never outgrow memory. Made, asked and destroyed by the engine's thread;
// signals arrive there by the event loop. It decides nothing: a read is either complete or an error.
#pragma once

#include "core/cancel.h"
#include "core/config/gateway.h"
#include "core/entry.h"
#include "core/result.h"
#include "ldap/session.h"
#include "link/versions.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::provision {

/// One person only, instead of everybody in scope.
struct SinglePerson {
    QByteArray dn;     ///< read exactly this entry; empty: by filter
    QByteArray filter; ///< RFC 4515, joined to the scope's filter
};

struct ReadRequest {
    core::Gateway gateway;
    QList<QByteArray> bases; ///< none of them below another
    QByteArray filter;
    std::shared_ptr<const core::SlotNames> attributes;
    std::optional<SinglePerson> single;
    ldap::Deadlines deadlines;
    link::Need need = link::Need::InboundProvisioning; ///< of the gateway client that carries it
    bool staysOpen = false; ///< the session is kept after the read, for ask()
};

/// Asked of the directory in the reader's thread.
using Question = std::function<core::Result<void>(ldap::Session &session)>;

class DirectoryReader : public QObject {
    Q_OBJECT
public:
    explicit DirectoryReader(ReadRequest request, QObject *parent = nullptr);
    /// Cancels and waits for the thread, which ends at once.
    ~DirectoryReader() override;

    void start();
    /// The read ends with Code::Cancelled.
    void cancel();
    /// The directory's schema, once opened() has come; nullptr when the server shows none.
    std::shared_ptr<const core::Schema> schema() const;
    /// The next page, if one is waiting.
    std::optional<core::EntryBatch> take();
    /// After a read that has ended well, with staysOpen: goes on with the same session. One question at a time; answered()
    /// says that it is done, and everything that @p question has written can be read then.
    void ask(Question question);

signals:
    /// A session is open; the server's name for people.
    void opened(const QString &serverHostAndPort);
    /// take() has something.
    void pageReady();
    /// No more pages will come; those waiting can still be taken. Without an error the read was complete.
    void ended(const std::optional<gatehouse::core::Error> &error);
    void answered(const std::optional<gatehouse::core::Error> &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
