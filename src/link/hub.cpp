// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/hub_p.h"

#include <QDateTime>
#include <QHostAddress>
#include <QSslSocket>
#include <QWebSocket>

#include <algorithm>
#include <cmath>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::link {

using core::Code;
using core::Error;

namespace {

constexpr std::chrono::milliseconds kSampling{1'000};
constexpr qint64 kSameLineAgainMs = 60'000;
constexpr qsizetype kMaxLinesKept = 64;
/// Room for a burst of pages on the way to whoever uses the stream.
constexpr int kSocketBuffer = 1024 * 1024;
constexpr double kRateSmoothing = 0.3;
constexpr double kSameLatencyMs = 10; ///< differences below say little
constexpr qint64 kShortestShareMs = 200; ///< of a dial's time, for one client

/// An IPv4 address as such, also where the endpoint listens on IPv6 and takes both.
QString addressText(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4).toString() : address.toString();
}

Health healthOf(const Instance &instance, bool isLate)
{
    const auto reachable = std::count_if(instance.servers.begin(), instance.servers.end(),
                                         [](const ServerState &state) { return state.isReachable; });
    if (!instance.servers.isEmpty() && reachable == 0)
        return Health::Unhealthy;
    return isLate || reachable < instance.servers.size() ? Health::Degraded : Health::Healthy;
}

} // namespace

PendingDial::~PendingDial()
{
    if (answer && answer->has_value() && (*answer)->socket >= 0)
        ::close((*answer)->socket);
}

void PendingDial::give(core::Result<Dialled> result)
{
    const QMutexLocker lock(&mutex);
    answer = std::move(result);
    answered.wakeAll();
}

bool PendingDial::abandoned()
{
    const QMutexLocker lock(&mutex);
    return isAbandoned;
}

Hub::Hub(const Timing &timing, std::shared_ptr<Snapshot> snapshot)
    : m_timing(timing), m_snapshot(std::move(snapshot)), m_acceptor(timing)
{
    // They go into the thread with their parent, and as members before it.
    m_acceptor.setParent(this);
    m_sampling.setParent(this);
    connect(&m_acceptor, &Acceptor::accepted, this, &Hub::onAccepted);
    connect(&m_acceptor, &Acceptor::dropped, this, [this](const QHostAddress &address, const QString &why) {
        logSparingly(QStringLiteral("dropped a connection from %1: %2").arg(addressText(address), why));
    });
    connect(&m_sampling, &QTimer::timeout, this, &Hub::sample);
}

Hub::~Hub()
{
    close();
}

core::Result<quint16> Hub::listen(const QString &address, quint16 port, const TlsIdentity &identity)
{
    auto listening = m_acceptor.listen(address, port, identity);
    if (listening)
        m_sampling.start(std::min(kSampling, m_timing.heartbeat));
    return listening;
}

void Hub::close()
{
    m_acceptor.close();
    m_sampling.stop();
    auto guests = std::exchange(m_guests, {});
    for (auto &[number, guest] : guests) {
        guest.tunnel->disconnect(this);
        guest.tunnel->close(QStringLiteral("the endpoint closes"));
        for (const auto &[stream, pending] : guest.opening)
            pending->give(core::fail(Code::Unreachable, QStringLiteral("the gateway endpoint was closed")));
        sendOff(std::move(guest.tunnel));
    }
    publish();
}

void Hub::sendOff(std::unique_ptr<Tunnel> tunnel)
{
    tunnel->setParent(this);
    tunnel.release()->leave();
}

void Hub::setAdmissions(const QList<Admission> &admissions)
{
    m_admissions = admissions;
    QList<quint64> numbers;
    for (const auto &[number, guest] : m_guests) {
        const bool stays = !guest.isAdmitted || std::any_of(admissions.begin(), admissions.end(), [&](const Admission &admission) {
            return admission.credential == guest.instance.credential && admission.gateway == guest.instance.gateway;
        });
        if (!stays)
            numbers.append(number);
    }
    for (const quint64 number : numbers) {
        if (Guest *const cut = guest(number))
            cut->tunnel->close(QStringLiteral("the credential was revoked, or its gateway is no more reached through clients"));
    }
}

Guest *Hub::guest(quint64 number)
{
    const auto found = m_guests.find(number);
    return found == m_guests.end() ? nullptr : &found->second;
}

QString Hub::nameOf(const Guest &guest) const
{
    const QString name = guest.instance.hostName.isEmpty() ? guest.instance.address : guest.instance.hostName;
    return guest.instance.version.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, guest.instance.version);
}

void Hub::onAccepted(QWebSocket *webSocket, Carrier *carrier)
{
    const quint64 number = m_nextGuest++;
    Guest guest;
    guest.carrier = carrier;
    guest.instance.address = addressText(webSocket->peerAddress());
    guest.tunnel = std::make_unique<Tunnel>(webSocket, carrier, Tunnel::Side::Endpoint, m_timing);
    Tunnel *const tunnel = guest.tunnel.get();
    connect(tunnel, &Tunnel::received, this, [this, number](const Frame &frame) { onFrame(number, frame); });
    // Queued: the tunnel is in the middle of something, and this deletes it.
    connect(tunnel, &Tunnel::closed, this, [this, number](const QString &why) { onClosed(number, why); }, Qt::QueuedConnection);
    connect(carrier, &Carrier::flooded, tunnel, [tunnel] { tunnel->cut(QStringLiteral("it sends pings without measure")); },
            Qt::QueuedConnection);
    m_guests.emplace(number, std::move(guest));
}

void Hub::onFrame(quint64 number, const Frame &frame)
{
    Guest *const from = guest(number);
    if (!from)
        return;
    if (!from->isAdmitted) // the tunnel lets nothing else through until then
        return onHello(number, frame);
    switch (frame.type) {
    case FrameType::Report: {
        const auto report = parseReport(frame.payload);
        if (!report)
            return from->tunnel->close(report.error().what);
        from->instance.busyPercentage = report->busyPercentage;
        from->instance.servers = report->servers;
        from->instance.lastReportedAt = QDateTime::currentDateTimeUtc();
        return sample();
    }
    case FrameType::Opened:
        return onOpened(number, frame);
    case FrameType::Failed:
        return onOpenFailed(number, frame.stream, parseError(frame.payload));
    case FrameType::Reset:
        if (from->opening.contains(frame.stream))
            onOpenFailed(number, frame.stream, {Code::Unreachable, QStringLiteral("the gateway client gave the connection up")});
        return;
    default:
        from->tunnel->close(QStringLiteral("a frame of type %1 from a client").arg(int(frame.type)));
    }
}

void Hub::logSparingly(const QString &line)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (now - m_said.value(line, 0) <= kSameLineAgainMs)
        return;
    if (m_said.size() >= kMaxLinesKept)
        m_said.removeIf([now](const auto &said) { return now - said.value() > kSameLineAgainMs; });
    if (m_said.size() >= kMaxLinesKept)
        return; // many lines in a minute are somebody's who wants them written
    m_said.insert(line, now);
    emit logged(line);
}

void Hub::refuse(quint64 number, const QString &why)
{
    Guest *const refused = guest(number);
    logSparingly(QStringLiteral("refused a gateway client from %1: %2").arg(refused->instance.address, why));
    refused->tunnel->close(why);
}

void Hub::onHello(quint64 number, const Frame &frame)
{
    const auto hello = parseHello(frame.payload);
    if (!hello)
        return refuse(number, hello.error().what);
    if (hello->protocol != kProtocolVersion)
        return refuse(number, QStringLiteral("the client speaks version %1 of the protocol, this endpoint version %2")
                                  .arg(hello->protocol).arg(kProtocolVersion));
    const auto found = std::find_if(m_admissions.cbegin(), m_admissions.cend(),
                                    [&](const Admission &admission) { return admission.credential == hello->credential.id; });
    if (found == m_admissions.cend() || !core::isCredentialHash(found->hash, hello->credential.secret))
        return refuse(number, QStringLiteral("the credential is not known here, or was revoked"));
    const auto admitted = std::count_if(m_guests.begin(), m_guests.end(), [](const auto &one) { return one.second.isAdmitted; });
    if (admitted >= kMaxLinks)
        return refuse(number, QStringLiteral("%1 gateway clients are connected, more are not served").arg(admitted));
    Guest &welcome = *guest(number);
    if (!welcome.carrier)
        return; // it has just been dropped
    m_acceptor.letIn(welcome.carrier);
    welcome.isAdmitted = true;
    Instance &instance = welcome.instance;
    instance.id = hello->instance;
    instance.gateway = found->gateway;
    instance.credential = found->credential;
    instance.hostName = hello->hostName;
    instance.version = hello->version;
    instance.updateStatus = updateStatusOf(hello->version);
    instance.connectedAt = QDateTime::currentDateTimeUtc();
    instance.lastReportedAt = instance.connectedAt;
    welcome.sampledAt = std::chrono::steady_clock::now();
    welcome.tunnel->send(FrameType::Welcome, 0, printWelcome());
    welcome.tunnel->begin();
    emit logged(QStringLiteral("gateway client %1 connected from %2").arg(nameOf(welcome), instance.address));
    emit credentialUsed(instance.credential);
    publish();
}

void Hub::onClosed(quint64 number, const QString &why)
{
    const auto found = m_guests.find(number);
    if (found == m_guests.end())
        return;
    Guest gone = std::move(found->second);
    m_guests.erase(found);
    sendOff(std::move(gone.tunnel));
    if (gone.isAdmitted) {
        emit logged(QStringLiteral("gateway client %1 from %2 is gone: %3").arg(nameOf(gone), gone.instance.address, why));
        publish();
    }
    for (const auto &[stream, pending] : gone.opening) {
        pending->last = Error{Code::Unreachable, QStringLiteral("the link to the gateway client %1 was cut").arg(nameOf(gone)), why};
        tryNext(pending);
    }
}

void Hub::dial(const std::shared_ptr<PendingDial> &pending)
{
    pending->deadline = QDeadlineTimer(pending->request.allowed);
    tryNext(pending);
}

Hub::Choice Hub::choiceFor(const PendingDial &pending) const
{
    const QString server = (pending.request.host.contains(u':') ? u'[' + pending.request.host + u']' : pending.request.host)
                           + u':' + QString::number(pending.request.port);
    Choice choice;
    double lowest = 0;
    for (const auto &[number, guest] : m_guests) {
        if (!guest.isAdmitted || guest.tunnel->isClosed() || guest.instance.gateway != pending.request.gateway
            || pending.tried.contains(number))
            continue;
        if (!meets(guest.instance.version, pending.request.need)) {
            choice.anyTooOld = true;
            continue;
        }
        const double streams = guest.tunnel->streams() + double(guest.opening.size());
        if (streams >= kMaxStreams)
            continue;
        // Load times latency; one that says it cannot reach the server, or is silent, comes after all that can.
        double cost = (streams + 1) * (kSameLatencyMs + std::max(guest.instance.responseTimeMilliseconds, guest.instance.roundTripMilliseconds));
        const bool cannot = std::any_of(guest.instance.servers.begin(), guest.instance.servers.end(),
                                        [&](const ServerState &state) { return state.server == server && !state.isReachable; });
        if (cannot || guest.instance.health == Health::Unhealthy)
            cost += 1e9;
        if (std::chrono::steady_clock::now() - guest.tunnel->lastHeard() > m_timing.heartbeat * 2)
            cost += 1e6;
        ++choice.candidates;
        if (!choice.best || cost < lowest) {
            choice.best = number;
            lowest = cost;
        }
    }
    return choice;
}

void Hub::tryNext(const std::shared_ptr<PendingDial> &pending)
{
    if (pending->abandoned())
        return;
    const Choice choice = choiceFor(*pending);
    if (!choice.best) {
        if (pending->last)
            return pending->give(core::fail(*pending->last));
        if (choice.anyTooOld)
            return pending->give(core::fail(Code::Unsupported, QStringLiteral("the gateway's clients are too old"),
                                            QStringLiteral("%1 needs version %2 or later; update the gateway client")
                                                .arg(needText(pending->request.need), oldestVersionFor(pending->request.need))));
        return pending->give(core::fail(Code::Unreachable, QStringLiteral("no gateway client is connected"),
                                        QStringLiteral("start gatehouse-gateway beside the LDAP servers, or look at its log")));
    }
    const quint64 number = *choice.best;
    Guest &guest = m_guests.at(number);
    pending->tried.append(number);
    const quint32 stream = guest.tunnel->nextStream();
    guest.opening.emplace(stream, pending);
    // Each that could be asked gets its share of the time, and tells what it found before the share is over.
    const qint64 share = std::max(kShortestShareMs, pending->deadline.remainingTime() / choice.candidates);
    guest.tunnel->send(FrameType::Open, stream,
                       print(OpenRequest{pending->request.host, pending->request.port, int(share * 9 / 10)}));
    QTimer::singleShot(share, guest.tunnel.get(), [this, number, stream] {
        Guest *const silent = this->guest(number);
        if (!silent || !silent->opening.contains(stream))
            return;
        silent->tunnel->send(FrameType::Reset, stream);
        onOpenFailed(number, stream, {Code::Timeout, QStringLiteral("connecting through a gateway client"), QStringLiteral("no answer in time")});
    });
}

void Hub::onOpened(quint64 number, const Frame &frame)
{
    Guest &from = *guest(number);
    const auto found = from.opening.find(frame.stream);
    if (found == from.opening.end()) {
        // One that was given up: the reset is on its way.
        if (from.tunnel->hasAskedFor(frame.stream))
            return;
        return from.tunnel->close(QStringLiteral("stream %1 was opened, but nobody had asked").arg(frame.stream));
    }
    const auto pending = found->second;
    from.opening.erase(found);
    int sockets[2] = {-1, -1};
    if (pending->abandoned())
        return from.tunnel->reset(frame.stream, QStringLiteral("nobody waits for it any more"));
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        from.tunnel->reset(frame.stream, QStringLiteral("the endpoint has no sockets left"));
        return pending->give(core::fail(Code::Internal, QStringLiteral("no socket pair can be made")));
    }
    for (const int socket : sockets)
        ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSocketBuffer, sizeof kSocketBuffer);
    from.tunnel->addStream(frame.stream, sockets[0]);
    pending->give(Dialled{sockets[1], nameOf(from), shown(QString::fromUtf8(frame.payload))});
}

void Hub::onOpenFailed(quint64 number, quint32 stream, const Error &error)
{
    Guest &from = *guest(number);
    const auto found = from.opening.find(stream);
    if (found == from.opening.end())
        return;
    const auto pending = found->second;
    from.opening.erase(found);
    ++from.tunnel->statistics().errors;
    pending->last = error;
    pending->last->detail = QStringLiteral("gateway client %1: %2").arg(nameOf(from), error.detail);
    tryNext(pending);
}

void Hub::sample()
{
    const auto now = std::chrono::steady_clock::now();
    for (auto &[number, guest] : m_guests) {
        if (!guest.isAdmitted)
            continue;
        Instance &instance = guest.instance;
        const StreamStatistics &done = guest.tunnel->statistics();
        const double seconds = std::chrono::duration<double>(now - guest.sampledAt).count();
        if (seconds >= 0.2) {
            const double rate = double(done.answers - guest.answersBefore) / seconds;
            const double smooth = instance.operationsPerSecond * (1 - kRateSmoothing) + rate * kRateSmoothing;
            instance.operationsPerSecond = smooth < 0.05 ? 0 : std::round(smooth * 10) / 10;
            guest.answersBefore = done.answers;
            guest.sampledAt = now;
        }
        instance.responseTimeMilliseconds = std::round(done.responseMilliseconds * 10) / 10;
        instance.roundTripMilliseconds = std::round(guest.tunnel->roundTripMilliseconds() * 10) / 10;
        instance.errors = done.errors;
        instance.streams = guest.tunnel->streams();
        instance.currentErrors.clear();
        for (const ServerState &state : instance.servers) {
            if (!state.isReachable)
                instance.currentErrors.append(state.server + QStringLiteral(": ") + state.detail);
        }
        instance.health = healthOf(instance, now - guest.tunnel->lastHeard() > m_timing.heartbeat * 2);
    }
    publish();
}

void Hub::publish()
{
    QList<Instance> instances;
    for (const auto &[number, guest] : m_guests) {
        if (guest.isAdmitted && !guest.tunnel->isClosed())
            instances.append(guest.instance);
    }
    {
        const QMutexLocker lock(&m_snapshot->mutex);
        if (instances == m_snapshot->instances)
            return;
        m_snapshot->instances = instances;
        m_snapshot->changed.wakeAll();
    }
    emit instancesChanged();
}

} // namespace gatehouse::link
