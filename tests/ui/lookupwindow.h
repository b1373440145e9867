// SPDX-License-Identifier: GPL-3.0-or-later
//
// A window with one gateway over a real directory, and the moves that tests of its Lookup tab are made of: go there as a
// person does, open a user type by its More Options (⋮), add a mapping, save, sign somebody on. Made and used in the GUI
// thread.
#pragma once

#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "app/provisioning/mappingtable.h"
#include "core/signonmapping.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/gateways/usertypeform.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/section.h"
#include "ui/widgets/tableview.h"

#include <QCompleter>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

namespace gatehouse::test {

inline constexpr int kLong = 30'000;

class LookupWindow {
public:
    const QString kGateway = QStringLiteral("Head office");

    /// Starts the window over @p slapd, which runs; @p userType belongs to the gateway.
    bool begin(Slapd &slapd, core::Vendor vendor, core::UserType userType);

    TestWindow &window() { return *m_window; }
    QWidget *page() { return m_window->window().currentPage(); }
    ui::ListPane *list() { return page()->findChild<ui::ListPane *>(); }
    const core::Gateway &gateway() { return *m_window->configuration().gateway(kGateway); }
    const core::UserType *userType(const QString &name);
    ui::UserTypeForm *form() { return page()->findChild<ui::UserTypeForm *>(); }
    ui::FormField *field(const char *key) { return form()->field(QString::fromLatin1(key)); }
    void change(const std::function<void(core::Configuration &)> &edit);

    // As a person goes: by the navigation pane, the entry, the tab, the menu.
    void openPage(const QString &word);
    void openGateway();
    void openTab(const QString &title);
    QAction *option(const QString &userType, const QString &text);
    void edit(const QString &userType);
    void save();
    void cancel();

    QTableView *mappings() { return seen<QTableView>(form(), QStringLiteral("mappings")); }
    app::MappingTable *table() { return form() ? &form()->mapping()->table() : nullptr; }
    int rowOfTarget(const QString &target);
    QModelIndex cell(const QString &target, int column) { return table()->index(rowOfTarget(target), column); }
    QString before(const QString &target) { return cell(target, app::MappingTable::Check).data(app::BeforeRole).toString(); }
    QString after(const QString &target) { return cell(target, app::MappingTable::Check).data(app::AfterRole).toString(); }
    QLineEdit *sourceEditor() { return seen<QLineEdit>(mappings(), QStringLiteral("sourceEditor")); }
    QLineEdit *sample() { return seen<QLineEdit>(form(), QStringLiteral("sampleSearch")); }
    QString sampleDn() { return seen<QLabel>(form(), QStringLiteral("sampleDn"))->text(); }
    QString verdict()
    {
        auto *badge = seen<ui::Badge>(form(), QStringLiteral("sampleVerdict"));
        return badge ? badge->text() : QString();
    }
    /// "+ Add Mapping" and both cells, as a person fills them.
    void addMapping(const QString &target, const QString &source);
    /// Goes to the cell, F2, types, Return.
    void typeSource(const QString &target, const QString &text);
    void typeSample(const QString &userName);

    /// In the dialog that the gateway's page opens; the outcome it shows.
    QString signOn(const QString &identifier, const QString &password);
    /// Pictures in light and dark, in both sizes, when SHOTS_DIR is set; of the form as a whole, too.
    void shoot(const QString &name);

private:
    std::unique_ptr<TestWindow> m_window;
};

inline bool LookupWindow::begin(Slapd &slapd, core::Vendor vendor, core::UserType userType)
{
    m_window = std::make_unique<TestWindow>();
    if (!m_window->open())
        return false;
    core::Gateway gateway;
    gateway.name = kGateway;
    gateway.vendor = vendor;
    gateway.serversHostAndPort = {slapd.tlsHostAndPort()};
    gateway.caCertificateFile = slapd.caFile();
    gateway.bindDn = slapd.bindDn();
    gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
    if (userType.newUserLookup)
        userType.newUserLookup->population = m_window->configuration().defaultPopulation()->name;
    gateway.userTypes = {userType};
    change([gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); });
    return QTest::qWaitFor([this] { return m_window->configuration().gateway(kGateway); }, kLong);
}

inline void LookupWindow::change(const std::function<void(core::Configuration &)> &edit)
{
    bool saved = false;
    m_window->console().changeConfiguration(qApp, edit, [&saved](const app::Console::SaveAnswer &answer) {
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().text()));
        saved = true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
}

inline const core::UserType *LookupWindow::userType(const QString &name)
{
    for (const core::UserType &one : gateway().userTypes) {
        if (one.name == name)
            return &one;
    }
    return nullptr;
}

inline void LookupWindow::openPage(const QString &word)
{
    auto *pages = m_window->window().findChild<QListWidget *>(QStringLiteral("pages"));
    const QList<QListWidgetItem *> items = pages->findItems(word, Qt::MatchExactly);
    QCOMPARE(items.size(), 1);
    QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, pages->visualItemRect(items.first()).center());
    QTRY_COMPARE(pages->currentItem(), items.first());
}

inline void LookupWindow::openGateway()
{
    auto *entries = list()->view();
    QTRY_VERIFY(entries->model()->rowCount() > 0);
    const int row = std::max(0, rowOf(entries, kGateway));
    QTest::mouseClick(entries->viewport(), Qt::LeftButton, {}, entries->visualRect(entries->model()->index(row, 0)).center());
    QTRY_COMPARE(seen<QLabel>(page(), QStringLiteral("detailsTitle"))->text(), kGateway);
}

inline void LookupWindow::openTab(const QString &title)
{
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == title)
            QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
    }
    QCOMPARE(tabs->tabText(tabs->currentIndex()), title);
}

inline QAction *LookupWindow::option(const QString &userType, const QString &text)
{
    auto *section = seen<ui::Section>(page(), QStringLiteral("userType-") + userType);
    auto *more = section ? seen<QToolButton>(section, QStringLiteral("userTypeMore")) : nullptr;
    for (QAction *action : more ? more->menu()->actions() : QList<QAction *>()) {
        if (action->text().remove(u'&').startsWith(text))
            return action;
    }
    return nullptr;
}

inline void LookupWindow::edit(const QString &userType)
{
    QTRY_VERIFY(option(userType, QStringLiteral("Edit")));
    option(userType, QStringLiteral("Edit"))->trigger();
    QTRY_VERIFY(form());
}

inline void LookupWindow::save()
{
    seen<QPushButton>(page(), QStringLiteral("save"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!form(), kLong);
}

inline void LookupWindow::cancel()
{
    seen<QPushButton>(page(), QStringLiteral("cancel"))->click();
    QTRY_VERIFY(!form() || m_window->dialog(QStringLiteral("ask")));
    if (QWidget *ask = m_window->dialog(QStringLiteral("ask")))
        seen<QPushButton>(ask, QStringLiteral("confirm"))->click();
    QTRY_VERIFY(!form());
}

inline int LookupWindow::rowOfTarget(const QString &target)
{
    const QList<core::AttributeMapping> &rows = table()->mappings();
    for (qsizetype row = 0; row < rows.size(); ++row) {
        if (rows.at(row).target == target)
            return int(row);
    }
    return -1;
}

inline void LookupWindow::addMapping(const QString &target, const QString &source)
{
    auto *add = seen<QPushButton>(form(), QStringLiteral("addMapping"));
    QVERIFY(add);
    QCOMPARE(add->text().remove(u'&'), QStringLiteral("+ Add Mapping"));
    add->click();
    QTableView *view = mappings();
    const int row = view->model()->rowCount() - 1;
    QCOMPARE(view->currentIndex().row(), row);
    QTRY_VERIFY(seen<QComboBox>(view, QStringLiteral("targetEditor")));
    auto *combo = seen<QComboBox>(view, QStringLiteral("targetEditor"));
    QVERIFY2(combo->findText(target) >= 0, qPrintable(target));
    combo->lineEdit()->selectAll();
    QTest::keyClicks(combo->lineEdit(), target);
    QTest::keyClick(combo->lineEdit(), Qt::Key_Return);
    QTRY_COMPARE(view->model()->index(row, app::MappingTable::Target).data(app::TitleRole).toString(), target);
    const QModelIndex cell = view->model()->index(row, app::MappingTable::Source);
    view->setCurrentIndex(cell);
    view->edit(cell);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    QTest::keyClicks(sourceEditor(), source);
    if (QAbstractItemView *popup = sourceEditor()->completer()->popup(); popup->isVisible())
        popup->hide();
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(cell.data(Qt::EditRole).toString(), source);
}

inline void LookupWindow::typeSource(const QString &target, const QString &text)
{
    QApplication::setActiveWindow(&m_window->window());
    mappings()->setFocus();
    mappings()->setCurrentIndex(cell(target, app::MappingTable::Source));
    QTest::keyClick(mappings(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    sourceEditor()->selectAll();
    QTest::keyClicks(sourceEditor(), text);
    if (QAbstractItemView *popup = sourceEditor()->completer()->popup(); popup->isVisible())
        popup->hide();
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_VERIFY(!sourceEditor());
}

inline void LookupWindow::typeSample(const QString &userName)
{
    QApplication::setActiveWindow(&m_window->window());
    sample()->setFocus();
    sample()->selectAll();
    QTest::keyClicks(sample(), userName);
}

inline QString LookupWindow::signOn(const QString &identifier, const QString &password)
{
    for (QAction *action : seen<QToolButton>(page(), QStringLiteral("more"))->menu()->actions()) {
        if (action->text().remove(u'&').startsWith(QStringLiteral("Sign on")))
            action->trigger();
    }
    const auto dialog = [this] { return m_window->dialog(QStringLiteral("signOnDialog")); };
    if (!QTest::qWaitFor([&] { return dialog() != nullptr; }, kLong))
        return {};
    type(seen<QLineEdit>(dialog(), QStringLiteral("identifier")), identifier);
    type(seen<QLineEdit>(dialog(), QStringLiteral("password")), password);
    seen<QPushButton>(dialog(), QStringLiteral("signOn"))->click();
    const auto outcome = [&] {
        auto *note = seen<ui::Note>(dialog(), QStringLiteral("outcome"));
        return note ? note->text() : QString();
    };
    const bool answered = QTest::qWaitFor([&] { return !outcome().isEmpty() && !outcome().endsWith(u'…'); }, kLong);
    const QString text = answered ? outcome() : QString();
    QTest::keyClick(dialog(), Qt::Key_Escape);
    [[maybe_unused]] const bool closed = QTest::qWaitFor([&] { return !dialog(); }, kLong);
    return text;
}

inline void LookupWindow::shoot(const QString &name)
{
    if (qEnvironmentVariableIsEmpty("SHOTS_DIR"))
        return;
    const QSize before = m_window->window().size();
    for (const bool dark : {false, true}) {
        m_window->theme().setAppearance(dark ? ui::Appearance::Dark : ui::Appearance::Light);
        for (const QSize &size : {QSize(1280, 800), QSize(1024, 680)}) {
            m_window->window().resize(size);
            const QString suffix = QStringLiteral("-%1-%2").arg(dark ? QStringLiteral("dark") : QStringLiteral("light")).arg(size.width());
            TestWindow::shoot(&m_window->window(), name + suffix);
            if (form())
                TestWindow::shoot(form(), name + QStringLiteral("-form") + suffix);
        }
    }
    m_window->theme().setAppearance(ui::Appearance::Light);
    m_window->window().resize(before);
}

} // namespace gatehouse::test
