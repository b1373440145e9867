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
};

CONSOLE_TEST(TextWords)
#include "tst_text.moc"
