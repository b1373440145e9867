// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl expr from outside: the conformance cases through --batch, single evaluations, faults with their place.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::test;

class ExprTest : public QObject {
    Q_OBJECT
private slots:
    void conformance_data()
    {
        QFile cases(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/pel.jsonl"));
        QVERIFY(cases.open(QIODevice::ReadOnly));
        const QByteArrayList lines = cases.readAll().trimmed().split('\n');
        const Ctl ctl;
        const QByteArrayList answers = ctl.run({QStringLiteral("expr"), QStringLiteral("--batch"), cases.fileName()}).out.trimmed().split('\n');
        QCOMPARE(answers.size(), lines.size());
        QVERIFY(lines.size() > 100);
        QTest::addColumn<QJsonObject>("expected");
        QTest::addColumn<QJsonObject>("answer");
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QJsonObject expected = QJsonDocument::fromJson(lines.at(i)).object();
            QTest::addRow("%d %s", int(i + 1), qPrintable(expected.value(QStringLiteral("expr")).toString()))
                << expected << QJsonDocument::fromJson(answers.at(i)).object();
        }
    }
    void conformance()
    {
        QFETCH(QJsonObject, expected);
        QFETCH(QJsonObject, answer);
        if (expected.value(QStringLiteral("error")).toBool()) {
            QVERIFY(answer.contains(QStringLiteral("error")));
            return;
        }
        QVERIFY2(!answer.contains(QStringLiteral("error")), QJsonDocument(answer).toJson().constData());
        QCOMPARE(answer.value(QStringLiteral("result")), expected.value(QStringLiteral("result")));
    }

    void evaluatesOnData()
    {
        const Ctl ctl;
        const QString data = ctl.write(QStringLiteral("data.json"), R"({"givenName": "Zoë", "sn": "Müller"})");
        const Printed printed = ctl.run({QStringLiteral("expr"), QStringLiteral("#string.join({givenName, sn}, ' ')"), QStringLiteral("--data"), data});
        QCOMPARE(printed.exitCode, 0);
        QCOMPARE(printed.out, QByteArray("\"Zoë Müller\"\n"));
    }

    void pointsAtFaults()
    {
        const Ctl ctl;
        const Printed fault = ctl.run({QStringLiteral("expr"), QStringLiteral("'a' + #string.upper(sn)"), QStringLiteral("--json")});
        QCOMPARE(fault.exitCode, 2);
        const QJsonObject error = fault.json().value(QStringLiteral("error")).toObject();
        QCOMPARE(error.value(QStringLiteral("offset")).toInt(), 14);
        QCOMPARE(error.value(QStringLiteral("length")).toInt(), 5);
        QVERIFY(error.value(QStringLiteral("message")).toString().contains(QStringLiteral("upperCase")));
        const Printed shown = ctl.run({QStringLiteral("expr"), QStringLiteral("1+2")});
        QCOMPARE(shown.exitCode, 2);
        QVERIFY(shown.err.contains("1+2\n   ^"));
        const Printed checked = ctl.run({QStringLiteral("expr"), QStringLiteral("(1+2"), QStringLiteral("--check"), QStringLiteral("--json")});
        QCOMPARE(checked.exitCode, 2);
        QVERIFY(checked.json().value(QStringLiteral("faults")).toArray().size() >= 2);
        QCOMPARE(ctl.run({QStringLiteral("expr"), QStringLiteral("sn ?: 'x'"), QStringLiteral("--check")}).exitCode, 0);
        QCOMPARE(ctl.run({QStringLiteral("expr")}).exitCode, 2);
    }

    /// A pattern that ends in its pad letter, an evaluation that is too long: both end, with an answer.
    void alwaysEnds()
    {
        const Ctl ctl;
        for (const char *pattern : {"p", "MMM p", "[p", "pp'"}) {
            const QString expression = QStringLiteral("#datetime.format('2021-02-28Z', \"%1\")").arg(QString::fromLatin1(pattern));
            const Printed printed = ctl.run({QStringLiteral("expr"), expression});
            QCOMPARE(printed.exitCode, 0);
            QCOMPARE(printed.out, QByteArray("null\n"));
            QCOMPARE(ctl.run({QStringLiteral("expr"), QStringLiteral("--check"), expression}).exitCode, 0);
        }
        const QString data = ctl.write(QStringLiteral("data.json"), R"({"pattern": "MMM p"})");
        QCOMPARE(ctl.run({QStringLiteral("expr"), QStringLiteral("#datetime.format('2021-02-28Z', pattern)"), QStringLiteral("--data"), data}).out,
                 QByteArray("null\n"));
    }

    /// What does not parse, what does not fit the data and what is too much work have names of their own.
    void tellsFaultsApart()
    {
        const Ctl ctl;
        const auto codeOf = [&](const char *expression) {
            const Printed printed = ctl.run({QStringLiteral("expr"), QString::fromUtf8(expression), QStringLiteral("--json")});
            return printed.exitCode == 2 ? printed.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString() : QString();
        };
        QCOMPARE(codeOf("1 +"), QStringLiteral("SYNTAX"));
        QCOMPARE(codeOf("1 / 0"), QStringLiteral("EVALUATION"));
        QCOMPARE(codeOf("'a' * 2000000"), QStringLiteral("EVALUATION_LIMIT"));
        QVERIFY(ctl.run({QStringLiteral("expr"), QStringLiteral("1 / 0")}).err.startsWith("Error EVALUATION: "));
    }

    void longExpressionsAreShownInPart()
    {
        const Ctl ctl;
        for (const int terms : {3'000, 20'000}) {
            const QString text = QStringLiteral("1") + QStringLiteral(" + 1").repeated(terms) + QStringLiteral(" + #string.nope(1)");
            const Printed printed = ctl.run({QStringLiteral("expr"), text});
            QCOMPARE(printed.exitCode, 2);
            QVERIFY2(printed.err.size() < 800, printed.err.left(2'000).constData());
            QVERIFY2(printed.err.contains("^"), printed.err.constData());
        }
    }

    void byteOrderMarksAreNoData()
    {
        const Ctl ctl;
        const QString data = ctl.write(QStringLiteral("data.json"), "\xef\xbb\xbf{\"x\": 1}");
        QCOMPARE(ctl.run({QStringLiteral("expr"), QStringLiteral("x"), QStringLiteral("--data"), data}).out, QByteArray("1\n"));
        const QString batch = ctl.write(QStringLiteral("batch.jsonl"), "\xef\xbb\xbf{\"expr\": \"1 + 1\", \"data\": {}}\r\n{\"expr\": \"2\"}\n");
        QCOMPARE(ctl.run({QStringLiteral("expr"), QStringLiteral("--batch"), batch}).out, QByteArray("{\"result\":2}\n{\"result\":2}\n"));
    }
};

CONSOLE_TEST(ExprTest)
#include "tst_expr.moc"
