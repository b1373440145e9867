// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

namespace gatehouse::cli {

Exit exitFor(const core::Error &error)
{
    switch (error.code) {
    case core::Code::InvalidInput:
    case core::Code::Syntax:
    case core::Code::NotFound:
    case core::Code::Exists:
    case core::Code::Conflict:
    case core::Code::Unsupported:
    case core::Code::Corrupt:
        return Exit::Usage;
    case core::Code::Denied:
        // Without a result code it was not a server that refused, but a secret that others may read.
        return error.native == 0 ? Exit::Usage : Exit::Directory;
    case core::Code::Unreachable:
    case core::Code::Untrusted:
    case core::Code::Unauthenticated:
    case core::Code::Timeout:
    case core::Code::LimitExceeded:
    case core::Code::Busy:
    case core::Code::Protocol:
        return Exit::Directory;
    case core::Code::Guard:
        return Exit::Guard;
    case core::Code::Locked:
        return Exit::Locked;
    case core::Code::Cancelled:
    case core::Code::Internal:
        return Exit::Internal;
    }
    return Exit::Internal;
}

void Command::fail(const core::Error &error)
{
    terminal().printError(error);
    finish(exitFor(error));
}

store::Environment *Command::environment(store::Environment::Access access)
{
    if (!m_environment) {
        auto opened = store::Environment::open(m_invocation.environmentPath, access);
        if (!opened) {
            fail(opened.error());
            return nullptr;
        }
        m_environment = *std::move(opened);
    }
    return m_environment.get();
}

} // namespace gatehouse::cli
