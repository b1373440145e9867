// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/rulemappingform.h"

#include "ui/editors/mappingeditor.h"
#include "ui/pages/provisioning/everybodycard.h"

namespace gatehouse::ui {

namespace {
const QString kMappings = QStringLiteral("attributeMappings");
}

RuleMappingForm::RuleMappingForm(app::Console &console, const core::Rule &rule, const core::Gateway *gateway, QWidget *parent)
    : RuleForm(parent), m_console(console), m_editor(new MappingEditor(true))
{
    const core::Vendor vendor = gateway ? gateway->vendor : core::Vendor::Ldapv3;
    const auto catalog = std::make_shared<const core::AttributeCatalog>(console.catalog());
    m_editor->setObjectName(QStringLiteral("mappingEditor"));
    m_editor->setCatalog(*catalog);
    m_editor->setSources(app::attributeItems(vendor));
    m_editor->setDefaults(core::defaultInboundMappings(vendor), core::vendorName(vendor));
    m_editor->setAccessibleName(tr("Users"));
    m_editor->setMappings(rule.mappings.users);
    m_editor->setCheck([configuration = console.configuration(), rule](const QList<core::AttributeMapping> &rows) {
        return mappingFaults(configuration, rule, rows);
    });
    m_tryout = new MappingTryout(console, m_editor, catalog, MappingTryout::Words::Rule, this);
    FormField *field = addField(kMappings, {}, m_editor);
    field->setHelp(tr("* Required. F2 or a double-click changes a cell, Del removes a row, Alt+Up and Alt+Down move it, "
                      "Ctrl+E builds an expression. A name that is not offered is added with ADD:name."));
    addWidget(m_tryout->everybody());
    markUnchanged();
}

void RuleMappingForm::readInto(core::Rule &rule) const
{
    rule.mappings.users = m_editor->mappings();
}

void RuleMappingForm::begin(const core::Rule &rule)
{
    m_tryout->trial().begin(app::ruleSubject(m_console.configuration(), rule));
}

} // namespace gatehouse::ui
