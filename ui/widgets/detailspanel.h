// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details panel: title with state and subtitle, enable switch, More Options (⋮), underlined tabs, and a footer for
// Save and Cancel. A page fills it; with nothing selected it shows the widget set by setEmpty().
#pragma once

#include <QHash>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QVBoxLayout;

namespace gatehouse::ui {

class Badge;
class ToggleSwitch;

class DetailsPanel : public QWidget {
    Q_OBJECT
public:
    explicit DetailsPanel(QWidget *parent = nullptr);

    void setTitle(const QString &title);
    QString title() const;
    void setSubtitle(const QString &subtitle);
    Badge *state() const { return m_state; }
    /// Hidden until a page shows it; @p accessibleName says what it enables.
    ToggleSwitch *toggle() const { return m_toggle; }
    void showToggle(const QString &accessibleName);
    /// More Options; the button is hidden while it has no actions.
    QMenu *menu() const { return m_menu; }
    /// A button at the right of the title, before the switch.
    void addHeaderWidget(QWidget *widget);

    /// The widget is taken over and scrolls when @p scroll; it gets the panel's margins.
    void addTab(const QString &key, const QString &title, QWidget *widget, bool scroll = true);
    void setTabVisible(const QString &key, bool visible);
    QString currentTab() const;
    void setCurrentTab(const QString &key);
    QTabBar *tabs() const { return m_tabs; }

    /// Shown at the bottom, under a line; nullptr takes it away (the widget stays the caller's).
    void setFooter(QWidget *footer);
    /// What is shown while nothing is selected; taken over.
    void setEmpty(QWidget *widget);
    void showEmpty();
    void showDetails();
    bool isShowingDetails() const;
    /// Shows a form in place of the details, for something that does not exist yet; the form is taken over and
    /// deleted when something else is shown. The footer stays.
    void showForm(const QString &title, QWidget *form);

signals:
    void tabChanged(const QString &key);

private:
    QStackedWidget *m_stack; ///< details, the empty state, a form
    QWidget *m_details;
    QWidget *m_empty = nullptr;
    QWidget *m_form = nullptr;
    QLabel *m_title;
    QLabel *m_subtitle;
    Badge *m_state;
    QHBoxLayout *m_header;
    ToggleSwitch *m_toggle;
    QToolButton *m_more;
    QMenu *m_menu;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    QVBoxLayout *m_layout;
    void closeForm();
    QWidget *m_footerLine;
    QWidget *m_footer = nullptr;
};

} // namespace gatehouse::ui
