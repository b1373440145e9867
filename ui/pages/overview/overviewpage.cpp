// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewpage.h"

#include "app/text.h"
#include "ui/pages/overview/firststepscard.h"
#include "ui/pages/overview/rowscard.h"
#include "ui/pages/overview/runtrend.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/stattile.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

using app::Text;

namespace {

constexpr int kEdge = 24;
constexpr int kGap = 16;
constexpr int kClockMs = 30000;
constexpr int kRunsShown = 4;
/// Narrower than so many widths of an M, the cards stand below each other.
constexpr int kTwoColumnsFrom = 52;

const QString kUsers = QStringLiteral("users");
const QString kGroups = QStringLiteral("groups");
const QString kGateways = QStringLiteral("gateways");
const QString kProvisioning = QStringLiteral("provisioning");
const QString kRuns = QStringLiteral("runs");

} // namespace

OverviewPage::OverviewPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("overview"), tr("Overview"), parent), m_health(settings()), m_history(console()),
      m_digest(console(), m_history), m_area(new QScrollArea), m_welcome(new QLabel), m_error(new ErrorPanel),
      m_steps(new FirstStepsCard), m_tileGrid(new QGridLayout), m_users(new StatTile(tr("Users"))),
      m_enabled(new StatTile(tr("Enabled"))), m_groups(new StatTile(tr("Groups"))),
      m_gatewayCount(new StatTile(tr("Gateways"))), m_lastRun(new StatTile(tr("Last run"))),
      m_cards(new QHBoxLayout), m_leading(new QVBoxLayout), m_trailing(new QVBoxLayout),
      m_attention(new RowsCard(tr("Needs attention"), {})),
      m_runs(new RowsCard(tr("Last runs"), tr("&All runs"))),
      m_gateways(new RowsCard(tr("Gateways"), tr("All &gateways"))), m_trend(new RunTrend), m_legend(new TrendLegend)
{
    m_welcome->setWordWrap(true);
    m_welcome->setForegroundRole(QPalette::PlaceholderText);
    m_welcome->setTextFormat(Qt::PlainText);
    m_welcome->setText(tr("Gatehouse takes people from LDAP directories into one identity directory, and says why each "
                          "of them is as they are. Four steps lead to the first preview; nothing changes before you "
                          "have seen it."));
    m_tiles = makeTiles();
    makeCards();

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(kEdge, kGap, kEdge, kEdge);
    column->setSpacing(kGap);
    column->addWidget(m_error);
    column->addWidget(m_welcome);
    column->addWidget(m_steps);
    column->addWidget(m_tiles);
    column->addLayout(m_cards);
    column->addStretch(1);
    m_area->setWidget(content);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_area);

    connect(m_error, &ErrorPanel::retryClicked, this, &OverviewPage::refresh);
    connect(m_steps, &FirstStepsCard::stepRequested, this, &OverviewPage::begin);
    connect(&m_digest, &app::OverviewDigest::changed, this, &OverviewPage::tell);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, &OverviewPage::tell);
    arrange(); // a card that tell() shows before it has its place would be a window of its own, and take the focus
    tell();
}

QWidget *OverviewPage::makeTiles()
{
    auto *tiles = new QWidget;
    tiles->setLayout(m_tileGrid);
    m_tileGrid->setContentsMargins(0, 0, 0, 0);
    m_tileGrid->setSpacing(12);
    const std::pair<StatTile *, const char *> named[] = {{m_users, "tile-users"}, {m_enabled, "tile-enabled"},
                                                         {m_groups, "tile-groups"}, {m_gatewayCount, "tile-gateways"},
                                                         {m_lastRun, "tile-lastRun"}};
    for (const auto &[tile, name] : named) {
        tile->setObjectName(QLatin1String(name));
        tile->setPressable(true);
    }
    connect(m_users, &StatTile::clicked, this, [this] { emit goRequested(kUsers, {}); });
    connect(m_enabled, &StatTile::clicked, this, [this] { emit goRequested(kUsers, {}); });
    connect(m_groups, &StatTile::clicked, this, [this] { emit goRequested(kGroups, {}); });
    connect(m_gatewayCount, &StatTile::clicked, this, [this] { emit goRequested(kGateways, {}); });
    connect(m_lastRun, &StatTile::clicked, this, [this] {
        const QList<store::Run> &runs = m_history.runs();
        emit goRequested(kRuns, runs.isEmpty() ? QString() : QString::number(runs.first().row));
    });
    return tiles;
}

void OverviewPage::makeCards()
{
    m_attention->setObjectName(QStringLiteral("attention"));
    m_runs->setObjectName(QStringLiteral("lastRuns"));
    m_gateways->setObjectName(QStringLiteral("gatewayStates"));
    m_attention->setEmptyText(tr("Nothing needs your attention."), Tone::Good);
    m_runs->setEmptyText(tr("No rule has run yet."));
    m_gateways->setEmptyText(tr("There is no gateway yet."));
    m_runs->addWidget(m_trend);
    m_runs->addWidget(m_legend);
    m_cards->setSpacing(kGap);
    for (QVBoxLayout *column : {m_leading, m_trailing})
        column->setSpacing(kGap);
    m_leading->addWidget(m_attention);
    m_leading->addWidget(m_runs);
    m_leading->addStretch(1);
    m_cards->addLayout(m_leading, 3);
    m_cards->addLayout(m_trailing, 2);
    for (RowsCard *card : {m_attention, m_runs, m_gateways})
        connect(card, &RowsCard::opened, this, &Page::goRequested);
    connect(m_runs, &RowsCard::linkClicked, this, [this] { emit goRequested(kRuns, {}); });
    connect(m_gateways, &RowsCard::linkClicked, this, [this] { emit goRequested(kGateways, {}); });
    connect(m_trend, &RunTrend::opened, this, [this](qint64 run) { emit goRequested(kRuns, QString::number(run)); });
}

void OverviewPage::arrange()
{
    const int letter = fontMetrics().horizontalAdvance(QLatin1Char('M'));
    const int columns = width() < kTwoColumnsFrom * letter ? 1 : 2;
    if (columns == m_columns)
        return;
    m_columns = columns;
    const bool two = columns == 2;
    m_leading->removeWidget(m_gateways);
    while (QLayoutItem *item = m_trailing->takeAt(0))
        delete item;
    if (two) {
        m_trailing->addWidget(m_gateways);
        m_trailing->addStretch(1);
    } else {
        m_leading->insertWidget(2, m_gateways);
    }
    m_cards->setStretch(1, two ? 2 : 0);

    StatTile *const tiles[] = {m_users, m_enabled, m_groups, m_gatewayCount, m_lastRun};
    for (int tile = 0; tile < int(std::size(tiles)); ++tile)
        m_tileGrid->addWidget(tiles[tile], two ? 0 : tile / 3, two ? tile : tile % 3);
    for (int column = 0; column < int(std::size(tiles)); ++column)
        m_tileGrid->setColumnStretch(column, two ? (column == 4 ? 3 : 2) : column < 3 ? 1 : 0);
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

void OverviewPage::refresh()
{
    m_history.refresh();
    m_digest.refresh();
}

void OverviewPage::setActive(bool active)
{
    if (!active) {
        m_clock.stop();
        return;
    }
    // Gateways may have been tested meanwhile; the settings do not say so.
    tell();
    m_clock.start();
}

bool OverviewPage::isReady() const
{
    return m_history.isRead() && (m_digest.totals() || m_digest.error());
}

void OverviewPage::begin(int step)
{
    const core::Configuration &configuration = console().configuration();
    switch (step) {
    case FirstStepsCard::Gateway:
        emit goRequested(kGateways, QStringLiteral("+"));
        return;
    case FirstStepsCard::Connection:
        emit goRequested(kProvisioning, QStringLiteral("+connection"));
        return;
    case FirstStepsCard::Rule:
        emit goRequested(kProvisioning, QStringLiteral("+rule"));
        return;
    default:
        emit goRequested(kProvisioning, configuration.rules.isEmpty() ? QString() : configuration.rules.first().name);
    }
}

void OverviewPage::tell()
{
    const auto &error = m_history.error() ? m_history.error() : m_digest.error();
    if (error)
        m_error->setError(*error, true);
    else
        m_error->clear();
    // What could not be read is not well.
    m_attention->setEmptyText(error ? tr("What needs your attention could not be read.") : tr("Nothing needs your attention."),
                              error ? Tone::Bad : Tone::Good);
    const app::OverviewDigest::FirstSteps steps = m_digest.firstSteps();
    // Until the runs are read it is not known whether the last step was taken.
    const bool guided = m_history.isRead() && !m_history.error() && !steps.areDone();
    const bool nothing = guided && !steps.gateway && m_digest.totals() && m_digest.totals()->users == 0;
    m_welcome->setVisible(nothing);
    m_steps->setVisible(guided);
    m_tiles->setVisible(!nothing);
    m_attention->setVisible(!nothing);
    m_runs->setVisible(!nothing);
    m_gateways->setVisible(!nothing);
    if (guided)
        m_steps->setSteps(steps);
    if (nothing)
        return;
    showTiles();
    showAttention();
    showRuns();
    showGateways();
}

void OverviewPage::showTiles()
{
    const QString unknown = QStringLiteral("–");
    const core::Configuration &configuration = console().configuration();
    const auto &totals = m_digest.totals();
    m_users->setNumber(totals ? Text::number(totals->users) : unknown, Tone::Accent);
    m_users->setNote(configuration.populations.size() == 1 ? tr("in 1 population")
                                                           : tr("in %n populations", nullptr,
                                                                int(configuration.populations.size())));
    m_enabled->setNumber(totals ? Text::number(totals->enabled) : unknown, Tone::Good);
    m_enabled->setNote(totals ? tr("%1 disabled").arg(Text::number(totals->users - totals->enabled)) : QString(u' '));
    m_groups->setNumber(totals ? Text::number(totals->groups) : unknown, Tone::Accent);
    m_groups->setNote(totals ? tr("%1 external").arg(Text::number(totals->foreignGroups)) : QString(u' '));
    const auto enabled = std::count_if(configuration.gateways.begin(), configuration.gateways.end(),
                                       [](const core::Gateway &gateway) { return gateway.enabled; });
    m_gatewayCount->setNumber(Text::number(configuration.gateways.size()), Tone::Accent);
    m_gatewayCount->setNote(tr("%1 switched on").arg(Text::number(enabled)));
    if (m_history.runs().isEmpty()) {
        m_lastRun->setNumber(m_history.isRead() ? tr("never") : unknown, Tone::Neutral);
        m_lastRun->setNote(QString(u' '));
        return;
    }
    const store::Run &run = m_history.runs().first();
    m_lastRun->setNumber(Text::relativeTime(run.startedAt), Text::tone(run.status));
    m_lastRun->setNote(tr("%1 · %2").arg(Text::status(run.status), run.rule));
}

void OverviewPage::showAttention()
{
    QList<LinkRow::Content> rows;
    for (const app::OverviewDigest::Attention &item : m_digest.attention(m_health)) {
        LinkRow::Content row;
        row.icon = item.tone;
        row.title = item.text;
        row.link = item.link;
        row.page = item.page;
        row.thing = item.thing;
        rows.append(row);
    }
    m_attention->setRows(rows);
}

void OverviewPage::showRuns()
{
    const QList<store::Run> &runs = m_history.runs();
    m_trend->setRuns(runs);
    m_trend->setVisible(!runs.isEmpty());
    m_legend->setVisible(!runs.isEmpty());
    QList<LinkRow::Content> rows;
    for (const store::Run &run : runs.first(std::min<qsizetype>(runs.size(), kRunsShown))) {
        LinkRow::Content row;
        row.title = run.rule;
        row.text = Text::relativeTime(run.startedAt);
        if (run.status != store::RunStatus::Running)
            row.text += QStringLiteral(" · ") + app::runSummary(run);
        row.state = Text::status(run.status);
        row.tone = Text::tone(run.status);
        row.page = kRuns;
        row.thing = QString::number(run.row);
        rows.append(row);
    }
    m_runs->setRows(rows);
}

void OverviewPage::showGateways()
{
    QList<LinkRow::Content> rows;
    for (const core::Gateway &gateway : console().configuration().gateways) {
        LinkRow::Content row;
        row.title = gateway.name;
        row.text = gateway.type == core::GatewayType::Ldap ? core::vendorName(gateway.vendor) : tr("RADIUS");
        const QDateTime tested = m_health.of(gateway).testedAt;
        if (tested.isValid())
            row.text += QStringLiteral(" · ") + tr("tested %1").arg(Text::relativeTime(tested));
        const app::GatewayHealth::Pill pill = m_health.pill(gateway, console().gatewayClients().instancesOf(gateway.id));
        row.state = pill.text;
        row.tone = pill.tone;
        row.page = kGateways;
        row.thing = gateway.name;
        rows.append(row);
    }
    m_gateways->setRows(rows);
}

} // namespace gatehouse::ui
