// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using app::Text;

class TextWords : public QObject {
    Q_OBJECT

private slots:
    void relativeTimes_data()
    {
        QTest::addColumn<qint64>("secondsAgo");
        QTest::addColumn<QString>("words");
        QTest::newRow("now") << qint64(5) << QStringLiteral("just now");
        QTest::newRow("a clock a little ahead") << qint64(-20) << QStringLiteral("just now");
        QTest::newRow("minutes") << qint64(4 * 60 + 30) << QStringLiteral("4 min ago");
        QTest::newRow("hours") << qint64(3 * 3600) << QStringLiteral("3 h ago");
        QTest::newRow("yesterday") << qint64(24 * 3600) << QStringLiteral("yesterday");
        QTest::newRow("days") << qint64(3 * 24 * 3600) << QStringLiteral("3 days ago");
    }

    void relativeTimes()
    {
        QFETCH(qint64, secondsAgo);
        QFETCH(QString, words);
        const QDateTime now(QDate(2024, 5, 15), QTime(20, 0));
        QCOMPARE(Text::relativeTime(now.addSecs(-secondsAgo), now), words);
    }

    void noTimeIsNever() { QCOMPARE(Text::relativeTime({}), QStringLiteral("never")); }

    void spans_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("words");
        QTest::newRow("ms") << qint64(36) << QStringLiteral("36 ms");
        QTest::newRow("s") << qint64(12'400) << QStringLiteral("12 s");
        QTest::newRow("min") << qint64(181'000) << QStringLiteral("3 min");
        QTest::newRow("h") << qint64(3'900'000) << QStringLiteral("1 h 5 min");
    }

    void spans()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QString, words);
        QCOMPARE(Text::span(milliseconds), words);
    }

    void everyFieldProblemSaysWhatToWrite()
    {
        const core::AttributeCatalog catalog;
        const core::Value wrong = QStringLiteral("\x01");
        for (int number = 0; number < catalog.size(); ++number) {
            const std::optional<core::Problem> problem = catalog.check(number, wrong);
            if (!problem)
                continue;
            const QString text = Text::fieldProblem(*problem, catalog.at(number), wrong);
            QVERIFY2(text.size() > 10 && text.endsWith(QLatin1Char('.')), qPrintable(catalog.at(number).name + text));
        }
    }

    void anErrorHasHeadlineRemedyAndDetails()
    {
        const core::Error error{core::Code::Unreachable, QStringLiteral("dc1 does not answer"), QStringLiteral("timed out"),
                                QStringLiteral("gateways[0]"), 110};
        QCOMPARE(Text::headline(error), QStringLiteral("Dc1 does not answer."));
        QVERIFY(!Text::remedy(error).isEmpty());
        const QString details = Text::details(error);
        for (const QString &part : {QStringLiteral("UNREACHABLE"), Text::headline(error), error.detail, error.where, QStringLiteral("110")})
            QVERIFY2(details.contains(part), qPrintable(details));
    }

    void aRemedyFitsTheCause_data()
    {
        using core::Code;
        using core::Error;
        QTest::addColumn<core::Error>("error");
        QTest::addColumn<QString>("has");
        QTest::addColumn<QString>("hasNot");
        const auto row = [](const char *name, const Error &error, const char *has, const char *hasNot) {
            QTest::newRow(name) << error << QString::fromLatin1(has) << QString::fromLatin1(hasNot);
        };
        const QString server = QStringLiteral("dc1.example.com:636");
        const auto of = [](Code code, const char *what, const char *detail = "", const QString &where = {}, int native = 0) {
            return Error{code, QString::fromLatin1(what), QString::fromLatin1(detail), where, native};
        };
        row("no keychain", of(Code::Unreachable, "no keychain answers", "no secret service is running", QStringLiteral("Lab")),
            "keychain", "host name");
        row("locked keychain", of(Code::Timeout, "the keychain did not answer in time"), "Unlock", "network");
        row("keychain says no", of(Code::Denied, "the keychain did not give out the password for Lab"), "keychain", "rights");
        row("no client", of(Code::Unreachable, "no gateway client is connected"), "Overview tab", "host name");
        row("server gone", of(Code::Unreachable, "cannot connect", "Connection refused", server, 111), "host name", "keychain");
        row("no such host", of(Code::Unreachable, "the host name is not resolved", "", server), "DNS", "port");
        row("file", of(Code::Denied, "the file cannot be read", "", QStringLiteral("/etc/secret")), "file", "account");
        row("readable secret", of(Code::Denied, "the file can be read by others", "chmod 600 /etc/secret"), "chmod 600", "account");
        row("no right", of(Code::Denied, "insufficientAccessRights", "", server, 50), "rights", "file");
        row("wants TLS", of(Code::Denied, "confidentialityRequired", "", server, 13), "StartTLS", "rights");
        row("expired", of(Code::Untrusted, "the server's certificate is refused", "expired on 2024-01-01", server), "renewed", "CA cert");
        row("wrong name", of(Code::Untrusted, "the server's certificate is refused", "not made for the host name dc9", server),
            "name that the certificate", "CA cert");
        row("unknown authority", of(Code::Untrusted, "the server's certificate is refused", "not trusted", server), "CA cert", "renewed");
        row("expired authority", of(Code::Untrusted, "the server's certificate is refused", "the certificate of the authority X expired on 1 Jan", server),
            "the authority's certificate", "the server's certificate");
        row("no authorities", of(Code::Untrusted, "the server's certificate cannot be checked", "this machine has no list of trusted authorities", server),
            "ca-certificates", "issued");
        row("old TLS", of(Code::Untrusted, "the TLS handshake failed", "the server knows only TLS versions before 1.2, which are not safe", server),
            "1.2 or newer", "port");
        row("unsealed", of(Code::Untrusted, "a message of the service is not sealed"), "StartTLS", "CA cert");
        row("clocks", of(Code::Unauthenticated, "the clocks differ by more than five minutes"), "time service", "password");
        row("password", of(Code::Unauthenticated, "invalidCredentials", "", server, 49), "password", "clock");
        row("people in a population", of(Code::Conflict, "the population still has users"), "Move or delete", "again");
        row("switched off", of(Code::Conflict, "The rule \"Staff in\" is switched off"), "Switch it on", "change once more");
        row("newer file", of(Code::Corrupt, "the environment was written by a newer version of this program"), "newest", "backup");
        row("damaged file", of(Code::Corrupt, "the environment's file is damaged"), "backup", "newest");
        row("big file", of(Code::LimitExceeded, "the file is too large"), "", "administrator");
        row("size limit", of(Code::LimitExceeded, "sizeLimitExceeded", "", server, 4), "administrator", "file");
        row("entry exists", of(Code::Exists, "entryAlreadyExists", "", server, 68), "", "name");
        row("guard", of(Code::Guard, "a guard stopped the run"), "limit", "approve");
    }

    void aRemedyFitsTheCause()
    {
        QFETCH(core::Error, error);
        QFETCH(QString, has);
        QFETCH(QString, hasNot);
        const QString remedy = Text::remedy(error);
        QVERIFY2(has.isEmpty() ? remedy.isEmpty() : remedy.contains(has), qPrintable(remedy));
        QVERIFY2(!remedy.contains(hasNot), qPrintable(remedy));
    }
};

CONSOLE_TEST(TextWords)
#include "tst_text.moc"
