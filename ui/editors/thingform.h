// SPDX-License-Identifier: GPL-3.0-or-later
//
// A form over a thing of the configuration, its fields keyed as the configuration file writes them ("bindDN",
// "onboarding.population"), so that a fault with a JSON path finds its field, and in a list or a table its row.
#pragma once

#include "app/configfaults.h"
#include "ui/widgets/editing.h"
#include "ui/widgets/form.h"

namespace gatehouse::ui {

class ThingForm : public Form {
    Q_OBJECT
public:
    using Form::Form;

    /// Marks rows of lists and tables at once; what belongs to a field as a whole, or to no field, is the answer.
    SaveFaults place(const app::FormFaults &faults);
    /// place(), with the fields marked too; @return what belongs to no field. For wizards, which have no Editing.
    QList<core::Error> show(const app::FormFaults &faults);
    /// Rows of lists and tables are well again.
    void clearRowFaults();
    /// Whether any field, list row or table row is marked as wrong.
    bool hasFaults() const;

    // What fields hold.
    QString text(const QString &key) const;
    bool isOn(const QString &key) const;
    int number(const QString &key) const;
    QVariant value(const QString &key) const;
    bool has(const QString &key) const { return field(key) != nullptr; }

private:
    bool placeRow(const QString &key, const app::FieldFault &fault);
};

} // namespace gatehouse::ui
