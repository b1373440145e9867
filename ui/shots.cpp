// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shots.h"

#include "ui/mainwindow.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QPixmap>

namespace gatehouse::ui {

namespace {
constexpr int kTickMilliseconds = 50;
/// After a page says that it is ready, late answers (details, counts) still settle this many ticks.
constexpr int kSettleTicks = 8;
constexpr int kMaxTicks = 400;
} // namespace

Shots::Shots(MainWindow &window, Theme &theme, const QString &folder, const QStringList &pages, QObject *parent)
    : QObject(parent), m_window(window), m_theme(theme), m_folder(folder)
{
    for (const bool dark : {false, true}) {
        for (const QSize size : {QSize(1280, 800), QSize(1024, 680)}) {
            for (const QString &page : pages)
                m_shots.append({page, dark, size});
        }
    }
    m_timer.setInterval(kTickMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &Shots::look);
}

void Shots::start()
{
    if (!QDir().mkpath(m_folder) || m_shots.isEmpty()) {
        emit finished(1);
        return;
    }
    prepare();
}

void Shots::prepare()
{
    const Shot &shot = m_shots.first();
    m_theme.setAppearance(shot.dark ? Appearance::Dark : Appearance::Light);
    m_window.resize(shot.size);
    m_window.goTo(shot.page);
    m_waited = -kSettleTicks;
    m_timer.start();
}

void Shots::look()
{
    ++m_waited;
    if (m_waited < 0 || (!m_window.isReady() && m_waited < kMaxTicks))
        return;
    m_timer.stop();
    const Shot shot = m_shots.takeFirst();
    const QString name = QStringLiteral("%1/%2-%3-%4x%5.png")
                             .arg(m_folder, shot.page, shot.dark ? QStringLiteral("dark") : QStringLiteral("light"))
                             .arg(shot.size.width())
                             .arg(shot.size.height());
    if (!m_window.isReady() || !m_window.grab().save(name))
        m_exitCode = 1;
    if (m_shots.isEmpty())
        emit finished(m_exitCode);
    else
        prepare();
}

} // namespace gatehouse::ui
