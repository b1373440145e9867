// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "app/configfaults.h"
#include "app/gateways/gatewayhealth.h"
#include "app/text.h"
#include "store/files.h"
#include "ui/frame/gotodialog.h"
#include "ui/frame/helpwindow.h"
#include "ui/frame/navigation.h"
#include "ui/frame/openingpane.h"
#include "ui/frame/pageheader.h"
#include "ui/frame/statusstrip.h"
#include "ui/pages/registry.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/line.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
const PageEntry *entryOf(const std::vector<PageEntry> &entries, const QString &key)
{
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const PageEntry &e) { return e.key == key; });
    return found == entries.end() ? nullptr : &*found;
}
} // namespace

MainWindow::MainWindow(Theme &theme, QSettings &settings, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_settings(settings), m_navigation(new Navigation), m_header(new PageHeader),
      m_pages(new QStackedWidget), m_status(new StatusStrip), m_whole(new QStackedWidget),
      m_opening(new OpeningPane), m_menu(new QMenu(this))
{
    setWindowTitle(QStringLiteral("Gatehouse"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/gatehouse.svg")));
    setMinimumSize(1024, 680);
    resize(1280, 800);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());

    for (const PageEntry &entry : allPages())
        m_navigation->addPage(entry.key, entry.group, entry.title, entry.icon);
    m_navigation->setNarrow(settings.value(QStringLiteral("window/narrow")).toBool());

    auto *right = new QWidget;
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new Line);
    column->addWidget(m_pages, 1);
    column->addWidget(new Line);
    column->addWidget(m_status);
    auto *inside = new QWidget;
    auto *row = new QHBoxLayout(inside);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(new Line(Qt::Vertical));
    row->addWidget(right, 1);
    m_whole->addWidget(m_opening);
    m_whole->addWidget(inside);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_whole);

    connect(m_navigation, &Navigation::chosen, this, [this](const QString &key) { goTo(key); });
    connect(m_navigation, &Navigation::narrowChanged, this,
            [this](bool narrow) { m_settings.setValue(QStringLiteral("window/narrow"), narrow); });
    connect(m_header, &PageHeader::backRequested, this, [this] {
        if (Page *current = currentPage())
            current->escape();
    });
    connect(m_status, &StatusStrip::goToPressed, this, &MainWindow::showGoTo);
    connect(m_status, &StatusStrip::jobPressed, this,
            [this](const QString &rule) { goTo(QStringLiteral("provisioning"), rule); });
    connect(m_opening, &OpeningPane::retryRequested, this, [this] { open(m_console->environmentPath()); });
    connect(m_opening, &OpeningPane::otherRequested, this, &MainWindow::open);
    makeActions();
    makeMenu();
}

MainWindow::~MainWindow()
{
    // The parts of the frame go after this object's members: nothing they say on their way may come back here.
    m_navigation->disconnect(this);
    m_header->disconnect(this);
    m_status->disconnect(this);
    // Pages speak to the console to their last moment; it goes after them.
    qDeleteAll(m_made);
    m_made.clear();
}

void MainWindow::open(const QString &environmentPath)
{
    qDeleteAll(m_made);
    m_made.clear();
    m_key.clear();
    m_console = std::make_unique<app::Console>(environmentPath);
    m_whole->setCurrentIndex(0);
    m_opening->showOpening(environmentPath);
    m_navigation->setEnvironment(QFileInfo(environmentPath).fileName(), environmentPath);
    m_status->setConsole(*m_console);
    connect(m_console.get(), &app::Console::opened, this, &MainWindow::onOpened);
    connect(m_console.get(), &app::Console::keychainRefused, this, [this](const core::Error &error) {
        m_status->say(tr("The keychain may still hold what is no longer used: %1").arg(app::ConfigFaults::text(error)),
                      Tone::Warning);
    });
    connect(m_console.get(), &app::Console::readFailed, this, [this](const core::Error &error) {
        m_status->say(tr("The configuration could not be read again: %1").arg(app::ConfigFaults::text(error)), Tone::Bad);
    });
    connect(m_console.get(), &app::Console::gatewayUsed, this,
            [this](const core::Gateway &gateway, const std::optional<core::Error> &error) {
                const QString fault = error ? app::Text::headline(*error) : QString();
                if (app::GatewayHealth(m_settings).recordUse(gateway, fault))
                    emit m_console->gatewayHealthChanged();
            });
    connect(m_console.get(), &app::Console::openFailed, this, [this](const core::Error &error) {
        m_opening->showError(m_console->environmentPath(), error);
        m_whole->setCurrentIndex(0);
        emit openFailed(error);
    });
    m_console->open();
}

void MainWindow::onOpened()
{
    setWindowTitle(tr("%1 \u2013 Gatehouse").arg(QFileInfo(m_console->environmentPath()).completeBaseName()));
    const QStringList keys = pageKeys();
    const QString last = m_settings.value(QStringLiteral("window/page")).toString();
    if (m_key.isEmpty() && !keys.isEmpty())
        showPage(keys.contains(last) ? last : keys.first(), {});
    // Only now: a navigation that gets the focus before it has a current page chooses the first by itself.
    m_whole->setCurrentIndex(1);
    for (const core::Error &warning : store::looseFiles(m_console->environmentPath()))
        m_status->say(QStringLiteral("%1 %2").arg(app::Text::headline(warning), warning.detail), Tone::Warning);
    emit opened();
}

QStringList MainWindow::pageKeys() const
{
    QStringList keys;
    for (const PageEntry &entry : allPages())
        keys << entry.key;
    return keys;
}

bool MainWindow::isReady() const
{
    const Page *current = currentPage();
    return m_console && m_console->isOpen() && current && current->isReady();
}

Page *MainWindow::currentPage() const
{
    return m_made.value(m_key);
}

Page *MainWindow::page(const QString &key)
{
    if (Page *made = m_made.value(key))
        return made;
    const std::vector<PageEntry> entries = allPages();
    const PageEntry *entry = entryOf(entries, key);
    if (!entry)
        return nullptr;
    Page *made = entry->make(PageContext{*m_console, m_settings}, m_pages);
    m_made.insert(key, made);
    m_pages->addWidget(made);
    connect(made, &Page::headerChanged, this, [this, made] {
        if (made == currentPage())
            updateHeader();
    });
    connect(made, &Page::goRequested, this, &MainWindow::goTo);
    connect(made, &Page::said, m_status, &StatusStrip::say);
    return made;
}

void MainWindow::goTo(const QString &pageKey, const QString &id)
{
    if (!m_console || !m_console->isOpen() || !pageKeys().contains(pageKey))
        return;
    Page *current = currentPage();
    if (!current) {
        showPage(pageKey, id);
        return;
    }
    if (pageKey == m_key && id.isEmpty()) {
        current->goHome();
        return;
    }
    // Until the page says that it may be left, the navigation shows where we still are.
    m_navigation->setCurrent(m_key);
    current->leave([this, pageKey, id] { showPage(pageKey, id); });
}

void MainWindow::showPage(const QString &key, const QString &id)
{
    Page *next = page(key);
    if (!next)
        return;
    if (Page *current = currentPage(); current && current != next)
        current->setActive(false);
    const bool changed = m_key != key;
    m_key = key;
    m_navigation->setCurrent(key);
    m_pages->setCurrentWidget(next);
    updateHeader();
    if (changed)
        next->setActive(true);
    if (!id.isEmpty())
        next->openThing(id);
    m_settings.setValue(QStringLiteral("window/page"), key);
    if (m_help && m_help->isVisible())
        m_help->showPage(key, next->title());
}

void MainWindow::updateHeader()
{
    const std::vector<PageEntry> entries = allPages();
    const PageEntry *entry = entryOf(entries, m_key);
    m_header->show(currentPage(), entry ? entry->group : QString());
}

QAction *MainWindow::addAct(const QString &text, const QKeySequence &key, const std::function<void()> &act)
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WindowShortcut);
    connect(action, &QAction::triggered, this, act);
    addAction(action);
    m_menu->addAction(action);
    m_commands << action;
    return action;
}

void MainWindow::makeActions()
{
    addAct(tr("&Go to\u2026"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { showGoTo(); })
        ->setIcon(icon(QStringLiteral("search")));
    addAct(tr("&Search in the list"), QKeySequence::Find, [this] {
        if (Page *current = currentPage())
            current->focusSearch();
    });
    QAction *refresh = addAct(tr("&Refresh"), QKeySequence(Qt::Key_F5), [this] {
        if (Page *current = currentPage())
            current->refresh();
    });
    refresh->setIcon(icon(QStringLiteral("refresh")));
    addAct(tr("&New on this page"), QKeySequence::New, [this] {
        Page *current = currentPage();
        if (current && current->primaryAction() && current->primaryAction()->isEnabled())
            current->primaryAction()->trigger();
    });
    m_menu->addSeparator();
    addAct(tr("&Open another environment\u2026"), QKeySequence::Open, [this] {
        m_opening->chooseOther();
    });
    addAct(tr("Make the navigation narro&w"), QKeySequence(Qt::CTRL | Qt::Key_B),
           [this] { m_navigation->setNarrow(!m_navigation->isNarrow()); });

    // Esc belongs to whatever is open on the page; it has no place in the menu.
    auto *escape = new QAction(this);
    escape->setShortcut(Qt::Key_Escape);
    connect(escape, &QAction::triggered, this, [this] {
        if (Page *current = currentPage())
            current->escape();
    });
    addAction(escape);
}

void MainWindow::makeMenu()
{
    QMenu *appearance = m_menu->addMenu(icon(QStringLiteral("theme")), tr("&Appearance"));
    auto *group = new QActionGroup(appearance);
    const std::pair<Appearance, QString> choices[] = {{Appearance::System, tr("As the &system")},
                                                      {Appearance::Light, tr("&Light")},
                                                      {Appearance::Dark, tr("&Dark")},
                                                      {Appearance::HighContrast, tr("&High contrast")}};
    for (const auto &[value, text] : choices) {
        QAction *action = appearance->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_theme.appearance() == value);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = value] { setAppearance(int(chosen)); });
    }
    m_menu->addSeparator();
    addAct(tr("&Help for this page"), QKeySequence(Qt::Key_F1), [this] { showHelp(); })
        ->setIcon(icon(QStringLiteral("help")));
    addAct(tr("&Quit"), QKeySequence::Quit, [this] { close(); });
    m_navigation->setMenu(m_menu);
    auto *open = new QAction(this);
    open->setShortcut(Qt::Key_F10);
    connect(open, &QAction::triggered, m_navigation, &Navigation::openMenu);
    addAction(open);
}

void MainWindow::setAppearance(int appearance)
{
    m_settings.setValue(QStringLiteral("window/appearance"), appearance);
    m_theme.setAppearance(Appearance(appearance));
}

void MainWindow::showGoTo()
{
    QList<Destination> fixed;
    for (const PageEntry &entry : allPages())
        fixed.append({entry.title, entry.group, tr("Page"), [this, key = entry.key] { goTo(key); }});
    Page *current = currentPage();
    if (QAction *primary = current ? current->primaryAction() : nullptr)
        fixed.append({primary->text().remove(QLatin1Char('&')), current->title(), tr("Command"),
                      [action = QPointer<QAction>(primary)] {
                          if (action)
                              action->trigger();
                      }});
    for (QAction *action : std::as_const(m_commands).mid(1))
        fixed.append({action->text().remove(QLatin1Char('&')), action->shortcut().toString(QKeySequence::NativeText),
                      tr("Command"), [action] { action->trigger(); }});
    auto *dialog = new GoToDialog(
        m_console.get(), fixed, [this](const QString &key, const QString &id) { goTo(key, id); }, this);
    dialog->open();
}

void MainWindow::showHelp()
{
    if (!m_help)
        m_help = new HelpWindow(this);
    const Page *current = currentPage();
    m_help->showPage(m_key, current ? current->title() : QStringLiteral("Gatehouse"));
    m_help->show();
    m_help->raise();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    Page *current = currentPage();
    if (current && !m_mayClose) {
        // The page may have to ask; it closes the window again when it has its answer.
        event->ignore();
        current->leave([this] {
            m_mayClose = true;
            QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
        });
        return;
    }
    m_settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    QWidget::closeEvent(event);
}

} // namespace gatehouse::ui
