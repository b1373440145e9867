// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes users with all that hangs on them: the row, values that must be unique, the searched text.
// Single edits and batches of runs share it. Made for one transaction and finished before its commit; it refuses a
// user by a Problem and leaves the rest of the transaction whole. Checks no value against the catalogue.
#pragma once

#include "core/identity.h"
#include "core/result.h"
#include "store/bulkload.h"
#include "store/database.h"
#include "store/searchtext.h"
#include "store/usercolumns.h"

#include <QStringEncoder>

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::store {

/// One attribute's new value; absent values clear it.
struct AttributeRef {
    int number = 0;
    const core::Value *value = nullptr;
};

/// Nothing, the reason why this one user is refused, or the fault that ends the transaction.
using Outcome = core::Result<std::optional<core::Problem>>;

class UserWriter {
public:
    /// @p bulk: the bulk load in force, or nullptr.
    UserWriter(Database &database, const UserColumns &columns, BulkLoad *bulk);

    /// Before the first write.
    [[nodiscard]] core::Result<void> begin();
    /// After the last one.
    [[nodiscard]] core::Result<void> finish();

    struct Frame {
        QUuid id;
        qint64 population = 0;
        qint64 authority = 0; ///< row of authorities; 0: this directory
    };
    /// The row is nextRow() as it was before the call.
    [[nodiscard]] Outcome insert(const Frame &frame, std::span<const AttributeRef> values);

    struct Target {
        qint64 row = 0;
        qint64 revision = 0; ///< refused when the stored one differs
        QUuid id;            ///< refused when the stored one differs; null: not looked at
    };
    struct FrameChange {
        std::optional<qint64> population;
        std::optional<qint64> authority;
        std::optional<QDateTime> lastSignOnAt;
    };
    /// Sets @p changes and leaves the other attributes alone; the revision grows by one.
    [[nodiscard]] Outcome update(const Target &target, std::span<const AttributeRef> changes, const FrameChange &frame);
    /// With memberships, unique values and links.
    [[nodiscard]] Outcome remove(const Target &target);
    /// Frees the user's username for others in this transaction, until an update gives the user another one.
    [[nodiscard]] core::Result<void> setUsernameAside(qint64 row);
    /// Fingerprints of the user's links become unknown, save those of gateway number @p except.
    [[nodiscard]] core::Result<void> forgetFingerprints(qint64 userRow, qint64 except = 0);
    /// That a rule has disabled the user for an inactive account: somebody has disabled the user by hand, which no rule undoes.
    [[nodiscard]] core::Result<void> forgetInactive(qint64 userRow);

    qint64 nextRow() const { return m_nextRow; }
    qint64 now() const { return m_now; }

private:
    struct Current;
    [[nodiscard]] core::Result<Current> current(qint64 row);
    /// @p own: the key that the user has now; empty for a new one.
    Outcome usernameTaken(qint64 row, const QString &username, QByteArrayView key, QByteArrayView own);
    [[nodiscard]] core::Result<QByteArray> usernameKeyOf(qint64 row);
    Outcome uniqueTaken(qint64 row, std::span<const AttributeRef> values);
    [[nodiscard]] core::Result<void> setUnique(qint64 row, std::span<const AttributeRef> values, bool isNew);
    core::Problem changedMeanwhile(qint64 row);
    static core::Problem clash(const QString &username);
    Statement &insertFor(std::span<const AttributeRef> values);
    void reserveTexts(std::span<const AttributeRef> values);
    QByteArrayView utf8(QStringView text);
    void bindAttribute(Statement &statement, int parameter, int number, const core::Value &value);
    const QByteArray &updateSql(std::span<const AttributeRef> changes, bool custom, bool username,
                                const FrameChange &frame);

    Database &m_database;
    const UserColumns &m_columns;
    BulkLoad *m_bulk;
    SearchTexts m_search;
    std::map<std::vector<int>, Statement> m_inserts; ///< by the attributes they set
    std::vector<int> m_shape;
    std::map<std::vector<int>, QByteArray> m_updateSql;
    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
    QByteArray m_texts; ///< what the bound views of one row look at
    qsizetype m_used = 0;
    qint64 m_nextRow = 0;
    qint64 m_firstRow = 0;
    qint64 m_now = 0;
    bool m_severalGateways = false;
    bool m_indexed = true; ///< the index keeps usernames unique
};

} // namespace gatehouse::store
