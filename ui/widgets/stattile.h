// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number with its name: "Create 6". Takes focus and is pressed like a button when it leads somewhere.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace gatehouse::ui {

class StatTile : public QAbstractButton {
    Q_OBJECT
public:
    explicit StatTile(const QString &label, QWidget *parent = nullptr);
    void setNumber(const QString &number, Tone tone = Tone::Accent);
    /// A muted line under the number.
    void setNote(const QString &note);
    /// Whether it can be pressed (default: not).
    void setPressable(bool pressable);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_label;
    QString m_number;
    QString m_note;
    Tone m_tone = Tone::Accent;
    bool m_pressable = false;
};

} // namespace gatehouse::ui
