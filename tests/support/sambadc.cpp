// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sambadc.h"

#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTcpSocket>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

constexpr int kProvisionMilliseconds = 120'000;
constexpr int kStartMilliseconds = 30'000;
constexpr quint16 kLdap = 389;
constexpr quint16 kLdaps = 636;
constexpr char kOwnNetwork[] = "GATEHOUSE_TEST_OWN_NETWORK";

/// Another one for each program, so that tests run side by side.
QString freeAddress()
{
    for (int attempt = 0; attempt < 20; ++attempt) {
        const QString address = QStringLiteral("127.%1.%2.%3")
                                    .arg(QRandomGenerator::global()->bounded(10, 250))
                                    .arg(QRandomGenerator::global()->bounded(1, 250))
                                    .arg(QRandomGenerator::global()->bounded(1, 250));
        QTcpServer probe;
        if (probe.listen(QHostAddress(address), kLdap))
            return address;
    }
    return {};
}

bool listens(const QString &address, quint16 port)
{
    QTcpSocket probe;
    probe.connectToHost(QHostAddress(address), port);
    return probe.waitForConnected(300);
}

} // namespace

SambaDc::SambaDc(TicketsInTls tickets) : m_takesTicketsInTls(tickets == TicketsInTls::Taken) {}

SambaDc::~SambaDc()
{
    if (!m_process)
        return;
    // It has children, all in the process group that it leads.
    const auto group = pid_t(m_process->processId());
    if (group > 0)
        ::kill(-group, SIGTERM);
    if (!m_process->waitForFinished(10'000)) {
        if (group > 0)
            ::kill(-group, SIGKILL);
        m_process->waitForFinished(5'000);
    }
}

bool SambaDc::mayServe()
{
    return !freeAddress().isEmpty();
}

std::optional<int> SambaDc::enterOwnNetwork(int argc, char **argv)
{
    if (qEnvironmentVariableIsSet(kOwnNetwork) || mayServe())
        return std::nullopt;
    qputenv(kOwnNetwork, "1");
    QList<QByteArray> words{"unshare", "-rn", "sh", "-c", "ip link set lo up; exec \"$0\" \"$@\""};
    for (int i = 0; i < argc; ++i)
        words.append(argv[i]);
    std::vector<char *> all;
    for (QByteArray &word : words)
        all.push_back(word.data());
    all.push_back(nullptr);
    ::execvp(all.front(), all.data());
    return std::nullopt;
}

bool SambaDc::write(const QString &name, const QByteArray &text) const
{
    QFile file(m_directory.filePath(name));
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
}

bool SambaDc::configure()
{
    Authority authority(m_directory.filePath(QStringLiteral("tls")));
    CertificateRequest request;
    request.names = {QStringLiteral("DNS:dc1.lab.example"), QStringLiteral("IP:") + m_address};
    m_certificate = authority.issue(QStringLiteral("server"), request);
    if (m_certificate.certificate.isEmpty()) {
        m_error = authority.errorText();
        return false;
    }
    QFile::setPermissions(m_certificate.key, QFile::ReadOwner | QFile::WriteOwner);
    // The include stands first: what follows a share's section would belong to the share.
    const QString dir = m_directory.path();
    QString text = QStringLiteral("include = %1/etc/smb.conf\n[global]\nbind interfaces only = yes\ninterfaces = %2/8\n"
                                  "server services = ldap, kdc\nldap server require strong auth = %3\ntls enabled = yes\n")
                       .arg(dir, m_address, m_takesTicketsInTls ? QStringLiteral("allow_sasl_over_tls") : QStringLiteral("yes"));
    text += QStringLiteral("tls cafile = %1\ntls certfile = %2\ntls keyfile = %3\n")
                .arg(m_certificate.authority, m_certificate.certificate, m_certificate.key);
    for (const auto &[name, folder] : {std::pair{"log file", "/log"}, {"pid directory", ""}, {"ncalrpc dir", "/ncalrpc"},
                                       {"winbindd socket directory", "/winbindd"}, {"ntp signd socket directory", "/ntp"},
                                       {"cache directory", "/cache"}, {"lock directory", ""}})
        text += QStringLiteral("%1 = %2/run%3\n").arg(QLatin1String(name), dir, QLatin1String(folder));
    return QDir(dir).mkdir(QStringLiteral("run")) && write(QStringLiteral("run.conf"), text.toUtf8());
}

bool SambaDc::start(const QByteArray &ldif)
{
    m_address = freeAddress();
    if (m_address.isEmpty()) {
        m_error = QStringLiteral("this process may not serve port 389");
        return false;
    }
    const QByteArray tree = "dn: OU=Staff,DC=lab,DC=example\nobjectClass: organizationalUnit\n\n"
                            "dn: OU=Groups,DC=lab,DC=example\nobjectClass: organizationalUnit\n\n";
    if (!write(QStringLiteral("tree.ldif"), tree + ldif)) {
        m_error = QStringLiteral("cannot write into ") + m_directory.path();
        return false;
    }
    QProcess provision;
    provision.setProcessChannelMode(QProcess::MergedChannels);
    // Not through PATH: Samba's modules are those of the system's Python.
    provision.start(QStringLiteral("/usr/bin/python3"),
                    {QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/support/sambadc.py"), m_directory.path(), QString::fromLatin1(password()),
                     m_directory.filePath(QStringLiteral("tree.ldif")), m_address});
    if (!provision.waitForFinished(kProvisionMilliseconds) || provision.exitCode() != 0) {
        m_error = QStringLiteral("provisioning failed: ") + QString::fromLocal8Bit(provision.readAll().right(2000));
        return false;
    }
    if (!configure())
        return false;
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    m_process->setChildProcessModifier([] {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
    m_process->start(TestServers::find(QStringLiteral("samba")),
                     {QStringLiteral("-i"), QStringLiteral("-M"), QStringLiteral("single"), QStringLiteral("--debug-stdout"), QStringLiteral("-d"),
                      QStringLiteral("0"), QStringLiteral("-s"), m_directory.filePath(QStringLiteral("run.conf"))});
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < kStartMilliseconds && !m_process->waitForFinished(50)) {
        if (listens(m_address, kLdap) && listens(m_address, kLdaps))
            return true;
    }
    m_error = QStringLiteral("samba did not start: ") + QString::fromLocal8Bit(m_process->readAll().right(2000));
    return false;
}

bool SambaDc::signOnDesktop(const QString &name, const QByteArray &password, const QString &cache)
{
    const QString configuration = m_directory.filePath(QStringLiteral("desktop-krb5.conf"));
    if (!write(QStringLiteral("desktop-krb5.conf"), "[libdefaults]\ndefault_realm = " + realm().toLatin1() + "\ndns_lookup_kdc = false\n[realms]\n"
                                                        + realm().toLatin1() + " = {\nkdc = " + m_address.toLatin1() + "\n}\n"))
        return false;
    QProcess kinit;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("KRB5_CONFIG"), configuration);
    kinit.setProcessEnvironment(environment);
    kinit.setProcessChannelMode(QProcess::MergedChannels);
    kinit.start(TestServers::find(QStringLiteral("kinit")), {QStringLiteral("-c"), cache, name + QLatin1Char('@') + realm()});
    kinit.write(password + '\n');
    kinit.closeWriteChannel();
    if (kinit.waitForFinished(kStartMilliseconds) && kinit.exitCode() == 0)
        return true;
    m_error = QStringLiteral("kinit: ") + QString::fromLocal8Bit(kinit.readAll());
    return false;
}

QByteArray SambaDc::user(const QByteArray &name, const QByteArray &password, int userAccountControl, const QByteArray &more)
{
    QByteArray quoted;
    for (const QChar unit : QString(u'"' + QString::fromUtf8(password) + u'"'))
        quoted.append(char(unit.unicode() & 0xff)).append(char(unit.unicode() >> 8));
    return "dn: CN=" + name + ",OU=Staff,DC=lab,DC=example\nobjectClass: user\nsAMAccountName: " + name + "\nuserPrincipalName: "
           + name + "@lab.example\nsn: Name of " + name + "\nunicodePwd:: " + quoted.toBase64() + "\nuserAccountControl: "
           + QByteArray::number(userAccountControl) + '\n' + more + '\n';
}

QByteArray SambaDc::group(const QByteArray &name, const QList<QByteArray> &memberDns)
{
    QByteArray ldif = "dn: CN=" + name + ",OU=Groups,DC=lab,DC=example\nobjectClass: group\nsAMAccountName: " + name + '\n';
    for (const QByteArray &dn : memberDns)
        ldif += "member: " + dn + '\n';
    return ldif + '\n';
}

} // namespace gatehouse::test
