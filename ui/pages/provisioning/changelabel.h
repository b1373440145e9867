// SPDX-License-Identifier: GPL-3.0-or-later
//
// One attribute's change as a label: what goes struck and red with a minus, what comes green with a plus.
#pragma once

#include "core/plan/step.h"

#include <QWidget>

namespace gatehouse::ui {

class ChangeLabel : public QWidget {
    Q_OBJECT
public:
    explicit ChangeLabel(const core::AttributeChange &change, QWidget *parent = nullptr);
    /// "− before + after", for those who do not see it.
    QString text() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_hasBefore;
    bool m_hasAfter;
    QString m_before;
    QString m_after;
};

} // namespace gatehouse::ui
