// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every source file keeps to: size, licence, names, nothing that blocks the window, no result that may be
// dropped, no text for people below the rooms that show text.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::test;

namespace {

constexpr int kMaxLines = 500;

/// The declarations in a header's code that return a Result and may be ignored, as "line  declaration".
QStringList droppableResults(const SourceFile &file)
{
    QStringList found;
    const QString code = codeOf(file.text);
    static const QRegularExpression type(QStringLiteral("\\b(Result|expected)\\s*<"));
    static const QRegularExpression function(QStringLiteral("\\G[>\\s&]*(?:[A-Za-z_]\\w*::)*([A-Za-z_]\\w*)\\s*\\("));
    static const QRegularExpression access(QStringLiteral("\\b(public|protected|private|signals|slots)\\s*:"));
    auto matches = type.globalMatch(code);
    while (matches.hasNext()) {
        const auto match = matches.next();
        qsizetype end = match.capturedEnd();
        for (int depth = 1; depth > 0 && end < code.size(); ++end)
            depth += code.at(end) == u'<' ? 1 : code.at(end) == u'>' ? -1 : 0;
        if (!function.match(code, end, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption).hasMatch())
            continue;
        qsizetype begin = match.capturedStart();
        while (begin > 0 && !QStringLiteral(";{}").contains(code.at(begin - 1)))
            --begin;
        QString before = code.mid(begin, match.capturedStart() - begin);
        before.remove(access);
        // Inside parentheses or after = it is a parameter, a lambda or a value, not a declaration's own result.
        if (before.contains(u'(') || before.contains(u'=') || before.contains(QStringLiteral("return")))
            continue;
        if (!before.contains(QStringLiteral("[[nodiscard]]"))) {
            found.append(QStringLiteral("%1:%2  %3").arg(file.path).arg(code.left(end).count(u'\n') + 1)
                             .arg(code.mid(match.capturedStart(), code.indexOf(u'(', end) - match.capturedStart()).simplified()));
        }
    }
    return found;
}

} // namespace

class Sources : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void filesAreSmall();
    void filesNameTheirLicence();
    void headersSayWhatTheyAre();
    void windowNeverWaits();
    void settingsHaveOnePlace();
    void textForPeopleIsAbove();
    void resultsCannotBeDropped();
    void namesAreTheFields();
    void nothingIsLeftForLater();
    void testsAssert();
    void ldapOptionsArePerSession();
    void theChecksThemselves();

private:
    QStringList everywhere(const QStringList &rooms, const QString &pattern, const QStringList &except = {}) const;
    QList<SourceFile> m_files; ///< all of src, ui and tests
};

void Sources::initTestCase()
{
    m_files = sourcesIn({QStringLiteral("src"), QStringLiteral("ui"), QStringLiteral("tests")});
    QVERIFY(m_files.size() > 80);
}

QStringList Sources::everywhere(const QStringList &rooms, const QString &pattern, const QStringList &except) const
{
    QStringList places;
    const QRegularExpression expression(pattern);
    for (const SourceFile &file : m_files) {
        if ((rooms.isEmpty() || rooms.contains(file.room())) && !except.contains(file.path))
            places += placesOf(file, expression);
    }
    return places;
}

void Sources::filesAreSmall()
{
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (file.lines() > kMaxLines)
            places.append(QStringLiteral("%1 has %2 lines").arg(file.path).arg(file.lines()));
    }
    HOLDS(QStringLiteral("Files over %1 lines; divide them by meaning").arg(kMaxLines), places);
}

void Sources::filesNameTheirLicence()
{
    const QString licence = QStringLiteral("SPDX-License-Identifier: GPL-3.0-or-later");
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (file.text.section(u'\n', 0, 0) != QStringLiteral("// ") + licence)
            places.append(file.path);
    }
    const QStringList scripts = QDir(sourceRoot().filePath(QStringLiteral("packaging"))).entryList(QDir::Files | QDir::Executable);
    for (const QString &script : scripts) {
        if (readText(QStringLiteral("packaging/") + script).section(u'\n', 1, 1) != QStringLiteral("# ") + licence)
            places.append(QStringLiteral("packaging/") + script);
    }
    HOLDS(QStringLiteral("No licence in the first line"), places);
}

void Sources::headersSayWhatTheyAre()
{
    static const QRegularExpression paragraph(QStringLiteral("^// SPDX[^\n]*\n//\n// \\S[^\n]*\n(//[^\n]*\n)*#pragma once\n"));
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (file.isHeader() && !paragraph.match(file.text).hasMatch())
            places.append(file.path);
    }
    HOLDS(QStringLiteral("Headers without a paragraph on what they are, before #pragma once"), places);
}

void Sources::windowNeverWaits()
{
    // main() runs the one event loop there is.
    const QStringList places = everywhere(
        {QStringLiteral("ui"), QStringLiteral("app")},
        QStringLiteral("\\bprocessEvents\\b|\\bQEventLoop\\b|(\\.|->)exec\\s*\\(|\\bBlockingQueuedConnection\\b|\\bwaitFor[A-Z]\\w*\\b"
                       "|\\b(QThread::)?(m|u)?sleep\\s*\\(|\\bsleep_for\\b|\\bsleep_until\\b|\\bQMessageBox::(question|information|warning|critical)\\b"
                       "|\\bQFileDialog::get\\w+\\b|\\bQInputDialog::get\\w+\\b|\\bldap_\\w+_s\\b"),
        {QStringLiteral("ui/main.cpp")});
    HOLDS(QStringLiteral("May block the window's thread"), places);
    QCOMPARE(codeOf(readText(QStringLiteral("ui/main.cpp"))).count(QRegularExpression(QStringLiteral("\\bexec\\s*\\("))), 1);
}

void Sources::settingsHaveOnePlace()
{
    // main() says which file they are in and hands them on, so that no test writes into somebody's own settings.
    const QStringList below = {QStringLiteral("core"), QStringLiteral("ldap"), QStringLiteral("store"), QStringLiteral("link"),
                               QStringLiteral("gateway"), QStringLiteral("provision"), QStringLiteral("signon"), QStringLiteral("cli")};
    HOLDS(QStringLiteral("Settings below the window"), everywhere(below, QStringLiteral("\\bQSettings\\b")));
    HOLDS(QStringLiteral("Settings of one's own"),
          everywhere({QStringLiteral("app"), QStringLiteral("ui")}, QStringLiteral("\\bQSettings(\\s+\\w+)?\\s*[({]|\\bQSettings\\s+\\w+\\s*;"),
                     {QStringLiteral("src/app/settings.cpp"), QStringLiteral("ui/main.cpp")}));
}

void Sources::textForPeopleIsAbove()
{
    const QStringList places = everywhere({QStringLiteral("core"), QStringLiteral("ldap"), QStringLiteral("store"), QStringLiteral("link"),
                                           QStringLiteral("gateway"), QStringLiteral("provision"), QStringLiteral("signon")},
                                          QStringLiteral("(?<![\\w.>])tr\\s*\\(|\\bQCoreApplication::translate\\b|\\bQT_TR(ANSLATE)?_NOOP\\b"));
    HOLDS(QStringLiteral("Translated text outside app, ui and cli"), places);
}

void Sources::resultsCannotBeDropped()
{
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (file.isHeader() && file.room() != QStringLiteral("tests"))
            places += droppableResults(file);
    }
    HOLDS(QStringLiteral("Results that may be dropped: [[nodiscard]] is missing"), places);
}

void Sources::namesAreTheFields()
{
    const QStringList places = everywhere({}, QStringLiteral("\\b(class|struct|namespace)\\s+\\w*(Manager|Helper|Utils?|Impl|Base)\\b(?!\\s*;)"));
    HOLDS(QStringLiteral("Names that say nothing"), places);
    QStringList files;
    static const QRegularExpression vague(QStringLiteral("(manager|helpers?|utils?|impl|misc|common)\\.(h|cpp)$"));
    for (const SourceFile &file : std::as_const(m_files)) {
        if (vague.match(file.path).hasMatch())
            files.append(file.path);
    }
    HOLDS(QStringLiteral("File names that say nothing"), files);
}

void Sources::nothingIsLeftForLater()
{
    // Put together here, so that this file does not find itself.
    const QStringList marks = {QStringLiteral("TO" "DO"), QStringLiteral("FIX" "ME"), QStringLiteral("XX" "X"), QStringLiteral("HA" "CK")};
    const QRegularExpression pattern(QStringLiteral("\\b(%1)\\b").arg(marks.join(u'|')));
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        auto matches = pattern.globalMatch(file.text);
        while (matches.hasNext())
            places.append(QStringLiteral("%1:%2").arg(file.path).arg(file.text.left(matches.next().capturedStart()).count(u'\n') + 1));
    }
    HOLDS(QStringLiteral("Marks of unfinished work"), places);
}

void Sources::testsAssert()
{
    // Skipping has one reason, a missing server, and one place. Fuzzers' targets end the program where they find a fault.
    QStringList places = everywhere({QStringLiteral("tests")},
                                    QStringLiteral("\\bQSKIP\\b|\\bQEXPECT_FAIL\\b|\\bQVERIFY\\s*\\(\\s*true\\s*\\)"),
                                    {QStringLiteral("tests/support/testservers.h")});
    for (const SourceFile &file : std::as_const(m_files)) {
        static const QRegularExpression test(QStringLiteral("^tests/.*/tst_\\w+\\.cpp$"));
        static const QRegularExpression assertion(QStringLiteral("\\b(QVERIFY2?|QCOMPARE|QTRY_\\w+|RC_ASSERT|QFAIL|fuzz::replay)\\b"));
        if (test.match(file.path).hasMatch() && !assertion.match(codeOf(file.text)).hasMatch())
            places.append(file.path + QStringLiteral("  asserts nothing"));
    }
    HOLDS(QStringLiteral("Tests that skip, expect to fail or assert nothing"), places);
}

void Sources::ldapOptionsArePerSession()
{
    // Options set on no handle count for the whole process.
    const QStringList places = everywhere({QStringLiteral("ldap"), QStringLiteral("gateway")},
                                          QStringLiteral("\\bldap_set_option\\s*\\(\\s*(nullptr|NULL|0)\\s*,"));
    HOLDS(QStringLiteral("Process-wide LDAP options"), places);
}

void Sources::theChecksThemselves()
{
    const auto header = [](const char *text) { return SourceFile{QStringLiteral("src/x/x.h"), QString::fromLatin1(text)}; };
    QCOMPARE(droppableResults(header("Result<int> a();")).size(), 1);
    QCOMPARE(droppableResults(header("class C {\npublic:\n    core::Result<QMap<int, QList<int>>> a(int b);\n};")).size(), 1);
    QCOMPARE(droppableResults(header("QFuture<core::Result<void>> open();")).size(), 1);
    QCOMPARE(droppableResults(header("static tl::expected<User, QList<Problem>> save(User u);")).size(), 1);
    QCOMPARE(droppableResults(header("[[nodiscard]] Result<int> a();\n[[nodiscard]] QFuture<Result<void>> b();")).size(), 0);
    QCOMPARE(droppableResults(header("[[nodiscard]] static core::Result<std::unique_ptr<E>>\nopen(int);")).size(), 0);
    QCOMPARE(droppableResults(header("// Result<int> a();\nusing R = Result<int>;\nResult<int> m_last;")).size(), 0);
    QCOMPARE(droppableResults(header("void take(std::function<Result<int>(int)> f);")).size(), 0);
    QCOMPARE(codeOf(QStringLiteral("a(\"// b\"); // c\n/* d\n*/ 'e' 1'000 R\"(f \" g)\" h")),
             QStringLiteral("a(\"    \");     \n    \n   ' ' 1'000 R\"       \" h"));
}

CONSOLE_TEST(Sources)
#include "tst_sources.moc"
