// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes from a directory is shown as text: where markup may be shown, who writes to a terminal or a log, and who
// writes a field of a CSV file.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::test;

namespace {

/// Files with rich text. Each escapes what it puts into it, or shows the program's own words only.
const QStringList &richTextFiles()
{
    static const QStringList files{
        QStringLiteral("ui/editors/completionpopup.cpp"), // names of attributes, escaped
        QStringLiteral("ui/editors/expressionedit.cpp"),  // the functions' own descriptions, escaped
        QStringLiteral("ui/editors/referencepanel.cpp"),  // the reference that ships with the program
        QStringLiteral("ui/frame/helpwindow.cpp"),        // the help that ships with the program
        QStringLiteral("ui/frame/pageheader.cpp"),        // titles of pages, escaped
    };
    return files;
}

/// Files that write to standard output or standard error.
const QStringList &printingFiles()
{
    static const QStringList files{
        QStringLiteral("src/cli/terminal.cpp"),
        QStringLiteral("src/cli/passwordprompt.cpp"),
        QStringLiteral("src/cli/commands/servecommand.cpp"),
        QStringLiteral("src/gatewayclient/main.cpp"),
        QStringLiteral("ui/main.cpp"),
    };
    return files;
}

} // namespace

class Shown : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void markupIsShownInFewPlaces();
    void labelsArePlainUnlessTold();
    void printsGoThroughOneFunction();
    void csvFieldsAreWrittenOnce();

private:
    QList<SourceFile> m_files;
};

void Shown::initTestCase()
{
    m_files = sourcesIn({QStringLiteral("src"), QStringLiteral("ui")});
    QVERIFY(m_files.size() > 50);
}

void Shown::markupIsShownInFewPlaces()
{
    const QRegularExpression markup(QStringLiteral("\\bQt::(RichText|MarkdownText)\\b|\\b(setHtml|insertHtml|appendHtml|setMarkdown|setDefaultStyleSheet)\\s*\\("));
    // These decide by the text itself: "<b>" in somebody's name would be bold.
    const QRegularExpression guessed(QStringLiteral("\\bQt::(AutoText|mightBeRichText)\\b|\\bQErrorMessage\\b|\\bQWhatsThis\\b"));
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (!richTextFiles().contains(file.path))
            places += placesOf(file, markup);
        if (file.path != QStringLiteral("ui/theme/style.cpp"))
            places += placesOf(file, guessed);
    }
    HOLDS(QStringLiteral("Markup where it has no place"), places);
    for (const QString &path : richTextFiles())
        QVERIFY2(QFileInfo::exists(sourceRoot().filePath(path)), qPrintable(path));
}

void Shown::labelsArePlainUnlessTold()
{
    const QString style = codeOf(readText(QStringLiteral("ui/theme/style.cpp")));
    QVERIFY(style.contains(QStringLiteral("label->textFormat() == Qt::AutoText")));
    QVERIFY(style.contains(QStringLiteral("label->setTextFormat(Qt::PlainText)")));
    // Escaped by hand wherever it is rich.
    for (const char *path : {"ui/editors/completionpopup.cpp", "ui/editors/expressionedit.cpp", "ui/frame/pageheader.cpp"})
        QVERIFY2(readText(QString::fromLatin1(path)).contains(QStringLiteral("toHtmlEscaped")), path);
}

void Shown::printsGoThroughOneFunction()
{
    const QRegularExpression prints(QStringLiteral("\\b(stdout|stderr)\\b|\\bwrite\\s*\\(\\s*STD(OUT|ERR)_FILENO\\b|\\bstd::(cout|cerr|clog|printf|puts)\\b"
                                                   "|\\b(qInfo|qWarning|qCritical|qDebug)\\b"));
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (!printingFiles().contains(file.path))
            places += placesOf(file, prints);
    }
    HOLDS(QStringLiteral("Printed past core::visible()"), places);
    for (const QString &path : printingFiles())
        QVERIFY2(codeOf(readText(path)).contains(QStringLiteral("core::visible(")), qPrintable(path));
}

void Shown::csvFieldsAreWrittenOnce()
{
    const QRegularExpression own(QStringLiteral("\\bcsvField\\s*\\(\\s*(const\\s+)?QString\\s*(&\\s*)?\\w+\\s*\\)"));
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (!file.path.startsWith(QStringLiteral("src/core/csv.")))
            places += placesOf(file, own);
    }
    HOLDS(QStringLiteral("A second way to write a field of a CSV file"), places);
}

CONSOLE_TEST(Shown)
#include "tst_shown.moc"
