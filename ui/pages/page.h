// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page of the console: what stands in the window right of the navigation, under the header with breadcrumb, title
// and primary action. The window owns it, makes it when it is first shown and asks it by these few verbs; the page asks
// the window by signals. A page reads and writes through app::Console only and never blocks.
#pragma once

#include "app/console.h"
#include "ui/theme/theme.h"

#include <QList>
#include <QVariant>
#include <QWidget>

#include <functional>

class QAction;
class QSettings;

namespace gatehouse::ui {

/// What a page is made with; all outlive it.
struct PageContext {
    app::Console &console;
    QSettings &settings;
};

class Page : public QWidget {
    Q_OBJECT
public:
    Page(const PageContext &context, const QString &key, const QString &title, QWidget *parent = nullptr);

    /// The page's key in navigation, settings, help (help/KEY.md) and `--page`.
    const QString &key() const { return m_key; }
    const QString &title() const { return m_title; }
    /// Further places on the way to what is shown, after the page's title: {"Staff in", "Preview"}.
    const QStringList &trail() const { return m_trail; }
    /// The one primary action, top right; nullptr for none. Its text starts with "+" where it makes something.
    QAction *primaryAction() const { return m_primary; }
    /// Shown before the primary action, for example chips that change between two lists; stays the page's.
    const QList<QWidget *> &headerWidgets() const { return m_headerWidgets; }

    /// F5: reads again what is shown.
    virtual void refresh() {}
    /// Ctrl+F: goes to the search box. False when the page has none.
    virtual bool focusSearch() { return false; }
    /// Esc: closes what is open (a form, a selection). False when there was nothing to close.
    virtual bool escape() { return false; }
    /// Shows the thing that Go to, a link or a notice means: a row number as text, or a name.
    virtual void openThing(const QString &id) { Q_UNUSED(id) }
    /// The page was chosen again while it is shown: back from what was opened on it, for example a preview, to where the
    /// page begins. A form that is open stays.
    virtual void goHome() {}
    /// The page is about to be left, or the window closed: calls @p proceed at once, or after unsaved changes were
    /// saved or given up; never when the person decides to stay.
    virtual void leave(const std::function<void()> &proceed) { proceed(); }
    /// The page has become visible, or is no longer.
    virtual void setActive(bool active) { Q_UNUSED(active) }
    /// True once what the page shows first has been read; `--shots` waits for it.
    virtual bool isReady() const { return true; }

signals:
    /// Trail, primary action or header widgets have changed.
    void headerChanged();
    /// Go to another page, and to a thing on it when @p id is not empty.
    void goRequested(const QString &pageKey, const QString &id);
    /// A quiet word in the status bar: saved, deleted, copied. Bad and Warning stay until read.
    void said(const QString &text, gatehouse::ui::Tone tone);

protected:
    app::Console &console() const { return m_context.console; }
    QSettings &settings() const { return m_context.settings; }
    const PageContext &context() const { return m_context; }
    void setTrail(const QStringList &trail);
    void setPrimaryAction(QAction *action);
    void setHeaderWidgets(const QList<QWidget *> &widgets);
    /// Tells that a thing of the configuration was deleted, or why it was not.
    std::function<void(const app::Console::SaveAnswer &)> deletionOf(const QString &name);
    /// A settings key of this page: "pages/KEY/NAME".
    QString settingsKey(const QString &name) const;

private:
    PageContext m_context;
    QString m_key;
    QString m_title;
    QStringList m_trail;
    QAction *m_primary = nullptr;
    QList<QWidget *> m_headerWidgets;
};

} // namespace gatehouse::ui
