// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be offered while a source or an expression is typed: attributes of a directory by its schema, attributes of
// the identity directory by its catalogue, each with its kind and one line of help, best match first. The items are
// plain values; AttributeCompletion shows them to a view or a QCompleter. GUI thread. It asks no server: whoever has a
// schema hands it over.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/schema.h"

#include <QAbstractListModel>
#include <QStringList>

namespace gatehouse::app {

enum class CompletionKind { Attribute, Library, Function, Variable, Operator };

struct CompletionItem {
    CompletionKind kind = CompletionKind::Attribute;
    QString name;            ///< what is matched and shown: "givenName", "user.name.given", "#string.join"
    QString insertion;       ///< what an expression gets, for example #root['x-name'] for x-name
    int caret = -1;          ///< where the cursor goes in insertion; -1: behind it
    QString detail = {};     ///< "text, several values"; a function's parameters and result
    QString help = {};       ///< one sentence
    QString example = {};    ///< a whole expression
    QStringList aliases = {}; ///< other names that are matched, too
    bool present = false;    ///< the sample at hand has a value: offered before others
    bool last = false;       ///< rarely wanted (operational, obsolete): offered after others
};

/// The schema's attributes and the computed `active`.
QList<CompletionItem> attributeItems(const core::Schema &schema);
/// Where the schema is not known: names that people of @p vendor's directory usually have.
QList<CompletionItem> attributeItems(core::Vendor vendor);
/// Attributes of an identity user as an outbound expression reads them: "user.name.given".
QList<CompletionItem> userAttributeItems(const core::AttributeCatalog &catalog);

/// The items that @p typed means, best first, without regard to case: names that begin with it, then names with a
/// part that begins with it (name.given, mail-alias), then names that contain it. At most @p limit; 0: all.
QList<CompletionItem> ranked(const QList<CompletionItem> &items, const QString &typed, int limit = 0);
/// Marks the items whose name is among @p names (without case) as present in the sample.
void markPresent(QList<CompletionItem> &items, const QStringList &names);

/// Puts the item called @p name before all others, with @p detail of why; made where there is none.
void offerFirst(QList<CompletionItem> &items, const QString &name, const QString &detail);

/// Items as rows, filtered and ranked by what is typed. DisplayRole and EditRole are the name, app::TitleRole and
/// app::SubtitleRole the name and "detail: help", app::IdRole the insertion.
class AttributeCompletion : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setItems(QList<CompletionItem> items);
    const QList<CompletionItem> &items() const { return m_items; }
    void setTyped(const QString &typed);
    /// Shows exactly @p items, for a caller that ranks several kinds together.
    void setShown(QList<CompletionItem> items);
    const CompletionItem &at(int row) const { return m_shown.at(row); }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QList<CompletionItem> m_items;
    QList<CompletionItem> m_shown;
    QString m_typed;
};

} // namespace gatehouse::app
