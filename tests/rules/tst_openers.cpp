// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nobody but SQLite opens an environment's file: closing any descriptor of it drops every lock that the process holds
// there (POSIX), and then two programs destroy it. So each place that opens files is known here, with what it opens.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QHash>
#include <QTest>

using namespace gatehouse::test;

namespace {

const QHash<QString, QString> &openers()
{
    static const QHash<QString, QString> known = {
        {QStringLiteral("src/store/files.cpp"), QStringLiteral("a new file under another name, which becomes the environment when it is closed")},
        {QStringLiteral("src/store/outputfile.cpp"), QStringLiteral("an export, which must not be the environment")},
        {QStringLiteral("src/store/rulelock.cpp"), QStringLiteral("lock files beside the environment")},
        {QStringLiteral("src/gateway/vault.cpp"), QStringLiteral("a password's file")},
        {QStringLiteral("src/ldap/secure.cpp"), QStringLiteral("a certificate authority's certificate")},
        {QStringLiteral("src/link/tlsidentity.cpp"), QStringLiteral("the endpoint's certificate and key")},
        {QStringLiteral("src/provision/run/planblocks.h"), QStringLiteral("the plan that planblocks.cpp opens")},
        {QStringLiteral("src/provision/run/planblocks.cpp"), QStringLiteral("a plan: a temporary file, or a file that is not the environment")},
        {QStringLiteral("src/gatewayclient/settings.cpp"), QStringLiteral("a credential's file")},
        {QStringLiteral("src/app/gateways/authorityfile.cpp"), QStringLiteral("a certificate")},
        {QStringLiteral("src/cli/main.cpp"), QStringLiteral("/dev/null")},
        {QStringLiteral("src/cli/commands/configcommands.cpp"), QStringLiteral("a configuration, which must not be the environment")},
        {QStringLiteral("src/cli/commands/exprcommand.cpp"), QStringLiteral("data of an expression; no environment is open")},
        {QStringLiteral("ui/editors/referencepanel.cpp"), QStringLiteral("a resource")},
        {QStringLiteral("ui/frame/helpwindow.cpp"), QStringLiteral("a resource")},
        {QStringLiteral("ui/theme/icons.cpp"), QStringLiteral("a resource")},
    };
    return known;
}

const QRegularExpression &opening()
{
    static const QRegularExpression pattern(QStringLiteral(
        "\\bQ(Save|Temporary|Lock)?File\\s+\\w+\\s*[;({]|\\w<\\s*Q(Save|Temporary|Lock)?File\\s*>|\\bstd::[io]?fstream\\b"
        "|\\bf(re)?open\\s*\\(|(?<![\\w>])::(open|openat|openat2|creat)\\s*\\(|\\bmkstemp\\s*\\("));
    return pattern;
}

} // namespace

class Openers : public QObject {
    Q_OBJECT

private slots:
    void everyPlaceIsKnown()
    {
        QStringList places;
        QStringList seen;
        for (const SourceFile &file : sourcesIn({QStringLiteral("src"), QStringLiteral("ui")})) {
            const QStringList found = placesOf(file, opening());
            if (!found.isEmpty())
                seen.append(file.path);
            if (!openers().contains(file.path))
                places += found;
        }
        HOLDS(QStringLiteral("Opens a file; say in this test which, and that it is never the environment"), places);
        for (auto it = openers().begin(); it != openers().end(); ++it)
            QVERIFY2(seen.contains(it.key()), qPrintable(it.key() + QStringLiteral(" opens nothing any more")));
    }

    void onlyTheDatabaseAsksSqlite()
    {
        const QRegularExpression pattern(QStringLiteral("\\bsqlite3_open\\w*\\s*\\(|\\baddDatabase\\s*\\("));
        QStringList places;
        for (const SourceFile &file : sourcesIn({QStringLiteral("src"), QStringLiteral("ui")})) {
            if (file.path != QStringLiteral("src/store/database.cpp"))
                places += placesOf(file, pattern);
        }
        HOLDS(QStringLiteral("Opens a database"), places);
    }

    void theCheckItself()
    {
        const auto finds = [](const char *code) {
            return !placesOf({QStringLiteral("x.cpp"), QString::fromLatin1(code)}, opening()).isEmpty();
        };
        for (const char *code : {"QFile octets(path);", "QFile file;", "std::optional<QSaveFile> file;", "QTemporaryFile f{p};",
                                 "::open(name, O_RDONLY);", "std::ifstream in(p);", "fopen (p, \"r\")", "make_unique<QLockFile>(p)"})
            QVERIFY2(finds(code), code);
        for (const char *code : {"Environment::open(path, access)", "QFile::encodeName(path)", "// QFile file(path);", "file.open(mode)",
                                 "QFileInfo file(path);", "reader->open();", "#include <QFile>"})
            QVERIFY2(!finds(code), code);
    }
};

CONSOLE_TEST(Openers)
#include "tst_openers.moc"
