// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping edited in the window over a real directory, by keyboard: what a row does to a sample person
// follows every keystroke, rows are completed, ordered, built, and refused beside their place.
#include "tests/support/testmain.h"
#include "tests/ui/mappingwindow.h"

#include "ui/dialogs/expressiondialog.h"
#include "ui/widgets/note.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QStyleHints>

using namespace gatehouse;
using namespace gatehouse::test;
using app::MappingTable;

class MappingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m = std::make_unique<MappingWindow>();
        QVERIFY(m->begin());
    }
    void cleanupTestCase() { m.reset(); }

    void readsBeforeItIsEdited();
    void showsTheSampleAtEveryKeystroke();
    void followsAKeystrokeAtOnce();
    void completesFromTheSchema();
    void aDoubleClickDeletesOneRow();
    void addsASourceThatNobodyOffers();
    void movesRowsByKeyboard();
    void theGearBuildsAnExpression();
    void refusesATargetTwice();
    void pointsIntoAnExpression();
    void restoresDefaults();

private:
    std::unique_ptr<MappingWindow> m;
};

void MappingTest::readsBeforeItIsEdited()
{
    m->showTab();
    QVERIFY(m->view());
    QCOMPARE(m->table()->rowCount(), 8);
    QVERIFY(!m->table()->isPreviewing());
    QVERIFY(!(m->table()->index(0, MappingTable::Source).flags() & Qt::ItemIsEditable));
    QVERIFY(!seen<QWidget>(m->page(), QStringLiteral("sampleBar")));
    m->shoot(QStringLiteral("mapping-read"));
}

void MappingTest::showsTheSampleAtEveryKeystroke()
{
    m->beginEditing();
    // The first person of the directory is the sample, and nobody has to press anything.
    QTRY_COMPARE_WITH_TIMEOUT(m->after(QStringLiteral("username")), QStringLiteral("user.0"), kLong);
    QCOMPARE(m->after(QStringLiteral("name.formatted")), QStringLiteral("Given0 Name0"));
    QTRY_COMPARE(m->verdict(), QStringLiteral("Would be created"));
    m->shoot(QStringLiteral("mapping-good"));

    // By keyboard: to the cell, F2, and what is typed is shown before it is saved in the row.
    m->view()->setFocus();
    m->view()->setCurrentIndex(m->cell(QStringLiteral("title"), MappingTable::Target));
    QTest::keyClick(m->view(), Qt::Key_Right);
    QCOMPARE(m->view()->currentIndex().column(), int(MappingTable::Source));
    QTest::keyClick(m->view(), Qt::Key_F2);
    QTRY_VERIFY(m->sourceEditor());
    m->sourceEditor()->selectAll();
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("title + ' of ' + l"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer of Berlin"));
    QVERIFY(m->table()->mappings().at(m->rowOfTarget(QStringLiteral("title"))).expression.isEmpty());
    QTest::keyClicks(m->sourceEditor(), QStringLiteral(" + "));
    QTRY_COMPARE(m->cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString().section(u':', 0, 0),
                 QStringLiteral("Not yet"));
    QCOMPARE(m->after(QStringLiteral("name.given")), QStringLiteral("Given0")); // the others go on
    // Esc gives up what was typed, and the preview follows.
    QTest::keyClick(m->sourceEditor(), Qt::Key_Escape);
    QTRY_VERIFY(!m->sourceEditor());
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer"));
}

void MappingTest::followsAKeystrokeAtOnce()
{
    m->beginEditing();
    m->openSource(QStringLiteral("title"));
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("title + ''"));
    QTest::keyClick(m->sourceEditor(), Qt::Key_Left);
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer"));
    // From the key to the painted row, for every letter of a literal.
    QList<qint64> times;
    QString typed;
    for (int n = 0; n < 60; ++n) {
        QElapsedTimer timer;
        timer.start();
        const char letter = char('a' + n % 26);
        typed += QLatin1Char(letter);
        QTest::keyClick(m->sourceEditor(), letter);
        while (m->after(QStringLiteral("title")) != QStringLiteral("Engineer") + typed && timer.elapsed() < 5000)
            QCoreApplication::sendPostedEvents(), QTest::qWait(0);
        m->view()->viewport()->repaint();
        times << timer.nsecsElapsed() / 1000;
    }
    std::sort(times.begin(), times.end());
    qInfo("from a key to the painted row: median %.2f ms, worst of 60 %.2f ms", double(times.at(30)) / 1000,
          double(times.constLast()) / 1000);
    QVERIFY(times.at(30) < 250'000); // far above what it takes, also on a loaded machine
    QTest::keyClick(m->sourceEditor(), Qt::Key_Escape);
    QTRY_VERIFY(!m->sourceEditor());
}

void MappingTest::completesFromTheSchema()
{
    m->beginEditing();
    m->openSource(QStringLiteral("title"));
    // No list of usual names has this one: the schema of this server does.
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("roomn"));
    QAbstractItemView *popup = m->sourceEditor()->completer()->popup();
    QTRY_VERIFY(popup->isVisible());
    QCOMPARE(popup->model()->index(0, 0).data().toString(), QStringLiteral("roomNumber"));
    QVERIFY(!popup->model()->index(0, 0).data(app::SubtitleRole).toString().isEmpty());
    QTest::qWait(300); // it stays while somebody reads it
    QVERIFY(m->sourceEditor());
    QVERIFY(popup->isVisible());
    QTest::keyClick(popup, Qt::Key_Return); // the best one is taken already
    QTRY_COMPARE(m->sourceEditor()->text(), QStringLiteral("roomNumber"));
    QTest::keyClick(m->sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(m->table()->mappings().at(m->rowOfTarget(QStringLiteral("title"))).source, QStringLiteral("roomNumber"));
    QTRY_COMPARE(m->cell(QStringLiteral("title"), MappingTable::Check).data(MappingTable::NoteRole).toString(),
                 QStringLiteral("No value"));
    m->typeSource(QStringLiteral("title"), QStringLiteral("title"));
}

void MappingTest::aDoubleClickDeletesOneRow()
{
    m->beginEditing();
    const QList<core::AttributeMapping> rows = m->table()->mappings();
    const QPoint icon = m->view()->visualRect(m->cell(QStringLiteral("title"), MappingTable::Remove)).center();
    QTest::mouseClick(m->view()->viewport(), Qt::LeftButton, {}, icon);
    QTest::mouseClick(m->view()->viewport(), Qt::LeftButton, {}, icon);
    QCOMPARE(m->table()->rowCount(), rows.size() - 1);
    QTest::qWait(QGuiApplication::styleHints()->mouseDoubleClickInterval() + 50);
    QTest::mouseClick(m->view()->viewport(), Qt::LeftButton, {}, icon);
    QCOMPARE(m->table()->rowCount(), rows.size() - 2);
    m->table()->replace(rows);
}

void MappingTest::addsASourceThatNobodyOffers()
{
    m->beginEditing();
    m->openSource(QStringLiteral("title"));
    QTest::keyClicks(m->sourceEditor(), QStringLiteral("x-badge"));
    QAbstractItemView *popup = m->sourceEditor()->completer()->popup();
    QTRY_VERIFY(popup->isVisible());
    QCOMPARE(popup->model()->rowCount(), 1);
    QCOMPARE(popup->model()->index(0, 0).data().toString(), QStringLiteral("ADD:x-badge"));
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTest::keyClick(m->sourceEditor(), Qt::Key_Return);
    QTRY_COMPARE(m->table()->mappings().at(m->rowOfTarget(QStringLiteral("title"))).source, QStringLiteral("x-badge"));
    m->typeSource(QStringLiteral("title"), QStringLiteral("title"));
}

void MappingTest::movesRowsByKeyboard()
{
    m->beginEditing();
    m->view()->setFocus();
    m->view()->setCurrentIndex(m->cell(QStringLiteral("name.given"), MappingTable::Target));
    QTest::keyClick(m->view(), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(m->rowOfTarget(QStringLiteral("name.family")), 1);
    QCOMPARE(m->rowOfTarget(QStringLiteral("name.given")), 2);
    QCOMPARE(m->view()->currentIndex().row(), 2);
    QTRY_COMPARE(m->after(QStringLiteral("name.given")), QStringLiteral("Given0"));
    QTest::keyClick(m->view(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(m->rowOfTarget(QStringLiteral("name.given")), 1);
    // Nothing gets above what is required.
    QTest::keyClick(m->view(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(m->rowOfTarget(QStringLiteral("username")), 0);
    // By drag and drop: between two rows.
    std::unique_ptr<QMimeData> dragged(m->table()->mimeData({m->cell(QStringLiteral("email"), MappingTable::Target)}));
    m->table()->dropMimeData(dragged.get(), Qt::MoveAction, 1, 0, {});
    QCOMPARE(m->rowOfTarget(QStringLiteral("email")), 1);
    QCOMPARE(m->table()->rowCount(), 8);
    m->endEditing("cancel");
}

void MappingTest::theGearBuildsAnExpression()
{
    m->beginEditing();
    m->view()->setFocus();
    m->view()->setCurrentIndex(m->cell(QStringLiteral("title"), MappingTable::Source));
    QTest::keyClick(m->view(), Qt::Key_Right);
    QCOMPARE(m->view()->currentIndex().column(), int(MappingTable::Build));
    QTest::keyClick(m->view(), Qt::Key_Space);
    ui::ExpressionDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = qobject_cast<ui::ExpressionDialog *>(m->window().dialog())));
    QCOMPARE(dialog->expression(), QStringLiteral("title"));
    auto *field = dialog->findChild<QPlainTextEdit *>(QStringLiteral("expressionText"));
    QVERIFY(field);
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("title + '!'"));
    QTRY_COMPARE(dialog->expression(), QStringLiteral("title + '!'"));
    auto *save = seen<QPushButton>(dialog, QStringLiteral("save"));
    QVERIFY(save);
    QTRY_VERIFY(save->isEnabled());
    save->click();
    QTRY_VERIFY(!m->window().dialog());
    QCOMPARE(m->table()->mappings().at(m->rowOfTarget(QStringLiteral("title"))).expression, QStringLiteral("title + '!'"));
    QTRY_COMPARE(m->after(QStringLiteral("title")), QStringLiteral("Engineer!"));
    m->endEditing("cancel");
}

void MappingTest::refusesATargetTwice()
{
    m->beginEditing();
    seen<QPushButton>(m->page(), QStringLiteral("addMapping"))->click();
    auto *combo = seen<QComboBox>(m->view(), QStringLiteral("targetEditor"));
    QVERIFY(combo);
    combo->lineEdit()->selectAll();
    QTest::keyClicks(combo->lineEdit(), QStringLiteral("Title"));
    QTest::keyClick(combo, Qt::Key_Return);
    const int row = m->table()->rowCount() - 1;
    QTRY_COMPARE(m->table()->mappings().at(row).target, QStringLiteral("title"));
    m->view()->setCurrentIndex(m->table()->index(row, MappingTable::Source));
    m->table()->setData(m->table()->index(row, MappingTable::Source), QStringLiteral("l"), Qt::EditRole);
    QTRY_VERIFY(m->table()->faultOf(row).contains(QStringLiteral("mapped twice")));
    QVERIFY(m->table()->faultOf(m->rowOfTarget(QStringLiteral("title"))).isEmpty()); // the first one is not to blame
    QVERIFY(m->view()->rowHeight(row) > m->view()->rowHeight(0)); // the reason stands under the row
    m->shoot(QStringLiteral("mapping-twice"));
    seen<QPushButton>(m->page(), QStringLiteral("save"))->click();
    QTRY_VERIFY(seen<QLabel>(m->page()->findChild<QWidget *>(QStringLiteral("field-attributeMappings")), QStringLiteral("error")));
    QVERIFY(seen<QWidget>(m->page(), QStringLiteral("sampleBar")));
    QCOMPARE(m->window().configuration().rule(QStringLiteral("Staff in"))->mappings.users.size(), 8);
    m->endEditing("cancel");
}

void MappingTest::pointsIntoAnExpression()
{
    m->beginEditing();
    m->typeSource(QStringLiteral("name.formatted"), QStringLiteral("#string.join({givenName, sn, ' ')"));
    const QModelIndex source = m->cell(QStringLiteral("name.formatted"), MappingTable::Source);
    QTRY_VERIFY(source.data(MappingTable::FaultRole).isValid());
    QVERIFY(source.data(MappingTable::FaultOffsetRole).toInt() >= 0);
    QVERIFY(source.data(MappingTable::RowFaultRole).toString().startsWith(QStringLiteral("At character ")));
    m->typeSource(QStringLiteral("email"), QStringLiteral("cn"));
    QTRY_VERIFY(!m->cell(QStringLiteral("email"), MappingTable::Check).data(MappingTable::ProblemRole).toString().isEmpty());
    QTRY_COMPARE(m->verdict(), QStringLiteral("Cannot be provisioned"));
    m->shoot(QStringLiteral("mapping-faulty"));
    m->endEditing("cancel");
}

void MappingTest::restoresDefaults()
{
    m->beginEditing();
    seen<QPushButton>(m->page(), QStringLiteral("useDefaults"))->click();
    QCOMPARE(m->table()->mappings().size(), core::defaultInboundMappings(core::Vendor::Ldapv3).size());
    auto *undo = seen<ui::Note>(m->page(), QStringLiteral("undoDefaults"));
    QVERIFY(undo);
    emit undo->actionClicked();
    QCOMPARE(m->table()->mappings().size(), 8);
    QVERIFY(!seen<ui::Note>(m->page(), QStringLiteral("undoDefaults")));
    m->endEditing("cancel");
}

WINDOW_TEST(MappingTest)
#include "tst_mapping.moc"
