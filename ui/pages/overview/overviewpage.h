// SPDX-License-Identifier: GPL-3.0-or-later
//
// Overview: how the environment stands. Numbers that lead on, what needs attention, the last runs with their trend, the
// gateways' state; for a first-time reader the way from gateway to preview. Reads through its models only.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "app/overview/overviewdigest.h"
#include "app/runs/runhistory.h"
#include "ui/pages/page.h"

#include <QTimer>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace gatehouse::ui {

class ErrorPanel;
class FirstStepsCard;
class RowsCard;
class RunTrend;
class StatTile;
class TrendLegend;

class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    void setActive(bool active) override;
    bool isReady() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeTiles();
    void makeCards();
    void arrange();
    void tell();
    void showTiles();
    void showAttention();
    void showRuns();
    void showGateways();
    void begin(int step);

    app::GatewayHealth m_health;
    app::RunHistory m_history;
    app::OverviewDigest m_digest;
    QScrollArea *m_area;
    QLabel *m_welcome;
    ErrorPanel *m_error;
    FirstStepsCard *m_steps;
    QWidget *m_tiles;
    QGridLayout *m_tileGrid;
    StatTile *m_users;
    StatTile *m_enabled;
    StatTile *m_groups;
    StatTile *m_gatewayCount;
    StatTile *m_lastRun;
    QHBoxLayout *m_cards;
    QVBoxLayout *m_leading;  ///< column of cards
    QVBoxLayout *m_trailing; ///< second column, where there is room for one
    RowsCard *m_attention;
    RowsCard *m_runs;
    RowsCard *m_gateways;
    RunTrend *m_trend;
    TrendLegend *m_legend;
    QTimer m_clock; ///< "2 min ago" goes on while the page is looked at
    int m_columns = 0;
};

} // namespace gatehouse::ui
