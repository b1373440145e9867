// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/gotodialog.h"

#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/searchbox.h"

#include "app/roles.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kUsersShown = 8;
constexpr int kGroupsShown = 5;
constexpr int kMaxRows = 40;

/// Every word of @p text occurs in @p title: "sta in" finds "Staff in".
bool matches(const QString &title, const QString &text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(),
                       [&](const QString &word) { return title.contains(word, Qt::CaseInsensitive); });
}
} // namespace

GoToDialog::GoToDialog(app::Console *console, QList<Destination> fixed,
                       std::function<void(const QString &, const QString &)> goTo, QWidget *parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint), m_console(console), m_fixed(std::move(fixed)),
      m_goTo(std::move(goTo)), m_search(new SearchBox(tr("Go to a page, person, group, gateway, rule\u2026"), this)),
      m_view(new QListView(this)), m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("goTo"));
    setWindowTitle(tr("Go to\u2026"));
    setAttribute(Qt::WA_DeleteOnClose);
    setStyleSheet(QStringLiteral("QDialog#goTo { background: palette(base); border: 1px solid palette(mid); }"));
    m_search->setObjectName(QStringLiteral("goToSearch"));
    m_search->setDelay(60);
    m_search->installEventFilter(this);
    m_view->setModel(m_model);
    m_view->setObjectName(QStringLiteral("goToList"));
    m_view->setAccessibleName(tr("Places found"));
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setFocusPolicy(Qt::NoFocus); // the search box keeps the focus and moves the selection
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_search);
    layout->addWidget(m_view, 1);

    const QRect window = parent->window()->geometry();
    const QSize size(std::min(620, window.width() - 80), std::min(440, window.height() - 120));
    setGeometry(QRect(QPoint(window.center().x() - size.width() / 2, window.top() + 72), size));

    connect(m_search, &SearchBox::searched, this, &GoToDialog::search);
    connect(m_search, &QLineEdit::returnPressed, this, &GoToDialog::choose);
    connect(m_view, &QListView::clicked, this, &GoToDialog::choose);
    search({});
}

void GoToDialog::search(const QString &text)
{
    m_model->clear();
    m_actions.clear();
    addMatches(m_fixed, text);
    if (!m_console || !m_console->isOpen())
        return;
    m_console->reader().cancel(m_userRequest);
    m_console->reader().cancel(m_groupRequest);
    if (!text.isEmpty()) {
        searchConfiguration(text);
        searchDirectory(text);
    }
}

void GoToDialog::searchConfiguration(const QString &text)
{
    const core::Configuration &configuration = m_console->configuration();
    QList<Destination> things;
    const auto add = [&](const QString &name, const QString &about, const QString &kind, const QString &page) {
        things.append({name, about, kind, [this, page, name] { m_goTo(page, name); }});
    };
    for (const core::Gateway &gateway : configuration.gateways)
        add(gateway.name, core::vendorName(gateway.vendor), tr("Gateway"), QStringLiteral("gateways"));
    for (const core::Rule &rule : configuration.rules)
        add(rule.name, rule.connection, tr("Rule"), QStringLiteral("provisioning"));
    for (const core::Connection &connection : configuration.connections)
        add(connection.name, connection.gateway, tr("Connection"), QStringLiteral("provisioning"));
    for (const core::Population &population : configuration.populations) {
        things.append({population.name, population.description, tr("Population"), [this, row = population.row] {
                           m_goTo(QStringLiteral("populations"), QString::number(row));
                       }});
    }
    addMatches(things, text);
}

void GoToDialog::searchDirectory(const QString &text)
{
    store::UserQuery query;
    query.search = text;
    m_userRequest = m_console->read<std::vector<store::UserRow>>(
        this,
        [query](store::Reader &reader) -> core::Result<std::vector<store::UserRow>> {
            auto ids = reader.firstUserIds(query, kUsersShown);
            if (!ids)
                return core::fail(ids.error());
            return reader.userRows(*ids);
        },
        [this](core::Result<std::vector<store::UserRow>> users) {
            // A search that failed simply finds nobody here; the Users page says why.
            for (const store::UserRow &user : users.value_or(std::vector<store::UserRow>{})) {
                append({user.username, user.name.isEmpty() ? user.email : user.name, tr("User"), [this, row = user.row] {
                            m_goTo(QStringLiteral("users"), QString::number(row));
                        }});
            }
        });
    m_groupRequest = m_console->read<QList<core::Group>>(
        this, [text](store::Reader &reader) { return reader.groups(text); },
        [this](core::Result<QList<core::Group>> groups) {
            const QList<core::Group> found = groups.value_or(QList<core::Group>{}).mid(0, kGroupsShown);
            for (const core::Group &group : found) {
                append({group.displayName.isEmpty() ? group.name : group.displayName, group.name, tr("Group"),
                        [this, row = group.row] { m_goTo(QStringLiteral("groups"), QString::number(row)); }});
            }
        });
}

void GoToDialog::addMatches(const QList<Destination> &candidates, const QString &text)
{
    for (const Destination &candidate : candidates) {
        if (text.isEmpty() || matches(candidate.title, text))
            append(candidate);
    }
}

void GoToDialog::append(const Destination &destination)
{
    if (m_model->rowCount() >= kMaxRows)
        return;
    auto *item = new QStandardItem(destination.title);
    item->setData(destination.title, app::TitleRole);
    item->setData(destination.subtitle, app::SubtitleRole);
    item->setData(QStringList{destination.kind}, app::BadgesRole);
    m_model->appendRow(item);
    m_actions.append(destination.go);
    if (!m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model->index(0, 0));
}

void GoToDialog::choose()
{
    const int row = m_view->currentIndex().row();
    if (row < 0 || row >= m_actions.size())
        return;
    const auto go = m_actions[row];
    accept();
    go();
}

bool GoToDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        int step = 0;
        switch (key->key()) {
        case Qt::Key_Down:
            step = 1;
            break;
        case Qt::Key_Up:
            step = -1;
            break;
        case Qt::Key_PageDown:
            step = 6;
            break;
        case Qt::Key_PageUp:
            step = -6;
            break;
        case Qt::Key_Escape:
            reject();
            return true;
        default:
            break;
        }
        if (step != 0) {
            const int last = m_model->rowCount() - 1;
            m_view->setCurrentIndex(m_model->index(std::clamp(m_view->currentIndex().row() + step, 0, std::max(last, 0)), 0));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace gatehouse::ui
