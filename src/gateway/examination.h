// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stages of the connection test that look at how a directory answers, once it can be read: whether its people are
// all seen whatever the page size, whether large groups come whole, whether what was deleted can be noticed, whether
// the account may write. Nothing is ever written. Belongs to one server's test, in its thread; blocks.
#pragma once

#include "gateway/test.h"

#include <QByteArray>

namespace gatehouse::gateway {

class Examination {
public:
    /// @p bases: none lies within another. All outlive it. @p isGiven: rules or user types read them, else the test
    /// has chosen them.
    Examination(ldap::Session &session, const core::Gateway &gateway, const ldap::ServerInfo &server,
                const QStringList &bases, bool isGiven);

    /// Reads the people in pages and keeps one of them for writes().
    StageResult people();
    /// Reads them again in pages of another size: both must see the same.
    StageResult count();
    /// Active Directory sends at most 1500 members at once (MS-ADTS 3.1.1.3.1.3.3).
    StageResult largeGroups();
    /// Deleted objects in Active Directory, the change log elsewhere.
    StageResult changes();
    StageResult writing();

private:
    /// What one reading of everybody saw, up to kTestEntries.
    struct Reading {
        ldap::SearchEnd end;
        qsizetype longestPage = 0;
        qsizetype shortestFullPage = 0; ///< of those that another page followed; 0: there was only one
        qint64 withoutId = 0;
    };
    [[nodiscard]] core::Result<Reading> readPeople(int pageSize);
    /// Where the bases refer to other servers, however many people there are before.
    [[nodiscard]] core::Result<ldap::SearchEnd> readReferences();
    StageResult judgePages(const Reading &reading, const QString &text) const;
    StageResult deletedObjects();
    StageResult changeLog();
    bool knows(const char *control) const;
    /// Whether the account may change the attribute of the person, by the means that the server has.
    [[nodiscard]] core::Result<bool> mayWrite(const QByteArray &person, const QByteArray &attribute);
    [[nodiscard]] core::Result<bool> mayWriteByAllowedAttributes(const QByteArray &person, const QByteArray &attribute);
    [[nodiscard]] core::Result<bool> mayWriteByEffectiveRights(const QByteArray &person, const QByteArray &attribute);

    ldap::Session &m_session;
    const core::Gateway &m_gateway;
    const ldap::ServerInfo &m_server;
    const QStringList &m_bases;
    const bool m_isGiven;
    qint64 m_people = -1;
    int m_pageSize = 0; ///< by which people() read them; 0: without pages
    bool m_sawEverybody = false;
    QByteArray m_person; ///< DN of somebody; empty: nobody was seen
};

} // namespace gatehouse::gateway
