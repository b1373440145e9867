// SPDX-License-Identifier: GPL-3.0-or-later
//
// The directory products that a gateway can lead to.
#pragma once

#include <QList>
#include <QString>

namespace gatehouse::core {

enum class Vendor {
    PingDirectory,
    ActiveDirectory,
    OracleDsee,
    OracleUnifiedDirectory,
    CaDirectory,
    OpenDj,
    IbmTivoli,
    Ldapv3,
};

/// The vendor exactly as the PingOne API and console write it, e.g. "Microsoft Active Directory".
QString vendorName(Vendor vendor);
QList<Vendor> allVendors();

} // namespace gatehouse::core
