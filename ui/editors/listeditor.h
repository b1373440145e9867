// SPDX-License-Identifier: GPL-3.0-or-later
//
// A short ordered list of texts to be edited: LDAP hosts with their ports, organizational units, LDAP attributes. Rows are added,
// removed and put in order by buttons, by Alt+Up and Alt+Down, or by dragging the grip; a fault stands under its row.
// Empty rows do not count.
#pragma once

#include <QList>
#include <QStringList>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace gatehouse::ui {

class ListEditor : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QStringList items READ items WRITE setItems NOTIFY itemsChanged USER true)
public:
    enum class Kind { HostAndPort, Dn, Attribute };

    /// @p addText: the button's text, "+ Add LDAP Host".
    ListEditor(Kind kind, const QString &addText, QWidget *parent = nullptr);

    /// Hosts as "host:port", the default port where none was typed.
    QStringList items() const;
    void setItems(const QStringList &items);
    void setDefaultPort(quint16 port);
    void setPlaceholder(const QString &text);
    /// Offered while one types.
    void setSuggestions(const QStringList &suggestions);

    /// Under the row of item @p index, as items() counts.
    void setItemFault(int index, const QString &text);
    void clearFaults();

signals:
    void itemsChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Row {
        QWidget *widget = nullptr;
        QLineEdit *text = nullptr;
        QLineEdit *port = nullptr; ///< HostAndPort only
        QLabel *fault = nullptr;
        QToolButton *grip = nullptr;
        QToolButton *up = nullptr;
        QToolButton *down = nullptr;
        QToolButton *remove = nullptr;
    };
    void addRow(const QString &item);
    void suggest(const Row &row);
    void removeRow(QWidget *widget);
    void moveRow(qsizetype from, qsizetype to);
    qsizetype rowOf(const QObject *part) const;
    void splitTyped(const Row &row);
    void updateRows();
    QString textOf(const Row &row) const;

    Kind m_kind;
    quint16 m_defaultPort = 636;
    QString m_placeholder;
    QStringList m_suggestions;
    QList<Row> m_rows;
    QVBoxLayout *m_layout;
    QPushButton *m_add;
};

} // namespace gatehouse::ui
