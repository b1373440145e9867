// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ds389.h"

#include "tests/support/testservers.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>

#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

constexpr int kStartMilliseconds = 30'000;

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost, 0);
    return server.serverPort();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
}

/// One entry of dse.ldif with an attribute set to one value.
void set(QByteArray &entry, const QByteArray &attribute, const QByteArray &value)
{
    QByteArray kept;
    for (const QByteArray &line : entry.split('\n')) {
        if (!line.isEmpty() && !line.toLower().startsWith(QByteArray(attribute.toLower() + ':')))
            kept += line + '\n';
    }
    entry = kept + attribute + ": " + value + '\n';
}

QByteArray *entryNamed(QList<QByteArray> &entries, const QByteArray &dnStart)
{
    for (QByteArray &entry : entries) {
        if (entry.toLower().startsWith(QByteArray("dn: " + dnStart.toLower())))
            return &entry;
    }
    return nullptr;
}

QByteArray userName()
{
    const passwd *entry = ::getpwuid(::geteuid());
    return entry ? QByteArray(entry->pw_name) : QByteArray("root");
}

} // namespace

Ds389::~Ds389()
{
    if (!m_process)
        return;
    m_process->terminate();
    if (!m_process->waitForFinished(10'000)) {
        m_process->kill();
        m_process->waitForFinished(5'000);
    }
}

bool Ds389::run(const QString &program, const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LDAPNOINIT"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(TestServers::find(program), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return true;
    m_error = program + QStringLiteral(": ") + QString::fromLocal8Bit(process.readAll()) + process.errorString();
    return false;
}

bool Ds389::makeKeys()
{
    Authority authority(path("tls"));
    m_certificate = authority.issue(QStringLiteral("server"));
    if (m_certificate.certificate.isEmpty()) {
        m_error = authority.errorText();
        return false;
    }
    // Its keys live in an NSS database, here one without a password.
    const QString store = QStringLiteral("sql:") + path("etc");
    const QString bundle = path("server.p12");
    return run(QStringLiteral("certutil"), {QStringLiteral("-N"), QStringLiteral("-d"), store, QStringLiteral("--empty-password")})
           && run(QStringLiteral("certutil"), {QStringLiteral("-A"), QStringLiteral("-d"), store, QStringLiteral("-n"), QStringLiteral("authority"),
                                               QStringLiteral("-t"), QStringLiteral("CT,,"), QStringLiteral("-a"), QStringLiteral("-i"),
                                               m_certificate.authority})
           && run(QStringLiteral("openssl"), {QStringLiteral("pkcs12"), QStringLiteral("-export"), QStringLiteral("-in"), m_certificate.certificate,
                                              QStringLiteral("-inkey"), m_certificate.key, QStringLiteral("-name"), QStringLiteral("Server-Cert"),
                                              QStringLiteral("-passout"), QStringLiteral("pass:x"), QStringLiteral("-out"), bundle})
           && run(QStringLiteral("pk12util"), {QStringLiteral("-i"), bundle, QStringLiteral("-d"), store, QStringLiteral("-W"), QStringLiteral("x"),
                                               QStringLiteral("-K"), QString()});
}

QByteArray Ds389::configuration() const
{
    const QByteArray dir = m_directory.path().toUtf8();
    // The password must stand there hashed: RFC 2307's salted SHA-1.
    const QByteArray salt = "gatehouse";
    const QByteArray digest = QCryptographicHash::hash(QByteArray(password() + salt), QCryptographicHash::Sha1);
    const std::pair<QByteArray, QByteArray> values[] = {
        {"schema_dir", dir + "/etc/schema"}, {"lock_dir", dir + "/run"}, {"tmp_dir", dir + "/tmp"}, {"cert_dir", dir + "/etc"},
        {"ldif_dir", dir + "/ldif"}, {"bak_dir", dir + "/bak"}, {"run_dir", dir + "/run"}, {"inst_dir", dir + "/inst"},
        {"log_dir", dir + "/log"}, {"fqdn", "localhost"}, {"ds_port", QByteArray::number(m_port)},
        {"ds_user", userName()}, {"rootdn", bindDn().toUtf8()}, {"ds_passwd", "{SSHA}" + QByteArray(digest + salt).toBase64()},
        {"ldapi_enabled", "off"}, {"ldapi", dir + "/run/ldapi"}, {"ldapi_autobind", "off"}, {"config_dir", dir + "/etc"},
        {"db_dir", dir + "/db"}, {"db_home_dir", dir + "/db"}, {"db_lib", "bdb"}, {"ds_suffix", "dc=example,dc=com"},
    };
    QByteArray text = contentOf(QStringLiteral("/usr/share/dirsrv/data/template-dse.ldif"));
    for (const auto &[name, value] : values)
        text.replace(QByteArray('%' + name + '%'), value);
    QList<QByteArray> entries;
    for (const QString &entry : QString::fromUtf8(text).split(QRegularExpression(QStringLiteral("\\n\\s*\\n")), Qt::SkipEmptyParts))
        entries.append(entry.trimmed().toUtf8() + '\n');
    if (QByteArray *config = entryNamed(entries, "cn=config\n")) {
        set(*config, "nsslapd-security", "on");
        set(*config, "nsslapd-secureport", QByteArray::number(m_tlsPort));
        set(*config, "nsslapd-listenhost", "127.0.0.1");
        set(*config, "nsslapd-securelistenhost", "127.0.0.1");
        set(*config, "nsslapd-accesslog-logging-enabled", "off");
        set(*config, "nsslapd-ssl-check-hostname", "off");
        set(*config, "nsslapd-localuser", userName());
    }
    if (QByteArray *memberOf = entryNamed(entries, "cn=MemberOf Plugin,")) {
        set(*memberOf, "nsslapd-pluginEnabled", "on");
        set(*memberOf, "memberOfGroupAttr", "uniqueMember");
        set(*memberOf, "memberOfAttr", "isMemberOf");
        set(*memberOf, "memberOfSkipNested", "on");
    }
    entries.append("dn: cn=\"dc=example,dc=com\",cn=mapping tree,cn=config\nobjectClass: top\nobjectClass: extensibleObject\n"
                   "objectClass: nsMappingTree\ncn: \"dc=example,dc=com\"\ncn: dc=example,dc=com\nnsslapd-state: backend\n"
                   "nsslapd-backend: userroot\n");
    entries.append("dn: cn=userroot,cn=ldbm database,cn=plugins,cn=config\nobjectClass: top\nobjectClass: extensibleObject\n"
                   "objectClass: nsBackendInstance\ncn: userroot\nnsslapd-suffix: dc=example,dc=com\nnsslapd-directory: "
                   + dir + "/db/userroot\n");
    entries.append("dn: cn=index,cn=userroot,cn=ldbm database,cn=plugins,cn=config\nobjectClass: top\nobjectClass: extensibleObject\n"
                   "cn: index\n");
    return entries.join('\n');
}

bool Ds389::configure()
{
    for (const char *folder : {"etc", "db", "log", "run", "bak", "ldif", "tmp", "inst"})
        QDir(m_directory.path()).mkdir(QString::fromLatin1(folder));
    m_port = freePort();
    m_tlsPort = freePort();
    if (!run(QStringLiteral("cp"), {QStringLiteral("-r"), QStringLiteral("/usr/share/dirsrv/schema"), path("etc/schema")}) || !makeKeys())
        return false;
    // isMemberOf, operational as in PingDirectory.
    const bool written = write(path("etc/schema/98isMemberOf.ldif"),
                               "dn: cn=schema\nattributeTypes: ( 1.3.6.1.4.1.42.2.27.9.1.792 NAME 'isMemberOf' SYNTAX "
                               "1.3.6.1.4.1.1466.115.121.1.12 USAGE directoryOperation )\n")
                         && write(path("etc/certmap.conf"), "certmap default default\n")
                         && write(path("etc/slapd-collations.conf"), {}) && write(path("etc/dse.ldif"), configuration());
    if (!written)
        m_error = QStringLiteral("cannot write into ") + m_directory.path();
    return written;
}

bool Ds389::start()
{
    if (!configure())
        return false;
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process->start(TestServers::find(QStringLiteral("ns-slapd")), {QStringLiteral("-D"), path("etc"), QStringLiteral("-i"), path("run/ns.pid"),
                                                                     QStringLiteral("-d"), QStringLiteral("0")});
    QElapsedTimer timer;
    timer.start();
    bool reached = false;
    while (!reached && timer.elapsed() < kStartMilliseconds && !m_process->waitForFinished(20)) {
        QTcpSocket probe;
        probe.connectToHost(QHostAddress(QHostAddress::LocalHost), m_tlsPort);
        reached = probe.waitForConnected(500);
    }
    if (!reached) {
        m_error = QStringLiteral("ns-slapd did not start: ") + QString::fromLocal8Bit(m_process->readAll()) + QString::fromUtf8(contentOf(path("log/errors")));
        return false;
    }
    return modify("dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n"
                  "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n"
                  "aci: (targetattr=\"userPassword\")(version 3.0; acl \"self\"; allow (write) userdn=\"ldap:///self\";)\n\n"
                  "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n");
}

bool Ds389::modify(const QByteArray &ldifChanges)
{
    const QString passwordFile = path("password");
    return write(passwordFile, password())
           && run(QStringLiteral("ldapmodify"), {QStringLiteral("-x"), QStringLiteral("-a"), QStringLiteral("-H"),
                                                 QStringLiteral("ldap://127.0.0.1:%1").arg(m_port), QStringLiteral("-D"), bindDn(),
                                                 QStringLiteral("-y"), passwordFile}, ldifChanges);
}

} // namespace gatehouse::test
