// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressionbench.h"

#include "app/gateways/usertyperows.h"
#include "app/provisioning/mappingtable.h"
#include "ui/editors/expressionfield.h"
#include "ui/editors/referencepanel.h"
#include "ui/editors/resultview.h"
#include "ui/editors/samplepanel.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/scrollpane.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
/// After this a person notices that nothing happens.
constexpr int kMomentMs = 150;
} // namespace

ExpressionBench::ExpressionBench(QWidget *parent)
    : QWidget(parent), m_target(new QLabel(this)), m_rules(new QLabel(this)), m_edit(new ExpressionEdit(this)),
      m_result(new ResultView(this)), m_sample(new SamplePanel(this)), m_reference(new ReferencePanel(this)),
      m_tabs(new QTabBar(this)), m_stack(new QStackedWidget(this))
{
    m_target->setFont(scaledFont(font(), 1.05, QFont::DemiBold));
    m_target->setTextFormat(Qt::PlainText);
    m_rules->setForegroundRole(QPalette::PlaceholderText);
    m_rules->setTextFormat(Qt::PlainText);
    auto *label = new QLabel(tr("E&xpression"), this);
    label->setBuddy(m_edit->field());
    auto *testing = new QPushButton(tr("&Test Expression"), this);
    testing->setObjectName(QStringLiteral("testExpression"));
    testing->setIcon(icon(QStringLiteral("play")));
    testing->setToolTip(tr("Evaluates now and shows what each part gives"));
    auto *documentation = new QPushButton(tr("View &Documentation"), this);
    documentation->setObjectName(QStringLiteral("viewDocumentation"));
    documentation->setIcon(icon(QStringLiteral("help")));
    for (QPushButton *button : {testing, documentation})
        button->setAutoDefault(false);

    auto *left = new QWidget(this);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_target);
    head->addWidget(m_rules, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(testing);
    buttons->addWidget(documentation);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(24, 8, 16, 16);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(label);
    column->addWidget(m_edit);
    column->addLayout(buttons);
    column->addSpacing(8);
    column->addWidget(m_result);
    column->addStretch(1);

    m_tabs->setObjectName(QStringLiteral("benchTabs"));
    m_tabs->setAccessibleName(tr("Sample data or documentation"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Sample data"));
    m_tabs->addTab(tr("Documentation"));
    m_stack->addWidget(m_sample);
    m_stack->addWidget(m_reference);
    auto *right = new QWidget(this);
    auto *side = new QVBoxLayout(right);
    side->setContentsMargins(16, 0, 24, 16);
    side->setSpacing(12);
    side->addWidget(m_tabs);
    side->addWidget(m_stack, 1);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->addWidget(new ScrollPane(left, split));
    split->addWidget(right);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({560, 480});
    split->setChildrenCollapsible(false);
    right->setMinimumWidth(340);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    m_waiting.setSingleShot(true);
    m_waiting.setInterval(kMomentMs);
    connect(&m_waiting, &QTimer::timeout, m_result, &ResultView::showWaiting);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(testing, &QPushButton::clicked, this, &ExpressionBench::test);
    connect(documentation, &QPushButton::clicked, this, [this] { showDocumentation(); });
    connect(m_edit, &ExpressionEdit::textChanged, this, [this] {
        m_waiting.start();
        emit expressionChanged();
    });
    connect(m_edit, &ExpressionEdit::answered, this, &ExpressionBench::onAnswer);
    connect(m_edit, &ExpressionEdit::documentationRequested, this, &ExpressionBench::showDocumentation);
    connect(m_reference, &ReferencePanel::insertRequested, m_edit, &ExpressionEdit::insert);
    connect(&m_sample->data(), &app::SampleData::changed, this, &ExpressionBench::refreshQuestion);
    connect(m_sample, &SamplePanel::schemaLoaded, this,
            [this](const core::Schema &schema) { setAttributes(itemsOf(app::attributeItems(schema)), true); });
    setTarget({}, {});
}

void ExpressionBench::setTarget(std::shared_ptr<const core::AttributeCatalog> catalog, const QString &target)
{
    m_catalog = std::move(catalog);
    m_targetName = target;
    const int number = m_catalog ? m_catalog->find(target) : -1;
    const core::AttributeDefinition *definition = number >= 0 ? &m_catalog->at(number) : nullptr;
    m_target->setText(definition ? definition->displayName : target);
    QString rules;
    if (definition) {
        app::MappingTable table; // it knows how rules are said
        table.setCatalog(m_catalog);
        rules = table.rules(target);
    }
    m_rules->setText(rules);
    m_target->setVisible(!target.isEmpty());
    m_rules->setVisible(!rules.isEmpty());
    m_result->setTarget(definition);
    refreshQuestion();
}

void ExpressionBench::setSource(std::unique_ptr<app::SampleSource> source, const QString &place, const QString &without)
{
    m_sample->setSource(std::move(source), place, without);
    refreshQuestion();
}

QList<app::CompletionItem> ExpressionBench::itemsOf(const QList<app::CompletionItem> &attributes) const
{
    return m_reading == app::ExpressionNames::SignOn ? app::ldapAttributeItems(attributes) : attributes;
}

void ExpressionBench::useDirectory(const core::Gateway &gateway, const provision::Scope &scope, app::ExpressionNames reading)
{
    m_reading = reading;
    setAttributes(itemsOf(app::attributeItems(gateway.vendor)), false);
    auto samples = std::make_unique<app::DirectorySamples>(gateway, scope, reading);
    connect(samples.get(), &app::SampleSource::found, this, [this, gateway] { emit directoryUsed(gateway, std::nullopt); });
    connect(samples.get(), &app::SampleSource::failed, this,
            [this, gateway](quint64, const core::Error &error) { emit directoryUsed(gateway, error); });
    setSource(std::move(samples), gateway.name, {});
}

void ExpressionBench::useUsers(app::Console &console)
{
    m_reading = app::ExpressionNames::Users;
    setAttributes(app::userAttributeItems(console.catalog()), true);
    setSource(std::make_unique<app::UserSamples>(console), tr("the identity directory"), {});
}

void ExpressionBench::useNothing(const QString &why, app::ExpressionNames reading)
{
    m_reading = reading;
    setAttributes({}, false);
    setSource(nullptr, {}, why);
    if (reading == app::ExpressionNames::SignOn)
        m_sample->setReading(reading);
}

void ExpressionBench::setAttributes(QList<app::CompletionItem> items, bool complete)
{
    m_attributes = std::move(items);
    m_complete = complete;
    refreshQuestion();
}

void ExpressionBench::refreshQuestion()
{
    const QStringList present = m_sample->data().names();
    QList<app::CompletionItem> offered = m_attributes;
    app::markPresent(offered, present);
    QStringList known;
    for (const app::CompletionItem &item : std::as_const(offered))
        known << item.name << item.aliases;
    for (const QString &name : present) {
        if (known.contains(name, Qt::CaseInsensitive))
            continue;
        app::CompletionItem item;
        item.name = item.insertion = name;
        item.present = true;
        offered.append(item);
        known.append(name);
    }
    m_edit->setAttributes(offered);

    app::ExpressionQuestion question;
    question.root = m_sample->data().root();
    question.reading = m_reading;
    if (m_complete)
        question.names = known;
    question.catalog = m_catalog;
    question.target = m_targetName;
    m_edit->setQuestion(question);
}

void ExpressionBench::onAnswer(const app::ExpressionAnswer &answer)
{
    m_waiting.stop();
    m_result->show(answer);
}

QList<core::expr::Fault> ExpressionBench::faults() const
{
    return app::expressionFaults(m_edit->text().trimmed(), m_reading);
}

void ExpressionBench::showDocumentation(const QString &function)
{
    m_tabs->setCurrentIndex(1);
    if (function.isEmpty())
        m_reference->begin();
    else
        m_reference->showFunction(function);
}

void ExpressionBench::test()
{
    m_waiting.start();
    m_edit->test();
}

} // namespace gatehouse::ui
