// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

} // namespace

Listener::~Listener()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

bool Listener::listen(int backlog)
{
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0
        || ::listen(m_socket, backlog) != 0
        || ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return false;
    m_port = ntohs(address.sin_port);
    return true;
}

int Listener::accept(int milliseconds) const
{
    pollfd wait{m_socket, POLLIN, 0};
    if (::poll(&wait, 1, milliseconds) <= 0)
        return -1;
    return ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
}

int connectLoopback(quint16 port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

bool sendAll(int socket, const char *octets, size_t length)
{
    while (length > 0) {
        const ssize_t sent = ::send(socket, octets, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        octets += sent;
        length -= size_t(sent);
    }
    return true;
}

bool receiveAll(int socket, char *octets, size_t length)
{
    while (length > 0) {
        const ssize_t got = ::recv(socket, octets, length, 0);
        if (got <= 0)
            return false;
        octets += got;
        length -= size_t(got);
    }
    return true;
}

} // namespace gatehouse::test
