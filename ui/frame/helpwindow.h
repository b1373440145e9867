// SPDX-License-Identifier: GPL-3.0-or-later
//
// The help of a page, resources/help/KEY.md, in a small window beside the work: it stays open while the page is used,
// and follows to the next page. Esc closes it.
#pragma once

#include <QDialog>

class QTextBrowser;

namespace gatehouse::ui {

class HelpWindow : public QDialog {
    Q_OBJECT
public:
    explicit HelpWindow(QWidget *parent);
    void showPage(const QString &key, const QString &title);

private:
    QTextBrowser *m_text;
};

} // namespace gatehouse::ui
