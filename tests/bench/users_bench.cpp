// SPDX-License-Identifier: GPL-3.0-or-later
//
// The users table with a million people: first screen, all numbers, a far page, search, sort, and what it costs in
// memory; over a real environment, in a real view. Then the whole window on it: how long the program takes to start
// (startMs, all that happens before the window) and until the window shows people (firstWindowMs). Prints one JSON
// line. Usage: users_bench [PEOPLE]
#include "app/console.h"
#include "app/roles.h"
#include "app/users/userstablemodel.h"
#include "tests/support/sampleenvironment.h"
#include "ui/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/tableview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

using namespace gatehouse;
using app::UsersTableModel;

namespace {

/// Resident memory of this process in megabytes.
double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6;
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int people = argc > 1 ? QByteArray(argv[1]).toInt() : 1000000;
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("million.gatehouse"));
    QElapsedTimer clock;
    clock.start();
    const QString fault = tests::fillSample(path, people);
    if (!fault.isEmpty()) {
        QTextStream(stderr) << fault << Qt::endl;
        return 1;
    }
    QJsonObject result{{QStringLiteral("people"), people}, {QStringLiteral("fillMs"), clock.elapsed()}};

    ui::Theme theme(application);
    app::Console console(path);
    QSignalSpy opened(&console, &app::Console::opened);
    clock.restart();
    console.open();
    opened.wait(60000);
    result.insert(QStringLiteral("openMs"), clock.elapsed());
    const double before = residentMegabytes();

    UsersTableModel model(console);
    ui::TableView view;
    view.setModel(&model);
    view.setItemDelegate(new ui::CellDelegate(&view));
    view.resize(900, 700);
    view.show();
    QSignalSpy loaded(&model, &UsersTableModel::loaded);
    const auto waitForRow = [&](int row) {
        return QTest::qWaitFor([&] { return model.rowCount() > row && !model.index(row, 0).data(app::LoadingRole).toBool(); },
                               60000);
    };
    clock.restart();
    model.setQuery({});
    waitForRow(0);
    result.insert(QStringLiteral("firstScreenMs"), clock.elapsed());
    if (loaded.isEmpty())
        loaded.wait(60000);
    result.insert(QStringLiteral("allRowsMs"), clock.elapsed());

    clock.restart();
    view.scrollTo(model.index(people * 3 / 4, 0));
    waitForRow(people * 3 / 4);
    view.grab();
    result.insert(QStringLiteral("farPageMs"), clock.elapsed());

    // A hundred pages of scrolling, as a person drags the bar: what blocks the GUI thread is what matters.
    qint64 longest = 0;
    for (int step = 0; step < 100; ++step) {
        clock.restart();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 100 * step);
        view.grab();
        longest = std::max(longest, clock.elapsed());
        QTest::qWait(1);
    }
    result.insert(QStringLiteral("longestFrameMs"), longest);

    const auto ask = [&](const char *name, const store::UserQuery &query) {
        loaded.clear();
        clock.restart();
        model.setQuery(query);
        loaded.wait(60000);
        result.insert(QLatin1String(name), clock.elapsed());
    };
    store::UserQuery query;
    query.search = QStringLiteral("user00012");
    ask("searchMs", query);
    query.search = QStringLiteral("müller");
    ask("searchNameMs", query);
    query = {};
    query.order = store::UserOrder::Name;
    ask("sortByNameMs", query);
    query.order = store::UserOrder::Updated;
    ask("sortByUpdatedMs", query);
    clock.restart();
    view.selectAll();
    result.insert(QStringLiteral("selectAllMs"), clock.elapsed());
    result.insert(QStringLiteral("residentMegabytes"), residentMegabytes());
    result.insert(QStringLiteral("tableMegabytes"), residentMegabytes() - before);

    clock.restart();
    QProcess::execute(QCoreApplication::applicationDirPath() + QStringLiteral("/gatehouse"), {QStringLiteral("--version")});
    result.insert(QStringLiteral("startMs"), clock.elapsed());
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    clock.restart();
    ui::MainWindow window(theme, settings);
    QObject::connect(&window, &ui::MainWindow::opened, &window, [&window] { window.goTo(QStringLiteral("users")); });
    window.show();
    window.open(path);
    if (QTest::qWaitFor([&window] { return window.currentKey() == QLatin1String("users") && window.isReady(); }, 60000)) {
        window.grab();
        result.insert(QStringLiteral("firstWindowMs"), clock.elapsed());
    }
    QTextStream(stdout) << QJsonDocument(result).toJson(QJsonDocument::Compact) << Qt::endl;
    return 0;
}
