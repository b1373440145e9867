// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person can do about a stage of the connection test that did not pass. Pure functions.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"
#include "gateway/test.h"

namespace gatehouse::gateway {

/// @p certificate: what the server showed, on Stage::Secure.
QString remedyFor(Stage stage, const core::Error &error, const core::Gateway &gateway,
                  const std::optional<ldap::CertificateReport> &certificate = {});
/// What Active Directory means by the sub-code in a refused bind ("data 52e"); empty when there is none.
QString activeDirectoryReason(const QString &detail);

} // namespace gatehouse::gateway
