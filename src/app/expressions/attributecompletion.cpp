// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/attributecompletion.h"

#include "app/provisioning/mappingtable.h"
#include "app/roles.h"
#include "core/expr/lexer.h"

#include <QCoreApplication>

#include <algorithm>

namespace gatehouse::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::AttributeCompletion)
};

QString kindWord(core::ValueKind kind)
{
    switch (kind) {
    case core::ValueKind::Text:
        return Words::tr("text");
    case core::ValueKind::Boolean:
        return Words::tr("TRUE or FALSE as text");
    case core::ValueKind::Integer:
        return Words::tr("whole number as text");
    case core::ValueKind::Time:
        return Words::tr("time");
    case core::ValueKind::Dn:
        return Words::tr("DN");
    case core::ValueKind::Binary:
        return Words::tr("octets, as base64");
    }
    return {};
}

/// A name as an expression reads it.
QString expressionForm(const QString &name)
{
    return core::expr::isPlainName(name) ? name : QStringLiteral("#root[%1]").arg(core::expr::quoted(name));
}

CompletionItem activeItem()
{
    CompletionItem item;
    item.name = item.insertion = QStringLiteral("active");
    item.detail = Words::tr("true or false");
    item.help = Words::tr("Computed: false when the directory says that the account is disabled.");
    return item;
}

void sortByName(QList<CompletionItem> &items)
{
    std::stable_sort(items.begin(), items.end(), [](const CompletionItem &a, const CompletionItem &b) {
        return a.name.compare(b.name, Qt::CaseInsensitive) < 0;
    });
}

/// 0: begins with it; 1: a part begins with it; 2: contains it; -1: does not match.
int matchOf(const QString &name, const QString &typed)
{
    const qsizetype at = name.indexOf(typed, 0, Qt::CaseInsensitive);
    if (at <= 0)
        return at < 0 ? -1 : 0;
    for (qsizetype next = at; next > 0; next = name.indexOf(typed, next + 1, Qt::CaseInsensitive)) {
        const QChar before = name.at(next - 1);
        if (!before.isLetterOrNumber() || (before.isLower() && name.at(next).isUpper()))
            return 1;
    }
    return 2;
}

} // namespace

QList<CompletionItem> attributeItems(const core::Schema &schema)
{
    QList<CompletionItem> items{activeItem()};
    for (const core::SchemaAttribute &attribute : schema.attributes()) {
        if (attribute.names.isEmpty())
            continue;
        CompletionItem item;
        item.name = attribute.name();
        item.insertion = expressionForm(item.name);
        item.aliases = attribute.names.mid(1) << QString::fromLatin1(attribute.oid);
        QStringList detail{kindWord(attribute.kind()),
                           attribute.singleValued ? Words::tr("single value") : Words::tr("several values possible")};
        if (attribute.operational)
            detail.append(Words::tr("operational"));
        if (attribute.obsolete)
            detail.append(Words::tr("obsolete"));
        item.detail = detail.join(QStringLiteral(" · "));
        item.help = attribute.description;
        item.last = attribute.operational || attribute.obsolete;
        items.append(std::move(item));
    }
    sortByName(items);
    return items;
}

QList<CompletionItem> attributeItems(core::Vendor vendor)
{
    QList<CompletionItem> items;
    for (const QString &name : usualSourceAttributes(vendor)) {
        if (name == QStringLiteral("active")) {
            items.append(activeItem());
            continue;
        }
        CompletionItem item;
        item.name = name;
        item.insertion = expressionForm(name);
        items.append(std::move(item));
    }
    sortByName(items);
    return items;
}

QList<CompletionItem> userAttributeItems(const core::AttributeCatalog &catalog)
{
    QList<CompletionItem> items;
    const auto add = [&](const QString &name, const QString &detail, const QString &help) {
        CompletionItem item;
        item.name = QStringLiteral("user.") + name;
        item.insertion = item.name;
        if (!core::expr::isPlainName(QString(name).remove(u'.')))
            item.insertion = QStringLiteral("user[%1]").arg(core::expr::quoted(name));
        item.detail = detail;
        item.help = help;
        items.append(std::move(item));
    };
    for (int number = 0; number < catalog.size(); ++number) {
        const core::AttributeDefinition &attribute = catalog.at(number);
        QString kind = Words::tr("text, at most %1 characters").arg(attribute.maxLength);
        if (attribute.type == core::AttributeType::Boolean)
            kind = Words::tr("true or false");
        else if (attribute.type == core::AttributeType::Json)
            kind = Words::tr("JSON");
        if (attribute.multiValued)
            kind = Words::tr("list of texts");
        QStringList detail{kind};
        if (attribute.required)
            detail.append(Words::tr("required"));
        if (attribute.unique)
            detail.append(Words::tr("unique"));
        add(attribute.name, detail.join(QStringLiteral(" · ")),
            attribute.description.isEmpty() ? attribute.displayName
                                            : attribute.displayName + QStringLiteral(": ") + attribute.description);
    }
    add(QStringLiteral("id"), Words::tr("text"), Words::tr("The user's identifier in the identity directory."));
    add(QStringLiteral("population.id"), Words::tr("text"), Words::tr("The identifier of the user's population."));
    add(QStringLiteral("population.name"), Words::tr("text"), Words::tr("The name of the user's population."));
    add(QStringLiteral("memberOfGroupNames"), Words::tr("list of texts"), Words::tr("The names of the user's groups."));
    add(QStringLiteral("memberOfGroupIDs"), Words::tr("list of texts"), Words::tr("The identifiers of the user's groups."));
    sortByName(items);
    return items;
}

QList<CompletionItem> ranked(const QList<CompletionItem> &items, const QString &typed, int limit)
{
    struct Ranked {
        int rank;
        const CompletionItem *item;
    };
    std::vector<Ranked> found;
    for (const CompletionItem &item : items) {
        int match = matchOf(item.name, typed);
        // Another name says as much as the first, but the first one is read more easily.
        for (const QString &alias : item.aliases) {
            const int other = matchOf(alias, typed);
            if (other >= 0 && (match < 0 || other < match))
                match = other;
        }
        if (match < 0)
            continue;
        const bool exact = !typed.isEmpty() && item.name.compare(typed, Qt::CaseInsensitive) == 0;
        found.push_back({exact ? -1 : match * 4 + (item.last ? 2 : 0) + (item.present ? 0 : 1), &item});
    }
    std::stable_sort(found.begin(), found.end(), [](const Ranked &a, const Ranked &b) { return a.rank < b.rank; });
    QList<CompletionItem> result;
    for (const Ranked &each : found) {
        if (limit > 0 && result.size() >= limit)
            break;
        result.append(*each.item);
    }
    return result;
}

void markPresent(QList<CompletionItem> &items, const QStringList &names)
{
    QStringList lower;
    for (const QString &name : names)
        lower.append(name.toLower());
    lower.sort();
    for (CompletionItem &item : items)
        item.present = std::binary_search(lower.cbegin(), lower.cend(), item.name.toLower());
}

void offerFirst(QList<CompletionItem> &items, const QString &name, const QString &detail)
{
    CompletionItem first;
    first.name = first.insertion = name;
    for (qsizetype at = 0; at < items.size(); ++at) {
        if (items.at(at).name.compare(name, Qt::CaseInsensitive) != 0)
            continue;
        first = items.takeAt(at);
        break;
    }
    first.detail = first.detail.isEmpty() ? detail : detail + QStringLiteral(" · ") + first.detail;
    first.present = true;
    first.last = false;
    items.prepend(first);
}

void AttributeCompletion::setItems(QList<CompletionItem> items)
{
    m_items = std::move(items);
    setTyped(m_typed);
}

void AttributeCompletion::setTyped(const QString &typed)
{
    m_typed = typed;
    setShown(ranked(m_items, typed));
}

void AttributeCompletion::setShown(QList<CompletionItem> items)
{
    beginResetModel();
    m_shown = std::move(items);
    endResetModel();
}

int AttributeCompletion::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant AttributeCompletion::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const CompletionItem &item = m_shown.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case TitleRole:
        return item.name;
    case SubtitleRole:
    case Qt::AccessibleDescriptionRole:
        return item.help.isEmpty() ? item.detail : item.detail.isEmpty() ? item.help : item.detail + QStringLiteral(": ") + item.help;
    case Qt::ToolTipRole:
        return item.help;
    case IdRole:
        return item.insertion;
    default:
        return {};
    }
}

} // namespace gatehouse::app
