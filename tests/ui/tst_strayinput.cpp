// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a stray move of the mouse must not do, on every page, form and dialog: a wheel over a field changes no value, a
// click into nothing leaves the row marked, the list of a combo box shows all its choices, and no pane is wider than the
// window has room for.
#include "tests/support/sampleenvironment.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowtest.h"

#include "ui/frame/navigation.h"
#include "ui/wizards/connectionwizard.h"
#include "ui/wizards/gatewaywizard.h"
#include "ui/wizards/rulewizard.h"
#include "ui/dialogs/signondialog.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/scrollpane.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QDateTimeEdit>
#include <QListView>
#include <QListWidget>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kPeople = 60;
constexpr int kNotch = -120; ///< of a wheel, towards the reader

void turnWheel(QWidget *over, int notches = 1)
{
    const QPointF at(over->rect().center());
    QWheelEvent wheel(at, over->mapToGlobal(at), {}, {0, notches * kNotch}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QSpontaneKeyEvent::setSpontaneous(&wheel); // as from a mouse: only those go on to the page
    qApp->notify(over, &wheel); // sendEvent() would make it one of ours
}

QVariant valueOf(const QWidget *widget)
{
    if (const auto *combo = qobject_cast<const QComboBox *>(widget))
        return combo->currentIndex();
    if (const auto *spin = qobject_cast<const QAbstractSpinBox *>(widget))
        return spin->text();
    const auto *slider = qobject_cast<const QAbstractSlider *>(widget);
    return slider && !qobject_cast<const QScrollBar *>(widget) ? QVariant(slider->value()) : QVariant();
}

QString nameOf(const QWidget *widget)
{
    return QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
}

} // namespace

class StrayInput : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_window.reset(); }

    void theWheelScrollsAndChangesNothing();
    void theWheelChangesWhatHasTheFocus();
    void everyPageHoldsStill_data();
    void everyPageHoldsStill();
    void everyWizardHoldsStill();
    void aClickIntoNothingLeavesTheRowMarked();
    void navigationKeepsItsPage();

private:
    /// Turns the wheel over every field below @p root, to be seen or not, and opens every list that can be opened.
    void holdsStill(QWidget *root, const QString &where);
    void fits(QWidget *root, const QString &where);

    std::unique_ptr<TestWindow> m_window;
    int m_fields = 0; ///< that were tried
    int m_lists = 0;
};

void StrayInput::initTestCase()
{
    m_window = std::make_unique<TestWindow>();
    QCOMPARE(tests::fillSample(m_window->file(QStringLiteral("test.gatehouse")), kPeople), QString());
    QVERIFY(m_window->open());
}

void StrayInput::holdsStill(QWidget *root, const QString &where)
{
    for (QWidget *widget : root->findChildren<QWidget *>()) {
        const QVariant before = valueOf(widget);
        if (!before.isValid())
            continue;
        ++m_fields;
        widget->clearFocus();
        for (const int notches : {1, -1, 3}) {
            turnWheel(widget, notches);
            QVERIFY2(valueOf(widget) == before, qPrintable(where + u": " + nameOf(widget)));
        }
        if (widget->isVisible())
            QVERIFY2((widget->focusPolicy() & Qt::WheelFocus) != Qt::WheelFocus, qPrintable(where + u": " + nameOf(widget)));
        auto *combo = qobject_cast<QComboBox *>(widget);
        if (!combo || !combo->isVisible() || !combo->isEnabled() || combo->count() == 0)
            continue;
        ++m_lists;
        combo->showPopup();
        QTRY_VERIFY(combo->view()->isVisible());
        const QModelIndex last =
            combo->model()->index(std::min(combo->count(), combo->maxVisibleItems()) - 1, combo->modelColumn());
        const QRect row = combo->view()->visualRect(last);
        QVERIFY2(combo->view()->viewport()->rect().contains(row), qPrintable(where + u": the list of " + nameOf(widget)));
        if (combo->count() <= combo->maxVisibleItems())
            QCOMPARE(combo->view()->verticalScrollBar()->maximum(), 0);
        combo->hidePopup();
    }
}

void StrayInput::fits(QWidget *root, const QString &where)
{
    for (const ui::ScrollPane *pane : root->findChildren<ui::ScrollPane *>()) {
        if (pane->isVisible() && pane->widget())
            QTRY_VERIFY2(pane->widget()->width() <= pane->viewport()->width(),
                     qPrintable(QStringLiteral("%1: %2 is %3 wide in %4").arg(where, nameOf(pane->widget()))
                                    .arg(pane->widget()->width()).arg(pane->viewport()->width())));
    }
}

void StrayInput::theWheelScrollsAndChangesNothing()
{
    auto *inside = new QWidget;
    auto *column = new QVBoxLayout(inside);
    auto *combo = new QComboBox;
    combo->addItems({QStringLiteral("TLS"), QStringLiteral("StartTLS"), QStringLiteral("None")});
    auto *number = new QSpinBox;
    number->setValue(10);
    auto *date = new QDateTimeEdit(QDateTime(QDate(2026, 5, 17), QTime(12, 0)));
    auto *slider = new QSlider;
    for (QWidget *field : {static_cast<QWidget *>(combo), static_cast<QWidget *>(number), static_cast<QWidget *>(date),
                           static_cast<QWidget *>(slider)})
        column->addWidget(field);
    column->addSpacing(2000);
    ui::ScrollPane pane(inside);
    pane.resize(300, 200);
    pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QTRY_VERIFY(pane.verticalScrollBar()->maximum() > 0);
    for (QWidget *field : {static_cast<QWidget *>(combo), static_cast<QWidget *>(number), static_cast<QWidget *>(date),
                           static_cast<QWidget *>(slider)}) {
        field->clearFocus();
        pane.verticalScrollBar()->setValue(0);
        const QVariant before = valueOf(field);
        turnWheel(field);
        QCOMPARE(valueOf(field), before);
        QVERIFY2(pane.verticalScrollBar()->value() > 0, qPrintable(nameOf(field)));
        QVERIFY(!field->hasFocus());
    }
}

void StrayInput::theWheelChangesWhatHasTheFocus()
{
    QComboBox combo;
    combo.addItems({QStringLiteral("one"), QStringLiteral("two")});
    combo.show();
    combo.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&combo));
    combo.setFocus();
    QTRY_VERIFY(combo.hasFocus());
    turnWheel(&combo);
    QCOMPARE(combo.currentIndex(), 1);
}

void StrayInput::everyPageHoldsStill_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("thing");
    for (const QString &key : m_window->window().pageKeys())
        QTest::newRow(qPrintable(key)) << key << QString();
    QTest::newRow("a rule") << QStringLiteral("provisioning") << QStringLiteral("Staff in");
    QTest::newRow("a connection") << QStringLiteral("provisioning") << QStringLiteral("connection:Head office");
    QTest::newRow("a gateway") << QStringLiteral("gateways") << QStringLiteral("Head office");
}

void StrayInput::everyPageHoldsStill()
{
    QFETCH(QString, page);
    QFETCH(QString, thing);
    for (const QSize size : {QSize(1280, 800), QSize(1024, 680)}) {
        m_window->window().resize(size);
        m_window->goTo(page, thing);
        QTRY_COMPARE(m_window->window().currentKey(), page);
        QTRY_VERIFY(m_window->window().isReady());
        QWidget *root = m_window->window().currentPage();
        auto *tabs = seen<QTabBar>(root, QStringLiteral("tabs"));
        for (int tab = 0; tab < (tabs ? tabs->count() : 1); ++tab) {
            if (tabs) {
                if (!tabs->isTabVisible(tab))
                    continue;
                tabs->setCurrentIndex(tab);
            }
            const QString where = tabs ? page + u'/' + tabs->tabText(tab) : page;
            holdsStill(root, where);
            fits(root, where);
            // Every form that a pencil opens.
            const auto pencils = root->findChildren<QToolButton *>(QStringLiteral("edit"));
            for (qsizetype i = 0; i < pencils.size(); ++i) {
                if (!pencils.at(i)->isVisible())
                    continue;
                pencils.at(i)->click();
                holdsStill(root, where + QStringLiteral(", editing"));
                fits(root, where + QStringLiteral(", editing"));
                if (auto *cancel = seen<QPushButton>(root, QStringLiteral("cancel")))
                    cancel->click();
            }
        }
    }
    m_window->window().resize(1280, 800);
}

void StrayInput::everyWizardHoldsStill()
{
    const ui::PageContext context = m_window->context();
    app::GatewayHealth health(context.settings);
    const auto dialogs = {
        static_cast<QDialog *>(new ui::GatewayWizard(context.console, health, &m_window->window())),
        static_cast<QDialog *>(new ui::ConnectionWizard(context, &m_window->window())),
        static_cast<QDialog *>(new ui::RuleWizard(context, &m_window->window())),
        static_cast<QDialog *>(new ui::SignOnDialog(context.console, QStringLiteral("Head office"), {}, &m_window->window())),
    };
    for (QDialog *dialog : dialogs) {
        dialog->open();
        QTRY_VERIFY(dialog->isVisible());
        const QString title = dialog->windowTitle();
        if (auto *wizard = qobject_cast<ui::Wizard *>(dialog)) {
            // As far as it can be gone through without typing; later steps are tried unseen.
            QString step;
            while (step != wizard->currentStep()) {
                step = wizard->currentStep();
                holdsStill(dialog, title + u'/' + step);
                fits(dialog, title + u'/' + step);
                if (auto *name = seen<QLineEdit>(dialog, QStringLiteral("name")); name && name->text().isEmpty())
                    type(name, QStringLiteral("Another"));
                if (wizard->nextButton()->isEnabled() && step != QLatin1String("summary"))
                    wizard->next();
            }
        } else {
            holdsStill(dialog, title);
        }
        delete dialog;
    }
    QVERIFY2(m_fields > 20, qPrintable(QString::number(m_fields)));
    QVERIFY2(m_lists > 5, qPrintable(QString::number(m_lists)));
}

void StrayInput::aClickIntoNothingLeavesTheRowMarked()
{
    m_window->goTo(QStringLiteral("gateways"));
    auto *list = m_window->window().currentPage()->findChild<ui::ListPane *>()->view();
    QTRY_VERIFY(list->currentIndex().isValid());
    const auto marked = [](QAbstractItemView *view) {
        return view->selectionModel()->isRowSelected(view->currentIndex().row(), {});
    };
    QTRY_VERIFY(marked(list));
    const QPoint nowhere(list->viewport()->width() / 2, list->viewport()->height() - 5);
    QVERIFY(!list->indexAt(nowhere).isValid());
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, nowhere);
    QVERIFY(marked(list));
    // Nor does Ctrl take the mark from the row whose details are shown.
    QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::ControlModifier, list->visualRect(list->currentIndex()).center());
    QVERIFY(marked(list));

    // A table with few rows.
    m_window->goTo(QStringLiteral("users"));
    auto *page = m_window->window().currentPage();
    auto *search = seen<QLineEdit>(page, QStringLiteral("search"));
    QTest::keyClicks(search, QStringLiteral("user000001"));
    auto *table = page->findChild<QTableView *>(QStringLiteral("users"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
    QTRY_VERIFY(marked(table));
    const QPoint below(20, table->viewport()->height() - 5);
    QVERIFY(!table->indexAt(below).isValid());
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, below);
    QVERIFY(marked(table));
    // A press that begins in nothing selects nothing on its way.
    QTest::mousePress(table->viewport(), Qt::LeftButton, {}, below);
    QTest::mouseMove(table->viewport(), QPoint(20, 5));
    QTest::mouseRelease(table->viewport(), Qt::LeftButton, {}, QPoint(20, 5));
    QVERIFY(marked(table));
    search->clear();
}

void StrayInput::navigationKeepsItsPage()
{
    m_window->goTo(QStringLiteral("gateways"));
    QListWidget *pages = m_window->window().findChild<ui::Navigation *>()->list();
    QVERIFY(pages->currentItem()->isSelected());
    const QPoint below(30, pages->viewport()->height() - 5);
    if (!pages->indexAt(below).isValid())
        QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, below);
    QVERIFY(pages->currentItem()->isSelected());
    // A heading is no page.
    for (int row = 0; row < pages->count(); ++row) {
        if (!(pages->item(row)->flags() & Qt::ItemIsEnabled))
            QTest::mouseClick(pages->viewport(), Qt::LeftButton, {}, pages->visualItemRect(pages->item(row)).center());
    }
    QVERIFY(pages->currentItem()->isSelected());
    QCOMPARE(m_window->window().currentKey(), QStringLiteral("gateways"));
}

WINDOW_TEST(StrayInput)
#include "tst_strayinput.moc"
