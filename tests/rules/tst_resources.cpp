// SPDX-License-Identifier: GPL-3.0-or-later
//
// What ships beside the programs: icons, the map in the README, desktop integration, scripts.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QProcess>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

using namespace gatehouse::test;

namespace {

const QString kId = QStringLiteral("org.gatehouse.Gatehouse");

/// The rooms and folders that the README's map must name.
QStringList placesOnTheMap()
{
    const QDir root = sourceRoot();
    QStringList places;
    // Files count, not folders: git does not know empty ones, and build folders are nobody's room.
    const auto add = [&](const QString &folder, const QString &name) {
        QDirIterator it(root.filePath(folder), QDir::Files, QDirIterator::Subdirectories);
        if (it.hasNext())
            places.append(name);
    };
    for (const QString &folder : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (!folder.startsWith(QStringLiteral("build")))
            add(folder, folder + u'/');
    }
    for (const QString &room : QDir(root.filePath(QStringLiteral("src"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        add(QStringLiteral("src/") + room, QStringLiteral("src/%1/").arg(room));
    return places;
}

} // namespace

class Resources : public QObject {
    Q_OBJECT

private slots:
    void topLevelIsTidy();
    void readmeMapsTheHouse();
    void listedFilesExist();
    void everyIconIsUsed();
    void iconsThatAreAskedForExist();
    void desktopFile();
    void appStreamMetadata();
    void servicesStartWhatIsBuilt();
    void scriptsAreSound_data();
    void scriptsAreSound();
};

void Resources::topLevelIsTidy()
{
    const QStringList known = {QStringLiteral("src"), QStringLiteral("ui"), QStringLiteral("resources"), QStringLiteral("translations"),
                               QStringLiteral("tests"), QStringLiteral("packaging"), QStringLiteral("CMakeLists.txt"),
                               QStringLiteral("README.md"), QStringLiteral("LICENSE")};
    for (const QString &name : sourceRoot().entryList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
        if (!name.startsWith(QStringLiteral("build")))
            QVERIFY2(known.contains(name), qPrintable(QStringLiteral("%1 does not belong at the top").arg(name)));
    }
}

void Resources::readmeMapsTheHouse()
{
    const QString readme = readText(QStringLiteral("README.md"));
    QStringList missing;
    for (const QString &place : placesOnTheMap()) {
        if (!readme.contains(QStringLiteral("| `%1` |").arg(place)))
            missing.append(place);
    }
    HOLDS(QStringLiteral("Not on the README's map"), missing);

    // And nothing on it that is not there.
    static const QRegularExpression row(QStringLiteral("^\\| `([\\w/]+/)` \\|"), QRegularExpression::MultilineOption);
    QStringList gone;
    auto rows = row.globalMatch(readme);
    while (rows.hasNext()) {
        const QString place = rows.next().captured(1);
        if (!placesOnTheMap().contains(place))
            gone.append(place);
    }
    HOLDS(QStringLiteral("On the README's map, but not in the house"), gone);
}

void Resources::listedFilesExist()
{
    static const QRegularExpression entry(QStringLiteral("<file[^>]*>([^<]+)</file>"));
    auto entries = entry.globalMatch(readText(QStringLiteral("resources/resources.qrc")));
    QSet<QString> listed;
    while (entries.hasNext()) {
        const QString path = QStringLiteral("resources/") + entries.next().captured(1).trimmed();
        QVERIFY2(sourceRoot().exists(path), qPrintable(path + QStringLiteral(" is listed, but missing")));
        listed.insert(path);
    }
    QVERIFY(!listed.isEmpty());
    for (const QString &icon : QDir(sourceRoot().filePath(QStringLiteral("resources/icons"))).entryList(QDir::Files))
        QVERIFY2(listed.contains(QStringLiteral("resources/icons/") + icon), qPrintable(icon + QStringLiteral(" is not listed in resources.qrc")));
}

void Resources::everyIconIsUsed()
{
    QString code;
    for (const SourceFile &file : sourcesIn({QStringLiteral("src"), QStringLiteral("ui")}))
        code += codeOf(file.text, false);
    QStringList unused;
    for (const QString &icon : QDir(sourceRoot().filePath(QStringLiteral("resources/icons"))).entryList({QStringLiteral("*.svg")})) {
        if (!code.contains(QStringLiteral("\"%1\"").arg(icon.chopped(4))))
            unused.append(icon);
    }
    HOLDS(QStringLiteral("Icons that nothing shows"), unused);
}

void Resources::iconsThatAreAskedForExist()
{
    static const QRegularExpression use(QStringLiteral("\\b(?:icon|paintIcon)\\(([^;]*?)QStringLiteral\\(\"([^\"]+)\"\\)"));
    QStringList missing;
    for (const SourceFile &file : sourcesIn({QStringLiteral("ui")})) {
        auto uses = use.globalMatch(codeOf(file.text, false));
        while (uses.hasNext()) {
            const QString name = uses.next().captured(2);
            if (!sourceRoot().exists(QStringLiteral("resources/icons/%1.svg").arg(name)))
                missing.append(file.path + QStringLiteral("  ") + name);
        }
    }
    HOLDS(QStringLiteral("Icons that do not exist"), missing);
}

void Resources::desktopFile()
{
    const QStringList lines = readText(QStringLiteral("resources/%1.desktop").arg(kId)).split(u'\n');
    QCOMPARE(lines.value(0), QStringLiteral("[Desktop Entry]"));
    for (const char *line : {"Type=Application", "Name=Gatehouse", "Exec=gatehouse", "Terminal=false"})
        QVERIFY2(lines.contains(QString::fromLatin1(line)), line);
    // The icon is installed under the application's id.
    QVERIFY(lines.contains(QStringLiteral("Icon=") + kId));
    QVERIFY(sourceRoot().exists(QStringLiteral("resources/icons/gatehouse.svg")));
}

void Resources::appStreamMetadata()
{
    QXmlStreamReader xml(readText(QStringLiteral("resources/%1.metainfo.xml").arg(kId)));
    QHash<QString, QString> texts;
    QString launchable;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QString name = xml.name().toString();
        if (name == QStringLiteral("id") || name == QStringLiteral("project_license"))
            texts.insert(name, xml.readElementText());
        else if (name == QStringLiteral("launchable"))
            launchable = xml.readElementText();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(texts.value(QStringLiteral("id")), kId);
    QCOMPARE(texts.value(QStringLiteral("project_license")), QStringLiteral("GPL-3.0-or-later"));
    QCOMPARE(launchable, kId + QStringLiteral(".desktop"));
}

void Resources::servicesStartWhatIsBuilt()
{
    const QDir folder(sourceRoot().filePath(QStringLiteral("packaging/systemd")));
    const QStringList units = folder.entryList({QStringLiteral("*.service")});
    QCOMPARE(units.size(), 2);
    for (const QString &unit : units) {
        const QString text = readText(QStringLiteral("packaging/systemd/") + unit);
        static const QRegularExpression start(QStringLiteral("^ExecStart=/usr/bin/(\\S+)"), QRegularExpression::MultilineOption);
        const QString program = start.match(text).captured(1);
        QVERIFY2(QFileInfo(QStringLiteral(GATEHOUSE_BIN_DIR "/") + program).isExecutable(), qPrintable(unit + u' ' + program));
        // Nothing secret stands where everybody can read it, and the service may do no more than it must.
        QVERIFY2(!text.contains(QRegularExpression(QStringLiteral("^Environment=.*CREDENTIAL"), QRegularExpression::MultilineOption)), qPrintable(unit));
        for (const char *line : {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "[Install]"})
            QVERIFY2(text.contains(QString::fromLatin1(line)), line);
        QCOMPARE(text.section(u'\n', 0, 0), QStringLiteral("# SPDX-License-Identifier: GPL-3.0-or-later"));
    }
}

void Resources::scriptsAreSound_data()
{
    QTest::addColumn<QString>("path");
    for (const char *path : {"packaging/quickstart", "packaging/sample-directory", "packaging/build", "packaging/configure", "packaging/dependencies", "tests/run", ".ci/run"})
        QTest::newRow(path) << QString::fromLatin1(path);
}

void Resources::scriptsAreSound()
{
    REQUIRE_SERVER("shellcheck");
    QFETCH(QString, path);
    QVERIFY2(QFileInfo(sourceRoot().filePath(path)).isExecutable(), "not executable");
    QProcess shellcheck;
    shellcheck.setWorkingDirectory(sourceRoot().path());
    shellcheck.start(TestServers::find(QStringLiteral("shellcheck")), {QStringLiteral("--shell=bash"), path});
    QVERIFY(shellcheck.waitForFinished(60'000));
    QVERIFY2(shellcheck.exitCode() == 0, shellcheck.readAllStandardOutput().constData());
}

CONSOLE_TEST(Resources)
#include "tst_resources.moc"
