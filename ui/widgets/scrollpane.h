// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scroll area for forms and other columns of text: its content is always as high as its wrapped texts need at the
// width there is. A plain QScrollArea squeezes them, since it asks for the height at the smallest width only.
#pragma once

#include <QScrollArea>

namespace gatehouse::ui {

class ScrollPane : public QScrollArea {
    Q_OBJECT
public:
    /// Takes @p content over; it needs a layout.
    explicit ScrollPane(QWidget *content, QWidget *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
};

} // namespace gatehouse::ui
