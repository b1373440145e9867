// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runs/runspage.h"

#include "app/text.h"
#include "ui/pages/runs/runpanel.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/searchbox.h"

#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <array>

namespace gatehouse::ui {

using app::RunList;
using app::Text;

namespace {

constexpr int kClockMs = 30000;
constexpr int kBegunMs = 700;

struct Filter {
    RunList::Only only;
    const char *key;
};
constexpr std::array kFilters{Filter{RunList::Only::All, "all"}, Filter{RunList::Only::Succeeded, "succeeded"},
                              Filter{RunList::Only::Partial, "partial"}, Filter{RunList::Only::Failed, "failed"},
                              Filter{RunList::Only::Stopped, "stopped"}};

} // namespace

RunsPage::RunsPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("runs"), tr("Runs"), parent), m_history(console()), m_model(m_history),
      m_list(new ListPane(tr("Search by rule, status or number"))), m_only(new FilterChips(tr("How it ended"))),
      m_empty(new QStackedWidget), m_panel(new DetailsPanel), m_run(new RunPanel(context, m_panel, this))
{
    auto *split = new ListDetails(m_list, m_panel, 320);
    split->remember(settings(), settingsKey(QStringLiteral("split")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    const QString words[] = {tr("All"), tr("Succeeded"), tr("Some failed"), tr("Failed"), tr("Stopped")};
    for (size_t i = 0; i < kFilters.size(); ++i)
        m_only->addChip(QLatin1String(kFilters[i].key), words[i], 0);
    m_list->addFilter(m_only);
    m_list->setEmptyWidget(makeEmpty());
    m_list->setModel(&m_model);

    connect(m_only, &FilterChips::selectedChanged, this, &RunsPage::filter);
    connect(m_list->search(), &SearchBox::searched, this, [this](const QString &text) {
        m_model.setSearch(text.trimmed());
        showCount();
    });
    connect(m_list, &ListPane::currentChanged, this, &RunsPage::onCurrent);
    connect(m_run, &RunPanel::goRequested, this, &Page::goRequested);
    connect(m_run, &RunPanel::said, this, &Page::said);
    connect(&m_history, &app::RunHistory::changed, this, &RunsPage::showHistory);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, &m_model, &RunList::retell);
    m_begun.setInterval(kBegunMs);
    m_begun.setSingleShot(true);
    connect(&m_begun, &QTimer::timeout, &m_history, &app::RunHistory::refresh);
    connect(&console().engine(), &provision::Engine::jobStarted, this,
            [this](quint64, const provision::RunRequest &request) {
                if (request.apply)
                    m_begun.start();
            });
    showCount();
}

QWidget *RunsPage::makeEmpty()
{
    auto *none = new EmptyState(QStringLiteral("runs"), tr("No runs yet"),
                                tr("Every run of a rule is kept here: when it ran, what it created, updated, disabled "
                                   "or deleted, and why an object failed. Preview a rule and run it to see the first."),
                                tr("Go to Provisioning"));
    connect(none, &EmptyState::actionClicked, this,
            [this] { emit goRequested(QStringLiteral("provisioning"), {}); });
    auto *filtered = new EmptyState(QStringLiteral("filter"), tr("No such run"), tr("No run has ended like this."),
                                    tr("Show all runs"));
    connect(filtered, &EmptyState::actionClicked, this, [this] { m_only->setSelected(QStringLiteral("all")); });
    auto *unread = new EmptyState(QStringLiteral("error"), tr("The runs could not be read"),
                                  tr("What has run, and how it ended, is not known here."), tr("Try again"));
    unread->setIcon(QStringLiteral("error"), Tone::Bad);
    connect(unread, &EmptyState::actionClicked, this, &RunsPage::refresh);
    m_empty->addWidget(none);
    m_empty->addWidget(filtered);
    m_empty->addWidget(unread);
    return m_empty;
}

void RunsPage::showHistory()
{
    if (m_history.error())
        emit said(Text::headline(*m_history.error()), Tone::Bad);
    showCount();
    onCurrent(m_list->currentId());
}

void RunsPage::showCount()
{
    for (const Filter &filter : kFilters)
        m_only->setCount(QLatin1String(filter.key), m_model.count(filter.only));
    m_empty->setCurrentIndex(m_history.error() ? 2 : m_model.total() == 0 ? 0 : 1);
    const qint64 shown = m_model.rowCount();
    const qint64 total = m_model.total();
    QString text = shown != total ? tr("%1 of %2 runs").arg(Text::number(shown), Text::number(total))
                   : total == 1   ? tr("1 run")
                                  : tr("%1 runs").arg(Text::number(total));
    if (total >= app::RunHistory::kLimit)
        text += QStringLiteral(" · ") + tr("the newest are listed");
    m_list->setCountText(text);
}

void RunsPage::filter(const QString &key)
{
    for (const Filter &filter : kFilters) {
        if (key == QLatin1String(filter.key))
            m_model.setOnly(filter.only);
    }
    showCount();
}

void RunsPage::onCurrent(const QVariant &id)
{
    m_run->show(id.isValid() ? m_history.find(id.toLongLong()) : nullptr);
}

void RunsPage::refresh()
{
    m_history.refresh();
}

bool RunsPage::focusSearch()
{
    // Where somebody reads results, the search is for results.
    QWidget *focus = window()->focusWidget();
    if (focus && m_panel->isAncestorOf(focus) && m_run->focusSearch())
        return true;
    m_list->search()->setFocus(Qt::ShortcutFocusReason);
    m_list->search()->selectAll();
    return true;
}

bool RunsPage::escape()
{
    if (m_only->selected() == QLatin1String("all"))
        return false;
    m_only->setSelected(QStringLiteral("all"));
    return true;
}

void RunsPage::openThing(const QString &id)
{
    m_only->setSelected(QStringLiteral("all"));
    bool isNumber = false;
    const qint64 row = id.toLongLong(&isNumber);
    if (isNumber) {
        m_list->search()->clear();
        m_model.setSearch({});
        m_list->select(row);
        showCount();
    } else {
        m_list->search()->setText(id);
    }
}

void RunsPage::setActive(bool active)
{
    if (active) {
        m_model.retell();
        m_clock.start();
    } else {
        m_clock.stop();
    }
}

bool RunsPage::isReady() const
{
    return m_history.isRead() && !m_run->isReading();
}

} // namespace gatehouse::ui
