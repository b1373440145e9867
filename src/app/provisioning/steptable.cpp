// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/steptable.h"

#include "app/roles.h"
#include "app/text.h"

namespace gatehouse::app {

QString StepTable::shortDn(const QByteArray &dn) const
{
    const QString text = QString::fromUtf8(dn);
    if (!m_baseSuffix.isEmpty() && text.endsWith(m_baseSuffix, Qt::CaseInsensitive))
        return text.chopped(m_baseSuffix.size());
    return text;
}

int StepTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString StepTable::differenceText(const core::Step &step) const
{
    QStringList parts;
    if (step.departure != core::Departure::None)
        parts << Text::departure(step.departure);
    for (const core::Problem &problem : step.problems) {
        const QString name = problem.attribute.isEmpty() ? QString() : attributeName(problem.attribute) + u": ";
        parts << name + Text::problem(problem);
    }
    for (const core::AttributeChange &change : step.changes) {
        QString text = attributeName(change.name);
        if (!core::isNull(change.before))
            text += QStringLiteral(" − ") + Text::value(change.before);
        if (!core::isNull(change.after))
            text += QStringLiteral(" + ") + Text::value(change.after);
        parts << text;
    }
    if (step.ties())
        parts << tr("links the existing user");
    return parts.join(QStringLiteral("; "));
}

QVariant StepTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    // The action is in memory always: colours stand before the words come.
    if (role == ActionRole)
        return int(actionAt(index.row()));
    if (role == Qt::DisplayRole && index.column() == Change)
        return Text::action(actionAt(index.row()));
    if (role != Qt::DisplayRole && role != StepRole && role != LoadingRole && role != Qt::ToolTipRole
        && role != Qt::AccessibleTextRole)
        return {};
    const core::Step *step = this->step(index.row());
    if (role == LoadingRole)
        return step == nullptr;
    if (!step)
        return role == Qt::AccessibleTextRole ? QVariant(tr("being read")) : QVariant();
    if (role == StepRole)
        return QVariant::fromValue(*step);
    switch (index.column()) {
    case Change:
        return role == Qt::ToolTipRole ? QVariant() : QVariant(Text::action(step->action));
    case User:
        return step->target.name.isEmpty() ? QStringLiteral("—") : step->target.text();
    case Entry:
        return role == Qt::DisplayRole ? shortDn(step->source.name) : step->source.text();
    case Difference:
        return role == Qt::ToolTipRole ? QVariant() : QVariant(differenceText(*step));
    default:
        return {};
    }
}

QVariant StepTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case Change:
        return tr("Change");
    case User:
        return tr("User");
    case Entry:
        return tr("Directory entry");
    case Difference:
        return tr("Before → after");
    default:
        return {};
    }
}

} // namespace gatehouse::app
