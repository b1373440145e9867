// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/mappingtable.h"

#include "app/text.h"

#include <QRegularExpression>

#include <algorithm>

namespace gatehouse::app {

namespace {

/// RFC 4512 1.4: a name or a dotted number, with options.
bool looksLikeAttribute(const QString &text)
{
    static const QRegularExpression pattern(
        QStringLiteral("\\A(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*\\z"));
    return pattern.match(text).hasMatch();
}

} // namespace

MappingTable::MappingTable(QObject *parent)
    : QAbstractTableModel(parent), m_catalog(std::make_shared<core::AttributeCatalog>())
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
    endResetModel();
}

void MappingTable::setEditable(bool editable)
{
    m_editable = editable;
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

QString MappingTable::rules(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    if (number < 0)
        return {};
    const core::AttributeDefinition &definition = m_catalog->at(number);
    QStringList parts;
    switch (definition.type) {
    case core::AttributeType::Boolean:
        parts << tr("yes or no");
        break;
    case core::AttributeType::Json:
        parts << tr("JSON");
        break;
    case core::AttributeType::String:
        parts << (definition.multiValued ? tr("texts") : tr("text"))
              << tr("at most %n characters", nullptr, definition.maxLength);
        break;
    }
    switch (definition.rule) {
    case core::TextRule::Email:
        parts << tr("a well-formed e-mail address");
        break;
    case core::TextRule::Phone:
        parts << tr("with at least one digit");
        break;
    case core::TextRule::CountryCode:
        parts << tr("two capital letters");
        break;
    case core::TextRule::LanguageTag:
    case core::TextRule::LanguageRange:
        parts << tr("a language such as en-GB");
        break;
    case core::TextRule::Timezone:
        parts << tr("a time zone such as Europe/Berlin");
        break;
    case core::TextRule::HttpUrl:
        parts << tr("an http or https address");
        break;
    default:
        break;
    }
    if (!definition.pattern.isEmpty())
        parts << tr("matching %1").arg(definition.pattern);
    if (definition.unique)
        parts << tr("unique");
    if (definition.required)
        parts << tr("required");
    QString text = parts.join(QStringLiteral(", "));
    text[0] = text[0].toUpper();
    return text;
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
    const QString fault = m_faults.value({index.row(), index.column()});
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Target:
            return required ? QString(displayName(row.target) + QStringLiteral(" *")) : displayName(row.target);
        case Source:
            return source;
        case When:
            return whenText(row.when);
        case Check: {
            const QString wrong = faultOf(index.row());
            return wrong.isEmpty() ? rules(row.target) : wrong;
        }
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
        if (!fault.isEmpty())
            return fault;
        return index.column() == Check ? data(index, Qt::DisplayRole) : QVariant();
    case Qt::AccessibleTextRole: {
        QString text = data(index, Qt::DisplayRole).toString();
        if (index.column() == Target && required)
            text = tr("%1, required").arg(displayName(row.target));
        return fault.isEmpty() ? text : tr("%1. Wrong: %2").arg(text, fault);
    }
    case FaultRole:
        if (index.column() == Check) {
            const QString wrong = faultOf(index.row());
            return wrong.isEmpty() ? QVariant() : QVariant(wrong);
        }
        return fault.isEmpty() ? QVariant() : QVariant(fault);
    case RequiredRole:
        return required;
    case ExpressionRole:
        return !row.expression.isEmpty();
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
        return tr("PingOne attribute");
    case Source:
        return tr("Source attribute");
    case When:
        return tr("Written");
    case Check:
        return tr("Check");
    default:
        return {};
    }
}

Qt::ItemFlags MappingTable::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (m_editable && index.isValid() && index.column() <= When)
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
        break;
    case Source: {
        const QString text = value.toString().trimmed();
        const bool isSource = text.isEmpty() || looksLikeAttribute(text);
        row.source = isSource ? text : QString();
        row.expression = isSource ? QString() : text;
        break;
    }
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
    m_faults.clear(); // they are told by position
    endRemoveRows();
    emit edited();
    return true;
}

int MappingTable::add(const QString &target)
{
    const int row = int(m_rows.size());
    beginInsertRows({}, row, row);
    core::AttributeMapping mapping;
    mapping.target = target;
    m_rows.append(mapping);
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

void MappingTable::setFault(int row, const QString &part, const QString &text)
{
    if (row < 0 || row >= m_rows.size())
        return;
    const int column = part.startsWith(QLatin1String("target")) ? Target
                       : part.startsWith(QLatin1String("when")) ? When
                                                                : Source;
    m_faults.insert({row, column}, text);
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void MappingTable::clearFaults()
{
    if (m_faults.isEmpty())
        return;
    m_faults.clear();
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1));
}

QString MappingTable::faultOf(int row) const
{
    for (int column = 0; column < ColumnCount; ++column) {
        const QString fault = m_faults.value({row, column});
        if (!fault.isEmpty())
            return fault;
    }
    return {};
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
