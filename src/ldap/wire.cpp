// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/wire_p.h"

#include "ldap/decode_p.h"
#include "ldap/faults_p.h"

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

int scopeOf(Scope scope)
{
    switch (scope) {
    case Scope::Base:
        return LDAP_SCOPE_BASE;
    case Scope::OneLevel:
        return LDAP_SCOPE_ONELEVEL;
    case Scope::Subtree:
        break;
    }
    return LDAP_SCOPE_SUBTREE;
}

Error notLdap(const Connection &connection)
{
    return Error{Code::Protocol, QStringLiteral("the server's answer cannot be read"), {}, connection.place,
                 LDAP_DECODING_ERROR};
}

QStringList textsOf(char **texts)
{
    QStringList list;
    for (char **text = texts; text != nullptr && *text != nullptr; ++text)
        list.append(QString::fromUtf8(*text));
    return list;
}

} // namespace

core::Result<int> sendSearch(Connection &connection, const SearchMessage &message)
{
    if (connection.ld == nullptr)
        return core::fail(Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place);
    std::vector<char *> attributes;
    for (const QByteArray &name : message.attributes)
        attributes.push_back(const_cast<char *>(name.constData()));
    QByteArray none = LDAP_NO_ATTRS;
    if (attributes.empty())
        attributes.push_back(none.data());
    attributes.push_back(nullptr);

    ControlHandle paging;
    std::vector<LDAPControl> others(size_t(message.controls.size()));
    std::vector<LDAPControl *> controls;
    for (size_t i = 0; i < others.size(); ++i) {
        const RequestControl &control = message.controls.at(qsizetype(i));
        others[i].ldctl_oid = const_cast<char *>(control.oid.constData());
        others[i].ldctl_iscritical = control.isCritical ? 1 : 0;
        if (control.value)
            others[i].ldctl_value = {ber_len_t(control.value->size()), const_cast<char *>(control.value->constData())};
        controls.push_back(&others[i]);
    }
    if (message.pageSize > 0) {
        berval cookie{ber_len_t(message.cookie.size()), const_cast<char *>(message.cookie.constData())};
        LDAPControl *control = nullptr;
        const int rc = ldap_create_page_control(connection.ld, message.pageSize, &cookie,
                                                message.pagingIsCritical ? 1 : 0, &control);
        if (rc != LDAP_SUCCESS)
            return core::fail(connection.faultOf(rc, QStringLiteral("the page could not be asked for")));
        paging.reset(control);
        controls.push_back(control);
    }
    controls.push_back(nullptr);
    int id = 0;
    const int rc = ldap_search_ext(connection.ld, message.base.constData(), scopeOf(message.scope),
                                   message.filter.constData(), attributes.data(), 0, controls.data(), nullptr, nullptr,
                                   LDAP_NO_LIMIT, &id);
    if (rc != LDAP_SUCCESS) {
        Error error = connection.faultOf(rc, QStringLiteral("the search failed"));
        if (rc == LDAP_FILTER_ERROR)
            error.detail = QStringLiteral("the filter is not valid: ") + QString::fromUtf8(message.filter);
        return core::fail(error);
    }
    return id;
}

core::Result<MessageHandle> nextMessage(Connection &connection, int id)
{
    if (connection.ld == nullptr)
        return core::fail(Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place);
    LDAPMessage *message = nullptr;
    const int type = ldap_result(connection.ld, id, LDAP_MSG_ONE, nullptr, &message);
    MessageHandle handle(message);
    if (type > 0 && message != nullptr) {
        connection.watchdog.progressed();
        return handle;
    }
    int rc = LDAP_SERVER_DOWN;
    ldap_get_option(connection.ld, LDAP_OPT_RESULT_CODE, &rc);
    if (rc == LDAP_SUCCESS)
        rc = LDAP_SERVER_DOWN;
    return core::fail(connection.faultOf(rc, QStringLiteral("reading failed")));
}

core::Result<SearchDone> parseDone(Connection &connection, LDAPMessage *message)
{
    SearchDone done;
    char *matched = nullptr;
    char *says = nullptr;
    char **referrals = nullptr;
    LDAPControl **controls = nullptr;
    const int rc = ldap_parse_result(connection.ld, message, &done.rc, &matched, &says, &referrals, &controls, 0);
    const TextHandle matchedOwner(matched);
    const TextHandle saysOwner(says);
    const TextsHandle referralsOwner(referrals);
    const ControlsHandle controlsOwner(controls);
    if (rc != LDAP_SUCCESS)
        return core::fail(notLdap(connection));
    done.matchedDn = QString::fromUtf8(matched);
    done.says = QString::fromUtf8(says);
    done.referrals = textsOf(referrals);
    if (LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nullptr)) {
        ber_int_t estimate = 0;
        berval cookie{0, nullptr};
        if (ldap_parse_pageresponse_control(connection.ld, control, &estimate, &cookie) != LDAP_SUCCESS)
            return core::fail(notLdap(connection));
        const TextHandle owner(cookie.bv_val);
        done.cookie = viewOf(cookie).toByteArray();
    }
    return done;
}

QStringList referenceUris(Connection &connection, LDAPMessage *message)
{
    char **uris = nullptr;
    ldap_parse_reference(connection.ld, message, &uris, nullptr, 0);
    const TextsHandle owner(uris);
    return textsOf(uris);
}

core::Result<RawEntry> rawEntry(Connection &connection, LDAPMessage *message)
{
    BerElement *element = nullptr;
    berval dn{0, nullptr};
    const int rc = ldap_get_dn_ber(connection.ld, message, &element, &dn);
    const ElementHandle owner(element);
    if (rc != LDAP_SUCCESS || element == nullptr)
        return core::fail(notLdap(connection));
    RawEntry entry{viewOf(dn), {}};
    ber_len_t remaining = 0;
    ber_get_option(element, LBER_OPT_BER_REMAINING_BYTES, &remaining);
    if (remaining == 0)
        return entry;
    // The first attribute's octets begin where the list begins; the list's length is what remains.
    berval first{0, nullptr};
    if (ber_skip_raw(element, &first) == LBER_DEFAULT || first.bv_val == nullptr || first.bv_len > remaining)
        return core::fail(notLdap(connection));
    entry.attributes = QByteArrayView(first.bv_val, qsizetype(remaining));
    return entry;
}

Error resultError(const Connection &connection, const SearchDone &done, const QString &what)
{
    Error error = connection.faultOf(done.rc, what, done.says);
    if (done.rc == LDAP_NO_SUCH_OBJECT && !done.matchedDn.isEmpty())
        error.detail += QStringLiteral("; the nearest entry that exists is %1").arg(done.matchedDn);
    if (done.rc == LDAP_REFERRAL)
        error.detail = QStringLiteral("the entries are with another server: ") + done.referrals.join(QStringLiteral(", "));
    return error;
}

core::Result<core::Entry> readEntry(Connection &connection, const QByteArray &dn, const QList<QByteArray> &attributes,
                                    const QByteArray &filter, const Deadlines &deadlines)
{
    std::optional<core::Entry> entry;
    {
        const Watchdog::Wait wait(connection.watchdog, deadlines.silence, deadlines.whole);
        const auto id = sendSearch(connection, {dn, Scope::Base, filter, attributes, 0, {}, false});
        if (!id)
            return core::fail(id.error());
        for (bool done = false; !done;) {
            auto message = nextMessage(connection, *id);
            if (!message)
                return core::fail(message.error());
            if (ldap_msgtype(message->get()) == LDAP_RES_SEARCH_ENTRY) {
                const auto raw = rawEntry(connection, message->get());
                if (!raw)
                    return core::fail(raw.error());
                entry = decodeEntry(raw->dn, raw->attributes);
                if (!entry)
                    return core::fail(notLdap(connection));
            } else if (ldap_msgtype(message->get()) == LDAP_RES_SEARCH_RESULT) {
                const auto result = parseDone(connection, message->get());
                if (!result)
                    return core::fail(result.error());
                if (result->rc != LDAP_SUCCESS)
                    return core::fail(resultError(connection, *result, QStringLiteral("reading %1 failed").arg(QString::fromUtf8(dn))));
                done = true;
            }
        }
    }
    if (!entry)
        return core::fail(Code::NotFound, QStringLiteral("no such entry"), {}, QString::fromUtf8(dn));
    for (core::Attribute &attribute : entry->attributes) {
        const Description description = Description::parse(attribute.name);
        if (!description.hasRange)
            continue;
        const QByteArray name = description.name.toByteArray();
        const qint64 next = description.to + 1;
        attribute.name = name;
        if (description.to < 0)
            continue;
        auto rest = readRange(connection, dn, name, next, deadlines);
        if (!rest)
            return core::fail(rest.error());
        attribute.values += *rest;
    }
    // Active Directory sends the bare name, without values, beside the range.
    QList<QByteArray> filled;
    for (const core::Attribute &attribute : entry->attributes) {
        if (!attribute.values.isEmpty())
            filled.append(attribute.name.toLower());
    }
    entry->attributes.removeIf([&filled](const core::Attribute &attribute) {
        return attribute.values.isEmpty() && filled.contains(attribute.name.toLower());
    });
    return std::move(*entry);
}

core::Result<QList<QByteArray>> readRange(Connection &connection, const QByteArray &dn, const QByteArray &attribute,
                                          qint64 next, const Deadlines &deadlines)
{
    QList<QByteArray> values;
    const auto broken = [&](const QString &detail) {
        return core::fail(Error{Code::Protocol,
                                QStringLiteral("the values of %1 came incomplete").arg(QString::fromUtf8(attribute)),
                                detail, QString::fromUtf8(dn)});
    };
    const auto end = Watchdog::Clock::now() + deadlines.whole; // of all parts together
    while (true) {
        const QByteArray wanted = attribute + ";range=" + QByteArray::number(next) + "-*";
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Watchdog::Clock::now());
        const Watchdog::Wait wait(connection.watchdog, deadlines.silence, std::max(left, std::chrono::milliseconds(0)));
        const auto id = sendSearch(connection, {dn, Scope::Base, "(objectClass=*)", {wanted}, 0, {}, false});
        if (!id)
            return core::fail(id.error());
        std::optional<Description> range;
        for (bool done = false; !done;) {
            auto message = nextMessage(connection, *id);
            if (!message)
                return core::fail(message.error());
            if (ldap_msgtype(message->get()) == LDAP_RES_SEARCH_ENTRY) {
                const auto raw = rawEntry(connection, message->get());
                if (!raw)
                    return core::fail(raw.error());
                const auto entry = decodeEntry(raw->dn, raw->attributes);
                if (!entry)
                    return core::fail(notLdap(connection));
                for (const core::Attribute &part : entry->attributes) {
                    const Description description = Description::parse(part.name);
                    if (!description.hasRange
                        || description.name.compare(attribute, Qt::CaseInsensitive) != 0)
                        continue;
                    // No step forward would be an endless loop.
                    if (description.from != next || (description.to >= 0 && description.to < next))
                        return broken(QStringLiteral("asked from %1, got %2").arg(next).arg(QString::fromUtf8(part.name)));
                    range = description;
                    values += part.values;
                }
            } else if (ldap_msgtype(message->get()) == LDAP_RES_SEARCH_RESULT) {
                const auto result = parseDone(connection, message->get());
                if (!result)
                    return core::fail(result.error());
                if (result->rc != LDAP_SUCCESS)
                    return core::fail(connection.faultOf(result->rc, QStringLiteral("reading more values failed"), result->says));
                done = true;
            }
        }
        if (!range)
            return broken(QStringLiteral("no values from %1 on").arg(next));
        if (range->to < 0)
            return values;
        next = range->to + 1;
    }
}

} // namespace gatehouse::ldap
