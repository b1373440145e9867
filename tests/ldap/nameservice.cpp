// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ldap/nameservice.h"

#include <QByteArray>

#include <chrono>
#include <dlfcn.h>
#include <netdb.h>
#include <thread>

using namespace gatehouse::test;

extern "C" int getaddrinfo(const char *node, const char *service, const addrinfo *hints, addrinfo **result)
{
    using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (node != nullptr && qstrcmp(node, kSilentName) == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kSilentNameMilliseconds));
        return EAI_AGAIN;
    }
    const QByteArray name = QByteArray(node).toLower();
    if (name.endsWith("example.test") || name.endsWith("example.test."))
        node = "127.0.0.1";
    return real(node, service, hints, result);
}
