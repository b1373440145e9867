// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/rulemappingform.h"

#include "ui/dialogs/expressiondialog.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/provisioning/everybodycard.h"
#include "ui/pages/provisioning/samplebar.h"

namespace gatehouse::ui {

namespace {
const QString kMappings = QStringLiteral("attributeMappings");
}

RuleMappingForm::RuleMappingForm(app::Console &console, const core::Rule &rule, const core::Gateway *gateway, QWidget *parent)
    : RuleForm(parent), m_trial(console), m_catalog(std::make_shared<const core::AttributeCatalog>(console.catalog())),
      m_editor(new MappingEditor(true))
{
    const core::Vendor vendor = gateway ? gateway->vendor : core::Vendor::Ldapv3;
    m_editor->setObjectName(QStringLiteral("mappingEditor"));
    m_editor->setCatalog(*m_catalog);
    m_editor->setSources(app::attributeItems(vendor));
    m_editor->setDefaults(core::defaultInboundMappings(vendor), core::vendorName(vendor));
    auto *sample = new SampleBar(m_trial);
    auto *everybody = new EverybodyCard(m_trial, m_catalog);
    m_editor->setAccessibleName(tr("Users"));
    m_editor->setLead(sample);
    connect(everybody, &EverybodyCard::summaryChanged, sample, &SampleBar::setEverybody);
    connect(sample, &SampleBar::everybodyClicked, everybody, &EverybodyCard::reveal);
    m_editor->setMappings(rule.attributeMappings);
    m_editor->setCheck([configuration = console.configuration(), rule](const QList<core::AttributeMapping> &rows) {
        return mappingFaults(configuration, rule, rows);
    });
    FormField *field = addField(kMappings, {}, m_editor);
    field->setHelp(tr("* Required. F2 or a double-click changes a cell, Del removes a row, Alt+Up and Alt+Down move it, "
                      "Ctrl+E builds an expression. A name that is not offered is added with ADD:name."));
    addWidget(everybody);

    connect(m_editor, &MappingEditor::rowsChanged, this, [this] { m_trial.setRows(m_editor->mappings(), false); });
    connect(m_editor, &MappingEditor::rowsTyped, this,
            [this](const QList<core::AttributeMapping> &rows) { m_trial.setRows(rows, true); });
    connect(m_editor, &MappingEditor::buildRequested, this, &RuleMappingForm::build);
    connect(&m_trial, &app::MappingTrial::outcomeChanged, this, [this](const provision::PersonOutcome &outcome) {
        m_editor->table().setPreviewing(true);
        m_editor->table().setOutcome(outcome.rows);
    });
    connect(&m_trial, &app::MappingTrial::chosen, this, [this] {
        if (!m_trial.entry())
            m_editor->table().setPreviewing(false);
    });
    connect(&m_trial, &app::MappingTrial::schemaLoaded, this, &RuleMappingForm::onSchema);
    m_trial.setRows(m_editor->mappings(), false);
    markUnchanged();
}

void RuleMappingForm::readInto(core::Rule &rule) const
{
    rule.attributeMappings = m_editor->mappings();
}

void RuleMappingForm::onSchema(const core::Schema &schema)
{
    QList<app::CompletionItem> items = app::attributeItems(schema);
    if (m_trial.entry()) {
        QStringList present;
        for (const core::Attribute &attribute : m_trial.entry()->attributes)
            present << QString::fromUtf8(attribute.name);
        app::markPresent(items, present);
    }
    m_editor->setSources(items);
}

void RuleMappingForm::build(int row)
{
    const core::AttributeMapping &mapping = m_editor->mappings().at(row);
    ExpressionSubject subject;
    subject.target = mapping.target;
    subject.catalog = m_catalog;
    subject.gateway = m_trial.gateway();
    subject.scope = m_trial.scope();
    auto *dialog = new ExpressionDialog(subject, mapping.expression.isEmpty() ? mapping.source : mapping.expression, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_trial.entry())
        dialog->showEntry(m_trial.entry()->dn);
    connect(dialog, &QDialog::accepted, this, [this, dialog, row] { m_editor->setSource(row, dialog->expression()); });
    dialog->open();
}

} // namespace gatehouse::ui
