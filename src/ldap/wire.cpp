// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/wire_p.h"

#include "ldap/faults_p.h"

#include <vector>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

Error notLdap(const QString &place)
{
    return Error{Code::Protocol, QStringLiteral("the server's answer cannot be read"), {}, place, LDAP_DECODING_ERROR};
}

berval bervalOf(const QByteArray &octets)
{
    return {ber_len_t(octets.size()), const_cast<char *>(octets.constData())};
}

QStringList textsOf(char **texts)
{
    QStringList list;
    for (char **text = texts; text != nullptr && *text != nullptr; ++text)
        list.append(QString::fromUtf8(*text));
    return list;
}

/// The controls of a request, as libldap wants them. Views into the operation.
class Controls {
public:
    explicit Controls(const QList<RequestControl> &controls) : m_controls(size_t(controls.size()))
    {
        for (size_t i = 0; i < m_controls.size(); ++i) {
            const RequestControl &control = controls.at(qsizetype(i));
            m_controls[i].ldctl_oid = const_cast<char *>(control.oid.constData());
            m_controls[i].ldctl_iscritical = control.isCritical ? 1 : 0;
            if (control.value)
                m_controls[i].ldctl_value = bervalOf(*control.value);
            m_pointers.push_back(&m_controls[i]);
        }
        m_pointers.push_back(nullptr);
    }
    LDAPControl **data() { return m_pointers.data(); }

private:
    std::vector<LDAPControl> m_controls;
    std::vector<LDAPControl *> m_pointers;
};

/// A list of values, ended by nullptr; nothing at all where there are none.
class Values {
public:
    explicit Values(const QList<QByteArray> &values)
    {
        m_values.reserve(size_t(values.size()));
        for (const QByteArray &value : values) {
            m_values.push_back(bervalOf(value));
            m_pointers.push_back(&m_values.back());
        }
        m_pointers.push_back(nullptr);
    }
    berval **data() { return m_values.empty() ? nullptr : m_pointers.data(); }

private:
    std::vector<berval> m_values;
    std::vector<berval *> m_pointers;
};

/// The attributes of an add, or the changes of a modify.
class Changes {
public:
    void add(int operation, const QByteArray &attribute, const QList<QByteArray> &values)
    {
        m_values.push_back(std::make_unique<Values>(values));
        auto change = std::make_unique<LDAPMod>();
        change->mod_op = operation | LDAP_MOD_BVALUES;
        change->mod_type = const_cast<char *>(attribute.constData());
        change->mod_bvalues = m_values.back()->data();
        m_changes.push_back(std::move(change));
    }
    LDAPMod **data()
    {
        m_pointers.clear();
        for (const auto &change : m_changes)
            m_pointers.push_back(change.get());
        m_pointers.push_back(nullptr);
        return m_pointers.data();
    }

private:
    std::vector<std::unique_ptr<Values>> m_values;
    std::vector<std::unique_ptr<LDAPMod>> m_changes;
    std::vector<LDAPMod *> m_pointers;
};

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

int modificationOf(Modification::Kind kind)
{
    switch (kind) {
    case Modification::Kind::Add:
        return LDAP_MOD_ADD;
    case Modification::Kind::Delete:
        return LDAP_MOD_DELETE;
    case Modification::Kind::Increment:
        return LDAP_MOD_INCREMENT;
    case Modification::Kind::Replace:
        break;
    }
    return LDAP_MOD_REPLACE;
}

/// Sends one kind of request each; libldap's result code.
struct Sending {
    LDAP *ld;
    LDAPControl **controls;
    int id = 0;

    int operator()(const SearchOperation &search)
    {
        // libldap sends the dereferencing that its handle has.
        const int dereference = search.dereference == Dereference::Always        ? LDAP_DEREF_ALWAYS
                                : search.dereference == Dereference::FindingBase ? LDAP_DEREF_FINDING
                                : search.dereference == Dereference::InSearching ? LDAP_DEREF_SEARCHING
                                                                                 : LDAP_DEREF_NEVER;
        ldap_set_option(ld, LDAP_OPT_DEREF, &dereference);
        std::vector<char *> attributes;
        for (const QByteArray &name : search.attributes)
            attributes.push_back(const_cast<char *>(name.constData()));
        QByteArray none = LDAP_NO_ATTRS;
        if (attributes.empty())
            attributes.push_back(none.data());
        attributes.push_back(nullptr);
        timeval time{search.timeLimit, 0};
        return ldap_search_ext(ld, search.base.constData(), scopeOf(search.scope), search.filter.constData(),
                               attributes.data(), search.typesOnly ? 1 : 0, controls, nullptr,
                               search.timeLimit > 0 ? &time : nullptr,
                               search.sizeLimit > 0 ? search.sizeLimit : LDAP_NO_LIMIT, &id);
    }
    int operator()(const AddOperation &add)
    {
        Changes changes;
        for (const core::Attribute &attribute : add.attributes)
            changes.add(LDAP_MOD_ADD, attribute.name, attribute.values);
        return ldap_add_ext(ld, add.dn.constData(), changes.data(), controls, nullptr, &id);
    }
    int operator()(const ModifyOperation &modify)
    {
        Changes changes;
        for (const Modification &one : modify.modifications)
            changes.add(modificationOf(one.kind), one.attribute, one.values);
        return ldap_modify_ext(ld, modify.dn.constData(), changes.data(), controls, nullptr, &id);
    }
    int operator()(const DeleteOperation &deletion)
    {
        return ldap_delete_ext(ld, deletion.dn.constData(), controls, nullptr, &id);
    }
    int operator()(const ModifyDnOperation &modify)
    {
        return ldap_rename(ld, modify.dn.constData(), modify.newRdn.constData(),
                           modify.newSuperior ? modify.newSuperior->constData() : nullptr, modify.deleteOldRdn ? 1 : 0,
                           controls, nullptr, &id);
    }
    int operator()(const CompareOperation &compare)
    {
        berval value = bervalOf(compare.value);
        return ldap_compare_ext(ld, compare.dn.constData(), compare.attribute.constData(), &value, controls, nullptr,
                                &id);
    }
    int operator()(const ExtendedOperation &extended)
    {
        berval value = extended.value ? bervalOf(*extended.value) : berval{0, nullptr};
        return ldap_extended_operation(ld, extended.oid.constData(), extended.value ? &value : nullptr, controls,
                                       nullptr, &id);
    }
};

/// libldap takes names as C strings: what follows a NUL would be lost, and another entry be meant.
struct HasNul {
    static bool in(const QByteArray &text) { return text.contains('\0'); }
    static bool in(const QList<QByteArray> &names)
    {
        return std::any_of(names.begin(), names.end(), [](const QByteArray &name) { return in(name); });
    }
    bool operator()(const SearchOperation &search) const
    {
        return in(search.base) || in(search.filter) || in(search.attributes);
    }
    bool operator()(const AddOperation &add) const
    {
        return in(add.dn) ||
               std::any_of(add.attributes.begin(), add.attributes.end(), [](const auto &one) { return in(one.name); });
    }
    bool operator()(const ModifyOperation &modify) const
    {
        return in(modify.dn) || std::any_of(modify.modifications.begin(), modify.modifications.end(),
                                            [](const auto &one) { return in(one.attribute); });
    }
    bool operator()(const DeleteOperation &deletion) const { return in(deletion.dn); }
    bool operator()(const ModifyDnOperation &modify) const
    {
        return in(modify.dn) || in(modify.newRdn) || (modify.newSuperior && in(*modify.newSuperior));
    }
    bool operator()(const CompareOperation &compare) const { return in(compare.dn) || in(compare.attribute); }
    bool operator()(const ExtendedOperation &extended) const { return in(extended.oid); }
};

QList<ResponseControl> controlsOf(LDAPControl **controls)
{
    QList<ResponseControl> list;
    for (LDAPControl **one = controls; one != nullptr && *one != nullptr; ++one) {
        ResponseControl control{QByteArray((*one)->ldctl_oid), {}};
        if ((*one)->ldctl_value.bv_val != nullptr)
            control.value = viewOf((*one)->ldctl_value).toByteArray();
        list.append(std::move(control));
    }
    return list;
}

} // namespace

core::Result<int> send(Connection &connection, const Operation &operation)
{
    if (connection.ld == nullptr)
        return core::fail(Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place);
    const auto *search = std::get_if<SearchOperation>(&operation.request);
    const QString what = search ? QStringLiteral("the search failed") : QStringLiteral("the request was not sent");
    if (std::visit(HasNul(), operation.request))
        return core::fail(Code::InvalidInput, what, QStringLiteral("a name in it has an octet of zero"),
                          connection.place);
    Controls controls(operation.controls);
    Sending sending{connection.ld, controls.data()};
    const int rc = std::visit(sending, operation.request);
    if (rc == LDAP_SUCCESS)
        return sending.id;
    Error error = connection.faultOf(rc, what, {});
    if (search && rc == LDAP_FILTER_ERROR)
        error.detail = QStringLiteral("the filter is not valid: ") + QString::fromUtf8(search->filter);
    return core::fail(error);
}

core::Result<ReceivedEntry> entryOf(Connection &connection, LDAPMessage *message, bool withControls)
{
    BerElement *element = nullptr;
    berval dn{0, nullptr};
    const int rc = ldap_get_dn_ber(connection.ld, message, &element, &dn);
    const ElementHandle owner(element);
    if (rc != LDAP_SUCCESS || element == nullptr)
        return core::fail(notLdap(connection.place));
    ReceivedEntry entry{viewOf(dn), {}};
    ber_len_t remaining = 0;
    ber_get_option(element, LBER_OPT_BER_REMAINING_BYTES, &remaining);
    if (remaining > 0) {
        // The first attribute's octets begin where the list begins; the list's length is what remains.
        berval first{0, nullptr};
        if (ber_skip_raw(element, &first) == LBER_DEFAULT || first.bv_val == nullptr || first.bv_len > remaining)
            return core::fail(notLdap(connection.place));
        entry.attributes = QByteArrayView(first.bv_val, qsizetype(remaining));
    }
    LDAPControl **controls = nullptr;
    if (withControls && ldap_get_entry_controls(connection.ld, message, &controls) == LDAP_SUCCESS) {
        const ControlsHandle controlsOwner(controls);
        entry.controls = controlsOf(controls);
    }
    return entry;
}

ReceivedReference referenceOf(Connection &connection, LDAPMessage *message)
{
    char **uris = nullptr;
    LDAPControl **controls = nullptr;
    ldap_parse_reference(connection.ld, message, &uris, &controls, 0);
    const TextsHandle owner(uris);
    const ControlsHandle controlsOwner(controls);
    return {textsOf(uris), controlsOf(controls)};
}

core::Result<Intermediate> intermediateOf(Connection &connection, LDAPMessage *message)
{
    char *oid = nullptr;
    berval *value = nullptr;
    LDAPControl **controls = nullptr;
    const int rc = ldap_parse_intermediate(connection.ld, message, &oid, &value, &controls, 0);
    const TextHandle owner(oid);
    const ControlsHandle controlsOwner(controls);
    Intermediate intermediate{QByteArray(oid), {}, controlsOf(controls)};
    if (value != nullptr) {
        intermediate.value = viewOf(*value).toByteArray();
        ber_bvfree(value);
    }
    if (rc != LDAP_SUCCESS)
        return core::fail(notLdap(connection.place));
    return intermediate;
}

core::Result<Answer> answerOf(Connection &connection, LDAPMessage *message)
{
    Answer answer;
    char *matched = nullptr;
    char *says = nullptr;
    char **referrals = nullptr;
    LDAPControl **controls = nullptr;
    const int rc = ldap_parse_result(connection.ld, message, &answer.rc, &matched, &says, &referrals, &controls, 0);
    const TextHandle matchedOwner(matched);
    const TextHandle saysOwner(says);
    const TextsHandle referralsOwner(referrals);
    const ControlsHandle controlsOwner(controls);
    if (rc != LDAP_SUCCESS)
        return core::fail(notLdap(connection.place));
    answer.matchedDn = QString::fromUtf8(matched);
    answer.says = QString::fromUtf8(says);
    answer.referrals = textsOf(referrals);
    answer.controls = controlsOf(controls);
    if (ldap_msgtype(message) != LDAP_RES_EXTENDED)
        return answer;
    char *oid = nullptr;
    berval *value = nullptr;
    const int parsed = ldap_parse_extended_result(connection.ld, message, &oid, &value, 0);
    const TextHandle oidOwner(oid);
    answer.oid = QByteArray(oid);
    if (value != nullptr) {
        answer.value = viewOf(*value).toByteArray();
        ber_bvfree(value);
    }
    if (parsed != LDAP_SUCCESS)
        return core::fail(notLdap(connection.place));
    return answer;
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

RequestControl pagingControl(int size, const QByteArray &cookie, bool isCritical)
{
    RequestControl control{LDAP_CONTROL_PAGEDRESULTS, isCritical, QByteArray()};
    BerElement *element = ber_alloc_t(LBER_USE_DER);
    berval value{0, nullptr};
    berval position = bervalOf(cookie);
    if (element != nullptr && ber_printf(element, "{iO}", size, &position) >= 0 &&
        ber_flatten2(element, &value, 0) == 0)
        control.value = viewOf(value).toByteArray();
    if (element != nullptr)
        ber_free(element, 1);
    return control;
}

core::Result<std::optional<QByteArray>> cookieOf(const Answer &answer)
{
    const ResponseControl *control = controlOf(answer.controls, LDAP_CONTROL_PAGEDRESULTS);
    if (control == nullptr)
        return std::nullopt;
    const QByteArray octets = control->value.value_or(QByteArray());
    berval value = bervalOf(octets);
    BerElement *element = ber_init(&value);
    ber_int_t estimate = 0;
    berval cookie{0, nullptr};
    const bool isGood = element != nullptr && ber_scanf(element, "{im}", &estimate, &cookie) != LBER_ERROR;
    std::optional<QByteArray> found;
    if (isGood)
        found = viewOf(cookie).toByteArray();
    if (element != nullptr)
        ber_free(element, 1);
    if (!isGood)
        return core::fail(notLdap({}));
    return found;
}

} // namespace gatehouse::ldap
