// SPDX-License-Identifier: GPL-3.0-or-later
//
// The way of a first-time reader: gateway, connection, rule, preview and run; what is done, what comes next, and the
// button that begins it. Shown by the overview until every step has been taken once.
#pragma once

#include "app/overview/overviewdigest.h"

#include <QFrame>

#include <array>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class FirstStepsCard : public QFrame {
    Q_OBJECT
public:
    enum Step { Gateway, Connection, Rule, Preview, StepCount };

    explicit FirstStepsCard(QWidget *parent = nullptr);
    void setSteps(const app::OverviewDigest::FirstSteps &steps);
    /// The first step that has not been taken; StepCount: all have.
    int current() const { return m_current; }

signals:
    void stepRequested(int step);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintSigns();

    struct Row {
        QLabel *sign = nullptr;
        QLabel *title = nullptr;
        QLabel *text = nullptr;
        QLabel *done = nullptr;
        QPushButton *button = nullptr;
        QString words;
    };
    std::array<Row, StepCount> m_rows{};
    std::array<bool, StepCount> m_taken{};
    int m_current = 0;
};

} // namespace gatehouse::ui
