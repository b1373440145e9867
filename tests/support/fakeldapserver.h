// SPDX-License-Identifier: GPL-3.0-or-later
//
// An LDAP server that says whatever a test wants: limits at page N, cookies that repeat, pages that never end,
// attributes in ranges, garbage. Binds succeed and the rootDSE announces paging unless the script says otherwise.
// The script runs in the server's threads, one request at a time.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <functional>
#include <memory>

namespace gatehouse::test {

/// BER pieces (X.690) and LDAP messages (RFC 4511) made of them.
namespace ber {
QByteArray element(uchar tag, const QByteArray &content);
QByteArray octets(const QByteArray &value);
QByteArray integer(qint64 value, uchar tag = 0x02);
QByteArray sequence(const QList<QByteArray> &parts, uchar tag = 0x30);
} // namespace ber

class FakeLdapServer {
public:
    enum class Operation { Bind, Search, Extended, Abandon, Other };
    struct Request {
        int id = 0;
        Operation operation = Operation::Other;
        int number = 0;        ///< of this operation on this connection, from 1
        QByteArray name;       ///< bind DN, search base, extended request's OID
        QByteArray password;   ///< of a simple bind
        int scope = 0;
        QList<QByteArray> attributes;
        bool isPaged = false;
        bool pagingIsCritical = false;
        int pageSize = 0;
        QByteArray cookie;
    };
    struct Reply {
        QByteArray octets;
        bool hangsUp = false; ///< ends the connection after the octets
    };
    using Script = std::function<Reply(const Request &)>;
    using Values = QList<std::pair<QByteArray, QList<QByteArray>>>;

    explicit FakeLdapServer(Script script);
    ~FakeLdapServer();
    FakeLdapServer(const FakeLdapServer &) = delete;
    FakeLdapServer &operator=(const FakeLdapServer &) = delete;

    quint16 port() const;
    QString hostAndPort() const;
    QList<Request> requests() const; ///< all so far, in order
    int count(Operation operation) const;

    // For scripts.
    /// What the server does of itself: good binds, a rootDSE, an empty result for any other search.
    static Reply usual(const Request &request);
    static QByteArray entry(int id, const QByteArray &dn, const Values &attributes);
    static QByteArray reference(int id, const QList<QByteArray> &uris);
    /// SearchResultDone; a null @p cookie leaves the paging control out.
    static QByteArray done(int id, int code = 0, const QByteArray &cookie = {}, const QByteArray &says = {},
                           const QList<QByteArray> &referrals = {});
    static QByteArray bindResponse(int id, int code, const QByteArray &says = {});
    static QByteArray extendedResponse(int id, int code, const QByteArray &says = {});
    /// Entries uid=FIRST… to uid=FIRST+COUNT-1 below ou=people,dc=example,dc=com with uid and entryUUID.
    static QByteArray people(int id, int first, int count);

private:
    struct State;
    std::unique_ptr<State> d;
};

} // namespace gatehouse::test
