// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeldapserver.h"

#include "tests/support/loopback.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {
namespace ber {

QByteArray element(uchar tag, const QByteArray &content)
{
    QByteArray result(1, char(tag));
    const qsizetype length = content.size();
    if (length < 0x80) {
        result += char(length);
    } else {
        QByteArray digits;
        for (qsizetype rest = length; rest > 0; rest >>= 8)
            digits.prepend(char(rest & 0xff));
        result += char(0x80 | digits.size());
        result += digits;
    }
    return result + content;
}

QByteArray octets(const QByteArray &value)
{
    return element(0x04, value);
}

QByteArray integer(qint64 value, uchar tag)
{
    QByteArray digits;
    do {
        digits.prepend(char(value & 0xff));
        value >>= 8;
    } while (value > 0);
    if (digits.at(0) & 0x80)
        digits.prepend('\0');
    return element(tag, digits);
}

QByteArray sequence(const QList<QByteArray> &parts, uchar tag)
{
    return element(tag, parts.join());
}

} // namespace ber

namespace {

constexpr int kSliceMilliseconds = 20;
constexpr char kPagedResults[] = "1.2.840.113556.1.4.319";
constexpr uchar kEnumerated = 0x0a;

/// Reads what a client sends; clients of tests send well-formed messages.
struct Reader {
    QByteArray rest;
    uchar tag() const { return rest.isEmpty() ? 0 : uchar(rest.at(0)); }
    QByteArray next()
    {
        if (rest.size() < 2)
            return {};
        qsizetype length = uchar(rest.at(1));
        qsizetype header = 2;
        if (length & 0x80) {
            const qsizetype count = length & 0x7f;
            length = 0;
            for (qsizetype i = 0; i < count; ++i)
                length = (length << 8) | uchar(rest.at(2 + i));
            header += count;
        }
        const QByteArray content = rest.mid(header, length);
        rest = rest.mid(header + length);
        return content;
    }
    qint64 number()
    {
        qint64 value = 0;
        const QByteArray content = next();
        for (const char octet : content)
            value = (value << 8) | uchar(octet);
        return value;
    }
};

QByteArray message(int id, const QByteArray &operation, const QByteArray &controls = {})
{
    return ber::sequence({ber::integer(id), operation, controls});
}

QByteArray result(uchar tag, int code, const QByteArray &says, const QByteArray &more = {})
{
    return ber::element(tag, ber::integer(code, kEnumerated) + ber::octets({}) + ber::octets(says) + more);
}

QByteArray receiveMessage(int socket)
{
    char head[2];
    if (!receiveAll(socket, head, sizeof head))
        return {};
    qsizetype length = uchar(head[1]);
    if (length & 0x80) {
        const qsizetype count = length & 0x7f;
        QByteArray digits(count, '\0');
        if (count > 4 || !receiveAll(socket, digits.data(), size_t(count)))
            return {};
        length = 0;
        for (const char digit : digits)
            length = (length << 8) | uchar(digit);
    }
    QByteArray content(length, '\0');
    return receiveAll(socket, content.data(), size_t(length)) ? content : QByteArray();
}

FakeLdapServer::Request parse(const QByteArray &content)
{
    using Operation = FakeLdapServer::Operation;
    FakeLdapServer::Request request;
    Reader reader{content};
    request.id = int(reader.number());
    const uchar tag = reader.tag();
    Reader body{reader.next()};
    switch (tag) {
    case 0x60:
        request.operation = Operation::Bind;
        body.number();
        request.name = body.next();
        request.password = body.next();
        break;
    case 0x63: {
        request.operation = Operation::Search;
        request.name = body.next();
        request.scope = int(body.number());
        for (int i = 0; i < 5; ++i) // deref, limits, typesOnly, filter
            body.next();
        Reader names{body.next()};
        while (!names.rest.isEmpty())
            request.attributes.append(names.next());
        break;
    }
    case 0x77:
        request.operation = Operation::Extended;
        request.name = body.next();
        break;
    case 0x50:
        request.operation = Operation::Abandon;
        break;
    default:
        break;
    }
    Reader controls{reader.tag() == 0xa0 ? reader.next() : QByteArray()};
    while (!controls.rest.isEmpty()) {
        Reader control{controls.next()};
        if (control.next() != kPagedResults)
            continue;
        request.isPaged = true;
        if (control.tag() == 0x01)
            request.pagingIsCritical = control.next() != QByteArray(1, '\0');
        Reader outer{control.next()};
        Reader paging{outer.next()};
        request.pageSize = int(paging.number());
        request.cookie = paging.next();
    }
    return request;
}

} // namespace

struct FakeLdapServer::State {
    Script script;
    Listener listener;
    std::atomic<bool> ending{false};
    mutable std::mutex mutex;
    QList<Request> requests;
    std::list<std::thread> threads;
    QList<int> sockets;

    void acceptAll()
    {
        while (!ending) {
            const int client = listener.accept(kSliceMilliseconds);
            if (client < 0)
                continue;
            {
                const std::lock_guard lock(mutex);
                sockets.append(client);
            }
            threads.emplace_back([this, client] { serve(client); });
        }
    }

    void serve(int client)
    {
        QList<int> numbers(int(Operation::Other) + 1, 0);
        while (!ending) {
            const QByteArray content = receiveMessage(client);
            if (content.isEmpty())
                break;
            Request request = parse(content);
            request.number = ++numbers[int(request.operation)];
            Reply reply;
            {
                const std::lock_guard lock(mutex);
                requests.append(request);
                reply = script(request);
            }
            if (!sendAll(client, reply.octets.constData(), size_t(reply.octets.size())) || reply.hangsUp)
                break;
        }
        ::shutdown(client, SHUT_RDWR);
    }
};

FakeLdapServer::FakeLdapServer(Script script) : d(std::make_unique<State>())
{
    d->script = std::move(script);
    d->listener.listen();
    d->threads.emplace_back([state = d.get()] { state->acceptAll(); });
}

FakeLdapServer::~FakeLdapServer()
{
    d->ending = true;
    d->threads.front().join();
    d->threads.pop_front();
    for (const int socket : d->sockets)
        ::shutdown(socket, SHUT_RDWR);
    for (std::thread &thread : d->threads)
        thread.join();
    for (const int socket : d->sockets)
        ::close(socket);
}

quint16 FakeLdapServer::port() const
{
    return d->listener.port();
}

QString FakeLdapServer::hostAndPort() const
{
    return QStringLiteral("127.0.0.1:%1").arg(port());
}

QList<FakeLdapServer::Request> FakeLdapServer::requests() const
{
    const std::lock_guard lock(d->mutex);
    return d->requests;
}

int FakeLdapServer::count(Operation operation) const
{
    const QList<Request> all = requests();
    return int(std::count_if(all.begin(), all.end(), [&](const Request &r) { return r.operation == operation; }));
}

FakeLdapServer::Reply FakeLdapServer::usual(const Request &request)
{
    switch (request.operation) {
    case Operation::Bind:
        return {bindResponse(request.id, 0)};
    case Operation::Search:
        if (request.name.isEmpty() && request.scope == 0)
            return {entry(request.id, {},
                          {{"vendorName", {"Fake"}},
                           {"namingContexts", {"dc=example,dc=com"}},
                           {"supportedControl", {kPagedResults}}})
                    + done(request.id)};
        if (request.scope == 0)
            return {entry(request.id, request.name, {{"objectClass", {"top"}}}) + done(request.id)};
        return {done(request.id)};
    case Operation::Extended:
        return {extendedResponse(request.id, 2)};
    case Operation::Abandon:
    case Operation::Other:
        break;
    }
    return {};
}

QByteArray FakeLdapServer::entry(int id, const QByteArray &dn, const Values &attributes)
{
    QByteArray list;
    for (const auto &[name, values] : attributes) {
        QByteArray set;
        for (const QByteArray &value : values)
            set += ber::octets(value);
        list += ber::sequence({ber::octets(name), ber::element(0x31, set)});
    }
    return message(id, ber::sequence({ber::octets(dn), ber::element(0x30, list)}, 0x64));
}

QByteArray FakeLdapServer::reference(int id, const QList<QByteArray> &uris)
{
    QByteArray list;
    for (const QByteArray &uri : uris)
        list += ber::octets(uri);
    return message(id, ber::element(0x73, list));
}

QByteArray FakeLdapServer::done(int id, int code, const QByteArray &cookie, const QByteArray &says,
                                const QList<QByteArray> &referrals)
{
    QByteArray uris;
    for (const QByteArray &uri : referrals)
        uris += ber::octets(uri);
    QByteArray controls;
    if (!cookie.isNull()) {
        const QByteArray value = ber::sequence({ber::integer(0), ber::octets(cookie)});
        controls = ber::element(0xa0, ber::sequence({ber::octets(kPagedResults), ber::octets(value)}));
    }
    return message(id, result(0x65, code, says, uris.isEmpty() ? QByteArray() : ber::element(0xa3, uris)), controls);
}

QByteArray FakeLdapServer::bindResponse(int id, int code, const QByteArray &says)
{
    return message(id, result(0x61, code, says));
}

QByteArray FakeLdapServer::extendedResponse(int id, int code, const QByteArray &says)
{
    return message(id, result(0x78, code, says));
}

QByteArray FakeLdapServer::people(int id, int first, int count)
{
    QByteArray all;
    for (int i = first; i < first + count; ++i) {
        const QByteArray n = QByteArray::number(i);
        all += entry(id, "uid=" + n + ",ou=people,dc=example,dc=com",
                     {{"uid", {n}}, {"entryUUID", {"00000000-0000-4000-8000-" + n.rightJustified(12, '0')}}});
    }
    return all;
}

} // namespace gatehouse::test
