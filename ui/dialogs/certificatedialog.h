// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before a certificate is trusted: a server's own, which is read a second time and taken only when the fingerprint is
// the same; or those of a file with authorities, shown before the file is taken. Opened and never waited for; nothing
// is stored here.
#pragma once

#include "core/config/forward.h"
#include "ldap/certificate.h"

#include <QByteArray>
#include <QString>

#include <functional>

class QWidget;

namespace gatehouse::ui {

/// Asks whether exactly the certificate @p seen of @p server shall be trusted, reading it again meanwhile; @p then gets
/// its fingerprint.
void askTrust(QWidget *asker, const core::Gateway &gateway, const QString &server, const ldap::CertificateReport &seen,
              std::function<void(const QByteArray &sha256)> then);

/// Shows what is in the file at @p path; @p then is called when it shall be used.
void askAuthorityFile(QWidget *asker, const QString &path, std::function<void()> then);

} // namespace gatehouse::ui
