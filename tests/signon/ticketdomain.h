// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Samba Active Directory domain with a service account for tickets, an environment with a gateway that takes them, and the
// tickets that people's browsers would send. Blocks; made and used in one thread, by one test class that derives from it.
#pragma once

#include "kerberos/initiator.h"
#include "kerberos/tickets.h"
#include "tests/signon/scene.h"
#include "tests/support/sambadc.h"

#include <QProcess>

namespace gatehouse::test {

class TicketDomain {
protected:
    using Initiator = kerberos::Initiator;
    const QByteArray kGood = "Good-password-1";
    const QByteArray kService = "Service-password-1";
    static QString principal() { return QStringLiteral("HTTP/console.lab.example"); }
    static QByteArray dnOf(const char *name) { return "CN=" + QByteArray(name) + ",OU=Staff,DC=lab,DC=example"; }

    /// When the domain has started.
    bool beginScene()
    {
        if (!m_scene.begin(m_directory.tlsHostAndPort(), core::Vendor::ActiveDirectory, m_directory.bindDn(), m_directory.password(),
                           m_directory.caFile()))
            return false;
        m_secretFile = m_folder.filePath(QStringLiteral("service-account"));
        m_scene.gateway().kerberos = core::Kerberos{QStringLiteral("svc-web@lab.example"), {core::SecretReference::Kind::File, m_secretFile}};
        m_scene.gateway().userTypes = {Scene::migrating("Employees", QStringLiteral("DC=lab,DC=example"),
                                                        "(&(sAMAccountName=${identifier})(!(sAMAccountName=hal)))", "sAMAccountName", "memberOf")};
        m_scene.userType().orderedCorrelationAttributes = {QStringLiteral("objectGUID"), QStringLiteral("sAMAccountName")};
        m_scene.userType().updateUserOnSuccessfulAuthentication = true;
        if (!m_scene.save())
            return false;
        m_configuration = m_scene.configuration;
        // The replay cache of this test, and no desktop's tickets.
        qputenv("KRB5RCACHEDIR", m_folder.path().toLocal8Bit());
        qputenv("KRB5CCNAME", "FILE:" + m_folder.filePath(QStringLiteral("desktop")).toLocal8Bit());
        return true;
    }
    /// A session as a KDC's door.
    std::unique_ptr<ldap::Session> door()
    {
        auto session = std::make_unique<ldap::Session>();
        ldap::Target target;
        target.host = m_directory.address();
        target.port = 636;
        target.security = core::ConnectionSecurity::Tls;
        target.trust.caFile = m_directory.caFile();
        target.bindDn = m_directory.bindDn();
        target.password = core::Secret(m_directory.password());
        if (!session->open(target))
            session.reset();
        return session;
    }
    /// What somebody's browser would send.
    QByteArray token(const QString &name, Initiator::Settings::Mechanism mechanism = Initiator::Settings::Mechanism::Negotiate,
                     const QString &service = principal())
    {
        const auto session = door();
        if (!session)
            return {};
        const kerberos::Exchange exchange = [&](const QByteArray &message) { return session->askKdc(message); };
        auto tickets = kerberos::Tickets::byPassword(name, core::Secret(kGood), m_directory.realm(), exchange);
        if (!tickets || !tickets->fetch(service, m_directory.realm(), exchange))
            return {};
        auto initiator = Initiator::begin(*tickets, service, m_directory.realm(), {.mechanism = mechanism});
        if (!initiator)
            return {};
        return initiator->step({}).value_or(QByteArray());
    }
    signon::Report signOn(const QByteArray &ticket, bool simulate = false)
    {
        signon::Request request = m_scene.request({}, {});
        request.proof = signon::Proof::Ticket;
        request.ticket = ticket;
        request.simulate = simulate;
        return m_scene.run(request);
    }
    bool setSecret(const QByteArray &password)
    {
        QFile file(m_secretFile);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(password) == password.size()
               && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    /// As the domain's administrator.
    bool modify(const QByteArray &ldif)
    {
        QProcess client;
        client.setProcessEnvironment([] {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("LDAPTLS_REQCERT"), QStringLiteral("never"));
            environment.remove(QStringLiteral("LDAPNOINIT")); // what sessions set for themselves
            return environment;
        }());
        client.start(QStringLiteral("ldapmodify"), {QStringLiteral("-x"), QStringLiteral("-H"), QStringLiteral("ldaps://") + m_directory.address(),
                                                    QStringLiteral("-D"), m_directory.bindDn(), QStringLiteral("-w"),
                                                    QString::fromLatin1(m_directory.password())});
        client.write(ldif);
        client.closeWriteChannel();
        return client.waitForFinished() && client.exitCode() == 0;
    }

    SambaDc m_directory;
    QString m_secretFile;
    QTemporaryDir m_folder;
    Scene m_scene;
    core::Configuration m_configuration;
};

} // namespace gatehouse::test
