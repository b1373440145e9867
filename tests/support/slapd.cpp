// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slapd.h"

#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace gatehouse::test {
namespace {

constexpr int kStartMilliseconds = 20'000;
constexpr int kLaunches = 5; ///< a free port may be taken by somebody else before slapd has it

// slapd refuses to define operational attributes, so these are user attributes; the DIT content rule lets
// inetOrgPerson entries carry them.
constexpr char kPingSchema[] =
    "attributetype ( 1.3.6.1.4.1.42.2.27.9.1.792 NAME 'isMemberOf' EQUALITY distinguishedNameMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )\n"
    "attributetype ( 2.25.7200 NAME 'ds-pwp-account-disabled' EQUALITY booleanMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )\n"
    "ditcontentrule ( 2.16.840.1.113730.3.2.2 NAME 'accountRule' MAY ( isMemberOf $ ds-pwp-account-disabled ) )\n";

// The part of Active Directory's schema that people and groups need, with matching rules, so that the filters people
// write for Active Directory find something. objectCategory takes the short name, as Active Directory's filter does.
constexpr char kAdSchema[] =
    "attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.146 NAME 'objectSid' EQUALITY octetStringMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch "
    "SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch "
    "SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch "
    "ORDERING integerOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.750 NAME 'groupType' EQUALITY integerMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.782 NAME 'objectCategory' EQUALITY caseIgnoreMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.2.146 NAME 'company' EQUALITY caseIgnoreMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.2.141 NAME 'department' EQUALITY caseIgnoreMatch "
    "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL "
    "MAY ( objectGUID $ objectSid $ sAMAccountName $ userPrincipalName $ userAccountControl $ objectCategory $ "
    "mail $ givenName $ displayName $ initials $ employeeNumber $ employeeType $ manager $ mobile $ company $ "
    "department $ c $ co $ uid $ photo $ jpegPhoto $ info ) )\n"
    "objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn "
    "MAY ( objectGUID $ objectSid $ sAMAccountName $ groupType $ objectCategory $ member $ description $ mail ) )\n";

constexpr char kTree[] = "dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\n"
                         "o: Example\n\n"
                         "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n\n"
                         "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n\n"
                         "dn: cn=reader,dc=example,dc=com\nobjectClass: organizationalRole\n"
                         "objectClass: simpleSecurityObject\ncn: reader\nuserPassword: reader-secret\n\n";

QString bracketed(const QString &address)
{
    return address.contains(QLatin1Char(':')) ? QLatin1Char('[') + address + QLatin1Char(']') : address;
}

quint16 freePort(const QString &address)
{
    QTcpServer server;
    server.listen(QHostAddress(address), 0);
    return server.serverPort();
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
}

} // namespace

Slapd::Slapd() : Slapd(Options{}) {}

Slapd::Slapd(const Options &options) : m_options(options) {}

Slapd::~Slapd()
{
    stop();
}

QString Slapd::hostAndPort() const
{
    return bracketed(host()) + QLatin1Char(':') + QString::number(m_port);
}

QString Slapd::tlsHostAndPort() const
{
    return bracketed(host()) + QLatin1Char(':') + QString::number(m_tlsPort);
}

QString Slapd::url() const
{
    return QStringLiteral("ldap://") + hostAndPort();
}

QString Slapd::tlsUrl() const
{
    return QStringLiteral("ldaps://") + tlsHostAndPort();
}

QString Slapd::passwordFile() const
{
    const QString path = m_directory.filePath(QStringLiteral("password"));
    if (!QFile::exists(path)) {
        write(path, password());
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    }
    return path;
}

bool Slapd::isRunning() const
{
    return m_process && m_process->state() == QProcess::Running;
}

QByteArray Slapd::configuration() const
{
    const QByteArray dir = m_directory.path().toUtf8();
    QByteArray text = "modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload syncprov\n";
    for (const char *schema : {"core", "cosine", "inetorgperson"})
        text += QByteArray("include /etc/ldap/schema/") + schema + ".schema\n";
    if (m_options.schema == Schema::ActiveDirectory)
        text += "include " + dir + "/ad.schema\n";
    if (m_options.schema == Schema::PingDirectory)
        text += "include " + dir + "/ping.schema\n";
    if (m_options.memberOf)
        text += "moduleload memberof\n";
    text += "pidfile " + dir + "/slapd.pid\nTLSCACertificateFile " + m_certificate.authority.toUtf8()
            + "\nTLSCertificateFile " + m_certificate.certificate.toUtf8() + "\nTLSCertificateKeyFile "
            + m_certificate.key.toUtf8() + "\nTLSVerifyClient never\nsizelimit unlimited\nloglevel none\nthreads 4\n";
    for (const QString &line : m_options.globalLines)
        text += line.toUtf8() + '\n';
    text += "database mdb\nsuffix dc=example,dc=com\nrootdn cn=admin,dc=example,dc=com\nrootpw secret\ndirectory " + dir
            + "/db\nmaxsize 8589934592\nenvflags nosync\nindex objectClass,entryUUID,entryCSN eq\n"
              "index uid,cn,sn,mail eq\n"
              "limits dn.exact=\"cn=admin,dc=example,dc=com\" size=unlimited time=unlimited\n";
    if (!m_options.readerLimits.isEmpty())
        text += "limits dn.exact=\"cn=reader,dc=example,dc=com\" " + m_options.readerLimits.toUtf8() + '\n';
    text += "access to attrs=userPassword by self write by anonymous auth by * none\n";
    for (const QString &line : m_options.accessLines)
        text += line.toUtf8() + '\n';
    text += "access to * by * read\n"
            "overlay syncprov\n";
    if (m_options.memberOf) {
        text += "overlay memberof\nmemberof-refint TRUE\n";
        if (m_options.schema == Schema::ActiveDirectory)
            text += "memberof-group-oc group\nmemberof-member-ad member\n";
        if (m_options.schema == Schema::PingDirectory)
            text += "memberof-group-oc groupOfUniqueNames\nmemberof-member-ad uniqueMember\n"
                    "memberof-memberof-ad isMemberOf\n";
    }
    for (const QString &line : m_options.databaseLines)
        text += line.toUtf8() + '\n';
    return text;
}

bool Slapd::configure()
{
    if (m_configured)
        return true;
    if (m_options.certificate) {
        m_certificate = *m_options.certificate;
    } else {
        Authority authority(m_directory.filePath(QStringLiteral("tls")));
        m_certificate = authority.issue(QStringLiteral("server"));
        if (m_certificate.certificate.isEmpty()) {
            m_error = authority.errorText();
            return false;
        }
    }
    QDir(m_directory.path()).mkdir(QStringLiteral("db"));
    if (!write(m_directory.filePath(QStringLiteral("ping.schema")), kPingSchema)
        || !write(m_directory.filePath(QStringLiteral("ad.schema")), kAdSchema)
        || !write(m_directory.filePath(QStringLiteral("slapd.conf")), configuration())) {
        m_error = QStringLiteral("cannot write into ") + m_directory.path();
        return false;
    }
    m_configured = true;
    return load(kTree);
}

bool Slapd::load(const QByteArray &ldif)
{
    const QString file = m_directory.filePath(QStringLiteral("load.ldif"));
    if (!write(file, ldif)) {
        m_error = QStringLiteral("cannot write ") + file;
        return false;
    }
    return loadFile(file);
}

bool Slapd::loadFile(const QString &ldifFile)
{
    // configure() loads the tree's top first, through the same file name; a caller's text must survive that.
    if (!m_configured) {
        const QString kept = m_directory.filePath(QStringLiteral("kept.ldif"));
        QFile::remove(kept);
        if (!QFile::copy(ldifFile, kept)) {
            m_error = QStringLiteral("cannot read ") + ldifFile;
            return false;
        }
        return configure() && loadFile(kept);
    }
    const bool wasRunning = isRunning();
    stop();
    const bool loaded = run(QStringLiteral("slapadd"),
                            {QStringLiteral("-q"), QStringLiteral("-f"), m_directory.filePath(QStringLiteral("slapd.conf")),
                             QStringLiteral("-b"), baseDn(), QStringLiteral("-l"), ldifFile});
    return loaded && (!wasRunning || start());
}

bool Slapd::start()
{
    if (isRunning())
        return true;
    if (!configure())
        return false;
    const bool portsAreOurs = m_port != 0;
    for (int launchNumber = 0; launchNumber < kLaunches; ++launchNumber) {
        if (!portsAreOurs) {
            m_port = freePort(host());
            m_tlsPort = freePort(host());
        }
        if (launch())
            return true;
    }
    if (!portsAreOurs)
        m_port = m_tlsPort = 0;
    return false;
}

bool Slapd::launch()
{
    const QString pidFile = m_directory.filePath(QStringLiteral("slapd.pid"));
    QFile::remove(pidFile);
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    // The server must not outlive a test program that crashed.
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    // Debug level 0 keeps slapd in the foreground: the process is ours to end.
    m_process->start(TestServers::find(QStringLiteral("slapd")),
                     {QStringLiteral("-d"), QStringLiteral("0"), QStringLiteral("-f"),
                      m_directory.filePath(QStringLiteral("slapd.conf")), QStringLiteral("-h"),
                      url() + QLatin1Char(' ') + tlsUrl()});
    QElapsedTimer timer;
    timer.start();
    // slapd writes its pid file after it has bound its ports.
    while (timer.elapsed() < kStartMilliseconds) {
        if (QFile::exists(pidFile)) {
            QTcpSocket probe;
            probe.connectToHost(QHostAddress(host()), m_port);
            if (probe.waitForConnected(1000) && isRunning())
                return true;
        }
        if (m_process->waitForFinished(5))
            break;
    }
    m_error = QStringLiteral("slapd did not start: ") + QString::fromLocal8Bit(m_process->readAll())
              + m_process->errorString();
    kill();
    return false;
}

void Slapd::stop()
{
    if (!m_process)
        return;
    resume();
    m_process->terminate();
    if (!m_process->waitForFinished(10'000))
        kill();
    m_process.reset();
}

bool Slapd::restart()
{
    stop();
    return start();
}

bool Slapd::restartWithAccess(const QStringList &lines)
{
    stop();
    m_options.accessLines = lines;
    return write(m_directory.filePath(QStringLiteral("slapd.conf")), configuration()) && start();
}

void Slapd::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(5'000);
    m_process.reset();
}

void Slapd::freeze()
{
    if (!isRunning())
        return;
    const auto pid = id_t(m_process->processId());
    ::kill(pid_t(pid), SIGSTOP);
    // The signal is only on its way; all threads stand still once the parent may know of it.
    siginfo_t info{};
    ::waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT);
}

void Slapd::resume()
{
    if (isRunning())
        ::kill(pid_t(m_process->processId()), SIGCONT);
}

bool Slapd::modify(const QByteArray &ldifChanges)
{
    return run(QStringLiteral("ldapmodify"),
               {QStringLiteral("-x"), QStringLiteral("-a"), QStringLiteral("-H"), url(), QStringLiteral("-D"), bindDn(),
                QStringLiteral("-y"), passwordFile()},
               ldifChanges);
}

bool Slapd::run(const QString &program, const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LDAPNOINIT"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(TestServers::find(program), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(300'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        m_error = program + QStringLiteral(": ") + QString::fromLocal8Bit(process.readAll()) + process.errorString();
        return false;
    }
    return true;
}

QByteArray Slapd::people(int count, int first)
{
    QByteArray ldif;
    ldif.reserve(qsizetype(count) * 420);
    for (int i = first; i < first + count; ++i) {
        const QByteArray n = QByteArray::number(i);
        const QByteArray given = "Given" + QByteArray::number(i % 997);
        ldif += "dn: uid=user." + n + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: user." + n
                + "\ncn: " + given + " Name" + n + "\nsn: Name" + n + "\ngivenName: " + given + "\ndisplayName: " + given
                + " Name" + n + "\nmail: user." + n + "@example.com\nemployeeNumber: " + n + "\ntelephoneNumber: +49 30 "
                + n + "\ntitle: Engineer\nl: Berlin\ndepartmentNumber: D" + QByteArray::number(i % 50) + "\n\n";
    }
    return ldif;
}

QByteArray Slapd::adPeople(int count, int first)
{
    QByteArray ldif;
    for (int i = first; i < first + count; ++i) {
        const QByteArray n = QByteArray::number(i);
        QByteArray guid(16, '\x5a');
        for (int octet = 0; octet < 4; ++octet)
            guid[octet] = char((i >> (8 * octet)) & 0xff);
        ldif += "dn: cn=Name" + n + ",ou=people,dc=example,dc=com\nobjectClass: user\nobjectCategory: person\ncn: Name" + n
                + "\nsn: Name" + n + "\ngivenName: Given" + n + "\nsAMAccountName: user." + n
                + "\nuserPrincipalName: user." + n + "@example.com\nmail: user." + n
                + "@example.com\nuserAccountControl: 512\nobjectGUID:: " + guid.toBase64() + "\n\n";
    }
    return ldif;
}

QByteArray Slapd::group(const QByteArray &name, int members, int first, const QByteArray &objectClass)
{
    const QByteArray member = objectClass.toLower() == "groupofuniquenames" ? "uniqueMember" : "member";
    QByteArray ldif = "dn: cn=" + name + ",ou=groups,dc=example,dc=com\nobjectClass: " + objectClass + "\ncn: " + name
                      + '\n';
    for (int i = first; i < first + members; ++i)
        ldif += member + ": uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com\n";
    return ldif + '\n';
}

} // namespace gatehouse::test
