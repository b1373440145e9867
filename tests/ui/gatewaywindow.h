// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window on its gateways page, and the moves that tests of gateways are made of: a gateway as the command line would
// put it there, a tab, the pencil, the menu, Save.
#pragma once

#include "tests/support/slapd.h"
#include "tests/ui/windowtest.h"

#include "ui/widgets/listpane.h"

#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

namespace gatehouse::test {

inline constexpr int kLong = 30'000; ///< milliseconds

class GatewayWindow : public TestWindow {
public:
    QWidget *page() { return window().currentPage(); }
    QWidget *wizard() const { return dialog(QStringLiteral("wizard")); }
    ui::ListPane *list() { return page()->findChild<ui::ListPane *>(); }

    void showTab(const QString &title)
    {
        auto *tabs = seen<QTabBar>(page(), QStringLiteral("tabs"));
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title && tabs->isTabVisible(tab))
                tabs->setCurrentIndex(tab);
        }
    }
    void change(const std::function<void(core::Configuration &)> &edit)
    {
        bool saved = false;
        console().changeConfiguration(&window(), edit, [&saved](const app::Console::SaveAnswer &answer) {
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().first().text()));
            saved = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(saved, kLong);
    }
    /// As the command line would.
    void addGateway(const core::Gateway &gateway)
    {
        change([gateway](core::Configuration &configuration) { configuration.gateways.append(gateway); });
        QTRY_VERIFY_WITH_TIMEOUT(configuration().gateway(gateway.name), kLong);
        select(gateway.name);
    }
    void select(const QString &gateway)
    {
        goTo(QStringLiteral("gateways"), gateway);
        QTRY_COMPARE(list()->currentId().toString(), gateway);
    }
    /// The pencil of the section that is to be seen.
    void edit()
    {
        for (QToolButton *pencil : page()->findChildren<QToolButton *>(QStringLiteral("edit"))) {
            if (pencil->isVisible()) {
                pencil->click();
                return;
            }
        }
    }
    /// An entry of More Options (⋮), by its first words.
    void pressMenu(const QString &text)
    {
        for (QAction *action : seen<QToolButton>(page(), QStringLiteral("more"))->menu()->actions()) {
            if (action->text().remove(u'&').startsWith(text))
                return action->trigger();
        }
    }
    void pressSave() { seen<QPushButton>(page(), QStringLiteral("save"))->click(); }
    /// The window, light and dark, as large as most are and as small as it may be.
    void shootAll(const QString &name)
    {
        if (qEnvironmentVariableIsEmpty("SHOTS_DIR"))
            return;
        for (const QSize size : {QSize(1024, 680), QSize(1280, 800)}) {
            window().resize(size);
            for (const ui::Appearance appearance : {ui::Appearance::Dark, ui::Appearance::Light}) {
                theme().setAppearance(appearance);
                shoot(&window(), QStringLiteral("%1-%2-%3").arg(name).arg(size.width()).arg(
                                     appearance == ui::Appearance::Dark ? QStringLiteral("dark") : QStringLiteral("light")));
            }
        }
    }
    /// What stands under a field; empty: nothing.
    QString errorUnder(const QString &key)
    {
        auto *field = page()->findChild<QWidget *>(QStringLiteral("field-") + key);
        auto *label = field ? seen<QLabel>(field, QStringLiteral("error")) : nullptr;
        return label ? label->text() : QString();
    }

    static core::Gateway gatewayTo(const Slapd &slapd, const QString &name)
    {
        core::Gateway gateway;
        gateway.name = name;
        gateway.serversHostAndPort = {slapd.tlsHostAndPort()};
        gateway.caCertificateFile = slapd.caFile();
        gateway.bindDn = slapd.bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
        return gateway;
    }
};

} // namespace gatehouse::test
