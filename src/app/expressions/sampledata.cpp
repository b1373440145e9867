// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/sampledata.h"

#include "app/expressions/liveevaluation.h"
#include "core/expr/json.h"

namespace gatehouse::app {

namespace expr = core::expr;

namespace {

/// The end of the list that begins at @p from, when it is short and has only scalars; -1 otherwise.
qsizetype shortListEnd(const QString &json, qsizetype from)
{
    constexpr qsizetype kShort = 60;
    bool inText = false;
    for (qsizetype i = from + 1; i < json.size() && i - from <= kShort; ++i) {
        const QChar c = json.at(i);
        if (inText && c == u'\\')
            ++i;
        else if (c == u'"')
            inText = !inText;
        else if (!inText && c == u']')
            return i;
        else if (!inText && (c == u'[' || c == u'{'))
            return -1;
    }
    return -1;
}

/// @p json, which is compact, with one value a line; lists of scalars stay in their line while they are short.
QString indented(const QString &json)
{
    QString result;
    int depth = 0;
    bool inText = false;
    const auto newLine = [&] { result += u'\n' + QString(depth * 2, u' '); };
    for (qsizetype i = 0; i < json.size(); ++i) {
        const QChar c = json.at(i);
        if (inText) {
            result += c;
            if (c == u'\\' && i + 1 < json.size())
                result += json.at(++i);
            else if (c == u'"')
                inText = false;
            continue;
        }
        if (c == u'"') {
            inText = true;
            result += c;
        } else if (c == u'[' || c == u'{') {
            const QChar close = c == u'[' ? u']' : u'}';
            if (i + 1 < json.size() && json.at(i + 1) == close) {
                result += c;
                result += close;
                ++i;
                continue;
            }
            if (const qsizetype end = c == u'[' ? shortListEnd(json, i) : -1; end > i) {
                result += json.mid(i, end - i + 1);
                i = end;
                continue;
            }
            result += c;
            ++depth;
            newLine();
        } else if (c == u']' || c == u'}') {
            --depth;
            newLine();
            result += c;
        } else if (c == u',') {
            result += c;
            newLine();
        } else if (c == u':') {
            result += QStringLiteral(": ");
        } else {
            result += c;
        }
    }
    return result;
}

/// @p root with @p value at @p path; maps on the way are made.
expr::Value withValueAt(const expr::Value &root, const QStringList &path, qsizetype depth, const expr::Value &value)
{
    if (depth == path.size())
        return value;
    expr::Map map = root.kind() == expr::Kind::Map ? root.map() : expr::Map();
    const expr::Value *inner = map.find(path.at(depth));
    map.insert(path.at(depth), withValueAt(inner ? *inner : expr::Value(), path, depth + 1, value));
    return map;
}

/// What @p typed means in the place of @p before.
expr::Value valueFrom(const QString &typed, const expr::Value &before)
{
    const QString text = typed.trimmed();
    const bool looksLikeJson = text.startsWith(u'[') || text.startsWith(u'{');
    const bool literal = before.isNumber() || before.kind() == expr::Kind::Boolean;
    if (looksLikeJson || literal) {
        if (const auto read = expr::readJson(text.toUtf8()))
            return *read;
    }
    return typed;
}

QString cellText(const expr::Value &value)
{
    if (value.isNull())
        return {};
    if (value.isString())
        return value.string();
    return QString::fromUtf8(expr::printJson(value));
}

} // namespace

SampleData::SampleData(QObject *parent) : QAbstractTableModel(parent), m_root(expr::Map()) {}

QStringList SampleData::names() const
{
    QStringList names;
    const QString before = m_place.isEmpty() ? QString() : m_place + u'.';
    for (const Row &row : m_rows)
        names.append(before + nameOf(row.path));
    return names;
}

void SampleData::setRoot(expr::Value root)
{
    m_root = root.kind() == expr::Kind::Map ? std::move(root) : expr::Value(expr::Map());
    rebuild();
    emit changed();
}

void SampleData::setFlat(bool flat, const QString &place)
{
    if (m_flat == flat && m_place == place)
        return;
    m_flat = flat;
    m_place = place;
    rebuild();
}

void SampleData::rebuild()
{
    beginResetModel();
    m_rows.clear();
    const expr::Value *top = m_place.isEmpty() ? &m_root : m_root.map().find(m_place);
    if (top && top->kind() == expr::Kind::Map) {
        for (const auto &[name, value] : top->map().entries())
            flatten({name}, value);
    }
    endResetModel();
}

void SampleData::flatten(const QStringList &path, const expr::Value &value)
{
    if (!m_flat && value.kind() == expr::Kind::Map && value.map().size() > 0) {
        for (const auto &[name, inner] : value.map().entries())
            flatten(path + QStringList{name}, inner);
        return;
    }
    m_rows.append({path, value});
}

QStringList SampleData::pathOf(const QString &name) const
{
    const QString trimmed = name.trimmed();
    return m_flat ? QStringList{trimmed} : trimmed.split(u'.', Qt::SkipEmptyParts);
}

void SampleData::store()
{
    expr::Value root = expr::Map();
    for (const Row &row : std::as_const(m_rows)) {
        if (!row.path.isEmpty())
            root = withValueAt(root, row.path, 0, row.value);
    }
    if (!m_place.isEmpty()) {
        expr::Map below;
        below.insert(m_place, std::move(root));
        root = expr::Value(std::move(below));
    }
    m_root = std::move(root);
    emit changed();
}

QString SampleData::json() const
{
    return indented(QString::fromUtf8(expr::printJson(m_root)));
}

tl::expected<void, expr::Fault> SampleData::setJson(const QString &text)
{
    const QByteArray octets = text.toUtf8();
    auto read = expr::readJson(octets);
    if (!read) {
        expr::Fault fault = read.error();
        const int end = std::min<int>(fault.offset + fault.length, int(octets.size()));
        const int start = std::min<int>(fault.offset, int(octets.size()));
        fault.offset = int(QString::fromUtf8(octets.left(start)).size());
        fault.length = int(QString::fromUtf8(octets.mid(start, end - start)).size());
        return tl::unexpected(fault);
    }
    if (read->kind() != expr::Kind::Map)
        return tl::unexpected(expr::Fault{tr("The data must be an object: names and values between { and }."), 0, int(text.size())});
    setRoot(*std::move(read));
    return {};
}

QString SampleData::placeInWords(const QString &text, int offset)
{
    const QString before = text.left(offset);
    const qsizetype lineStart = before.lastIndexOf(u'\n') + 1;
    return tr("line %1, character %2").arg(before.count(u'\n') + 1).arg(before.size() - lineStart + 1);
}

int SampleData::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SampleData::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant SampleData::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows.at(index.row());
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Name:
        return row.path.isEmpty() && role == Qt::DisplayRole ? tr("name?") : nameOf(row.path);
    case Value: {
        const QString text = cellText(row.value);
        constexpr int kMaxTip = 1000;
        if (role == Qt::EditRole)
            return text;
        return role == Qt::ToolTipRole ? text.left(kMaxTip) : QString(text.left(kMaxTip)).replace(u'\n', u'↵');
    }
    case Kind:
        // How long a text is stands to be seen.
        return row.value.isString() ? tr("text") : row.value.isNull() ? tr("null") : valueKind(row.value);
    default:
        return {};
    }
}

QVariant SampleData::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Value:
        return tr("Value");
    case Kind:
        return tr("Kind");
    default:
        return {};
    }
}

bool SampleData::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::EditRole)
        return false;
    Row &row = m_rows[index.row()];
    const QString typed = value.toString();
    if (index.column() == Value) {
        if (typed == cellText(row.value))
            return false;
        row.value = typed.isEmpty() ? expr::Value() : valueFrom(typed, row.value);
    } else if (index.column() == Name) {
        const QStringList path = pathOf(typed);
        const bool taken = std::any_of(m_rows.cbegin(), m_rows.cend(), [&](const Row &other) { return other.path == path; });
        if (path.isEmpty() || path.constFirst().isEmpty() || taken)
            return false;
        row.path = path;
    } else {
        return false;
    }
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    store();
    return true;
}

Qt::ItemFlags SampleData::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() != Kind)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool SampleData::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count < 1 || row + count > m_rows.size())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_rows.remove(row, count);
    endRemoveRows();
    store();
    return true;
}

int SampleData::addRow()
{
    const int row = int(m_rows.size());
    beginInsertRows({}, row, row);
    m_rows.append({{}, expr::Value(QString())});
    endInsertRows();
    return row;
}

} // namespace gatehouse::app
