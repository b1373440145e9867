// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plain text that wraps whatever is in it: a DN, a path or a fingerprint longer than the line is broken where it must be,
// so that no text makes its pane wider than the window. Selecting and copying give the text as it is.
#pragma once

#include <QLabel>

namespace gatehouse::ui {

class BreakLabel : public QLabel {
    Q_OBJECT
public:
    explicit BreakLabel(QWidget *parent = nullptr);
    explicit BreakLabel(const QString &text, QWidget *parent = nullptr);

    /// Hides QLabel's: what QLabel holds has places to break in it.
    void setText(const QString &text);
    /// As it was set.
    const QString &plainText() const { return m_text; }

    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    QString broken(int width) const;
    void fit();
    void copySelection();

    QString m_text;
};

} // namespace gatehouse::ui
