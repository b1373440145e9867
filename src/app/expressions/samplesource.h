// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where real people come from while an expression is tried: an LDAP directory, or the users of the identity directory.
// Found by a few letters, then read as the map that an expression sees. Belongs to the GUI thread; questions return at
// once with a number, answers come by signal and bear it. It writes nothing.
#pragma once

#include "app/console.h"
#include "app/expressions/liveevaluation.h"
#include "core/expr/value.h"
#include "provision/livedirectory.h"

#include <QObject>

#include <memory>

namespace gatehouse::app {

struct SampleChoice {
    QByteArray id; ///< a DN, or a user's row number
    QString title;
    QString detail;
};

class SampleSource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// People that @p text means; empty: the first ones.
    virtual quint64 search(const QString &text) = 0;
    virtual quint64 read(const QByteArray &id) = 0;
    /// Asks for the schema; a source without one answers nothing.
    virtual void loadSchema() {}
    /// What the names in an expression mean.
    virtual ExpressionNames reading() const = 0;

signals:
    void found(quint64 request, const QList<gatehouse::app::SampleChoice> &choices);
    void sampleRead(quint64 request, const QString &title, const gatehouse::core::expr::Value &root);
    void schemaLoaded(const gatehouse::core::Schema &schema);
    void failed(quint64 request, const gatehouse::core::Error &error);
};

/// Entries of an LDAP directory, as a rule's or as a sign-on's expression reads them.
class DirectorySamples : public SampleSource {
    Q_OBJECT
public:
    DirectorySamples(const core::Gateway &gateway, provision::Scope scope, ExpressionNames reading = ExpressionNames::Directory,
                     QObject *parent = nullptr);

    quint64 search(const QString &text) override;
    quint64 read(const QByteArray &dn) override;
    void loadSchema() override;
    ExpressionNames reading() const override { return m_reading; }

private:
    core::Vendor m_vendor;
    ExpressionNames m_reading;
    provision::LiveDirectory m_directory;
};

/// Users of the identity directory, with the names of their groups and population.
class UserSamples : public SampleSource {
    Q_OBJECT
public:
    /// @p console must outlive it.
    explicit UserSamples(Console &console, QObject *parent = nullptr);

    quint64 search(const QString &text) override;
    quint64 read(const QByteArray &row) override;
    ExpressionNames reading() const override { return ExpressionNames::Users; }

private:
    Console &m_console;
    quint64 m_last = 0;
    quint64 m_newestSearch = 0;
};

/// What an expression sees of an entry: a single value is a text, several are a list, a binary one its base64 text;
/// `active` is computed as @p vendor's directories mean it.
core::expr::Value sampleOf(const core::Entry &entry, core::Vendor vendor);
/// The same as a sign-on's expression reads it: {"ldapAttributes": …}.
core::expr::Value signOnSampleOf(const core::Entry &entry, core::Vendor vendor);
/// {"user": …} as the API writes it, with memberOfGroupNames and memberOfGroupIDs.
core::expr::Value sampleOf(const core::User &user, const QList<core::Group> &groups,
                           const core::AttributeCatalog &catalog, const core::Population &population);

/// Where the people of a gateway are, by its rules and user types; no base at all when it has neither.
provision::Scope scopeOf(const core::Configuration &configuration, const core::Gateway &gateway);

} // namespace gatehouse::app
