// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/thingform.h"

#include "ui/editors/listeditor.h"
#include "ui/editors/mappingeditor.h"

namespace gatehouse::ui {

SaveFaults ThingForm::place(const app::FormFaults &faults)
{
    clearRowFaults();
    SaveFaults rest;
    rest.errors = faults.others;
    for (const app::FieldFault &fault : faults.own) {
        QString found;
        for (const QString &key : keys()) {
            if (fault.isUnder(key) && key.size() > found.size())
                found = key;
        }
        if (found.isEmpty()) {
            rest.errors.append(fault.error);
        } else if (placeRow(found, fault)) {
            if (!rest.fields.contains(found))
                rest.fields.insert(found, tr("Put right what is marked above."));
        } else {
            rest.fields.insert(found, fault.text);
        }
    }
    return rest;
}

QList<core::Error> ThingForm::show(const app::FormFaults &faults)
{
    const SaveFaults rest = place(faults);
    FormField *first = nullptr;
    for (const QString &key : keys()) {
        const QString text = rest.fields.value(key);
        field(key)->setError(text);
        if (!text.isEmpty() && !first)
            first = field(key);
    }
    if (first)
        first->editor()->setFocus(Qt::OtherFocusReason);
    return rest.errors;
}

bool ThingForm::placeRow(const QString &key, const app::FieldFault &fault)
{
    const int index = fault.indexUnder(key);
    if (index < 0)
        return false;
    QWidget *editor = field(key)->editor();
    if (auto *list = qobject_cast<ListEditor *>(editor)) {
        list->setItemFault(index, fault.text);
        return true;
    }
    if (auto *table = qobject_cast<MappingEditor *>(editor)) {
        table->setRowFault(index, fault);
        return true;
    }
    return false;
}

void ThingForm::clearRowFaults()
{
    for (const QString &key : keys()) {
        if (auto *list = qobject_cast<ListEditor *>(field(key)->editor()))
            list->clearFaults();
        else if (auto *table = qobject_cast<MappingEditor *>(field(key)->editor()))
            table->clearRowFaults();
    }
}

bool ThingForm::hasFaults() const
{
    for (const QString &key : keys()) {
        if (!field(key)->error().isEmpty())
            return true;
    }
    return false;
}

QVariant ThingForm::value(const QString &key) const
{
    const FormField *found = field(key);
    return found ? found->value() : QVariant();
}

QString ThingForm::text(const QString &key) const
{
    return value(key).toString().trimmed();
}

bool ThingForm::isOn(const QString &key) const
{
    return value(key).toBool();
}

int ThingForm::number(const QString &key) const
{
    return value(key).toInt();
}

} // namespace gatehouse::ui
