// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping as an editable table: PingOne attribute, source attribute or expression, when it is
// written, and either a check (what is wrong with the row, else what the attribute may hold) or, once a sample person is
// shown, what the row does to that person. Rows of required attributes stand first and are marked. What is typed as a
// source is a source attribute when it looks like one, else an expression. GUI thread; holds its own copy of the rows.
#pragma once

#include "core/config/attributemapping.h"
#include "core/identity.h"
#include "core/schema.h"
#include "provision/personpreview.h"

#include <QAbstractTableModel>
#include <QHash>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::app {

class MappingTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Target, Source, Build, When, Check, Remove, ColumnCount };
    enum MappingRole {
        FaultRole = Qt::UserRole + 100, ///< QString: what is wrong in this cell; invalid: nothing
        RequiredRole,                   ///< bool: people cannot be created without this row
        ExpressionRole,                 ///< bool: the source is an expression
        NameRole,                       ///< QString: the attribute's API name
        RowFaultRole,                   ///< QString: what is wrong in the row; with its place in the expression
        FaultOffsetRole,                ///< int: first wrong character of the source; -1: none
        FaultLengthRole,                ///< int
        NoteRole,                       ///< QString: why the sample keeps its value, what else there is to say
        ProblemRole,                    ///< QString: why the sample cannot have the value
    };

    explicit MappingTable(QObject *parent = nullptr);

    void setCatalog(std::shared_ptr<const core::AttributeCatalog> catalog);
    /// Rows of required attributes first, else in their order.
    void setMappings(const QList<core::AttributeMapping> &mappings);
    const QList<core::AttributeMapping> &mappings() const { return m_rows; }
    void setEditable(bool editable);
    /// How what was typed becomes a row's source; setSource() unless told otherwise.
    using ReadSource = std::function<void(core::AttributeMapping &row, const QString &typed)>;
    void setReadSource(ReadSource read) { m_readSource = std::move(read); }
    /// What a row without a source gets as soon as @p target is chosen for it, and is offered first from then on.
    void setSuggestion(const QString &target, const QString &source);
    QString suggestionFor(int row) const;
    /// What stands over the first two columns, in place of "PingOne attribute" and "Source attribute".
    void setHeadings(const QString &target, const QString &source);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;
    bool moveRows(const QModelIndex &from, int row, int count, const QModelIndex &to, int before) override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

    /// Moves a row by @p steps, as far as its kind reaches: required rows stay above the others. @return where it is.
    int moveBy(int row, int steps);
    /// The mapping as it would be with @p text as the source of @p row; for previews while it is typed.
    QList<core::AttributeMapping> mappingsWith(int row, const QString &text) const;
    /// Replaces the rows, as an edit.
    void replace(const QList<core::AttributeMapping> &mappings);

    /// What the mapping does to a sample person; rows beyond it and an empty list show the check again.
    void setOutcome(const QList<provision::RowOutcome> &rows);
    /// Whether the check column is a sample's.
    void setPreviewing(bool previewing);
    bool isPreviewing() const { return m_previewing; }

    /// The directory's, against which names of source attributes are checked; until then they are not.
    void setSchema(const core::Schema &schema);

    /// Adds a row at the end; @p target may be empty, to be chosen. @return its number.
    int add(const QString &target);
    /// Attributes without a row, required ones first: name and display name.
    QList<std::pair<QString, QString>> unmapped() const;
    bool isRequired(const QString &attribute) const;
    /// "Given Name" for "name.given"; the name itself when it is unknown.
    QString displayName(const QString &attribute) const;
    /// What the attribute may hold: "Text, at most 128 characters, unique". Empty when it is unknown.
    QString rules(const QString &attribute) const;

    /// Faults from outside, by the position of the row in mappings(); @p part is "target" (or "name"), "source" or empty.
    /// @p offset, @p length: the place in the source; -1: none.
    void setFault(int row, const QString &part, const QString &text, int offset = -1, int length = 0);
    void clearFaults();
    QString faultOf(int row) const;

    static QString whenText(core::MappingWhen when);

signals:
    /// Somebody changed a row.
    void edited();

private:
    struct Fault {
        QString text;
        int offset = -1;
        int length = 0;
    };
    /// The first fault of the row.
    const Fault *faultIn(int row) const;
    /// What the schema has against the names that the row reads; empty: nothing.
    QString unknownNames(int row) const;
    QVariant checkData(int row, int role) const;
    QVariant sampleData(int row, int role) const;
    int requiredCount() const;
    void allChanged(int firstColumn, int lastColumn);

    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    QList<core::AttributeMapping> m_rows;
    QList<provision::RowOutcome> m_outcome; ///< of the sample, by row
    QHash<std::pair<int, int>, Fault> m_faults; ///< by row and column
    std::optional<core::Schema> m_schema;
    ReadSource m_readSource;
    QString m_suggestedTarget;
    QString m_suggestedSource;
    QString m_targetHeading;
    QString m_sourceHeading;
    bool m_editable = false;
    bool m_previewing = false;
};

/// What somebody typed as a source: "ADD:NAME" means the attribute NAME, whatever the schema knows.
void setSource(core::AttributeMapping &mapping, const QString &typed);

/// Source attributes that people of @p vendor's directory usually have, for completion; the computed "active" included.
QStringList usualSourceAttributes(core::Vendor vendor);

} // namespace gatehouse::app
