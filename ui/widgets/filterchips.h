// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filter chips: a row of rounded choices of which one is taken, and chips that open a menu of choices. Keys are the
// caller's; selected() is the key of the one taken. Arrow keys move within the row, Space takes.
#pragma once

#include <QButtonGroup>
#include <QHash>
#include <QToolButton>
#include <QWidget>

class QPushButton;

namespace gatehouse::ui {

class FilterChips : public QWidget {
    Q_OBJECT
public:
    explicit FilterChips(const QString &accessibleName, QWidget *parent = nullptr);

    /// Adds a choice; the first one added is taken. @p count is written after the text when not negative.
    void addChip(const QString &key, const QString &text, qint64 count = -1);
    void setCount(const QString &key, qint64 count);
    void setSelected(const QString &key);
    QString selected() const;

signals:
    void selectedChanged(const QString &key);

private:
    struct Chip {
        QPushButton *button;
        QString text;
    };
    QButtonGroup m_group;
    QHash<QString, Chip> m_chips;
};

/// A chip that opens a menu of choices, for example populations: shows what is taken, marked when it filters.
class ChoiceChip : public QToolButton {
    Q_OBJECT
public:
    explicit ChoiceChip(const QString &label, QWidget *parent = nullptr);
    /// Replaces the choices; the first one means "all". What was taken stays taken while it still exists.
    void setChoices(const QList<std::pair<QVariant, QString>> &choices);
    QVariant selected() const { return m_selected; }
    void setSelected(const QVariant &value);

signals:
    void selectedChanged(const QVariant &value);

private:
    void show(const QVariant &value);
    QString m_label;
    QVariant m_selected;
    QList<std::pair<QVariant, QString>> m_choices;
};

} // namespace gatehouse::ui
