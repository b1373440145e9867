// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a rule does not find one person whom somebody has named: no such entry, an entry outside of the rule's places, or
// one that the rule's filter leaves out. Asks the directory once more, without the filter, in a thread of its own.
// Belongs to the run that asks.
#pragma once

#include "provision/directoryreader.h"
#include "provision/rulecontext.h"

#include <QObject>

namespace gatehouse::provision {

class Absence : public QObject {
    Q_OBJECT
public:
    /// @p key as it was given, @p sought as it was looked for in vain.
    Absence(const RuleContext &context, const QString &key, const SinglePerson &sought, QObject *parent = nullptr);

    void start() { m_reader.start(); }

signals:
    /// Code::NotFound with the nearest reason; another code when the directory could not be asked.
    void explained(const gatehouse::core::Error &error);

private:
    static ReadRequest widerRequest(const RuleContext &context, const SinglePerson &sought);
    core::Error reason() const;

    QString m_rule;
    QString m_key;
    Scope m_scope;
    QString m_base;
    bool m_byDn = false;
    QList<QByteArray> m_found; ///< DNs
    DirectoryReader m_reader;
};

} // namespace gatehouse::provision
