// SPDX-License-Identifier: GPL-3.0-or-later
//
// The header over a page: breadcrumb, title, the page's own chips, and its primary action top right. Shows what the
// current page says; owned by the window.
#pragma once

#include <QPointer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

class Page;

class PageHeader : public QWidget {
    Q_OBJECT
public:
    explicit PageHeader(QWidget *parent = nullptr);
    /// @p group: the navigation's heading over the page.
    void show(const Page *page, const QString &group);
    QPushButton *primaryButton() const { return m_primary; }

signals:
    /// The breadcrumb's page was pressed: back to the page's own beginning.
    void backRequested();

private:
    QLabel *m_breadcrumb;
    QLabel *m_title;
    QHBoxLayout *m_extras;
    QPushButton *m_primary;
    QMetaObject::Connection m_triggered;
    QMetaObject::Connection m_changed;
};

} // namespace gatehouse::ui
