// SPDX-License-Identifier: GPL-3.0-or-later
//
// What editors put around a text: a byte order mark before it, a line break after it.
#include "core/textfile.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

class TextFileTest : public QObject {
    Q_OBJECT
private slots:
    void texts_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("plain") << QByteArray("abc\n") << QByteArray("abc\n");
        QTest::newRow("UTF-8") << QByteArray("\xef\xbb\xbf" "abc\r\n") << QByteArray("abc\r\n");
        QTest::newRow("one mark only") << QByteArray("\xef\xbb\xbf\xef\xbb\xbf" "a") << QByteArray("\xef\xbb\xbf" "a");
        QTest::newRow("a mark alone") << QByteArray("\xef\xbb\xbf") << QByteArray();
        QTest::newRow("half a mark") << QByteArray("\xef\xbb") << QByteArray("\xef\xbb");
        QTest::newRow("UTF-16, little end first") << QByteArray("\xff\xfe" "a\0\xe9\0", 6) << QByteArray("a\xc3\xa9");
        QTest::newRow("UTF-16, big end first") << QByteArray("\xfe\xff\0a\0\xe9", 6) << QByteArray("a\xc3\xa9");
        QTest::newRow("UTF-16, a pair") << QByteArray("\xff\xfe\x3d\xd8\x00\xde", 6) << QByteArray("\xf0\x9f\x98\x80");
        QTest::newRow("no UTF-16: an odd number of octets") << QByteArray("\xff\xfe\x01") << QByteArray("\xff\xfe\x01");
        QTest::newRow("octets") << QByteArray("\xff\x00\xfe", 3) << QByteArray("\xff\x00\xfe", 3);
    }
    void texts()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, text);
        QCOMPARE(textOfFile(file), text);
    }

    void secrets_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("line") << QByteArray("abc\n") << QByteArray("abc");
        QTest::newRow("line of Windows") << QByteArray("\xef\xbb\xbf" "abc\r\n") << QByteArray("abc");
        QTest::newRow("only one line break goes") << QByteArray("abc\n\n") << QByteArray("abc\n");
        QTest::newRow("a return that is part of it") << QByteArray("abc\r") << QByteArray("abc\r");
        QTest::newRow("empty") << QByteArray("\xef\xbb\xbf\r\n") << QByteArray();
    }
    void secrets()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, secret);
        QCOMPARE(secretOfFile(file), secret);
    }
};

CONSOLE_TEST(TextFileTest)
#include "tst_textfile.moc"
