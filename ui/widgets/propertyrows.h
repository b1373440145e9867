// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values to be read: label on the left (above, where it is narrow), value on the right, each with a copy action that appears under the pointer and
// works by keyboard: the whole is one tab stop, Up and Down go from row to row, Ctrl+C copies. Never edits.
#pragma once

#include <QHash>
#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;
class QToolButton;

namespace gatehouse::ui {

class PropertyRows : public QWidget {
    Q_OBJECT
public:
    explicit PropertyRows(QWidget *parent = nullptr);

    enum Option { Plain = 0, Monospace = 1, Hidden = 2 };
    /// @p key names the row for setValue().
    void addRow(const QString &key, const QString &label, const QString &value = {}, int options = Plain);
    /// A row whose value is a widget of the caller's, for example a badge or a link; @p copyText is what is copied.
    void addRow(const QString &label, QWidget *value, const QString &copyText = {});
    /// An empty value shows as a dash.
    void setValue(const QString &key, const QString &value, const QString &toolTip = {});
    void setRowVisible(const QString &key, bool visible);
    void clear();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Row {
        QLabel *label = nullptr;
        QWidget *value = nullptr;
        QToolButton *copy = nullptr;
        QString text;
    };
    void insert(const QString &label, QWidget *value, const QString &key, const QString &copyText);
    void copyRow(int row) const;
    void showCopy();
    void place(int row);
    QRect rowRect(int row) const;

    QGridLayout *m_grid;
    QList<Row> m_rows;
    QHash<QString, int> m_byKey;
    int m_current = 0;
    int m_hovered = -1;
    bool m_stacked = false; ///< labels above values, where there is no room beside them
};

} // namespace gatehouse::ui
