// SPDX-License-Identifier: GPL-3.0-or-later
//
// The last runs as stacked bars, oldest first: created, updated, disabled or deleted, failed. Told apart by colour and
// by hatching; heights grow by the square root; a run that did not go well has its sign below the bar. Arrow keys go from bar to bar, Return opens one.
// Paints only what it is given.
#pragma once

#include "store/runs.h"

#include <QWidget>

namespace gatehouse::ui {

class RunTrend : public QWidget {
    Q_OBJECT
public:
    explicit RunTrend(QWidget *parent = nullptr);

    /// Newest first, as the history has them; as many are drawn as there is room for, at most kMostBars.
    void setRuns(const QList<store::Run> &runs);
    static constexpr int kMostBars = 30;
    /// How many bars there is room for now.
    int barCount() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void opened(qint64 run);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect plot() const;
    QRect slot(int bar) const;
    int barAt(const QPoint &at) const;
    const store::Run &runOf(int bar) const;
    QString words(const store::Run &run) const;
    void setCurrent(int bar);
    void paintBar(QPainter &painter, int bar, qint64 most) const;

    QList<store::Run> m_runs; ///< newest first
    int m_current = -1;       ///< the bar that the keyboard is at
    int m_hovered = -1;
};

/// What the parts of the bars mean.
class TrendLegend : public QWidget {
    Q_OBJECT
public:
    explicit TrendLegend(QWidget *parent = nullptr);
};

} // namespace gatehouse::ui
