// SPDX-License-Identifier: GPL-3.0-or-later
//
// The widgets by themselves: what they say, what keys do, what assistive technology hears; and the theme's contrast.
#include "tests/support/testmain.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/form.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/toggleswitch.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QHeaderView>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QToolTip>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gatehouse;
using ui::Appearance;
using ui::Tone;

namespace {

/// WCAG 2 contrast ratio.
double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class Widgets : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private slots:
    void initTestCase() { m_theme = std::make_unique<ui::Theme>(*qApp); }

    /// What comes from a directory may look like markup, wherever it is shown.
    void foreignTextIsNoMarkup()
    {
        const QString foreign = QStringLiteral("<b>Ann</b> <img src=\"file:///etc/passwd\">");
        QWidget window;
        auto *label = new QLabel(foreign, &window);
        auto *rich = new QLabel(&window);
        rich->setTextFormat(Qt::RichText);
        window.setToolTip(foreign);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QCOMPARE(rich->textFormat(), Qt::RichText);
        QToolTip::showText(window.mapToGlobal(QPoint(1, 1)), foreign, &window);
        const auto tip = [] {
            for (QWidget *widget : QApplication::topLevelWidgets()) {
                if (widget->inherits("QTipLabel") && widget->isVisible())
                    return qobject_cast<QLabel *>(widget);
            }
            return static_cast<QLabel *>(nullptr);
        };
        QTRY_VERIFY(tip());
        QCOMPARE(tip()->text(), foreign);
        QCOMPARE(tip()->textFormat(), Qt::PlainText);
        QToolTip::hideText();
    }

    void textIsLegibleOnEveryGround_data()
    {
        QTest::addColumn<int>("appearance");
        QTest::addColumn<double>("least");
        QTest::newRow("light") << int(Appearance::Light) << 4.5;
        QTest::newRow("dark") << int(Appearance::Dark) << 4.5;
        QTest::newRow("high contrast") << int(Appearance::HighContrast) << 7.0;
    }

    void textIsLegibleOnEveryGround()
    {
        QFETCH(int, appearance);
        QFETCH(double, least);
        m_theme->setAppearance(Appearance(appearance));
        const ui::Colors &c = ui::colors();
        const auto legible = [least](const char *what, const QColor &text, const QColor &ground) {
            const double ratio = contrast(text, ground);
            if (ratio < least)
                qWarning() << what << text.name() << "on" << ground.name() << ratio;
            return ratio >= least;
        };
        for (const QColor &ground : {c.window, c.pane, c.navigation, c.accentGround}) {
            QVERIFY(legible("text", c.text, ground));
            QVERIFY(legible("muted", c.muted, ground));
        }
        QVERIFY(legible("accent", c.accent, c.pane));
        QVERIFY(legible("on accent", c.onAccent, c.accent));
        for (const Tone tone : {Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad}) {
            QVERIFY(legible("tone", c.foreground(tone), c.ground(tone)));
            QVERIFY(legible("tone on pane", c.foreground(tone), c.pane));
        }
    }

    void aNoteFollowsTheColours()
    {
        m_theme->setAppearance(Appearance::Light);
        ui::Note note(Tone::Warning, QStringLiteral("Certificates are not checked."));
        note.show();
        const auto *text = note.findChild<QLabel *>(QStringLiteral("noteText"));
        QVERIFY(text);
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark, Appearance::Light}) {
            m_theme->setAppearance(appearance);
            QCOMPARE(text->palette().color(QPalette::WindowText), ui::colors().foreground(Tone::Warning));
        }
    }

    void aLongLineGivesWay()
    {
        ui::ElidedLabel label;
        label.setText(QString(300, u'x'));
        QVERIFY(label.minimumSizeHint().width() < 300);
        label.resize(100, 30);
        QCOMPARE(label.text().size(), 300);
        QVERIFY(label.grab().toImage() != QImage());
    }

    void everyIconDraws()
    {
        const QStringList files = QDir(QStringLiteral(":/icons")).entryList();
        QVERIFY(files.size() > 30);
        for (const QString &file : files) {
            const QImage image = ui::icon(file.chopped(4)).pixmap(20, 20).toImage();
            bool drawn = false;
            for (int y = 0; y < image.height() && !drawn; ++y) {
                for (int x = 0; x < image.width() && !drawn; ++x)
                    drawn = qAlpha(image.pixel(x, y)) > 128;
            }
            QVERIFY2(drawn, qPrintable(file));
        }
    }

    void theSwitchIsACheckBoxToAssistiveTechnology()
    {
        ui::ToggleSwitch toggle;
        toggle.setAccessibleName(QStringLiteral("User enabled"));
        toggle.show();
        QAccessibleInterface *heard = QAccessible::queryAccessibleInterface(&toggle);
        QVERIFY(heard);
        QCOMPARE(heard->role(), QAccessible::CheckBox);
        QCOMPARE(heard->text(QAccessible::Name), QStringLiteral("User enabled"));
        QVERIFY(!heard->state().checked);
        QSignalSpy clicked(&toggle, &QAbstractButton::clicked);
        QTest::keyClick(&toggle, Qt::Key_Space);
        QCOMPARE(clicked.count(), 1);
        QVERIFY(heard->state().checked);
    }

    void aBadgeIsNeverAWindow()
    {
        ui::Badge badge(QStringLiteral("Healthy"), Tone::Good, true);
        QVERIFY(!badge.isVisible());
        QWidget parent;
        badge.setParent(&parent);
        parent.show();
        badge.setState(QString(), Tone::Good);
        QVERIFY(!badge.isVisible());
        badge.setState(QStringLiteral("Degraded"), Tone::Warning);
        QVERIFY(badge.isVisible());
        QCOMPARE(badge.accessibleName(), QStringLiteral("Degraded"));
        badge.setParent(nullptr);
    }

    void searchAsksOnceAWord()
    {
        ui::SearchBox box(QStringLiteral("Search"));
        box.setDelay(700); // longer than a loaded machine takes for seven keys
        QSignalSpy asked(&box, &ui::SearchBox::searched);
        QTest::keyClicks(&box, QStringLiteral("mueller"));
        QCOMPARE(asked.count(), 0);
        QVERIFY(asked.wait());
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.first().first().toString(), QStringLiteral("mueller"));
        QTest::keyClick(&box, Qt::Key_Escape);
        QCOMPARE(asked.count(), 2);
        QVERIFY(asked.last().first().toString().isEmpty());
        QTest::keyClicks(&box, QStringLiteral("x"));
        QTest::keyClick(&box, Qt::Key_Return);
        QCOMPARE(asked.count(), 3);
    }

    void aFieldIsCheckedWhenLeftAndHealsWhenCorrected()
    {
        QWidget window;
        ui::Form form(&window);
        ui::FormField *name = form.addField(QStringLiteral("name"), QStringLiteral("&Name"), new QLineEdit);
        name->setRequired(true);
        ui::FormField *port = form.addField(QStringLiteral("port"), QStringLiteral("&Port"), new QLineEdit);
        port->setHelp(QStringLiteral("1 to 65535"));
        port->setCheck([](const QVariant &value) {
            return value.toInt() > 0 ? QString() : QStringLiteral("Write a number from 1 to 65535.");
        });
        form.markUnchanged();
        form.resize(300, 200);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QCOMPARE(port->editor()->accessibleDescription(), QStringLiteral("1 to 65535"));

        name->editor()->setFocus();
        QTest::keyClick(name->editor(), Qt::Key_Tab);
        QCOMPARE(name->error(), QString()); // nobody has written anything yet
        QTest::keyClicks(port->editor(), QStringLiteral("ldap"));
        QTest::keyClick(port->editor(), Qt::Key_Backtab);
        QCOMPARE(port->error(), QStringLiteral("Write a number from 1 to 65535."));
        QCOMPARE(port->editor()->accessibleDescription(), port->error());
        QVERIFY(port->editor()->property("fault").toBool());

        QVERIFY(!form.validate());
        QCOMPARE(name->error(), QStringLiteral("Name is required."));
        QVERIFY(name->editor()->hasFocus());
        QCOMPARE(form.changedCount(), 1);
        port->editor()->setFocus();
        static_cast<QLineEdit *>(port->editor())->setText(QStringLiteral("636"));
        QCOMPARE(port->error(), QString());
        static_cast<QLineEdit *>(name->editor())->setText(QStringLiteral("dc1"));
        QVERIFY(form.validate());
        form.markUnchanged();
        QVERIFY(!form.isChanged());
    }

    void valuesAreCopiedByKeyboard()
    {
        ui::PropertyRows rows;
        rows.addRow(QStringLiteral("name"), QStringLiteral("Name"), QStringLiteral("Zoë"));
        rows.addRow(QStringLiteral("none"), QStringLiteral("Hidden"), QStringLiteral("x"), ui::PropertyRows::Hidden);
        rows.addRow(QStringLiteral("id"), QStringLiteral("ID"), QStringLiteral("42"), ui::PropertyRows::Monospace);
        rows.resize(400, 100);
        rows.show();
        rows.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&rows));
        rows.setFocus();
        QTest::keyClick(&rows, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Zoë"));
        QTest::keyClick(&rows, Qt::Key_Down);
        QTest::keyClick(&rows, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("42"));
    }

    void labelsGoAboveTheirValuesWhereItIsNarrow()
    {
        ui::PropertyRows rows;
        rows.addRow(QStringLiteral("name"), QStringLiteral("Name"), QStringLiteral("Zoë"));
        rows.resize(700, 60);
        rows.show();
        const QList<QLabel *> labels = rows.findChildren<QLabel *>();
        QCOMPARE(labels.size(), 2);
        const QLabel *label = labels[labels[0]->text() == QStringLiteral("Name") ? 0 : 1];
        const QLabel *value = labels[labels[0] == label ? 1 : 0];
        QCOMPARE(label->geometry().center().y(), value->geometry().center().y());
        rows.resize(150, 60);
        QTRY_VERIFY(value->y() > label->y());
    }

    void chipsWrapWhereTheRoomEnds()
    {
        QWidget holder;
        auto *chips = new ui::FilterChips(QStringLiteral("Kind"), &holder);
        for (const QString &key : {QStringLiteral("all"), QStringLiteral("create"), QStringLiteral("update")})
            chips->addChip(key, key, 12);
        QCOMPARE(chips->selected(), QStringLiteral("all"));
        const int one = chips->layout()->heightForWidth(1000);
        QVERIFY(chips->layout()->heightForWidth(80) > 2 * one);
        QSignalSpy changed(chips, &ui::FilterChips::selectedChanged);
        chips->setSelected(QStringLiteral("update"));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(chips->selected(), QStringLiteral("update"));
    }

    void tablesCopyCsvAsItIsWritten()
    {
        QStandardItemModel model(2, 3);
        model.setHorizontalHeaderLabels({QStringLiteral("DN"), QStringLiteral("Name"), QStringLiteral("Hidden")});
        model.setItem(0, 0, new QStandardItem(QStringLiteral("CN=Zoë Müller\\, Jr.,OU=Staff")));
        model.setItem(0, 1, new QStandardItem(QStringLiteral("say \"hi\"")));
        model.setItem(1, 0, new QStandardItem(QStringLiteral("plain")));
        model.setItem(1, 1, new QStandardItem(QStringLiteral("two\nlines")));
        ui::TableView table;
        table.setModel(&model);
        table.setColumnHidden(2, true);
        table.selectAll();
        QCOMPARE(table.selectionAsCsv(), QStringLiteral("DN,Name\r\n\"CN=Zoë Müller\\, Jr.,OU=Staff\",\"say \"\"hi\"\"\"\r\n"
                                                        "plain,\"two\nlines\"\r\n"));
        table.horizontalHeader()->moveSection(1, 0);
        QVERIFY(table.selectionAsText().startsWith(QStringLiteral("say \"hi\"\tCN=Zoë")));
    }

    void tablesRememberTheirColumns()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
        QStandardItemModel model(1, 3);
        {
            ui::TableView table;
            table.setModel(&model);
            table.remember(settings, QStringLiteral("pages/x/table"));
            table.show();
            table.horizontalHeader()->moveSection(2, 0);
        }
        ui::TableView table;
        table.setModel(&model);
        table.remember(settings, QStringLiteral("pages/x/table"));
        QCOMPARE(table.horizontalHeader()->logicalIndex(0), 2);
    }

    void aListKeepsItsSelectionWhenItIsReadAgain()
    {
        QStandardItemModel model;
        const auto fill = [&model](const QStringList &names) {
            model.clear();
            for (const QString &name : names) {
                auto *item = new QStandardItem(name);
                item->setData(name, app::TitleRole);
                item->setData(name, app::IdRole);
                model.appendRow(item);
            }
        };
        fill({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        ui::ListPane list(QStringLiteral("Search"));
        list.setModel(&model);
        QCOMPARE(list.currentId().toString(), QStringLiteral("a"));
        QVERIFY(list.select(QStringLiteral("c")));
        fill({QStringLiteral("x"), QStringLiteral("c"), QStringLiteral("y")});
        QCOMPARE(list.currentId().toString(), QStringLiteral("c"));
        QVERIFY(!list.select(QStringLiteral("later")));
        auto *item = new QStandardItem(QStringLiteral("later"));
        item->setData(QStringLiteral("later"), app::IdRole);
        model.appendRow(item);
        QCOMPARE(list.currentId().toString(), QStringLiteral("later"));
    }
};

WINDOW_TEST(Widgets)
#include "tst_widgets.moc"
