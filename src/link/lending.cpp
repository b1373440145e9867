// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/lending.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <atomic>
#include <list>
#include <system_error>
#include <thread>

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::link {
namespace {

using core::Code;
using core::Error;
using std::chrono::milliseconds;

constexpr int kMostRequests = 32; ///< that are dialled at a time
constexpr int kLongestMessage = 64 * 1024;
constexpr int kLookEveryMs = 50;
constexpr milliseconds kTalk{3'000}; ///< for a message of these programs, which have nothing to wait for

/// A descriptor that is closed when it goes.
class Descriptor {
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) {}
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(Descriptor &&other) noexcept : m_descriptor(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    int get() const { return m_descriptor; }
    int release() { return std::exchange(m_descriptor, -1); }

private:
    int m_descriptor;
};

/// False when the name is too long for a socket.
bool setAddress(sockaddr_un &address, const QByteArray &path)
{
    address = {};
    address.sun_family = AF_UNIX;
    if (path.isEmpty() || size_t(path.size()) >= sizeof address.sun_path)
        return false;
    memcpy(address.sun_path, path.constData(), size_t(path.size()));
    return true;
}

/// The group that shares the folder of @p socketPath.
std::optional<gid_t> sharingGroup(const QByteArray &socketPath)
{
    struct stat folder = {};
    const QByteArray path = socketPath.first(std::max<qsizetype>(socketPath.lastIndexOf('/'), 0));
    if (::stat(path.isEmpty() ? "." : path.constData(), &folder) != 0)
        return std::nullopt;
    const bool isShared = (folder.st_mode & S_ISGID) != 0 && (folder.st_mode & S_IWGRP) != 0;
    return isShared ? std::optional(folder.st_gid) : std::nullopt;
}

/// Whether the program at the other end is one of ours.
bool isOneOfUs(int socket, const QByteArray &socketPath)
{
    ucred peer{};
    socklen_t length = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return false;
    if (peer.uid == ::geteuid() || peer.uid == 0)
        return true;
    const auto group = sharingGroup(socketPath);
    if (!group)
        return false;
    std::vector<gid_t> groups(256);
    length = socklen_t(groups.size() * sizeof(gid_t));
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length) != 0)
        length = 0;
    groups.resize(length / sizeof(gid_t));
    return peer.gid == *group || std::find(groups.begin(), groups.end(), *group) != groups.end();
}

bool waitReadable(int socket, const QDeadlineTimer &deadline, const std::function<bool()> &mustStop)
{
    while (!deadline.hasExpired() && !mustStop()) {
        pollfd wait{socket, POLLIN, 0};
        if (::poll(&wait, 1, int(std::min<qint64>(deadline.remainingTime() + 1, kLookEveryMs))) > 0)
            return true;
    }
    return false;
}

/// One message, with @p descriptor where there is one.
bool sendMessage(int socket, const QJsonObject &message, int descriptor = -1)
{
    const QByteArray octets = QJsonDocument(message).toJson(QJsonDocument::Compact);
    iovec part{const_cast<char *>(octets.constData()), size_t(octets.size())};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (descriptor >= 0) {
        header.msg_control = control;
        header.msg_controllen = sizeof control;
        cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    return ::sendmsg(socket, &header, MSG_NOSIGNAL) == ssize_t(octets.size());
}

/// The next message; nothing when it does not come, or is none. @p passed takes a descriptor that came with it.
std::optional<QJsonObject> receiveMessage(int socket, int *passed = nullptr)
{
    QByteArray octets(kLongestMessage, Qt::Uninitialized);
    iovec part{octets.data(), size_t(octets.size())};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    const ssize_t got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    for (cmsghdr *one = CMSG_FIRSTHDR(&header); got >= 0 && one != nullptr; one = CMSG_NXTHDR(&header, one)) {
        int descriptor = -1;
        if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS ||
            one->cmsg_len < CMSG_LEN(sizeof descriptor))
            continue;
        memcpy(&descriptor, CMSG_DATA(one), sizeof descriptor);
        if (passed)
            *passed = descriptor;
        else
            ::close(descriptor);
    }
    if (got <= 0 || (header.msg_flags & MSG_TRUNC) != 0)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(octets.first(got));
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

Code codeOf(const QString &name)
{
    for (int code = 0; code <= int(Code::Internal); ++code) {
        if (core::codeName(Code(code)) == name)
            return Code(code);
    }
    return Code::Internal;
}

QJsonObject toJson(const Error &error)
{
    return {{QStringLiteral("code"), core::codeName(error.code)},
            {QStringLiteral("what"), error.what},
            {QStringLiteral("detail"), error.detail},
            {QStringLiteral("where"), error.where},
            {QStringLiteral("native"), error.native}};
}

Error errorOf(const QJsonObject &json)
{
    return {codeOf(json[u"code"].toString()), json[u"what"].toString(), json[u"detail"].toString(),
            json[u"where"].toString(), json[u"native"].toInt()};
}

QJsonObject toJson(const DialRequest &request)
{
    return {{QStringLiteral("gateway"), request.gateway.toString(QUuid::WithoutBraces)},
            {QStringLiteral("host"), request.host},
            {QStringLiteral("port"), request.port},
            {QStringLiteral("need"), int(request.need)},
            {QStringLiteral("allowed"), qint64(request.allowed.count())},
            {QStringLiteral("patience"), qint64(request.patience.count())}};
}

/// Nothing when it asks for what nobody would ask for.
std::optional<DialRequest> requestOf(const QJsonObject &json)
{
    constexpr int kLongestMs = 600'000;
    DialRequest request;
    request.gateway = QUuid::fromString(json[u"gateway"].toString());
    request.host = json[u"host"].toString();
    request.port = quint16(json[u"port"].toInt());
    const int need = json[u"need"].toInt(-1);
    request.need = Need(need);
    request.allowed = milliseconds(std::clamp(json[u"allowed"].toInt(), 0, kLongestMs));
    request.patience = milliseconds(std::clamp(json[u"patience"].toInt(), 0, kLongestMs));
    const bool isGood = !request.gateway.isNull() && !request.host.isEmpty() && request.port != 0 && need >= 0 &&
                        need <= int(Need::GroupMemberships);
    return isGood ? std::optional(request) : std::nullopt;
}

Error systemError(Code code, const QString &what, const QString &where)
{
    const int number = errno;
    return {code, what, QString::fromStdString(std::system_category().message(number)), where, number};
}

/// A connection to whoever lends.
core::Result<Descriptor> connectTo(const QString &socketPath)
{
    sockaddr_un address;
    const QByteArray path = QFile::encodeName(socketPath);
    Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (!setAddress(address, path) || socket.get() < 0 ||
        ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return core::fail(systemError(errno == EACCES ? Code::Denied : Code::NotFound,
                                      QStringLiteral("no program lends connections through gateway clients"),
                                      socketPath));
    if (!isOneOfUs(socket.get(), path))
        return core::fail(Error{
            Code::Denied, QStringLiteral("the program that lends connections is another user's"), {}, socketPath});
    return socket;
}

} // namespace

QString lendingSocketOf(const QString &environment)
{
    sockaddr_un address;
    const QString canonical = QFileInfo(environment).canonicalFilePath();
    const QString file = canonical.isEmpty() ? QFileInfo(environment).absoluteFilePath() : canonical;
    const QString beside = file + QStringLiteral("-endpoint.sock");
    // The name that it has until it is ready is longer.
    if (setAddress(address, QFile::encodeName(beside) + ".new"))
        return beside;
    const QString folder = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (folder.isEmpty())
        return {};
    const QByteArray name = QCryptographicHash::hash(file.toUtf8(), QCryptographicHash::Sha256).toHex().first(32);
    return folder + QStringLiteral("/gatehouse-%1.sock").arg(QString::fromLatin1(name));
}

struct Lender::Private {
    std::shared_ptr<Endpoint> endpoint;
    QByteArray path;
    Descriptor listener{-1};
    ino_t inode = 0;
    std::atomic<bool> isEnding{false};
    std::thread acceptor;
    std::list<std::pair<std::thread, std::shared_ptr<std::atomic<bool>>>> servers; ///< and whether each is done

    void acceptAll();
    void serve(int socket) const;
    void join(bool all);
};

Lender::Lender() : d(std::make_unique<Private>()) {}

core::Result<std::unique_ptr<Lender>> Lender::open(const QString &socketPath, std::shared_ptr<Endpoint> endpoint)
{
    const QString what = QStringLiteral("other programs cannot borrow connections through gateway clients");
    std::unique_ptr<Lender> lender(new Lender);
    lender->d->endpoint = std::move(endpoint);
    lender->d->path = QFile::encodeName(socketPath);
    const QByteArray made = lender->d->path + ".new";
    sockaddr_un address;
    if (!setAddress(address, made))
        return core::fail(Error{Code::InvalidInput, what,
                                QStringLiteral("the name is too long for a socket; set XDG_RUNTIME_DIR"), socketPath});
    const mode_t mode = sharingGroup(lender->d->path) ? 0660 : 0600;
    ::unlink(made.constData());
    Descriptor listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    struct stat info = {};
    // It gets its name when nobody but who may can use it.
    const bool isOpen = listener.get() >= 0 &&
                        ::bind(listener.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 &&
                        ::chmod(made.constData(), mode) == 0 && ::listen(listener.get(), kMostRequests) == 0 &&
                        ::stat(made.constData(), &info) == 0 &&
                        ::rename(made.constData(), lender->d->path.constData()) == 0;
    if (!isOpen) {
        const Error error = systemError(Code::Denied, what, socketPath);
        ::unlink(made.constData());
        return core::fail(error);
    }
    lender->d->inode = info.st_ino;
    lender->d->listener = std::move(listener);
    lender->d->acceptor = std::thread([d = lender->d.get()] { d->acceptAll(); });
    return lender;
}

Lender::~Lender()
{
    d->isEnding = true;
    if (d->acceptor.joinable())
        d->acceptor.join();
    d->join(true);
    struct stat info = {};
    // Another program may have its own there by now.
    if (d->inode != 0 && ::stat(d->path.constData(), &info) == 0 && info.st_ino == d->inode)
        ::unlink(d->path.constData());
}

void Lender::Private::join(bool all)
{
    for (auto one = servers.begin(); one != servers.end();) {
        if (!all && !*one->second) {
            ++one;
            continue;
        }
        one->first.join();
        one = servers.erase(one);
    }
}

void Lender::Private::acceptAll()
{
    while (!isEnding) {
        join(false);
        pollfd wait{listener.get(), POLLIN, 0};
        if (::poll(&wait, 1, kLookEveryMs) <= 0)
            continue;
        Descriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (socket.get() < 0 || !isOneOfUs(socket.get(), path))
            continue;
        if (servers.size() >= kMostRequests) {
            sendMessage(socket.get(),
                        toJson(Error{Code::Busy, QStringLiteral("too many connections are being lent at a time")}));
            continue;
        }
        const auto isDone = std::make_shared<std::atomic<bool>>(false);
        servers.emplace_back(std::thread([this, isDone, taken = socket.release()] {
                                 serve(taken);
                                 *isDone = true;
                             }),
                             isDone);
    }
}

void Lender::Private::serve(int taken) const
{
    const Descriptor socket(taken);
    const auto isEnded = [this] { return isEnding.load(); };
    if (!waitReadable(socket.get(), QDeadlineTimer(kTalk), isEnded))
        return;
    const auto json = receiveMessage(socket.get());
    if (!json)
        return; // only looked whether somebody is here
    const auto request = requestOf(*json);
    if (!request) {
        sendMessage(socket.get(), toJson(Error{Code::InvalidInput,
                                               QStringLiteral("the request to borrow a connection cannot be read")}));
        return;
    }
    const auto isLeft = [&] {
        pollfd wait{socket.get(), POLLIN, 0};
        return isEnding ||
               (::poll(&wait, 1, 0) > 0 && wait.revents != 0); // the borrower says nothing more, unless that it goes
    };
    const auto dialled = endpoint->dial(*request, isLeft);
    if (!dialled) {
        sendMessage(socket.get(), toJson(dialled.error()));
        return;
    }
    const Descriptor stream(dialled->socket);
    sendMessage(socket.get(), {{QStringLiteral("by"), dialled->by}, {QStringLiteral("address"), dialled->address}},
                stream.get());
}

bool isLent(const QString &socketPath)
{
    return connectTo(socketPath).has_value();
}

core::Result<Dialled> borrow(const QString &socketPath, const DialRequest &request,
                             const std::function<bool()> &isCancelled)
{
    const auto socket = connectTo(socketPath);
    if (!socket)
        return core::fail(socket.error());
    const auto mustStop = [&] { return isCancelled && isCancelled(); };
    const QString lost = QStringLiteral("the program that lends connections through gateway clients ended");
    if (!sendMessage(socket->get(), toJson(request)))
        return core::fail(Error{Code::Unreachable, lost, {}, socketPath});
    if (!waitReadable(socket->get(), QDeadlineTimer(request.allowed + request.patience + kTalk), mustStop)) {
        if (mustStop())
            return core::fail(Error{Code::Cancelled, QStringLiteral("cancelled")});
        return core::fail(Error{Code::Timeout,
                                QStringLiteral("the connection through a gateway client was not lent in time"),
                                {},
                                socketPath});
    }
    int passed = -1;
    const auto answer = receiveMessage(socket->get(), &passed);
    Descriptor stream(passed);
    if (!answer)
        return core::fail(Error{Code::Unreachable, lost, {}, socketPath});
    if (answer->contains(u"code"))
        return core::fail(errorOf(*answer));
    if (stream.get() < 0)
        return core::fail(Error{Code::Protocol, QStringLiteral("no connection came with the answer"), {}, socketPath});
    return Dialled{stream.release(), (*answer)[u"by"].toString(), (*answer)[u"address"].toString()};
}

} // namespace gatehouse::link
