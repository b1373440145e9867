// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/expressions/expressionspage.h"

#include "app/expressions/samplesource.h"
#include "ui/editors/expressionbench.h"
#include "ui/editors/samplepanel.h"
#include "ui/theme/icons.h"
#include "ui/widgets/searchbox.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
const QString kGateway = QStringLiteral("gateway:");
const QString kUsers = QStringLiteral("users");
const QString kByHand = QStringLiteral("hand");
} // namespace

ExpressionsPage::ExpressionsPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("expressions"), tr("Expression Builder"), parent), m_bench(new ExpressionBench(this)),
      m_source(new QComboBox(this)), m_target(new QComboBox(this))
{
    m_source->setObjectName(QStringLiteral("sampleFrom"));
    m_target->setObjectName(QStringLiteral("expressionTarget"));
    auto *sourceLabel = new QLabel(tr("Sample &from"), this);
    sourceLabel->setBuddy(m_source);
    auto *targetLabel = new QLabel(tr("F&or the attribute"), this);
    targetLabel->setBuddy(m_target);
    m_source->setAccessibleName(tr("Sample from"));
    m_target->setAccessibleName(tr("For the attribute"));
    for (QComboBox *combo : {m_source, m_target})
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *copy = new QAction(icon(QStringLiteral("copy")), tr("&Copy expression"), this);
    connect(copy, &QAction::triggered, this, [this] {
        QGuiApplication::clipboard()->setText(m_bench->edit()->text());
        emit said(tr("The expression is on the clipboard."), Tone::Neutral);
    });
    setPrimaryAction(copy);

    auto *choices = new QHBoxLayout;
    choices->setContentsMargins(24, 16, 24, 8);
    choices->setSpacing(8);
    choices->addWidget(targetLabel);
    choices->addWidget(m_target);
    choices->addSpacing(16);
    choices->addWidget(sourceLabel);
    choices->addWidget(m_source);
    choices->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(choices);
    layout->addWidget(m_bench, 1);

    connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            useSource();
    });
    connect(m_target, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            useTarget();
    });
    connect(m_bench, &ExpressionBench::directoryUsed, &this->console(), &app::Console::noteUse);
    connect(m_bench, &ExpressionBench::expressionChanged, this,
            [this] { settings().setValue(settingsKey(QStringLiteral("expression")), m_bench->edit()->text()); });
    connect(&console(), &app::Console::configurationChanged, this, &ExpressionsPage::showConfiguration);
    m_bench->edit()->setText(settings().value(settingsKey(QStringLiteral("expression"))).toString());
    showConfiguration();
}

void ExpressionsPage::showConfiguration()
{
    m_filling = true;
    const QString source = settings().value(settingsKey(QStringLiteral("source"))).toString();
    const QString target = settings().value(settingsKey(QStringLiteral("target"))).toString();
    m_source->clear();
    for (const core::Gateway &gateway : console().configuration().gateways) {
        if (gateway.type == core::GatewayType::Ldap)
            m_source->addItem(gateway.name, QString(kGateway + gateway.name));
    }
    m_source->addItem(tr("Identity directory"), kUsers);
    m_source->addItem(tr("By hand"), kByHand);
    m_source->setCurrentIndex(std::max(0, m_source->findData(source)));
    m_target->clear();
    m_target->addItem(tr("None"), QString());
    const core::AttributeCatalog &catalog = console().catalog();
    for (int number = 0; number < catalog.size(); ++number)
        m_target->addItem(catalog.at(number).displayName, catalog.at(number).name);
    m_target->setCurrentIndex(std::max(0, m_target->findData(target)));
    m_filling = false;
    useSource();
    useTarget();
}

void ExpressionsPage::useSource()
{
    const QString chosen = m_source->currentData().toString();
    const core::Gateway *gateway = chosen.startsWith(kGateway) ? console().configuration().gateway(chosen.sliced(kGateway.size())) : nullptr;
    const provision::Scope scope = gateway ? app::scopeOf(console().configuration(), *gateway) : provision::Scope{};
    if (chosen == m_used && (!gateway || (*gateway == m_gateway && scope.bases == m_bases)))
        return;
    if (!m_used.isEmpty())
        settings().setValue(settingsKey(QStringLiteral("source")), chosen);
    m_used = chosen;
    m_gateway = gateway ? *gateway : core::Gateway{};
    m_bases = scope.bases;
    if (chosen == kUsers)
        return m_bench->useUsers(console());
    if (!gateway)
        return m_bench->useNothing(tr("Write the data by hand, as values or as JSON."));
    if (scope.bases.isEmpty())
        m_bench->useNothing(tr("No rule and no user type says where the people of %1 are. Write the data by hand, or add a rule first.").arg(gateway->name));
    else
        m_bench->useDirectory(*gateway, scope);
}

void ExpressionsPage::useTarget()
{
    const QString target = m_target->currentData().toString();
    settings().setValue(settingsKey(QStringLiteral("target")), target);
    m_bench->setTarget(std::make_shared<const core::AttributeCatalog>(console().catalog()), target);
}

void ExpressionsPage::refresh()
{
    m_used.clear();
    useSource();
}

bool ExpressionsPage::focusSearch()
{
    auto *search = m_bench->sample()->findChild<SearchBox *>();
    if (!search || !search->isVisible())
        return false;
    search->setFocus(Qt::ShortcutFocusReason);
    return true;
}

} // namespace gatehouse::ui
