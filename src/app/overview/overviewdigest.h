// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the overview shows beside the run history: how many users and groups there are, counted in the reader thread
// and counted again when they change, and what somebody should look at. GUI thread.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "app/roles.h"
#include "core/error.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace gatehouse::app {

class Console;
class RunHistory;

class OverviewDigest : public QObject {
    Q_OBJECT
public:
    struct Totals {
        qint64 users = 0;
        qint64 enabled = 0;
        qint64 groups = 0;
        qint64 foreignGroups = 0; ///< of these, from a gateway or an identity provider
    };
    /// One thing to look at, and where it is.
    struct Attention {
        Tone tone = Tone::Warning;
        QString text;
        QString page;  ///< key of the page that shows it
        QString thing; ///< what to open there
        QString link;  ///< words of the link that opens it
    };
    /// How far a first-time reader has come: gateway, connection, rule, a run.
    struct FirstSteps {
        bool gateway = false;
        bool connection = false;
        bool rule = false;
        bool run = false;
        bool areDone() const { return gateway && connection && rule && run; }
    };

    OverviewDigest(Console &console, const RunHistory &history, QObject *parent = nullptr);

    void refresh();
    const std::optional<Totals> &totals() const { return m_totals; }
    const std::optional<core::Error> &error() const { return m_error; }
    /// The worst first.
    QList<Attention> attention(const GatewayHealth &health) const;
    FirstSteps firstSteps() const;

signals:
    void changed();

private:
    Console &m_console;
    const RunHistory &m_history;
    std::optional<Totals> m_totals;
    std::optional<core::Error> m_error;
    quint64 m_request = 0;
    QTimer m_again; ///< a run changes users many times; they are counted once it is quiet
};

} // namespace gatehouse::app
