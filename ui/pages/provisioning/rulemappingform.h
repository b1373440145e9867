// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of a rule's attribute mapping, in its tab and in the wizard: the table, checked as it is edited, beside each
// row what it does to a sample person at every keystroke, and below what it does to everybody in scope. Nothing is
// written before it is saved.
#pragma once

#include "ui/pages/provisioning/mappingtryout.h"
#include "ui/pages/provisioning/ruleforms.h"

namespace gatehouse::ui {

class RuleMappingForm : public RuleForm {
    Q_OBJECT
public:
    RuleMappingForm(app::Console &console, const core::Rule &rule, const core::Gateway *gateway, QWidget *parent = nullptr);
    void readInto(core::Rule &rule) const override;
    MappingEditor *editor() const { return m_editor; }
    /// Begins to try the mapping on the people whom @p rule reads, saved or not.
    void begin(const core::Rule &rule);

private:
    app::Console &m_console;
    MappingEditor *m_editor;
    MappingTryout *m_tryout;
};

} // namespace gatehouse::ui
