// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real OpenLDAP server of a test's own: temporary folder, free loopback ports for ldap:// (with StartTLS) and
// ldaps://, a certificate from an own authority. It starts in well under a second and goes with the object. Made and
// used in one thread; every call blocks.
//
//     REQUIRE_SERVER("slapd");
//     Slapd slapd;
//     slapd.load(Slapd::people(1000));
//     QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
//
// The tree begins with dc=example,dc=com and below it ou=people, ou=groups and cn=reader (an account that reads like
// anybody, but for which Options::readerLimits count; the administrator has no limits).
#pragma once

#include "tests/support/authority.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace gatehouse::test {

class Slapd {
public:
    enum class Schema {
        Plain,           ///< inetOrgPerson, groupOfNames with memberOf
        ActiveDirectory, ///< user, group, sAMAccountName, objectGUID, userAccountControl, objectCategory …; memberOf
        PingDirectory,   ///< groupOfUniqueNames with isMemberOf, ds-pwp-account-disabled
    };
    struct Options {
        Schema schema = Schema::Plain;
        std::optional<CertificateFiles> certificate = {}; ///< none: a good one from an authority of its own
        QString readerLimits = {};       ///< e.g. "size=10", "size.pr=100 size.prtotal=500", "size.unchecked=5"
        QStringList globalLines = {};    ///< into slapd.conf, before the databases
        QStringList accessLines = {};    ///< into slapd.conf, before "access to * by * read"
        QStringList databaseLines = {};  ///< into slapd.conf, at the database's end
        QString address = QStringLiteral("127.0.0.1"); ///< or "::1"
        bool memberOf = true;            ///< the memberof overlay; loading is faster without
    };

    Slapd();
    explicit Slapd(const Options &options);
    ~Slapd();
    Slapd(const Slapd &) = delete;
    Slapd &operator=(const Slapd &) = delete;

    /// Adds entries offline (slapadd): before start(), or between stop() and start(). A running server is stopped
    /// for it and started again on the same ports. No overlay is at work: memberOf is set by modify() only.
    bool load(const QByteArray &ldif);
    bool loadFile(const QString &ldifFile);
    /// Starts, on the same ports as before when it was started before.
    bool start();
    void stop();
    bool restart();
    /// The same with other access lines before "access to * by * read", for example to take rights from cn=reader.
    bool restartWithAccess(const QStringList &lines);
    /// Changes a running server: LDIF change records through ldapmodify as the administrator (a record without
    /// changetype is an add).
    bool modify(const QByteArray &ldifChanges);
    /// Stops the process with SIGSTOP so that it accepts and says nothing; resume() lets it go on.
    void freeze();
    void resume();
    /// Ends it as a crash would (SIGKILL).
    void kill();
    bool isRunning() const;
    const QString &errorText() const { return m_error; }

    QString host() const { return m_options.address; }
    quint16 port() const { return m_port; }
    quint16 tlsPort() const { return m_tlsPort; }
    QString hostAndPort() const;    ///< "ADDRESS:PORT", plain and StartTLS
    QString tlsHostAndPort() const; ///< "ADDRESS:PORT", ldaps
    QString url() const;            ///< ldap://…
    QString tlsUrl() const;         ///< ldaps://…
    QString baseDn() const { return QStringLiteral("dc=example,dc=com"); }
    QString bindDn() const { return QStringLiteral("cn=admin,dc=example,dc=com"); }
    QByteArray password() const { return "secret"; }
    QString passwordFile() const; ///< holds password(), mode 0600
    QString readerDn() const { return QStringLiteral("cn=reader,dc=example,dc=com"); }
    QByteArray readerPassword() const { return "reader-secret"; }
    QString caFile() const { return m_certificate.authority; }
    QString certificateFile() const { return m_certificate.certificate; }
    QString directory() const { return m_directory.path(); }

    /// LDIF of @p count inetOrgPerson entries uid=user.N,ou=people,… with twelve attributes, N from @p first.
    static QByteArray people(int count, int first = 0);
    /// LDIF of @p count Active Directory users cn=NameN,ou=people,… (sAMAccountName user.N, userAccountControl 512);
    /// objectGUID is N in its first four octets, lowest first, then twelve octets 0x5a.
    static QByteArray adPeople(int count, int first = 0);
    /// LDIF of a group cn=@p name,ou=groups,… with those of people() from @p first on as members. @p objectClass is
    /// "groupOfNames", Active Directory's "group" (member) or "groupOfUniqueNames" (uniqueMember).
    static QByteArray group(const QByteArray &name, int members, int first = 0,
                            const QByteArray &objectClass = "groupOfNames");

private:
    bool configure();
    QByteArray configuration() const;
    bool run(const QString &program, const QStringList &arguments, const QByteArray &input = {});
    bool launch();

    Options m_options;
    QTemporaryDir m_directory;
    CertificateFiles m_certificate;
    std::unique_ptr<QProcess> m_process;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    bool m_configured = false;
    QString m_error;
};

} // namespace gatehouse::test
