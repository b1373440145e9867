// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/samplepanel.h"

#include "app/roles.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kChoiceRows = 4;
} // namespace

SamplePanel::SamplePanel(QWidget *parent)
    : QWidget(parent), m_title(new ElidedLabel(this)), m_toggle(new QPushButton(this)),
      m_search(new SearchBox(tr("Search people"), this)), m_choices(new QListView(this)), m_error(new ErrorPanel(this)),
      m_note(new Note(Tone::Neutral, {}, this)), m_stack(new QStackedWidget(this)), m_table(new TableView(this)),
      m_json(new QPlainTextEdit(this)), m_jsonFault(new QLabel(this)), m_remove(new QPushButton(tr("&Remove value"), this))
{
    m_title->setObjectName(QStringLiteral("sampleTitle"));
    m_toggle->setObjectName(QStringLiteral("editJson"));
    m_search->setObjectName(QStringLiteral("sampleSearch"));
    m_search->installEventFilter(this);
    m_choices->setObjectName(QStringLiteral("sampleChoices"));
    m_choices->setAccessibleName(tr("People found"));
    m_choices->setModel(&m_found);
    m_choices->setItemDelegate(new RowDelegate(m_choices));
    m_choices->setUniformItemSizes(true);
    m_choices->setMouseTracking(true);
    m_choices->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_choices->setFixedHeight((fontMetrics().height() * 2 + 20) * kChoiceRows);
    m_choices->installEventFilter(this);
    m_choices->hide();

    m_table->setObjectName(QStringLiteral("sampleValues"));
    m_table->setAccessibleName(tr("Sample values"));
    m_table->setModel(&m_data);
    m_table->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    m_table->setSortingEnabled(false);
    m_table->horizontalHeader()->setSortIndicatorShown(false);
    m_table->shareWidth({3, 5, 2});
    auto *add = new QPushButton(tr("&Add value"), this);
    add->setObjectName(QStringLiteral("addValue"));
    m_remove->setObjectName(QStringLiteral("removeValue"));
    auto *values = new QWidget(this);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(add);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto *valuesLayout = new QVBoxLayout(values);
    valuesLayout->setContentsMargins(0, 0, 0, 0);
    valuesLayout->setSpacing(8);
    valuesLayout->addWidget(m_table, 1);
    valuesLayout->addLayout(buttons);

    m_json->setObjectName(QStringLiteral("sampleJson"));
    m_json->setAccessibleName(tr("Sample data as JSON"));
    m_json->setFont(monospaceFont(font()));
    m_json->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_json->setTabChangesFocus(true);
    m_jsonFault->setObjectName(QStringLiteral("jsonFault"));
    m_jsonFault->setForegroundRole(QPalette::BrightText);
    m_jsonFault->setWordWrap(true);
    m_jsonFault->hide();
    auto *json = new QWidget(this);
    auto *jsonLayout = new QVBoxLayout(json);
    jsonLayout->setContentsMargins(0, 0, 0, 0);
    jsonLayout->setSpacing(4);
    jsonLayout->addWidget(m_json, 1);
    jsonLayout->addWidget(m_jsonFault);
    m_stack->addWidget(values);
    m_stack->addWidget(json);

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_toggle, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_search);
    layout->addWidget(m_choices);
    layout->addWidget(m_error);
    layout->addWidget(m_note);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);

    connect(m_search, &SearchBox::searched, this, [this](const QString &text) {
        m_takeFirst = false;
        search(text);
        showChoices(true);
    });
    connect(m_search, &SearchBox::downPressed, this, [this] {
        showChoices(true);
        m_choices->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_choices, &QListView::clicked, this, &SamplePanel::choose);
    connect(m_choices, &QListView::activated, this, &SamplePanel::choose);
    connect(m_error, &ErrorPanel::retryClicked, this, &SamplePanel::retry);
    connect(m_toggle, &QPushButton::clicked, this, [this] { editAsJson(!isJson()); });
    connect(m_json, &QPlainTextEdit::textChanged, this, &SamplePanel::takeJson);
    connect(add, &QPushButton::clicked, this, &SamplePanel::addValue);
    connect(m_remove, &QPushButton::clicked, this, &SamplePanel::removeValue);
    connect(&m_data, &app::SampleData::changed, this, [this] {
        if (m_readingJson || !isJson())
            return;
        m_writingJson = true;
        m_json->setPlainText(m_data.json());
        m_writingJson = false;
        m_jsonFault->hide();
    });
    m_toggle->setText(tr("Edit &JSON"));
    setSource(nullptr, {}, {});
}

SamplePanel::~SamplePanel() = default;

void SamplePanel::setSource(std::unique_ptr<app::SampleSource> source, const QString &place, const QString &without)
{
    m_source = std::move(source);
    m_searching = m_reading = 0;
    m_found.clear();
    m_wanted.clear();
    m_error->clear();
    m_search->clear();
    showChoices(false);
    m_search->setVisible(m_source != nullptr);
    m_note->setText(m_source ? QString() : without, Tone::Neutral);
    setReading(m_source ? m_source->reading() : app::ExpressionNames::Directory);
    setTitle(m_source ? QString() : tr("Data by hand"));
    if (!m_source)
        return;
    m_search->setPlaceholderText(tr("Search people in %1").arg(place));
    m_search->setAccessibleName(m_search->placeholderText());
    connect(m_source.get(), &app::SampleSource::found, this, &SamplePanel::onFound);
    connect(m_source.get(), &app::SampleSource::sampleRead, this, &SamplePanel::onRead);
    connect(m_source.get(), &app::SampleSource::failed, this, &SamplePanel::onFailed);
    connect(m_source.get(), &app::SampleSource::schemaLoaded, this, &SamplePanel::schemaLoaded);
    m_source->loadSchema();
    m_takeFirst = true;
    setTitle(tr("Looking for somebody in %1…").arg(place));
    search({});
}

void SamplePanel::setReading(app::ExpressionNames reading)
{
    m_data.setFlat(reading != app::ExpressionNames::Users,
                   reading == app::ExpressionNames::SignOn ? QStringLiteral("ldapAttributes") : QString());
}

void SamplePanel::setTitle(const QString &title)
{
    m_titleText = title;
    m_title->setText(title);
}

void SamplePanel::search(const QString &text)
{
    if (m_source)
        m_searching = m_source->search(text);
}

void SamplePanel::showSample(const QByteArray &id)
{
    m_takeFirst = false;
    m_wanted = id;
    if (!m_source)
        return;
    m_reading = m_source->read(id);
    setTitle(tr("Reading %1…").arg(QString::fromUtf8(id)));
}

void SamplePanel::onFound(quint64 request, const QList<app::SampleChoice> &choices)
{
    if (request != m_searching)
        return;
    m_error->clear();
    m_found.clear();
    for (const app::SampleChoice &choice : choices) {
        auto *item = new QStandardItem(choice.title);
        item->setData(choice.title, app::TitleRole);
        item->setData(choice.detail, app::SubtitleRole);
        item->setData(choice.id, app::IdRole);
        item->setToolTip(QString::fromUtf8(choice.id));
        m_found.appendRow(item);
    }
    m_choices->setCurrentIndex(m_found.index(0, 0));
    if (choices.isEmpty())
        m_note->setText(tr("Nobody was found."), Tone::Neutral);
    else
        m_note->setText({}, Tone::Neutral);
    if (!m_takeFirst)
        return;
    m_takeFirst = false;
    if (choices.isEmpty())
        setTitle(tr("Data by hand"));
    else if (m_wanted.isEmpty())
        showSample(choices.constFirst().id);
}

void SamplePanel::onRead(quint64 request, const QString &title, const core::expr::Value &root)
{
    if (request != m_reading)
        return;
    m_error->clear();
    setTitle(title);
    m_data.setRoot(root);
}

void SamplePanel::onFailed(quint64 request, const core::Error &error)
{
    if (request == m_reading || (request == m_searching && m_titleText.endsWith(u'…')))
        setTitle(tr("Data by hand"));
    m_error->setError(error, true);
}

void SamplePanel::retry()
{
    m_error->clear();
    if (!m_source)
        return;
    m_source->loadSchema();
    m_takeFirst = m_wanted.isEmpty();
    search(m_search->text());
    if (!m_wanted.isEmpty())
        showSample(QByteArray(m_wanted));
}

void SamplePanel::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const QByteArray id = index.data(app::IdRole).toByteArray();
    showChoices(false);
    showSample(id);
}

void SamplePanel::showChoices(bool shown)
{
    m_choices->setVisible(shown && m_source);
}

bool SamplePanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
        if (enter && (watched == m_search || watched == m_choices) && m_choices->isVisible()) {
            choose(m_choices->currentIndex());
            return true;
        }
        if (key == Qt::Key_Escape && m_choices->isVisible() && (watched == m_choices || m_search->text().isEmpty())) {
            showChoices(false);
            m_search->setFocus(Qt::OtherFocusReason);
            return true;
        }
    }
    if (event->type() == QEvent::FocusIn && watched == m_search
        && static_cast<QFocusEvent *>(event)->reason() == Qt::MouseFocusReason)
        showChoices(true);
    return QWidget::eventFilter(watched, event);
}

bool SamplePanel::isJson() const
{
    return m_stack->currentIndex() == 1;
}

void SamplePanel::editAsJson(bool json)
{
    if (json == isJson())
        return;
    if (json) {
        m_writingJson = true;
        m_json->setPlainText(m_data.json());
        m_writingJson = false;
        m_jsonFault->hide();
    } else if (!m_jsonFault->isHidden()) {
        m_json->setFocus(Qt::OtherFocusReason); // what is written would be lost
        return;
    }
    m_stack->setCurrentIndex(json ? 1 : 0);
    m_toggle->setText(json ? tr("Edit &values") : tr("Edit &JSON"));
}

void SamplePanel::takeJson()
{
    if (m_writingJson)
        return;
    const QString text = m_json->toPlainText();
    m_readingJson = true;
    const auto taken = m_data.setJson(text);
    m_readingJson = false;
    QList<QTextEdit::ExtraSelection> marks;
    m_jsonFault->setVisible(!taken);
    if (!taken) {
        const core::expr::Fault &fault = taken.error();
        m_jsonFault->setText(tr("At %1: %2").arg(app::SampleData::placeInWords(text, fault.offset), fault.message));
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_json->document());
        const int size = int(text.size());
        mark.cursor.setPosition(std::clamp(fault.offset, 0, std::max(0, size - 1)));
        mark.cursor.setPosition(std::min(size, mark.cursor.position() + std::max(1, fault.length)), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(colors().bad);
        marks.append(mark);
    }
    m_json->setExtraSelections(marks);
    m_json->setAccessibleDescription(taken ? QString() : m_jsonFault->text());
}

void SamplePanel::addValue()
{
    const QModelIndex index = m_data.index(m_data.addRow(), app::SampleData::Name);
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
    m_table->setFocus(Qt::OtherFocusReason);
    m_table->edit(index);
}

void SamplePanel::removeValue()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid())
        m_data.removeRow(current.row());
}

} // namespace gatehouse::ui
