// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text::remedy(): what to do about an error. One code has several causes, and a remedy for another cause costs people
// hours: where the cause is not known, nothing is said.
#include "app/text.h"

#include <initializer_list>

namespace gatehouse::app {

using core::Code;
using core::Error;

namespace {

constexpr int kStrongerAuthRequired = 8;
constexpr int kConfidentialityRequired = 13;

bool says(const Error &error, std::initializer_list<const char *> words)
{
    for (const char *word : words) {
        for (const QString &text : {error.what, error.detail}) {
            if (text.contains(QLatin1String(word), Qt::CaseInsensitive))
                return true;
        }
    }
    return false;
}

bool isAtFile(const Error &error)
{
    return error.isLocal || error.where.startsWith(u'/');
}

bool isOfKeychain(const Error &error)
{
    return error.what.contains(QLatin1String("keychain"), Qt::CaseInsensitive);
}

bool isOfClients(const Error &error)
{
    return error.what.contains(QLatin1String("gateway client")) || error.what.contains(QLatin1String("gateway endpoint"));
}

bool isOfKerberos(const Error &error)
{
    return says(error, {"kerberos", "ticket", "clocks differ"});
}

} // namespace

QString Text::unreachableRemedy(const Error &error)
{
    if (isOfKeychain(error))
        return tr("Start the desktop's keychain, or keep the secret in a file or an environment variable.");
    if (isOfClients(error))
        return tr("See on the gateway's Overview tab which clients are connected, and whether the endpoint is open.");
    if (says(error, {"not resolved"}))
        return tr("Check the spelling of the host name, and that this machine's DNS knows it.");
    if (says(error, {"connection lost", "was lost", "closed"}))
        return tr("See whether the directory server is running, then try again.");
    return tr("Check the host name, the port and the network.");
}

QString Text::untrustedRemedy(const Error &error)
{
    if (says(error, {"secured connection only", "not sealed", "cannot be sealed", "not protected"}))
        return tr("Choose TLS or StartTLS as the gateway's connection security.");
    if (isOfKerberos(error) || says(error, {"prove who it is"}))
        return tr("Name the server as the domain does, by its full DNS name.");
    if (says(error, {"pinned"}))
        return tr("Compare the new certificate's fingerprint with the server's administrator, then pin it.");
    if (says(error, {"no list of trusted authorities"}))
        return tr("Install the package ca-certificates, or give the gateway a CA certificate file.");
    if (says(error, {"before 1.2"}))
        return tr("Let the server speak TLS 1.2 or newer.");
    QStringList steps;
    if (says(error, {"expired"}))
        steps << (says(error, {"certificate of the authority"}) ? tr("Have the authority's certificate renewed.")
                                                                : tr("Have the server's certificate renewed."));
    if (says(error, {"not valid before", "not yet valid"}))
        steps << tr("Check the clocks of this machine and of the server.");
    if (says(error, {"not made for"}))
        steps << tr("Use a name that the certificate is made for as the server's name.");
    if (says(error, {"for servers", "vouch for servers", "revoked"}))
        steps << tr("Have another certificate installed on the server.");
    if (says(error, {"self-signed", "not trusted"}))
        steps << tr("Give the gateway the CA certificate that issued the server's certificate.");
    if (steps.isEmpty() && says(error, {"handshake", "no certificate"}))
        steps << tr("Check that this port speaks TLS, and that the server knows TLS 1.2 or newer.");
    return steps.join(u' ');
}

QString Text::deniedRemedy(const Error &error)
{
    if (isOfKeychain(error))
        return tr("Unlock the desktop's keychain and let Gatehouse use it.");
    if (says(error, {"read by others", "chmod"}))
        return tr("Take the file's permissions away from everybody but its owner: chmod 600.");
    if (isOfClients(error))
        return tr("Add the server to the --server options of the gateway client; it connects to no other.");
    if (isAtFile(error))
        return tr("Check the permissions of this file and of its folder.");
    if (error.native == kStrongerAuthRequired || error.native == kConfidentialityRequired)
        return tr("Choose TLS or StartTLS as the gateway's connection security.");
    return says(error, {"insufficientAccess"}) ? tr("Give the account the rights it needs, or use another account.")
                                               : QString();
}

QString Text::conflictRemedy(const Error &error)
{
    if (says(error, {"still has", "have values of it"}))
        return tr("Move or delete them first.");
    if (says(error, {"switched off"}))
        return tr("Switch it on, then try again.");
    return error.what.isEmpty() || says(error, {"meanwhile"}) ? tr("Read it again, then make your change once more.")
                                                              : QString();
}

QString Text::corruptRemedy(const Error &error)
{
    if (says(error, {"newer version"}))
        return tr("Open it with the newest version.");
    if (says(error, {"not an environment"}))
        return tr("Choose the file of an environment: its name ends in .gatehouse.");
    return tr("Restore the file from a backup.");
}

QString Text::remedy(const Error &error)
{
    switch (error.code) {
    case Code::Unreachable:
        return unreachableRemedy(error);
    case Code::Untrusted:
        return untrustedRemedy(error);
    case Code::Denied:
        return deniedRemedy(error);
    case Code::Conflict:
        return conflictRemedy(error);
    case Code::Corrupt:
        return corruptRemedy(error);
    case Code::Exists:
        return error.native == 0 ? tr("Choose another name.") : QString();
    case Code::Unauthenticated:
        if (says(error, {"clock"}))
            return tr("Set both clocks by the same time service: Kerberos gives up at five minutes.");
        if (isOfKerberos(error))
            return tr("Check the Kerberos service account of the gateway, and its password.");
        return tr("Check the account's name and its password.");
    case Code::Timeout:
        return isOfKeychain(error) ? tr("Unlock the desktop's keychain, then try again.") : tr("Try again in a moment.");
    case Code::Busy:
        return says(error, {"another program holds"}) ? tr("End the other program, or work there.")
                                                      : tr("Try again in a moment.");
    case Code::LimitExceeded:
        if (isAtFile(error))
            return tr("Make room on the disk, then try again.");
        return error.native != 0
                   ? tr("Ask for less at once, or let the server's administrator raise the limit for this account.")
                   : QString();
    case Code::Locked:
        return tr("Wait until the other run has ended.");
    case Code::Guard:
        return tr("Look at the listed changes; if they are meant, raise the rule's limit.");
    default:
        return {};
    }
}

} // namespace gatehouse::app
