// SPDX-License-Identifier: GPL-3.0-or-later
//
// Octets that must never be shown: passwords and keys. The type has no conversion to text, no stream or debug
// operator and no comparison, and wipes its memory when it goes. `reveal()` is called at the one place that hands
// the octets to the protocol.
#pragma once

#include <QByteArray>

#include <utility>

#include <string.h>

namespace gatehouse::core {

class Secret {
public:
    Secret() = default;
    explicit Secret(QByteArray octets) : m_octets(std::move(octets)) { m_octets.detach(); }
    Secret(const Secret &) = default;
    Secret(Secret &&) = default;
    Secret &operator=(const Secret &other)
    {
        if (this != &other) {
            wipe();
            m_octets = other.m_octets;
        }
        return *this;
    }
    Secret &operator=(Secret &&other) noexcept
    {
        if (this != &other) {
            wipe();
            m_octets = std::exchange(other.m_octets, QByteArray());
        }
        return *this;
    }
    ~Secret() { wipe(); }

    bool isEmpty() const { return m_octets.isEmpty(); }
    const QByteArray &reveal() const { return m_octets; }

private:
    /// The last one that holds the octets wipes them.
    void wipe()
    {
        if (m_octets.isDetached() && !m_octets.isEmpty())
            explicit_bzero(m_octets.data(), size_t(m_octets.size()));
    }
    QByteArray m_octets;
};

} // namespace gatehouse::core
