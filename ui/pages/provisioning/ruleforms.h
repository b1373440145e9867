// SPDX-License-Identifier: GPL-3.0-or-later
//
// The forms of an inbound rule, one for each of its tabs and wizard steps; the attribute mapping's is
// RuleMappingForm. A form reads into a rule what it shows and
// leaves the rest; fields are keyed as the configuration file writes them.
#pragma once

#include "app/console.h"
#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "ui/editors/thingform.h"

namespace gatehouse::ui {

class FilterEdit;
class ListEditor;
class MappingEditor;
class Note;

class RuleForm : public ThingForm {
    Q_OBJECT
public:
    using ThingForm::ThingForm;
    virtual void readInto(core::Rule &rule) const = 0;
};

/// Name and description.
class RuleNameForm : public RuleForm {
    Q_OBJECT
public:
    explicit RuleNameForm(const core::Rule &rule, QWidget *parent = nullptr);
    void readInto(core::Rule &rule) const override;
};

/// Directory Path (LDAP Base DN), User Organizational Units, LDAP filter.
class RuleDirectoryForm : public RuleForm {
    Q_OBJECT
public:
    RuleDirectoryForm(const core::Rule &rule, const core::Gateway *gateway, QWidget *parent = nullptr);
    void readInto(core::Rule &rule) const override;
    /// Has the filter's names checked against the schema of @p gateway as it was last read, where it was.
    void checkNames(app::Console &console, const QUuid &gateway);

private:
    ListEditor *m_units;
    FilterEdit *m_filter;
};

/// PingOne user onboarding.
class RuleOnboardingForm : public RuleForm {
    Q_OBJECT
public:
    RuleOnboardingForm(const core::Rule &rule, const core::Gateway *gateway, const core::Configuration &configuration,
                       QWidget *parent = nullptr);
    void readInto(core::Rule &rule) const override;

private:
    void showDependents();

    core::Onboarding m_before;
    std::optional<core::Gateway> m_gateway;
    Note *m_exclusion = nullptr;
};

/// Guards, and how often the rule runs.
class RuleGuardsForm : public RuleForm {
    Q_OBJECT
public:
    explicit RuleGuardsForm(const core::Rule &rule, QWidget *parent = nullptr);
    void readInto(core::Rule &rule) const override;
};

/// Faults of a mapping with these rows, for the editor's check column.
QList<app::FieldFault> mappingFaults(const core::Configuration &configuration, const core::Rule &rule,
                                     const QList<core::AttributeMapping> &rows);
QString mfaText(core::MfaDeviceManagement management);
QString limitText(int limit, const QString &unit);
/// A guard that is a number, a share or both.
QString limitsText(int number, int percent);
/// The gateway behind the rule's connection; nullptr while there is none.
const core::Gateway *gatewayOf(const core::Configuration &configuration, const core::Rule &rule);

} // namespace gatehouse::ui
