// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan step as octets: length-prefixed fields, texts as UTF-8, attribute names by number in a table that grows as
// names are met. Private to the plan spool; the form lives no longer than the process.
#pragma once

#include "core/plan.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QStringList>

namespace gatehouse::provision {

class StepRecords {
public:
    void encode(const core::PlanStep &step, QByteArray &out);
    core::PlanStep decode(QByteArrayView record) const;

private:
    quint32 numberOf(const QString &name);
    QStringList m_names;
    QHash<QString, quint32> m_numbers;
};

} // namespace gatehouse::provision
