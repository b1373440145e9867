// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/everybodytable.h"

#include "app/roles.h"
#include "app/text.h"

#include <cmath>

namespace gatehouse::app {

EverybodyTable::EverybodyTable(std::shared_ptr<const core::AttributeCatalog> catalog, QObject *parent)
    : QAbstractTableModel(parent), m_catalog(std::move(catalog))
{
}

void EverybodyTable::setStatistics(const provision::MappingStatistics &statistics)
{
    const auto names = [](const provision::MappingStatistics &one) {
        QStringList list;
        for (const provision::TargetStatistics &target : one.targets)
            list << target.target;
        return list;
    };
    // The same attributes with other figures: nothing that is selected or scrolled to shall jump.
    if (names(statistics) == names(m_statistics)) {
        m_statistics = statistics;
        if (!m_statistics.targets.isEmpty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_statistics = statistics;
    endResetModel();
}

int EverybodyTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_statistics.targets.size());
}

int EverybodyTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

qint64 EverybodyTable::count(const provision::TargetStatistics &target, int column) const
{
    switch (column) {
    case Changed:
        return target.changed;
    case Blank:
        return target.blank;
    case TooLong:
        return target.tooLong;
    case Invalid:
        return target.invalid;
    case Colliding:
        return target.colliding;
    default:
        return 0;
    }
}

QString EverybodyTable::displayName(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    return number < 0 ? attribute : m_catalog->at(number).displayName;
}

bool EverybodyTable::isRequired(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    return number >= 0 && m_catalog->at(number).required;
}

qint64 EverybodyTable::faultsOf(const provision::TargetStatistics &target) const
{
    return target.tooLong + target.invalid + target.colliding + (isRequired(target.target) ? target.blank : 0);
}

int EverybodyTable::firstFaulty() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (faultsOf(m_statistics.targets.at(row)) > 0)
            return row;
    }
    return rowCount() > 0 ? 0 : -1;
}

qint64 EverybodyTable::faults() const
{
    qint64 faults = 0;
    for (const provision::TargetStatistics &target : m_statistics.targets)
        faults += faultsOf(target);
    return faults;
}

QString EverybodyTable::summary() const
{
    const QString people = m_statistics.people == 1 ? tr("1 person") : tr("%1 people").arg(Text::number(m_statistics.people));
    const qint64 wrong = faults();
    return tr("%1: %2").arg(m_statistics.sampled ? tr("First %1").arg(people) : tr("All %1").arg(people),
                            wrong == 0   ? tr("no problem")
                            : wrong == 1 ? tr("1 problem")
                                         : tr("%1 problems").arg(Text::number(wrong)));
}

QString EverybodyTable::warning() const
{
    QStringList parts;
    const auto people = [](qint64 count) { return count == 1 ? tr("1 person") : tr("%1 people").arg(Text::number(count)); };
    for (const provision::TargetStatistics &target : m_statistics.targets) {
        const QString name = displayName(target.target);
        if (target.blank > 0 && isRequired(target.target))
            parts << tr("%1 without a %2, which is required").arg(people(target.blank), name);
        if (target.colliding > 0)
            parts << tr("%1 with a %2 that somebody else has, too").arg(people(target.colliding), name);
        if (target.tooLong > 0)
            parts << tr("%1 with a %2 that is too long").arg(people(target.tooLong), name);
        if (target.invalid > 0)
            parts << tr("%1 whose %2 cannot be used").arg(people(target.invalid), name);
    }
    if (parts.isEmpty())
        return {};
    constexpr qsizetype kNamed = 3;
    const qsizetype more = parts.size() - kNamed;
    QString text = parts.mid(0, kNamed).join(QStringLiteral("; "));
    if (more > 0)
        text += tr("; %1 more").arg(more);
    return text + u'.';
}

QVariant EverybodyTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const provision::TargetStatistics &target = m_statistics.targets.at(index.row());
    if (index.column() == Target) {
        if (role == Qt::DisplayRole || role == TitleRole)
            return displayName(target.target);
        return role == IdRole ? QVariant(target.target) : QVariant();
    }
    const qint64 number = count(target, index.column());
    const double share = m_statistics.people > 0 ? double(number) / double(m_statistics.people) : 0;
    // What is one person in a million is not "0 %".
    const QString percent = number > 0 && share < 0.01 ? tr("< 1 %") : tr("%1 %").arg(std::lround(share * 100));
    switch (role) {
    case Qt::DisplayRole:
        return number == 0 ? QStringLiteral("0") : QStringLiteral("%1 · %2").arg(Text::number(number), percent);
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
        return tr("%1: %2 of %3, %4").arg(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), Text::number(number),
                                          Text::number(m_statistics.people), percent);
    case CountRole:
        return number;
    case ShareRole:
        return share;
    case ToneRole:
        if (number == 0)
            return int(Tone::Neutral);
        if (index.column() == Changed)
            return int(Tone::Accent);
        if (index.column() == Blank)
            return int(isRequired(target.target) ? Tone::Bad : Tone::Neutral);
        return int(index.column() == Colliding ? Tone::Warning : Tone::Bad);
    default:
        return {};
    }
}

QVariant EverybodyTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case Target:
        return tr("Attribute");
    case Changed:
        return tr("Changed");
    case Blank:
        return tr("Blank");
    case TooLong:
        return tr("Too long");
    case Invalid:
        return tr("Invalid");
    case Colliding:
        return tr("Shared");
    default:
        return {};
    }
}

} // namespace gatehouse::app
