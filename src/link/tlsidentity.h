// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certificate by which an endpoint proves to gateway clients who it is: given as files, or made here once and kept
// beside the environment. Clients that are told its SHA-256 fingerprint trust exactly it. Blocking file access; any
// thread but the GUI's.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QString>

namespace gatehouse::link {

struct TlsIdentity {
    QByteArray certificates; ///< PEM, the endpoint's own first
    core::Secret key;        ///< PEM
    QByteArray sha256;       ///< of the own certificate's DER form, 32 octets
};

/// From PEM files. A key that others may read is refused (Denied).
[[nodiscard]] core::Result<TlsIdentity> readIdentity(const QString &certificateFile, const QString &keyFile);
/// From @p path, which is made with mode 0600 where it is missing: an own key (P-256) and a self-signed certificate.
[[nodiscard]] core::Result<TlsIdentity> ownIdentity(const QString &path);

} // namespace gatehouse::link
