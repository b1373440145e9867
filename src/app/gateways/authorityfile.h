// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certificates in a file that somebody is about to trust, read in a thread of its own. Nothing is stored. GUI
// thread.
#pragma once

#include "core/result.h"
#include "ldap/certificate.h"

#include <QList>
#include <QObject>

#include <functional>

namespace gatehouse::app {

using AuthorityFile = core::Result<QList<ldap::CertificateReport>>;

/// @p then gets every certificate of the PEM file at @p path, while @p context lives. NotFound, Denied,
/// InvalidInput when there is no certificate in it, LimitExceeded above one megabyte.
void readAuthorityFile(QObject *context, const QString &path, std::function<void(AuthorityFile)> then);

} // namespace gatehouse::app
