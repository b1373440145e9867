// SPDX-License-Identifier: GPL-3.0-or-later
//
// Streams through gateway clients for the other programs of an environment. One program has the endpoint; it listens on
// a local socket, dials in a borrower's stead and passes the connected descriptor (SCM_RIGHTS, unix(7)). What is said
// on the stream, TLS included, is the borrower's. Only programs of the same user, or of the folder's group where the
// environment is shared by a group, are let in, and a borrower looks at who lends, too.
#pragma once

#include "link/endpoint.h"

#include <memory>

namespace gatehouse::link {

/// Where the endpoint of the environment in file @p environment lends: beside the file or, where that name is too long
/// for a socket, in XDG_RUNTIME_DIR. Empty when there is no such place.
QString lendingSocketOf(const QString &environment);

class Lender {
public:
    /// Begins to lend connections of @p endpoint at @p socketPath; mode 0600, or 0660 in a folder that is a group's
    /// (setgid). What stands there is taken away: it was left by a program that ended. Threads of its own do the work.
    [[nodiscard]] static core::Result<std::unique_ptr<Lender>> open(const QString &socketPath,
                                                                    std::shared_ptr<Endpoint> endpoint);
    /// Ends what is being dialled. Connections that were lent go on for as long as the endpoint does.
    ~Lender();
    Lender(const Lender &) = delete;
    Lender &operator=(const Lender &) = delete;

private:
    Lender();
    struct Private;
    std::unique_ptr<Private> d;
};

/// Whether somebody lends at @p socketPath.
bool isLent(const QString &socketPath);
/// Endpoint::dial() by whoever lends at @p socketPath. NotFound when nobody does; Denied when it is another user's
/// program.
[[nodiscard]] core::Result<Dialled> borrow(const QString &socketPath, const DialRequest &request,
                                           const std::function<bool()> &isCancelled = {});

} // namespace gatehouse::link
