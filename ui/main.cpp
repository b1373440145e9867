// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secretmemory.h"
#include "core/visibletext.h"
#include "store/files.h"
#include "ui/mainwindow.h"
#include "ui/shots.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QTextStream>
#include <QTranslator>

using namespace gatehouse;

int main(int argc, char *argv[])
{
    core::keepOutOfCoreDumps();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("gatehouse"));
    QApplication::setApplicationDisplayName(QStringLiteral("Gatehouse"));
    QApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    QApplication::setOrganizationName(QStringLiteral("gatehouse"));
    QApplication::setDesktopFileName(QStringLiteral("gatehouse"));

    QTranslator qtWords;
    if (qtWords.load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                     QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(&qtWords);
    QTranslator ownWords;
    if (ownWords.load(QLocale(), QStringLiteral("gatehouse"), QStringLiteral("_"), QStringLiteral(":/translations")))
        QApplication::installTranslator(&ownWords);

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Connects LDAP directories to an identity directory: look-up, provisioning, and why."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption environment(
        QStringLiteral("environment"), QCoreApplication::translate("main", "The environment to open."),
        QStringLiteral("FILE"));
    const QCommandLineOption page(QStringLiteral("page"),
                                  QCoreApplication::translate("main", "The page to show first, e.g. users."),
                                  QStringLiteral("NAME"));
    const QCommandLineOption shots(
        QStringLiteral("shots"),
        QCoreApplication::translate("main", "Writes pictures of all pages, or of --page, to DIR and quits."),
        QStringLiteral("DIR"));
    const QCommandLineOption light(QStringLiteral("light"), QCoreApplication::translate("main", "Light colours."));
    const QCommandLineOption dark(QStringLiteral("dark"), QCoreApplication::translate("main", "Dark colours."));
    parser.addOptions({environment, page, shots, light, dark});
    parser.process(application);

    ui::Theme theme(application);
    // Pictures are made with the settings of nobody, so that they look the same everywhere.
    QSettings settings(parser.isSet(shots) ? QDir(parser.value(shots)).filePath(QStringLiteral("shots.ini"))
                                           : QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
                                                 + QStringLiteral("/gatehouse/console.ini"),
                       QSettings::IniFormat);
    if (parser.isSet(dark))
        theme.setAppearance(ui::Appearance::Dark);
    else if (parser.isSet(light))
        theme.setAppearance(ui::Appearance::Light);
    else
        theme.setAppearance(ui::Appearance(settings.value(QStringLiteral("window/appearance"), 0).toInt()));

    ui::MainWindow window(theme, settings);
    const QStringList pages =
        parser.isSet(page) ? QStringList{parser.value(page)} : window.pageKeys();
    if (parser.isSet(page) && !window.pageKeys().contains(parser.value(page))) {
        QTextStream(stderr) << core::visible(QCoreApplication::translate("main", "There is no page %1. Pages: %2")
                                                 .arg(parser.value(page), window.pageKeys().join(QStringLiteral(", "))))
                            << Qt::endl;
        return 2;
    }

    std::unique_ptr<ui::Shots> pictures;
    QObject::connect(&window, &ui::MainWindow::opened, &window, [&] {
        if (parser.isSet(page))
            window.goTo(parser.value(page));
        if (parser.isSet(shots) && !pictures) {
            pictures = std::make_unique<ui::Shots>(window, theme, parser.value(shots), pages);
            QObject::connect(pictures.get(), &ui::Shots::finished, &application, &QCoreApplication::exit,
                             Qt::QueuedConnection);
            pictures->start();
        }
    });
    if (parser.isSet(shots)) {
        QObject::connect(&window, &ui::MainWindow::openFailed, &application, [](const core::Error &error) {
            QTextStream(stderr) << core::visible(error.text()) << Qt::endl;
            QCoreApplication::exit(1);
        });
    }

    const QString path = parser.isSet(environment) ? parser.value(environment) : store::defaultEnvironment();
    // What cannot be made is said when the environment cannot be opened in it.
    (void)store::makeFoldersFor(path);
    window.show();
    window.open(path);
    return QApplication::exec();
}
