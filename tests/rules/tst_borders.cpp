// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one-way order of the rooms: by what files include, by what targets link, and by what the finished gatehousectl
// loads.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QHash>
#include <QLibraryInfo>
#include <QProcess>
#include <QSet>
#include <QTest>

using namespace gatehouse::test;

namespace {

/// Who may know whom. A room that is not in here is not in the house.
const QHash<QString, QStringList> &neighbours()
{
    const auto list = [](const char *rooms) { return QString::fromLatin1(rooms).split(u' ', Qt::SkipEmptyParts); };
    static const QHash<QString, QStringList> rooms = {
        {QStringLiteral("core"), {}},
        {QStringLiteral("link"), list("core")},
        {QStringLiteral("kerberos"), list("core")},
        {QStringLiteral("ldap"), list("core kerberos")},
        {QStringLiteral("store"), list("core")},
        {QStringLiteral("gateway"), list("core link kerberos ldap")},
        {QStringLiteral("provision"), list("core link kerberos ldap store gateway")},
        {QStringLiteral("signon"), list("core link kerberos ldap store gateway")},
        {QStringLiteral("app"), list("core link kerberos ldap store gateway provision signon")},
        {QStringLiteral("cli"), list("core link kerberos ldap store gateway provision signon app")},
        {QStringLiteral("gatewayclient"), list("core link")},
        {QStringLiteral("ui"), list("core link kerberos ldap store gateway provision signon app")},
    };
    return rooms;
}

/// Outside things and the rooms that may know them.
struct Door {
    const char *name;
    const char *include; ///< of headers that are no Qt module's
    const char *module;  ///< Qt module, whose headers' names are read from the installation
    const char *link;    ///< as a CMake target
    const char *rooms;
};
constexpr Door kDoors[] = {
    {"libldap", "^(ldap|lber|openldap|ldap_schema|sasl/.*)\\.h$", "", "PkgConfig::(LDAP|SASL)", "ldap"},
    {"Kerberos", "^(krb5|gssapi)(/.*)?\\.h$", "", "PkgConfig::KRB5", "kerberos"},
    {"SQLite", "^sqlite3(ext)?\\.h$", "", "PkgConfig::SQLITE", "store"},
    {"Qt Sql", "", "QtSql", "Qt6::Sql", "store"},
    {"Qt WebSockets", "", "QtWebSockets", "Qt6::WebSockets", "link"},
    {"Qt Network", "", "QtNetwork", "Qt6::Network", "ldap link gateway gatewayclient"},
    {"OpenSSL", "^openssl/", "", "OpenSSL::", "link"},
    {"QtKeychain", "keychain\\.h$", "", "Qt6Keychain", "gateway"},
    {"Qt Gui", "", "QtGui", "Qt6::Gui", "ui"},
    {"Qt Widgets", "", "QtWidgets", "Qt6::Widgets", "ui"},
    {"Qt Svg", "", "QtSvg", "Qt6::Svg", "ui"},
    {"Qt Charts", "", "QtCharts", "Qt6::Charts", "ui"},
};

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
}

QSet<QString> headersOf(const QString &module)
{
    QDir folder(QLibraryInfo::path(QLibraryInfo::HeadersPath) + u'/' + module);
    const QStringList names = folder.entryList(QDir::Files);
    return {names.begin(), names.end()};
}

} // namespace

class Borders : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyRoomIsKnown();
    void includesGoOneWay();
    void outsideIsBehindDoors_data();
    void outsideIsBehindDoors();
    void noRawHandleInAForeignHeader();
    void coreIsPure();
    void targetsLinkOneWay();
    void programsLoadWhatTheyNeed_data();
    void programsLoadWhatTheyNeed();

private:
    QList<SourceFile> m_files;
};

void Borders::initTestCase()
{
    m_files = sourcesIn({QStringLiteral("src"), QStringLiteral("ui")});
    QVERIFY(m_files.size() > 50);
}

void Borders::everyRoomIsKnown()
{
    const QStringList folders = QDir(sourceRoot().filePath(QStringLiteral("src"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &folder : folders)
        QVERIFY2(neighbours().contains(folder), qPrintable(QStringLiteral("src/%1 has no place in the order").arg(folder)));
}

void Borders::includesGoOneWay()
{
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        const QString room = file.room();
        for (const Include &include : includesOf(file)) {
            if (include.angled)
                continue;
            // What moc and uic make stands beside the file under its own name.
            if (include.name.endsWith(QStringLiteral(".moc")) || QFileInfo(include.name).fileName().startsWith(QStringLiteral("ui_")))
                continue;
            const QString other = include.name.section(u'/', 0, 0);
            if (other != room && !neighbours().value(room).contains(other))
                places.append(QStringLiteral("%1 includes \"%2\"").arg(file.path, include.name));
        }
    }
    HOLDS(QStringLiteral("Includes against the order of the rooms"), places);
}

void Borders::outsideIsBehindDoors_data()
{
    QTest::addColumn<int>("door");
    for (int i = 0; i < int(std::size(kDoors)); ++i)
        QTest::newRow(kDoors[i].name) << i;
}

void Borders::outsideIsBehindDoors()
{
    QFETCH(int, door);
    const Door &outside = kDoors[door];
    const QString module = QString::fromLatin1(outside.module);
    const QSet<QString> headers = module.isEmpty() ? QSet<QString>() : headersOf(module);
    const QRegularExpression include(QString::fromLatin1(outside.include));
    const QStringList rooms = words(outside.rooms);
    // Without Charts' development files nothing can include them.
    if (module != QStringLiteral("QtCharts"))
        QVERIFY2(module.isEmpty() || !headers.isEmpty(), "the module's headers are not where Qt says that they are");

    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (rooms.contains(file.room()))
            continue;
        for (const Include &included : includesOf(file)) {
            const QString folder = included.name.section(u'/', 0, 0);
            const bool foreign = module.isEmpty() ? include.match(included.name).hasMatch()
                                                  : folder == module || (included.angled && headers.contains(included.name));
            if (foreign)
                places.append(QStringLiteral("%1 includes %2").arg(file.path, included.name));
        }
    }
    HOLDS(QStringLiteral("%1 outside its rooms").arg(QString::fromLatin1(outside.name)), places);
}

void Borders::noRawHandleInAForeignHeader()
{
    const QList<std::pair<QString, QRegularExpression>> handles = {
        {QStringLiteral("ldap"), QRegularExpression(QStringLiteral("\\b(LDAP|LDAPMessage|LDAPControl|BerElement)\\s*\\*|\\bberval\\b"))},
        {QStringLiteral("store"), QRegularExpression(QStringLiteral("\\bQSql\\w+|\\bsqlite3(_\\w+)?\\b"))},
        {QStringLiteral("link"), QRegularExpression(QStringLiteral("\\bQWebSocket\\w*"))},
    };
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        for (const auto &[room, pattern] : handles) {
            if (file.isHeader() && file.room() != room)
                places += placesOf(file, pattern);
        }
    }
    HOLDS(QStringLiteral("Raw handles in headers of other rooms"), places);
}

void Borders::coreIsPure()
{
    // Values and functions: no objects with signals, no threads, no files, no clock.
    const QRegularExpression pattern(QStringLiteral(
        "\\bQ_OBJECT\\b|\\bpublic\\s+QObject\\b|#\\s*include\\s*<(QObject|QThread|QTimer|QFile|QSaveFile|QDir|QProcess|QSettings)>"
        "|\\bcurrentDateTime(Utc)?\\b|\\bcurrentDate\\b|\\bcurrentMSecsSinceEpoch\\b|\\bQElapsedTimer\\b|_clock::now\\b|\\bstd::time\\b"
        "|\\bstd::mutex\\b|\\bQMutex\\b|\\bthread_local\\b|\\bqEnvironmentVariable\\b|\\bgetenv\\b"));
    // Two files look at a clock: the default of #datetime.now(), which a caller may replace, and the limit on how long
    // a regular expression of a user's may take.
    const QStringList clocks = {QStringLiteral("src/core/expr/context.cpp"), QStringLiteral("src/core/expr/regex.cpp")};
    QStringList places;
    for (const SourceFile &file : std::as_const(m_files)) {
        if (file.room() == QStringLiteral("core") && !clocks.contains(file.path))
            places += placesOf(file, pattern);
    }
    HOLDS(QStringLiteral("Not pure in src/core"), places);
}

void Borders::targetsLinkOneWay()
{
    QStringList places;
    for (auto it = neighbours().begin(); it != neighbours().end(); ++it) {
        const QString room = it.key();
        const QString path = room == QStringLiteral("ui") ? QStringLiteral("ui/CMakeLists.txt")
                                                          : QStringLiteral("src/%1/CMakeLists.txt").arg(room);
        if (!sourceRoot().exists(path))
            continue;
        QString text = readText(path);
        text.remove(QRegularExpression(QStringLiteral("#[^\n]*")));

        static const QRegularExpression roomTarget(QStringLiteral("\\bgatehouse_(\\w+)"));
        auto linked = roomTarget.globalMatch(text);
        while (linked.hasNext()) {
            QString other = linked.next().captured(1);
            // The expression language is a library of its own inside core.
            if (other == QStringLiteral("expr"))
                other = QStringLiteral("core");
            if (other != room && !it.value().contains(other))
                places.append(QStringLiteral("%1 links gatehouse_%2").arg(path, other));
        }
        for (const Door &door : kDoors) {
            const QRegularExpression target(QString::fromLatin1(door.link));
            if (!words(door.rooms).contains(room) && target.match(text).hasMatch())
                places.append(QStringLiteral("%1 links %2").arg(path, QString::fromLatin1(door.name)));
        }
        // What a room uses itself must not reach those who link the room.
        const QString open = text.section(QRegularExpression(QStringLiteral("\\bPUBLIC\\b")), 1).section(QStringLiteral("PRIVATE"), 0, 0);
        static const QRegularExpression raw(QStringLiteral("PkgConfig::\\w+|Qt6::(Sql|WebSockets|Network)|Qt6Keychain"));
        if (room != QStringLiteral("ui") && raw.match(open).hasMatch())
            places.append(QStringLiteral("%1 links %2 publicly").arg(path, raw.match(open).captured()));
    }
    HOLDS(QStringLiteral("Links against the order of the rooms"), places);
}

void Borders::programsLoadWhatTheyNeed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("others"); ///< besides everything that draws
    QTest::newRow("gatehousectl") << QStringLiteral("gatehousectl") << QString();
    QTest::newRow("gatehouse-gateway") << QStringLiteral("gatehouse-gateway")
                                       << QStringLiteral("libQt6Sql libsqlite3 libldap liblber libqt6keychain libQt6DBus");
}

void Borders::programsLoadWhatTheyNeed()
{
    QFETCH(QString, name);
    QFETCH(QString, others);
    const QString program = QStringLiteral(GATEHOUSE_BIN_DIR "/") + name;
    QVERIFY2(QFileInfo(program).isExecutable(), qPrintable(name + QStringLiteral(" is not built")));
    QProcess ldd;
    ldd.start(QStringLiteral("ldd"), {program});
    QVERIFY(ldd.waitForFinished(30'000));
    const QString libraries = QString::fromLocal8Bit(ldd.readAllStandardOutput());
    QVERIFY2(libraries.contains(QStringLiteral("libQt6Core")), qPrintable(libraries));
    const QString drawing = QStringLiteral("libQt6Gui libQt6Widgets libQt6Svg libQt6Charts libX11 libwayland libGL ");
    for (const QString &library : QString(drawing + others).split(u' ', Qt::SkipEmptyParts))
        QVERIFY2(!libraries.contains(library), qPrintable(library));
}

CONSOLE_TEST(Borders)
#include "tst_borders.moc"
