// SPDX-License-Identifier: GPL-3.0-or-later
//
// The checks of validate(), one class with a part per section of the configuration. Lives on the stack of one
// validation; reads the configuration, writes only its list of faults.
#pragma once

#include "core/config/configuration.h"

#include <QHash>
#include <QList>
#include <QStringList>

namespace gatehouse::core {

class ConfigCheck {
public:
    explicit ConfigCheck(const Configuration &configuration);
    QList<Error> run();

private:
    void populations();
    void attributes();
    void gateways();
    void gateway(const Gateway &gateway, const QString &path);
    void bindAccount(const Gateway &gateway, const QString &path);
    void radius(const Gateway &gateway, const QString &path);
    void kerberos(const Gateway &gateway, const QString &path);
    void userType(const UserType &userType, const QString &path);
    void newUserLookup(const NewUserLookup &lookup, const QString &path);
    void connections();
    void connection(const Connection &connection, const QString &path);
    void rules();
    void rule(const Rule &rule, const QString &path);
    void scope(const Rule &rule, const QString &path);
    void mappings(const Rule &rule, const QString &path);
    void onboarding(const Rule &rule, const QString &path);
    void sameRuleTwice();

    void add(const QString &path, const QString &what, const QString &detail, Code code = Code::InvalidInput);
    /// A fault of parsing a text, at the text's place; keeps its offset.
    void add(const QString &path, Error error);

    /// Names that are the same but for letter case.
    template <typename T>
    void uniqueNames(const QList<T> &things, const QString &path);
    /// The population that @p name means, for a place that must name one.
    void knownPopulation(const QString &name, const QString &path);

    const Configuration &m_configuration;
    AttributeCatalog m_catalog;
    QList<Error> m_faults;
};

/// Everything that is wrong with an expression of a mapping, each fault with its place in it.
QList<Error> checkExpression(const QString &expression);
/// What is wrong with the direction of a rule; nothing when this version can run it.
std::optional<Error> checkDirection(Direction direction);

template <typename T>
void ConfigCheck::uniqueNames(const QList<T> &things, const QString &path)
{
    QHash<QString, qsizetype> seen;
    for (qsizetype i = 0; i < things.size(); ++i) {
        const QString folded = things.at(i).name.toCaseFolded();
        const auto first = seen.constFind(folded);
        if (first == seen.constEnd())
            seen.insert(folded, i);
        else if (!folded.isEmpty())
            add(QStringLiteral("%1[%2].name").arg(path).arg(i), QStringLiteral("name is taken"),
                QStringLiteral("\"%1\" is the name of %2[%3] already; letter case does not count")
                    .arg(things.at(i).name, path.section(u'.', -1)).arg(*first),
                Code::Exists);
    }
}

} // namespace gatehouse::core
