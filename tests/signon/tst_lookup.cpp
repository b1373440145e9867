// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-on sends and understands, without a server: filters, values of link attributes, states of accounts.
#include "core/config/usertype.h"
#include "ldap/accountstate.h"
#include "ldap/linkvalue.h"
#include "signon/lookup.h"
#include "tests/core/generators.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using core::Filter;
using ldap::AccountState;

namespace {

/// A filter's structure: everything but what assertion values hold.
QByteArray shapeOf(const Filter &filter)
{
    QByteArray shape = QByteArray::number(int(filter.kind())) + filter.attribute() + ':' + filter.matchingRule()
                       + QByteArray::number(filter.anyParts().size()) + '(';
    for (const Filter &child : filter.children())
        shape += shapeOf(child);
    return shape + ')';
}

} // namespace

class LookupTest : public QObject {
    Q_OBJECT

private slots:
    void whateverIsTypedTheFilterKeepsItsShape();
    void linkValuesGoThereAndBack_data();
    void linkValuesGoThereAndBack();
    void answersAreUnderstood_data();
    void answersAreUnderstood();
    void entriesForetell_data();
    void entriesForetell();
};

void LookupTest::whateverIsTypedTheFilterKeepsItsShape()
{
    test::checkProperties(2000);
    const std::vector<QString> patterns{
        QStringLiteral("(uid=${identifier})"),
        QStringLiteral("(|(sAMAccountName=${identifier})(userPrincipalName=${identifier}))"),
        QStringLiteral("(&(objectClass=person)(|(mail=${identifier}*)(cn=*${identifier}*)(!(employeeNumber>=${identifier}))))"),
        QStringLiteral("(|(cn:caseExactMatch:=${identifier})(mail~=x${identifier}y)(sn=a*${identifier}*${identifier}))")};
    QVERIFY(rc::check("whatever is typed, the filter keeps its shape and finds that text", [&] {
        core::NewUserLookup lookup;
        lookup.ldapFilterPattern = *rc::gen::elementOf(patterns);
        const QString typed = QString::fromUtf8(*test::nonEmptyOctets());
        const auto filter = signon::newUserFilter(lookup, typed);
        RC_ASSERT(filter.has_value());
        const auto sent = Filter::parse(QByteArrayView(filter->toUtf8()));
        RC_ASSERT(sent.has_value());
        RC_ASSERT(shapeOf(*sent) == shapeOf(*Filter::parse(lookup.ldapFilterPattern)));
        RC_ASSERT(*sent == *filter);
    }));
    QVERIFY(rc::check("link values of random octets never become structure", [] {
        const QByteArray octets = *test::nonEmptyOctets();
        const auto sent = Filter::parse(QByteArrayView(Filter::equality("objectSid", octets).toUtf8()));
        RC_ASSERT(sent.has_value());
        RC_ASSERT(sent->value() == octets);
    }));
}

void LookupTest::linkValuesGoThereAndBack_data()
{
    QTest::addColumn<QByteArray>("attribute");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QString>("text");
    QTest::newRow("guid") << QByteArray("objectGUID") << QByteArray::fromHex("f3ca38c36469 8b4d b226 838a4b235cfe") << QStringLiteral("c338caf3-6964-4d8b-b226-838a4b235cfe");
    QTest::newRow("sid") << QByteArray("objectsid") << QByteArray::fromHex("010500000000000515000000f592812b5a6a44b8ba1d58b05a040000")
                         << QStringLiteral("S-1-5-21-729912053-3091491418-2958564794-1114");
    QTest::newRow("text") << QByteArray("sAMAccountName") << QByteArray("Zoë") << QStringLiteral("Zoë");
    QTest::newRow("binary") << QByteArray("userCertificate;binary") << QByteArray("\x30\x00\xff", 3) << QStringLiteral("MAD/");
}

void LookupTest::linkValuesGoThereAndBack()
{
    QFETCH(QByteArray, attribute);
    QFETCH(QByteArray, octets);
    QFETCH(QString, text);
    QCOMPARE(ldap::linkText(attribute, octets), text);
    const auto back = ldap::linkOctets(attribute, text);
    QVERIFY(back);
    QCOMPARE(*back, octets);
    QVERIFY(!ldap::linkOctets(attribute, QString()));
}

void LookupTest::answersAreUnderstood_data()
{
    QTest::addColumn<int>("rc");
    QTest::addColumn<QString>("says");
    QTest::addColumn<int>("policyError");
    QTest::addColumn<int>("state");
    const auto row = [](const char *name, int rc, const char *says, int policy, AccountState state) {
        QTest::newRow(name) << rc << QString::fromLatin1(says) << policy << int(state);
    };
    const auto ad = [&](const char *code, AccountState state) {
        const QByteArray says = "80090308: LdapErr: DSID-0C090421, comment: AcceptSecurityContext error, data " + QByteArray(code) + ", v4563";
        row(code, 49, says.constData(), -1, state);
    };
    ad("525", AccountState::UnknownAccount);
    ad("52e", AccountState::WrongPassword);
    ad("530", AccountState::NotAtThisTime);
    ad("531", AccountState::NotFromHere);
    ad("532", AccountState::PasswordExpired);
    ad("533", AccountState::Disabled);
    ad("701", AccountState::AccountExpired);
    ad("773", AccountState::MustChangePassword);
    ad("775", AccountState::Locked);
    ad("568", AccountState::Refused);
    row("good", 0, "", -1, AccountState::Good);
    row("plain 49", 49, "", -1, AccountState::WrongPassword);
    row("expired by policy", 49, "", 0, AccountState::PasswordExpired);
    row("locked by policy", 49, "", 1, AccountState::Locked);
    row("must change by policy", 0, "", 2, AccountState::MustChangePassword);
    // Only a bind that went well has told that the password was right.
    row("must change, but wrong", 49, "", 2, AccountState::WrongPassword);
    row("inactivated", 53, "Account inactivated. Contact system administrator.", 1, AccountState::Disabled);
    row("unwilling", 53, "anything", -1, AccountState::Refused);
}

void LookupTest::answersAreUnderstood()
{
    QFETCH(int, rc);
    QFETCH(QString, says);
    QFETCH(int, policyError);
    QFETCH(int, state);
    std::optional<ldap::PolicyAnswer> policy;
    if (policyError >= 0)
        policy = ldap::PolicyAnswer{policyError, -1, -1};
    QCOMPARE(int(ldap::accountStateOf(rc, says, policy, false)), state);
}

void LookupTest::entriesForetell_data()
{
    QTest::addColumn<QByteArray>("attribute");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("state");
    const auto row = [](const char *attribute, const char *value, AccountState state) {
        QTest::addRow("%s %s", attribute, value) << QByteArray(attribute) << QByteArray(value) << int(state);
    };
    row("userAccountControl", "512", AccountState::Good);
    row("userAccountControl", "514", AccountState::Disabled);
    row("nsAccountLock", "TRUE", AccountState::Disabled);
    row("ds-pwp-account-disabled", "true", AccountState::Disabled);
    row("pwdAccountLockedTime", "000001010000Z", AccountState::Disabled);
    row("pwdAccountLockedTime", "20260101000000Z", AccountState::Locked);
    row("accountUnlockTime", "19700101000000Z", AccountState::Locked);
    row("accountUnlockTime", "20300101000000Z", AccountState::Locked);
    row("accountUnlockTime", "20200101000000Z", AccountState::Good);
    row("accountExpires", "130000000000000000", AccountState::AccountExpired);
    row("accountExpires", "9223372036854775807", AccountState::Good);
    row("accountExpires", "0", AccountState::Good);
    row("pwdLastSet", "0", AccountState::MustChangePassword);
    row("pwdReset", "TRUE", AccountState::MustChangePassword);
    row("passwordExpirationTime", "19700101000000Z", AccountState::MustChangePassword);
    row("passwordExpirationTime", "20200101000000Z", AccountState::PasswordExpired);
    row("passwordExpirationTime", "20380119031407Z", AccountState::Good);
    row("msDS-User-Account-Control-Computed", "8388608", AccountState::PasswordExpired);
    row("msDS-User-Account-Control-Computed", "16", AccountState::Locked);
    row("msDS-UserPasswordExpiryTimeComputed", "130000000000000000", AccountState::PasswordExpired);
}

void LookupTest::entriesForetell()
{
    QFETCH(QByteArray, attribute);
    QFETCH(QByteArray, value);
    QFETCH(int, state);
    const core::Entry entry{"cn=x", {{attribute, {value}}}};
    QCOMPARE(int(ldap::accountStateOf(entry, QDateTime(QDate(2026, 6, 1), QTime(0, 0), Qt::UTC))), state);
}

CONSOLE_TEST(LookupTest)
#include "tst_lookup.moc"
