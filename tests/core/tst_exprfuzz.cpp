// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replays the fuzzer's corpus: what it once found must stay mended.
#include "../fuzz/expr_fuzz.cpp"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QtTest>

class ExprFuzzTest : public QObject {
    Q_OBJECT

private slots:
    void corpus_data();
    void corpus();
};

void ExprFuzzTest::corpus_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/data/fuzz/expr"));
    const QStringList names = folder.entryList(QDir::Files);
    QVERIFY(names.size() >= 50);
    for (const QString &name : names)
        QTest::addRow("%s", qPrintable(name)) << folder.filePath(name);
}

void ExprFuzzTest::corpus()
{
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray input = file.readAll();
    QCOMPARE(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(input.constData()), size_t(input.size())),
             0); // aborts where something is wrong
}

CONSOLE_TEST(ExprFuzzTest)
#include "tst_exprfuzz.moc"
