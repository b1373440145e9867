// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one window: navigation on the left, header, page, status strip. It owns the pages and the actions that every page
// has (Go to, search, refresh, help, appearance) and nothing else; what a page does is the page's own. GUI thread.
#pragma once

#include "app/console.h"
#include "ui/pages/page.h"

#include <QHash>
#include <QPointer>
#include <QWidget>

#include <memory>

class QAction;
class QMenu;
class QSettings;
class QStackedWidget;

namespace gatehouse::ui {

class HelpWindow;
class Navigation;
class OpeningPane;
class PageHeader;
class StatusStrip;
class Theme;

class MainWindow : public QWidget {
    Q_OBJECT
public:
    /// @p settings keeps geometry and choices; both outlive the window.
    MainWindow(Theme &theme, QSettings &settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens the environment; pages come when it is open.
    void open(const QString &environmentPath);
    app::Console *console() const { return m_console.get(); }

    void goTo(const QString &pageKey, const QString &id = {});
    Page *currentPage() const;
    QString currentKey() const { return m_key; }
    QStringList pageKeys() const;
    /// True once the environment is open and the current page has read what it shows first.
    bool isReady() const;

signals:
    void opened();
    void openFailed(const gatehouse::core::Error &error);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void makeActions();
    void makeMenu();
    QAction *addAct(const QString &text, const QKeySequence &key, const std::function<void()> &act);
    void onOpened();
    void showPage(const QString &key, const QString &id);
    Page *page(const QString &key);
    void updateHeader();
    void showGoTo();
    void showHelp();
    void setAppearance(int appearance);

    Theme &m_theme;
    QSettings &m_settings;
    std::unique_ptr<app::Console> m_console;
    Navigation *m_navigation;
    PageHeader *m_header;
    QStackedWidget *m_pages;
    StatusStrip *m_status;
    QStackedWidget *m_whole; ///< 0: opening, 1: the console
    OpeningPane *m_opening;
    QPointer<HelpWindow> m_help;
    QMenu *m_menu;
    QList<QAction *> m_commands; ///< also reached by Go to
    QHash<QString, Page *> m_made;
    QString m_key;
    bool m_mayClose = false;
};

} // namespace gatehouse::ui
