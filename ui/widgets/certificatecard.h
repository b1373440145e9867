// SPDX-License-Identifier: GPL-3.0-or-later
//
// A certificate to be read by people: subject, names, issuer, dates, fingerprint. Values only; trusts nothing.
#pragma once

#include "ldap/certificate.h"

namespace gatehouse::ui {

class PropertyRows;

/// Fills @p rows anew; each value can be copied.
void showCertificate(PropertyRows *rows, const ldap::CertificateReport &certificate);
/// "AB:CD:…"
QString fingerprintText(const QByteArray &sha256);

} // namespace gatehouse::ui
