// SPDX-License-Identifier: GPL-3.0-or-later
//
// `--shots DIR`: shows every page in light and dark at two sizes, waits until it has read its data, and writes what it
// looks like to DIR/PAGE-THEME-WIDTHxHEIGHT.png; then quits. Works without a display (offscreen platform). Never
// changes anything in the environment.
#pragma once

#include <QObject>
#include <QSize>
#include <QTimer>

namespace gatehouse::ui {

class MainWindow;
class Theme;

class Shots : public QObject {
    Q_OBJECT
public:
    Shots(MainWindow &window, Theme &theme, const QString &folder, const QStringList &pages,
          QObject *parent = nullptr);
    void start();

signals:
    /// @p exitCode 0, or 1 when a page never became ready or a picture could not be written.
    void finished(int exitCode);

private:
    struct Shot {
        QString page;
        bool dark = false;
        QSize size;
    };
    void prepare();
    void look();

    MainWindow &m_window;
    Theme &m_theme;
    QString m_folder;
    QList<Shot> m_shots;
    QTimer m_timer;
    int m_waited = 0;
    int m_exitCode = 0;
};

} // namespace gatehouse::ui
