// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/gatewayclients.h"

#include "core/config/configuration.h"
#include "core/config/hostandport.h"
#include "gateway/route.h"
#include "link/endpoint.h"
#include "link/lending.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/environment.h"

#include <QMutex>
#include <QSysInfo>
#include <QThread>
#include <QTimer>

#include <algorithm>

namespace gatehouse::provision {

using core::Code;

namespace {

constexpr int kLookEveryMs = 500; ///< so that a revocation cuts within a second
constexpr int kTryAgainEveryLooks = 10; ///< to open an endpoint that could not be opened
constexpr int kBusyTimeoutMs = 1'000;  ///< a run that writes is more important than when a credential was used

core::Result<link::TlsIdentity> identityOf(const QString &environmentPath, const store::EndpointSettings &settings)
{
    return settings.certificateFile.isEmpty() ? link::ownIdentity(ownCertificateFile(environmentPath))
                                              : link::readIdentity(settings.certificateFile, settings.keyFile);
}

/// Quoted for a shell where it must be.
QString word(const QString &text)
{
    const bool plain = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringLiteral("-_./:@%+=,").contains(c);
    });
    return plain ? text : u'\'' + QString(text).replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QStringList keyDistributionCentres(const core::Gateway &gateway)
{
    QStringList centres;
    for (const QString &server : gateway.serversHostAndPort) {
        const auto place = core::parseHostAndPort(server);
        if (!place)
            continue;
        const QString centre = (place->host.contains(u':') ? u'[' + place->host + u']' : place->host) + QStringLiteral(":88");
        if (!centres.contains(centre))
            centres.append(centre);
    }
    return centres;
}

} // namespace

/// Lives in its thread, with a connection to the environment of its own.
class GatewayClients::Worker : public QObject {
public:
    Worker(GatewayClients *face, QString path, std::chrono::milliseconds patience, const link::Timing &timing)
        : m_face(face), m_path(std::move(path)), m_patience(patience), m_timing(timing), m_timer(this)
    {
        connect(&m_timer, &QTimer::timeout, this, [this] { look(false); });
    }

    void start()
    {
        m_timer.start(kLookEveryMs);
        look(true);
        emit m_face->looked();
    }

    void shutDown()
    {
        m_timer.stop();
        m_registration.clear();
        m_lender.reset();
        {
            const QMutexLocker lock(&m_mutex);
            m_endpoint.reset(); // sessions that are opening hold it a moment longer
        }
        m_environment.reset();
    }

    EndpointState state() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_state;
    }
    std::shared_ptr<link::Endpoint> endpoint() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_endpoint;
    }

    void look(bool anyway)
    {
        ++m_looks;
        const bool triesAgain = m_state.isNeeded && !m_state.isOpen && m_looks % kTryAgainEveryLooks == 0;
        EndpointState next = m_state;
        if (auto fault = readChanges(anyway)) {
            // What is open stays open: the file may be busy for a moment.
            if (next.isOpen)
                return;
            next.fault = fault;
            return publish(next);
        }
        if (!m_isNews && !triesAgain)
            return;
        m_isNews = false;
        next.isNeeded = !m_gateways.isEmpty();
        next.settings = m_settings;
        if (next.isOpen && (!next.isNeeded || m_state.settings != m_settings)) {
            m_lender.reset();
            const QMutexLocker lock(&m_mutex);
            m_endpoint.reset();
            next.isOpen = false;
        }
        if (!next.isNeeded) {
            next.fault.reset();
            m_registration.clear();
            return publish(next);
        }
        if (!next.isOpen)
            open(next);
        const auto open = endpoint();
        if (open)
            open->setAdmissions(m_admissions);
        m_registration.set(m_gateways, {open, next.fault, m_waits, open ? QString() : link::lendingSocketOf(m_path)});
        publish(next);
    }

private:
    /// Reads configuration, credentials and settings where they may have changed.
    std::optional<core::Error> readChanges(bool anyway)
    {
        if (!m_environment) {
            auto opened = store::Environment::open(m_path, store::Environment::Access::ReadWrite);
            if (!opened)
                opened = store::Environment::open(m_path, store::Environment::Access::ReadOnly);
            if (!opened)
                return opened.error();
            m_environment = *std::move(opened);
            m_environment->database().setBusyTimeout(kBusyTimeoutMs);
            m_version = {};
        }
        const auto version = m_environment->database().changeToken();
        if (!version)
            return version.error();
        if (*version == m_version && !anyway)
            return std::nullopt;
        m_isNews = m_isNews || m_version == store::ChangeToken();
        m_version = *version;
        const auto configuration = m_environment->configurations().load();
        if (!configuration)
            return configuration.error();
        store::GatewayCredentials stored(m_environment->database());
        const auto settings = stored.endpoint();
        const auto credentials = stored.list();
        if (!settings || !credentials)
            return settings ? credentials.error() : settings.error();
        QSet<QUuid> gateways;
        for (const core::Gateway &gateway : configuration->gateways) {
            if (gateway.type == core::GatewayType::Ldap && gateway.mode == core::GatewayMode::Clients)
                gateways.insert(gateway.id);
        }
        QList<link::Admission> admissions;
        for (const store::StoredCredential &credential : *credentials) {
            if (gateways.contains(credential.gateway))
                admissions.append({credential.id, credential.hash, credential.gateway});
        }
        m_isNews = m_isNews || gateways != m_gateways || admissions != m_admissions || *settings != m_settings;
        if (admissions != m_admissions)
            emit m_face->credentialsChanged();
        m_gateways = gateways;
        m_admissions = admissions;
        m_settings = *settings;
        return std::nullopt;
    }

    void open(EndpointState &next)
    {
        next.fault.reset();
        const auto identity = identityOf(m_path, m_settings);
        if (!identity) {
            next.fault = identity.error();
            return;
        }
        next.fingerprint = identity->sha256;
        auto made = std::make_shared<link::Endpoint>(m_timing);
        made->setAdmissions(m_admissions);
        connect(made.get(), &link::Endpoint::instancesChanged, m_face, &GatewayClients::instancesChanged, Qt::QueuedConnection);
        connect(made.get(), &link::Endpoint::logged, m_face, &GatewayClients::logged, Qt::QueuedConnection);
        connect(made.get(), &link::Endpoint::credentialUsed, this, [this](const QUuid &credential) { recordUse(credential); },
                Qt::QueuedConnection);
        if (const auto listening = made->listen(m_settings.listen, m_settings.port, *identity); !listening) {
            next.fault = listening.error();
            return;
        }
        auto lender = link::Lender::open(link::lendingSocketOf(m_path), made);
        if (lender)
            m_lender = *std::move(lender);
        else
            emit m_face->logged(lender.error().text());
        next.isOpen = true;
        m_waits = QDeadlineTimer(m_patience);
        const QMutexLocker lock(&m_mutex);
        m_endpoint = made;
    }

    void recordUse(const QUuid &credential)
    {
        if (!m_environment || m_environment->database().isReadOnly())
            return;
        if (const auto recorded = store::GatewayCredentials(m_environment->database()).recordUse(credential); !recorded)
            emit m_face->logged(QStringLiteral("when the credential was last used could not be noted: ") + recorded.error().text());
        emit m_face->credentialsChanged();
    }

    void publish(const EndpointState &next)
    {
        {
            const QMutexLocker lock(&m_mutex);
            if (next == m_state)
                return;
            m_state = next;
        }
        emit m_face->endpointChanged();
        emit m_face->instancesChanged();
    }

    GatewayClients *m_face;
    const QString m_path;
    const std::chrono::milliseconds m_patience;
    const link::Timing m_timing;
    QTimer m_timer;
    std::unique_ptr<store::Environment> m_environment;
    store::ChangeToken m_version;
    qint64 m_looks = 0;
    bool m_isNews = false;
    QSet<QUuid> m_gateways;
    QList<link::Admission> m_admissions;
    store::EndpointSettings m_settings;
    QDeadlineTimer m_waits{0};
    gateway::RouteRegistration m_registration;

    mutable QMutex m_mutex; ///< over what the face looks at
    EndpointState m_state;
    std::shared_ptr<link::Endpoint> m_endpoint;
    std::unique_ptr<link::Lender> m_lender; ///< of `m_endpoint`, to the environment's other programs
};

struct GatewayClients::Private {
    QThread thread;
    Worker *worker = nullptr;
};

GatewayClients::GatewayClients(const QString &environmentPath, std::chrono::milliseconds patience, QObject *parent,
                               const link::Timing &timing)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->worker = new Worker(this, environmentPath, patience, timing);
    d->worker->moveToThread(&d->thread);
    d->thread.setObjectName(QStringLiteral("gateway clients"));
    d->thread.start();
}

GatewayClients::~GatewayClients()
{
    QMetaObject::invokeMethod(d->worker, [worker = d->worker] {
        worker->shutDown();
        worker->deleteLater();
        QThread::currentThread()->quit();
    }, Qt::QueuedConnection);
    d->thread.wait();
}

void GatewayClients::start()
{
    QMetaObject::invokeMethod(d->worker, [worker = d->worker] { worker->start(); }, Qt::QueuedConnection);
}

void GatewayClients::refresh()
{
    QMetaObject::invokeMethod(d->worker, [worker = d->worker] { worker->look(true); }, Qt::QueuedConnection);
}

EndpointState GatewayClients::endpoint() const
{
    return d->worker->state();
}

QList<link::Instance> GatewayClients::instances() const
{
    const auto endpoint = d->worker->endpoint();
    return endpoint ? endpoint->instances() : QList<link::Instance>();
}

QList<link::Instance> GatewayClients::instancesOf(const QUuid &gateway) const
{
    const auto endpoint = d->worker->endpoint();
    return endpoint ? endpoint->instancesOf(gateway) : QList<link::Instance>();
}

QString ownCertificateFile(const QString &environmentPath)
{
    return environmentPath + QStringLiteral("-endpoint.pem");
}

core::Result<QByteArray> endpointFingerprint(const QString &environmentPath, const store::EndpointSettings &settings)
{
    const auto identity = identityOf(environmentPath, settings);
    if (!identity)
        return core::fail(identity.error());
    return identity->sha256;
}

QString startCommand(const core::Gateway &gateway, const store::EndpointSettings &settings, const QByteArray &fingerprint)
{
    const QString host = settings.hostName.isEmpty() ? QSysInfo::machineHostName() : settings.hostName;
    QStringList words{QStringLiteral("gatehouse-gateway"), QStringLiteral("--endpoint"),
                      word(QStringLiteral("wss://%1:%2").arg(host.contains(u':') ? u'[' + host + u']' : host).arg(settings.port))};
    // A certificate of one's own files may be renewed: then its chain is what stays.
    if (settings.certificateFile.isEmpty())
        words += {QStringLiteral("--fingerprint"), QString::fromLatin1(fingerprint.toHex())};
    for (const QString &server : gateway.serversHostAndPort)
        words += {QStringLiteral("--server"), word(server)};
    // Kerberos tickets come from the domain controllers' other port.
    if (gateway.kerberos || gateway.bindMechanism == core::BindMechanism::Gssapi) {
        for (const QString &centre : keyDistributionCentres(gateway))
            words += {QStringLiteral("--server"), word(centre)};
    }
    words += {QStringLiteral("--credential-file"), QStringLiteral("FILE")};
    return words.join(u' ');
}

QList<GatewayAlert> alertsOf(const core::Gateway &gateway, const QList<link::Instance> &instances)
{
    QList<GatewayAlert> alerts;
    if (gateway.mode == core::GatewayMode::Clients) {
        qsizetype own = 0;
        bool deprecated = false;
        bool tooOld = false;
        for (const link::Instance &instance : instances) {
            if (instance.gateway != gateway.id)
                continue;
            ++own;
            tooOld = tooOld || instance.updateStatus == link::UpdateStatus::UpgradeRequired;
            deprecated = deprecated || instance.updateStatus == link::UpdateStatus::UpgradeRecommended;
        }
        if (own == 0 && gateway.enabled)
            alerts.append(GatewayAlert::NoInstanceConnected);
        if (own == 1)
            alerts.append(GatewayAlert::SingleInstanceConnected);
        if (tooOld)
            alerts.append(GatewayAlert::VersionTooOld);
        if (deprecated)
            alerts.append(GatewayAlert::VersionDeprecated);
    }
    if (!gateway.validateTlsCertificates && gateway.connectionSecurity != core::ConnectionSecurity::None)
        alerts.append(GatewayAlert::NoTlsVerification);
    return alerts;
}

} // namespace gatehouse::provision
