// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/mappingtable.h"

#include "app/text.h"
#include "core/config/vendor.h"

#include <QMimeData>
#include <QRegularExpression>

#include <algorithm>

namespace gatehouse::app {

namespace {

const QString kMimeType = QStringLiteral("application/x-gatehouse-mapping-row");
constexpr QLatin1String kAdd("ADD:");

/// RFC 4512 1.4: a name or a dotted number, with options.
bool looksLikeAttribute(const QString &text)
{
    static const QRegularExpression pattern(
        QStringLiteral("\\A(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*\\z"));
    return pattern.match(text).hasMatch();
}

} // namespace

void setSource(core::AttributeMapping &mapping, const QString &typed)
{
    QString text = typed.trimmed();
    const bool added = text.startsWith(kAdd, Qt::CaseInsensitive);
    if (added)
        text = text.mid(kAdd.size()).trimmed();
    const bool isSource = added || text.isEmpty() || looksLikeAttribute(text);
    mapping.source = isSource ? text : QString();
    mapping.expression = isSource ? QString() : text;
}

MappingTable::MappingTable(QObject *parent)
    : QAbstractTableModel(parent), m_catalog(std::make_shared<core::AttributeCatalog>()), m_readSource(&app::setSource)
{
}

void MappingTable::setCatalog(std::shared_ptr<const core::AttributeCatalog> catalog)
{
    beginResetModel();
    m_catalog = std::move(catalog);
    endResetModel();
}

void MappingTable::setMappings(const QList<core::AttributeMapping> &mappings)
{
    beginResetModel();
    m_rows = mappings;
    std::stable_partition(m_rows.begin(), m_rows.end(),
                          [this](const core::AttributeMapping &row) { return isRequired(row.target); });
    m_faults.clear();
    m_outcome.clear();
    endResetModel();
}

void MappingTable::setEditable(bool editable)
{
    m_editable = editable;
}

void MappingTable::setHeadings(const QString &target, const QString &source)
{
    m_targetHeading = target;
    m_sourceHeading = source;
    emit headerDataChanged(Qt::Horizontal, Target, Source);
}

void MappingTable::setSuggestion(const QString &target, const QString &source)
{
    m_suggestedTarget = target;
    m_suggestedSource = source;
}

QString MappingTable::suggestionFor(int row) const
{
    const bool fits = row >= 0 && row < m_rows.size() && m_rows.at(row).target == m_suggestedTarget;
    return fits ? m_suggestedSource : QString();
}

int MappingTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MappingTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString MappingTable::displayName(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    return number < 0 ? attribute : m_catalog->at(number).displayName;
}

bool MappingTable::isRequired(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    return number >= 0 && m_catalog->at(number).required;
}

QString MappingTable::whenText(core::MappingWhen when)
{
    switch (when) {
    case core::MappingWhen::Always:
        return tr("Always");
    case core::MappingWhen::OnCreate:
        return tr("On creation only");
    case core::MappingWhen::WhenEmpty:
        return tr("Empty only");
    }
    return {};
}

QVariant MappingTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::AttributeMapping &row = m_rows.at(index.row());
    const bool required = isRequired(row.target);
    const QString source = row.expression.isEmpty() ? row.source : row.expression;
    const Fault fault = m_faults.value({index.row(), index.column()});
    if (role == RowFaultRole)
        return faultOf(index.row());
    if (index.column() == Check)
        return m_previewing ? sampleData(index.row(), role) : checkData(index.row(), role);
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Target:
            return required ? QString(displayName(row.target) + QStringLiteral(" *")) : displayName(row.target);
        case Source:
            return source;
        case When:
            return whenText(row.when);
        default:
            return {};
        }
    case Qt::EditRole:
        switch (index.column()) {
        case Target:
            return row.target;
        case Source:
            return source;
        case When:
            return int(row.when);
        default:
            return {};
        }
    case Qt::ToolTipRole:
        if (index.column() == Build)
            return tr("Build and test the expression of %1 (Ctrl+E)").arg(displayName(row.target));
        if (index.column() == Remove)
            return tr("Delete the mapping of %1 (Del)").arg(displayName(row.target));
        return fault.text.isEmpty() ? (index.column() == Source ? source : QString()) : fault.text;
    case Qt::AccessibleTextRole: {
        QString text = data(index, Qt::DisplayRole).toString();
        if (index.column() == Target && required)
            text = tr("%1, required").arg(displayName(row.target));
        else if (index.column() == Build || index.column() == Remove)
            text = data(index, Qt::ToolTipRole).toString();
        return fault.text.isEmpty() ? text : tr("%1. Wrong: %2").arg(text, fault.text);
    }
    case FaultRole:
        return fault.text.isEmpty() ? QVariant() : QVariant(fault.text);
    case FaultOffsetRole:
        return fault.offset;
    case FaultLengthRole:
        return fault.length;
    case RequiredRole:
        return required;
    case ExpressionRole:
        return !row.expression.isEmpty();
    case NameRole:
        return row.target;
    case TitleRole:
        return displayName(row.target);
    default:
        return {};
    }
}

QVariant MappingTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case Target:
        return m_targetHeading.isEmpty() ? tr("PingOne attribute") : m_targetHeading;
    case Source:
        return m_sourceHeading.isEmpty() ? tr("Source") : m_sourceHeading;
    case When:
        return tr("Written");
    case Check:
        return m_previewing ? tr("Now → after") : tr("Check");
    default:
        return {};
    }
}

Qt::ItemFlags MappingTable::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!m_editable)
        return flags;
    if (!index.isValid())
        return flags | Qt::ItemIsDropEnabled; // between rows, never onto one
    flags |= Qt::ItemIsDragEnabled;
    if (index.column() == Target || index.column() == Source || index.column() == When)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool MappingTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !m_editable || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    core::AttributeMapping row = m_rows.at(index.row());
    switch (index.column()) {
    case Target:
        row.target = value.toString();
        if (row.source.isEmpty() && row.expression.isEmpty() && row.target == m_suggestedTarget)
            row.source = m_suggestedSource;
        break;
    case Source:
        m_readSource(row, value.toString());
        break;
    case When:
        row.when = core::MappingWhen(value.toInt());
        break;
    default:
        return false;
    }
    if (row == m_rows.at(index.row()))
        return true;
    m_rows[index.row()] = row;
    for (int column = 0; column < ColumnCount; ++column)
        m_faults.remove({index.row(), column});
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    emit edited();
    return true;
}

bool MappingTable::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count < 1 || row + count > m_rows.size())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_rows.remove(row, count);
    if (row + count <= m_outcome.size())
        m_outcome.remove(row, count);
    m_faults.clear(); // they are told by position
    endRemoveRows();
    emit edited();
    return true;
}

bool MappingTable::moveRows(const QModelIndex &from, int row, int count, const QModelIndex &to, int before)
{
    if (from.isValid() || to.isValid() || count != 1 || row < 0 || row >= m_rows.size() || before < 0
        || before > m_rows.size())
        return false;
    const int place = before > row ? before - 1 : before;
    if (place == row || isRequired(m_rows.at(row).target) != (place < requiredCount()))
        return false;
    if (!beginMoveRows({}, row, row, {}, before))
        return false;
    m_rows.move(row, place);
    if (m_outcome.size() == m_rows.size())
        m_outcome.move(row, place);
    m_faults.clear();
    endMoveRows();
    emit edited();
    return true;
}

int MappingTable::requiredCount() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [this](const core::AttributeMapping &row) { return isRequired(row.target); }));
}

int MappingTable::moveBy(int row, int steps)
{
    const int place = row + steps;
    return moveRows({}, row, 1, {}, steps > 0 ? place + 1 : place) ? place : row;
}

QStringList MappingTable::mimeTypes() const
{
    return {kMimeType};
}

QMimeData *MappingTable::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto *data = new QMimeData;
    data->setData(kMimeType, QByteArray::number(indexes.first().row()));
    return data;
}

bool MappingTable::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int, const QModelIndex &parent)
{
    if (action != Qt::MoveAction || !data->hasFormat(kMimeType))
        return false;
    const int before = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    moveRows({}, data->data(kMimeType).toInt(), 1, {}, before);
    return false; // moved already: the view has nothing to take away
}

QList<core::AttributeMapping> MappingTable::mappingsWith(int row, const QString &text) const
{
    QList<core::AttributeMapping> rows = m_rows;
    if (row >= 0 && row < rows.size())
        m_readSource(rows[row], text);
    return rows;
}

void MappingTable::replace(const QList<core::AttributeMapping> &mappings)
{
    setMappings(mappings);
    emit edited();
}

void MappingTable::setOutcome(const QList<provision::RowOutcome> &rows)
{
    m_outcome = rows;
    allChanged(Check, Check);
}

void MappingTable::setPreviewing(bool previewing)
{
    if (m_previewing == previewing)
        return;
    m_previewing = previewing;
    emit headerDataChanged(Qt::Horizontal, Check, Check);
    allChanged(Check, Check);
}

void MappingTable::allChanged(int firstColumn, int lastColumn)
{
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, firstColumn), index(int(m_rows.size()) - 1, lastColumn));
}

int MappingTable::add(const QString &target)
{
    const int row = int(m_rows.size());
    beginInsertRows({}, row, row);
    core::AttributeMapping mapping;
    mapping.target = target;
    m_rows.append(mapping);
    if (m_outcome.size() == row)
        m_outcome.append(provision::RowOutcome{provision::RowOutcome::State::Faulty, {}, {}, {}, {}});
    endInsertRows();
    emit edited();
    return row;
}

QList<std::pair<QString, QString>> MappingTable::unmapped() const
{
    QList<std::pair<QString, QString>> required;
    QList<std::pair<QString, QString>> others;
    for (int number = 0; number < m_catalog->size(); ++number) {
        const core::AttributeDefinition &definition = m_catalog->at(number);
        const bool mapped = std::any_of(m_rows.begin(), m_rows.end(), [&](const core::AttributeMapping &row) {
            return row.target == definition.name;
        });
        if (!mapped)
            (definition.required ? required : others).append({definition.name, definition.displayName});
    }
    return required + others;
}

void MappingTable::setFault(int row, const QString &part, const QString &text, int offset, int length)
{
    if (row < 0 || row >= m_rows.size())
        return;
    const bool isTarget = part.startsWith(QLatin1String("target")) || part.startsWith(QLatin1String("name"));
    const int column = isTarget ? Target
                       : part.startsWith(QLatin1String("when")) ? When
                                                                : Source;
    m_faults.insert({row, column}, {text, offset, length});
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void MappingTable::clearFaults()
{
    if (m_faults.isEmpty())
        return;
    m_faults.clear();
    allChanged(0, ColumnCount - 1);
}

const MappingTable::Fault *MappingTable::faultIn(int row) const
{
    for (int column = 0; column < ColumnCount; ++column) {
        const auto fault = m_faults.constFind({row, column});
        if (fault != m_faults.cend() && !fault->text.isEmpty())
            return &*fault;
    }
    return nullptr;
}

QString MappingTable::faultOf(int row) const
{
    const Fault *fault = faultIn(row);
    if (!fault)
        return {};
    return fault->offset < 0 ? fault->text : tr("At character %1: %2").arg(fault->offset + 1).arg(fault->text);
}

QStringList usualSourceAttributes(core::Vendor vendor)
{
    const QStringList common{
        QStringLiteral("active"),           QStringLiteral("cn"),          QStringLiteral("departmentNumber"),
        QStringLiteral("displayName"),      QStringLiteral("employeeNumber"), QStringLiteral("employeeType"),
        QStringLiteral("givenName"),        QStringLiteral("initials"),    QStringLiteral("l"),
        QStringLiteral("mail"),             QStringLiteral("mobile"),      QStringLiteral("o"),
        QStringLiteral("postalCode"),       QStringLiteral("preferredLanguage"), QStringLiteral("sn"),
        QStringLiteral("st"),               QStringLiteral("street"),      QStringLiteral("telephoneNumber"),
        QStringLiteral("title"),            QStringLiteral("uid")};
    if (vendor != core::Vendor::ActiveDirectory)
        return common;
    QStringList list = common;
    for (const QString &gone : {QStringLiteral("uid"), QStringLiteral("street"), QStringLiteral("departmentNumber")})
        list.removeAll(gone);
    list += {QStringLiteral("c"),          QStringLiteral("co"),        QStringLiteral("company"),
             QStringLiteral("department"), QStringLiteral("employeeID"), QStringLiteral("sAMAccountName"),
             QStringLiteral("streetAddress"), QStringLiteral("userPrincipalName")};
    list.sort(Qt::CaseInsensitive);
    return list;
}

} // namespace gatehouse::app
