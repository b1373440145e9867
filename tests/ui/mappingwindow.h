// SPDX-License-Identifier: GPL-3.0-or-later
//
// A window with one rule over a real directory, its attribute mapping open to be edited: what tests of the mapping start
// from, and the moves they are made of. Made and used in the GUI thread.
#pragma once

#include "tests/support/slapd.h"
#include "tests/support/testservers.h"
#include "tests/ui/windowtest.h"

#include "app/provisioning/mappingtable.h"
#include "ui/widgets/badge.h"

#include <QCompleter>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

namespace gatehouse::test {

inline constexpr int kMappedPeople = 40; ///< of Slapd::people(); Zoë and two guests besides
inline constexpr int kLong = 30'000;

class MappingWindow {
public:
    /// Starts everything; false, with a warning, where that fails.
    bool begin();

    TestWindow &window() { return *m_window; }
    Slapd &slapd() { return *m_slapd; }
    QWidget *page() { return m_window->window().currentPage(); }
    QTableView *view() { return seen<QTableView>(page(), QStringLiteral("mappings")); }
    app::MappingTable *table() { return qobject_cast<app::MappingTable *>(view()->model()); }
    int rowOfTarget(const QString &name);
    QModelIndex cell(const QString &target, int column) { return table()->index(rowOfTarget(target), column); }
    /// What the sample gets.
    QString after(const QString &target) { return cell(target, app::MappingTable::Check).data(app::AfterRole).toString(); }
    QLineEdit *sourceEditor() { return seen<QLineEdit>(view(), QStringLiteral("sourceEditor")); }
    QString verdict() { return seen<ui::Badge>(page(), QStringLiteral("sampleVerdict"))->text(); }

    void showTab();
    void beginEditing();
    void endEditing(const char *button);
    /// Goes to the cell, F2, and selects what is there.
    void openSource(const QString &target);
    /// The same, types, and leaves it with Return.
    void typeSource(const QString &target, const QString &text);
    /// Keeps pictures in light and dark, in both sizes, when SHOTS_DIR is set.
    void shoot(const QString &name);

private:
    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<TestWindow> m_window;
};

inline bool MappingWindow::begin()
{
    m_slapd = std::make_unique<Slapd>();
    QByteArray people = Slapd::people(kMappedPeople);
    people += "dn: cn=Zo\xc3\xab M\xc3\xbcller\\, Jr.,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: zoe\n"
              "cn: Zo\xc3\xab M\xc3\xbcller, Jr.\nsn: M\xc3\xbcller, Jr.\ngivenName: Zo\xc3\xab\n"
              "displayName: Zo\xc3\xab M\xc3\xbcller, Jr.\nmail: zoe@example.com\ntitle: Principal Engineer\n"
              "description: one\ndescription: two\n\n";
    // Nobody has a mail address here, and both share a name.
    people += "dn: uid=guest.1,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: guest.1\ncn: Guest\nsn: Guest\n\n";
    people += "dn: uid=guest.2,ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: guest.2\ncn: Guest\nsn: Guest\n\n";
    if (!m_slapd->load(people) || !m_slapd->start()) {
        qWarning("slapd: %s", qPrintable(m_slapd->errorText()));
        return false;
    }
    m_window = std::make_unique<TestWindow>();
    if (!m_window->open())
        return false;

    bool saved = false;
    m_window->console().changeConfiguration(
        qApp,
        [this](core::Configuration &configuration) {
            core::Population everybody;
            everybody.name = QStringLiteral("People");
            everybody.isDefault = true;
            configuration.populations = {everybody};
            core::AttributeDefinition notes;
            notes.name = QStringLiteral("notes");
            notes.displayName = QStringLiteral("Notes");
            notes.schemaType = core::SchemaType::Custom;
            notes.multiValued = true;
            configuration.attributes = {notes};
            core::Gateway gateway;
            gateway.name = QStringLiteral("Lab");
            gateway.serversHostAndPort = {m_slapd->hostAndPort()};
            gateway.connectionSecurity = core::ConnectionSecurity::None;
            gateway.bindDn = m_slapd->bindDn();
            gateway.bindPassword = {core::SecretReference::Kind::File, m_slapd->passwordFile()};
            configuration.gateways = {gateway};
            core::Connection connection;
            connection.name = QStringLiteral("Lab");
            connection.gateway = gateway.name;
            configuration.connections = {connection};
            core::Rule rule;
            rule.name = QStringLiteral("Staff in");
            rule.connection = connection.name;
            rule.scope.baseDn = m_slapd->baseDn();
            rule.scope.userOrganizationalUnits = {QStringLiteral("ou=people,dc=example,dc=com")};
            rule.mappings.users = {
                {QStringLiteral("username"), QStringLiteral("uid"), {}, {}},
                {QStringLiteral("name.given"), QStringLiteral("givenName"), {}, {}},
                {QStringLiteral("name.family"), QStringLiteral("sn"), {}, {}},
                {QStringLiteral("name.formatted"), {}, QStringLiteral("#string.join({givenName, sn}, ' ')"), {}},
                {QStringLiteral("email"), QStringLiteral("mail"), {}, {}},
                {QStringLiteral("title"), QStringLiteral("title"), {}, {}},
                {QStringLiteral("notes"), QStringLiteral("description"), {}, {}},
                {QStringLiteral("enabled"), QStringLiteral("active"), {}, {}},
            };
            configuration.rules = {rule};
        },
        [&saved](const app::Console::SaveAnswer &answer) { saved = answer.has_value(); });
    return QTest::qWaitFor([&] { return saved && m_window->configuration().rule(QStringLiteral("Staff in")); }, kLong);
}

inline int MappingWindow::rowOfTarget(const QString &name)
{
    const QList<core::AttributeMapping> &rows = table()->mappings();
    for (qsizetype row = 0; row < rows.size(); ++row) {
        if (rows.at(row).target == name)
            return int(row);
    }
    return -1;
}

inline void MappingWindow::shoot(const QString &name)
{
    if (qEnvironmentVariableIsEmpty("SHOTS_DIR"))
        return;
    const QSize before = m_window->window().size();
    for (const bool dark : {false, true}) {
        m_window->theme().setAppearance(dark ? ui::Appearance::Dark : ui::Appearance::Light);
        for (const QSize &size : {QSize(1280, 800), QSize(1024, 680)}) {
            m_window->window().resize(size);
            TestWindow::shoot(&m_window->window(), QStringLiteral("%1-%2-%3").arg(name, dark ? QStringLiteral("dark") : QStringLiteral("light")).arg(size.width()));
        }
    }
    m_window->theme().setAppearance(ui::Appearance::Light);
    m_window->window().resize(before);
}

inline void MappingWindow::showTab()
{
    m_window->goTo(QStringLiteral("provisioning"), QStringLiteral("Staff in"));
    auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
    QVERIFY(tabs);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == QStringLiteral("Attribute Mapping"))
            tabs->setCurrentIndex(tab);
    }
}

inline void MappingWindow::beginEditing()
{
    if (seen<QWidget>(page(), QStringLiteral("sampleBar")))
        return;
    showTab();
    seen<QToolButton>(page(), QStringLiteral("edit"))->click();
    QTRY_VERIFY(seen<QWidget>(page(), QStringLiteral("sampleBar")));
    QTRY_VERIFY_WITH_TIMEOUT(table()->isPreviewing(), kLong);
}

inline void MappingWindow::endEditing(const char *button)
{
    auto *pressed = seen<QPushButton>(page(), QString::fromLatin1(button));
    QVERIFY(pressed);
    pressed->click();
    QTRY_VERIFY_WITH_TIMEOUT(!seen<QWidget>(page(), QStringLiteral("sampleBar")), kLong);
}

inline void MappingWindow::openSource(const QString &target)
{
    QApplication::setActiveWindow(&m_window->window()); // off screen, a popup that closed leaves no window active
    view()->setFocus();
    view()->setCurrentIndex(cell(target, app::MappingTable::Source));
    QTest::keyClick(view(), Qt::Key_F2);
    QTRY_VERIFY(sourceEditor());
    QTRY_COMPARE(QApplication::focusWidget(), sourceEditor());
    sourceEditor()->selectAll();
}

inline void MappingWindow::typeSource(const QString &target, const QString &text)
{
    openSource(target);
    QTest::keyClicks(sourceEditor(), text);
    if (QAbstractItemView *popup = sourceEditor()->completer()->popup(); popup->isVisible())
        popup->hide();
    QTest::keyClick(sourceEditor(), Qt::Key_Return);
    QTRY_VERIFY(!sourceEditor());
}

} // namespace gatehouse::test
