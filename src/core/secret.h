// SPDX-License-Identifier: GPL-3.0-or-later
//
// Octets that must never be shown: passwords and keys. The type has no conversion to text, no stream or debug
// operator and no comparison, and wipes its memory when it goes. `reveal()` is called at the one place that hands
// the octets to the protocol.
#pragma once

#include <QByteArray>

#include <string.h>

namespace gatehouse::core {

class Secret {
public:
    Secret() = default;
    explicit Secret(QByteArray octets) : m_octets(std::move(octets)) { m_octets.detach(); }
    Secret(const Secret &) = default;
    Secret(Secret &&) = default;
    Secret &operator=(const Secret &) = default;
    Secret &operator=(Secret &&) = default;
    ~Secret()
    {
        if (m_octets.isDetached() && !m_octets.isEmpty())
            explicit_bzero(m_octets.data(), size_t(m_octets.size()));
    }

    bool isEmpty() const { return m_octets.isEmpty(); }
    const QByteArray &reveal() const { return m_octets; }

private:
    QByteArray m_octets;
};

} // namespace gatehouse::core
