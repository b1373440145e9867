// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/everybodycard.h"

#include "app/provisioning/mappingtrial.h"
#include "app/roles.h"
#include "app/text.h"
#include "core/dn.h"
#include "ui/theme/theme.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/sharedelegate.h"
#include "ui/widgets/tableview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::EverybodyTable;
using app::Text;

namespace {
constexpr int kStackBelow = 560; ///< pixels; narrower, the lists stand under each other
constexpr int kNameShare = 23; ///< percent of the table's width; the counts share the rest
constexpr int kNarrowNameShare = 20;
constexpr double kHeading = 0.87;
constexpr double kNarrowHeading = 0.78; ///< six headings in the narrowest window
constexpr int kShownValues = 6;
constexpr int kMaxTableRows = 8;
} // namespace

EverybodyCard::EverybodyCard(app::MappingTrial &trial, std::shared_ptr<const core::AttributeCatalog> catalog, QWidget *parent)
    : QFrame(parent), m_trial(trial), m_table(std::move(catalog)), m_title(new QLabel(tr("&Everybody in scope"))),
      m_state(new QLabel), m_stop(new QPushButton), m_sample(new QComboBox),
      m_progress(new QProgressBar), m_error(new ErrorPanel), m_warning(new Note), m_view(new TableView),
      m_values(new QListView), m_valueItems(new QStandardItemModel(this)), m_worst(new QListView),
      m_worstItems(new QStandardItemModel(this)), m_lists(new QBoxLayout(QBoxLayout::LeftToRight))
{
    setObjectName(QStringLiteral("everybody"));
    setProperty("form", QStringLiteral("card"));
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_title->setBuddy(m_sample);
    m_stop->setProperty("form", QStringLiteral("link"));
    m_stop->setObjectName(QStringLiteral("everybodyStop"));
    m_stop->setAutoDefault(false);
    m_stop->hide();
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_going)
            m_trial.cancelCounting();
        else
            m_trial.retry();
    });
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setObjectName(QStringLiteral("everybodyState"));
    m_sample->setObjectName(QStringLiteral("everybodySample"));
    m_sample->setAccessibleName(tr("How many people are counted"));
    m_sample->addItem(tr("First 1,000 people"), qint64(1000));
    m_sample->addItem(tr("First 10,000 people"), qint64(10'000));
    m_sample->addItem(tr("Everybody"), provision::MappingPreview::kEverybody);
    connect(m_sample, &QComboBox::currentIndexChanged, this,
            [this] { m_trial.setSample(m_sample->currentData().toLongLong()); });
    auto *header = new QHBoxLayout;
    header->setSpacing(12);
    header->addWidget(m_title);
    header->addStretch(1);
    header->addWidget(m_sample);
    auto *going = new QHBoxLayout;
    going->setSpacing(12);
    going->addWidget(m_state);
    going->addWidget(m_progress, 1);
    going->addWidget(m_stop);

    m_progress->setTextVisible(false);
    m_progress->setRange(0, 0);
    m_progress->setAccessibleName(tr("Counting everybody in scope"));
    QSizePolicy keep = m_progress->sizePolicy();
    keep.setRetainSizeWhenHidden(true);
    m_progress->setSizePolicy(keep);
    m_progress->hide();
    m_error->setObjectName(QStringLiteral("everybodyError"));
    m_error->hide();
    connect(m_error, &ErrorPanel::retryClicked, &m_trial, &app::MappingTrial::retry);
    m_warning->setObjectName(QStringLiteral("everybodyWarning"));
    m_warning->hide();

    m_view->setModel(&m_table);
    m_view->setObjectName(QStringLiteral("everybodyTable"));
    m_view->setAccessibleName(tr("What the mapping does, attribute by attribute"));
    m_view->setItemDelegate(new ShareDelegate(EverybodyTable::ShareRole, EverybodyTable::ToneRole, -1, m_view));
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->horizontalHeader()->setSectionsMovable(false);
    m_view->horizontalHeader()->setSectionsClickable(false);
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 18);
    m_view->horizontalHeader()->setStretchLastSection(false);
    m_view->horizontalHeader()->setFont(scaledFont(font(), kHeading));
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_view->horizontalHeader()->setSectionResizeMode(EverybodyTable::Target, QHeaderView::Fixed);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { showValues(); });
    connect(m_view, &QAbstractItemView::clicked, this, [this] { m_chosen = true; });

    m_values->setModel(m_valueItems);
    m_values->setObjectName(QStringLiteral("frequentValues"));
    m_values->setItemDelegate(new ShareDelegate(EverybodyTable::ShareRole, EverybodyTable::ToneRole, app::SubtitleRole, m_values));
    m_worst->setModel(m_worstItems);
    m_worst->setObjectName(QStringLiteral("worstPeople"));
    m_worst->setItemDelegate(new RowDelegate(m_worst));
    m_worst->setMouseTracking(true);
    const auto open = [this](const QModelIndex &index) { m_trial.choose(index.data(app::IdRole).toByteArray()); };
    connect(m_worst, &QListView::activated, this, open);
    connect(m_worst, &QListView::clicked, this, open);
    m_lists->setSpacing(16);
    m_lists->addWidget(makeList(tr("Most frequent values"), m_values, &m_valuesTitle), 1);
    m_lists->addWidget(makeList(tr("Worst first"), m_worst, &m_worstTitle), 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addLayout(header);
    layout->addLayout(going);
    layout->addWidget(m_error);
    layout->addWidget(m_warning);
    layout->addWidget(m_view);
    layout->addSpacing(4);
    layout->addLayout(m_lists);
    connect(&m_trial, &app::MappingTrial::counting, this, &EverybodyCard::onCounting);
    connect(&m_trial, &app::MappingTrial::counted, this, &EverybodyCard::onCounted);
    connect(&m_trial, &app::MappingTrial::countFailed, this, &EverybodyCard::onFailed);
    connect(&m_trial, &app::MappingTrial::notCounted, this, &EverybodyCard::onNotCounted);
    fitTable();
    showValues();
    showWorst();
}

QWidget *EverybodyCard::makeList(const QString &title, QListView *list, QLabel **heading)
{
    auto *holder = new QWidget;
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    *heading = new QLabel(title);
    (*heading)->setTextFormat(Qt::PlainText);
    (*heading)->setForegroundRole(QPalette::PlaceholderText);
    (*heading)->setFont(scaledFont(font(), 0.93, QFont::DemiBold));
    list->setAccessibleName(title);
    list->setFrameShape(QFrame::NoFrame);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setUniformItemSizes(true);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setFixedHeight(kShownValues * (fontMetrics().height() + 16));
    column->addWidget(*heading);
    column->addWidget(list);
    column->addStretch(1);
    return holder;
}

void EverybodyCard::showEvent(QShowEvent *event)
{
    QFrame::showEvent(event);
    if (!event->spontaneous()) // a minimised window goes on counting
        m_trial.setCounting(true);
}

void EverybodyCard::hideEvent(QHideEvent *event)
{
    QFrame::hideEvent(event);
    if (!event->spontaneous())
        m_trial.setCounting(false);
}

void EverybodyCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    const bool narrow = width() < kStackBelow;
    m_view->setColumnWidth(EverybodyTable::Target, width() * (narrow ? kNarrowNameShare : kNameShare) / 100);
    m_view->horizontalHeader()->setFont(scaledFont(font(), narrow ? kNarrowHeading : kHeading));
    m_lists->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void EverybodyCard::onCounting()
{
    m_error->hide();
    m_state->setText(tr("Counting…"));
    showGoing(true);
}

void EverybodyCard::useSignOnWords()
{
    m_title->setText(tr("&Everybody who could sign on"));
    m_title->setToolTip(tr("Whom the LDAP filter would find by some user name, below the base DN"));
    m_progress->setAccessibleName(tr("Counting everybody who could sign on"));
}

void EverybodyCard::showGoing(bool going)
{
    m_going = going;
    m_stop->setText(tr("Cancel"));
    m_stop->setAccessibleName(tr("Cancel counting"));
    m_progress->setVisible(going);
    m_stop->setVisible(going);
}

void EverybodyCard::onNotCounted(const QString &why)
{
    showGoing(false);
    m_error->hide();
    m_table.setStatistics({});
    fitTable();
    showValues();
    showWorst();
    m_state->setText(tr("Not counted"));
    m_warning->setText(why, Tone::Neutral);
    m_view->setVisible(why.isEmpty());
    for (QWidget *list : {m_valuesTitle->parentWidget(), m_worstTitle->parentWidget()})
        list->setVisible(why.isEmpty());
    m_sample->setEnabled(why.isEmpty());
    if (why.isEmpty()) {
        m_stop->setText(tr("Count again"));
        m_stop->setAccessibleName(m_stop->text());
        m_stop->show();
    }
    emit summaryChanged({}, Tone::Neutral);
}

void EverybodyCard::onCounted(const provision::MappingStatistics &statistics)
{
    m_table.setStatistics(statistics);
    fitTable();
    showGoing(!statistics.complete);
    m_view->show();
    for (QWidget *list : {m_valuesTitle->parentWidget(), m_worstTitle->parentWidget()})
        list->show();
    m_sample->setEnabled(true);
    const QString people = statistics.people == 1 ? tr("1 person") : tr("%1 people").arg(Text::number(statistics.people));
    const QString time = Text::span(statistics.milliseconds);
    m_state->setText(!statistics.complete ? tr("%1 so far").arg(people)
                     : statistics.sampled ? tr("%1 of more, %2").arg(people, time)
                                          : tr("all %1, %2").arg(people, time));
    emit summaryChanged(statistics.complete ? m_table.summary() : tr("Counting everybody…"),
                        !statistics.complete          ? Tone::Neutral
                        : m_table.faults() == 0 ? Tone::Good
                                                : Tone::Warning);
    if (!statistics.complete)
        return;
    const QString warning = m_table.warning();
    if (statistics.people == 0 && m_trial.subject()) {
        m_warning->setText(tr("Nobody is found: no entry matches %1.").arg(QString::fromUtf8(m_trial.subject()->scope().filter)),
                           Tone::Warning);
        showValues();
        showWorst();
        return;
    }
    m_warning->setText(warning.isEmpty() ? tr("Everybody gets values that can be used.") : warning,
                       warning.isEmpty() ? Tone::Good : Tone::Warning);
    if (!m_chosen || !m_view->currentIndex().isValid()) {
        const int row = m_table.firstFaulty();
        if (row >= 0)
            m_view->setCurrentIndex(m_table.index(row, EverybodyTable::Target));
    }
    showValues();
    showWorst();
}

void EverybodyCard::onFailed(const QList<core::Error> &errors)
{
    showGoing(false);
    m_state->setText(tr("Not counted"));
    if (!errors.isEmpty())
        m_error->setError(errors.first(), true);
    m_error->setVisible(!errors.isEmpty());
    emit summaryChanged({}, Tone::Neutral);
}

void EverybodyCard::reveal()
{
    for (QWidget *above = parentWidget(); above; above = above->parentWidget()) {
        if (auto *area = qobject_cast<QScrollArea *>(above)) {
            area->ensureWidgetVisible(this, 0, 24);
            break;
        }
    }
    m_view->setFocus(Qt::OtherFocusReason);
}

void EverybodyCard::showValues()
{
    const int row = m_view->currentIndex().row();
    const QList<provision::TargetStatistics> &targets = m_table.statistics().targets;
    m_valueItems->clear();
    if (row < 0 || row >= targets.size()) {
        m_valuesTitle->setText(tr("Most frequent values"));
        m_values->hide();
        return;
    }
    const provision::TargetStatistics &target = targets.at(row);
    m_values->setVisible(!target.mostFrequent.isEmpty());
    const QString name = m_table.index(row, EverybodyTable::Target).data().toString();
    m_valuesTitle->setText(target.distinct == 1 ? tr("%1: 1 value").arg(name)
                                                : tr("%1: %2 different values").arg(name, Text::number(target.distinct)));
    const double people = double(std::max<qint64>(1, m_table.statistics().people));
    for (const provision::ValueCount &value : target.mostFrequent) {
        auto *item = new QStandardItem(value.value);
        item->setData(double(value.people) / people, EverybodyTable::ShareRole);
        item->setData(int(Tone::Accent), EverybodyTable::ToneRole);
        item->setData(Text::number(value.people), app::SubtitleRole);
        item->setData(tr("%1, %2 people").arg(value.value, Text::number(value.people)), Qt::AccessibleTextRole);
        item->setToolTip(value.value);
        m_valueItems->appendRow(item);
    }
}

void EverybodyCard::showWorst()
{
    const QList<provision::WorstPerson> &worst = m_table.statistics().worst;
    m_worstItems->clear();
    m_worstTitle->setText(!worst.isEmpty()                    ? tr("Worst first; choose one as the sample")
                          : m_table.statistics().people > 0 ? tr("Nobody has a problem")
                                                            : tr("Worst first"));
    m_worst->setVisible(!worst.isEmpty());
    for (const provision::WorstPerson &person : worst) {
        const auto dn = core::Dn::parse(QByteArrayView(person.dn));
        QStringList problems;
        for (const core::Problem &problem : person.problems)
            problems << problem.message;
        auto *item = new QStandardItem;
        item->setData(dn ? dn->firstValue() : QString::fromUtf8(person.dn), app::TitleRole);
        item->setData(problems.join(QStringLiteral("; ")), app::SubtitleRole);
        item->setData(person.dn, app::IdRole);
        item->setToolTip(QString::fromUtf8(person.dn) + u'\n' + problems.join(u'\n'));
        item->setAccessibleText(item->data(app::TitleRole).toString() + QStringLiteral(": ")
                                + problems.join(QStringLiteral("; ")));
        m_worstItems->appendRow(item);
    }
}

void EverybodyCard::fitTable()
{
    const int rows = std::clamp(m_table.rowCount(), 1, kMaxTableRows);
    const int height = m_view->horizontalHeader()->sizeHint().height() + rows * m_view->verticalHeader()->defaultSectionSize() + 4;
    if (m_view->height() != height)
        m_view->setFixedHeight(height);
}

} // namespace gatehouse::ui
