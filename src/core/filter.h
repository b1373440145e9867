// SPDX-License-Identifier: GPL-3.0-or-later
//
// Search filters as trees: read from and written to the string form of RFC 4515, built from values that are escaped
// when they are printed, so that what a person typed can never become part of the filter's structure. Assertion
// values are octets. Pure values, any thread.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

namespace gatehouse::core {

class Filter {
public:
    enum class Kind { And, Or, Not, Equality, Substrings, GreaterOrEqual, LessOrEqual, Present, Approximate, Extensible };

    /// Matches everything: "(&)", RFC 4526.
    Filter() = default;

    /// Reads RFC 4515; spaces and line breaks between the parts of and, or and not are skipped. Fails with
    /// Code::Syntax, an offset (octets for octets, UTF-16 units for a QString) and what to write instead.
    [[nodiscard]] static Result<Filter> parse(QByteArrayView utf8);
    [[nodiscard]] static Result<Filter> parse(const QString &text);

    static Filter equality(const QByteArray &attribute, const QByteArray &value);
    static Filter present(const QByteArray &attribute);
    static Filter greaterOrEqual(const QByteArray &attribute, const QByteArray &value);
    static Filter lessOrEqual(const QByteArray &attribute, const QByteArray &value);
    static Filter approximate(const QByteArray &attribute, const QByteArray &value);
    /// "initial*any*…*final"; empty parts are left open, and with no part at all it is present().
    static Filter substrings(const QByteArray &attribute, const QByteArray &initial, const QList<QByteArray> &any,
                             const QByteArray &final);
    static Filter extensible(const QByteArray &attribute, const QByteArray &matchingRule, const QByteArray &value,
                             bool dnAttributes = false);
    static Filter negation(Filter filter);
    /// One filter that holds when all (any) of them do. Filters of the same kind are flattened into it; a single one
    /// is returned as it is.
    static Filter all(const QList<Filter> &filters);
    static Filter any(const QList<Filter> &filters);

    Kind kind() const { return m_kind; }
    const QList<Filter> &children() const { return m_children; }   ///< of And, Or; one of Not
    const QByteArray &attribute() const { return m_attribute; }    ///< with options, e.g. "cn;lang-de"
    const QByteArray &value() const { return m_value; }            ///< octets; Substrings: none
    const QByteArray &initial() const { return m_value; }          ///< of Substrings
    const QList<QByteArray> &anyParts() const { return m_any; }    ///< of Substrings
    const QByteArray &final() const { return m_final; }            ///< of Substrings
    const QByteArray &matchingRule() const { return m_rule; }      ///< of Extensible
    bool dnAttributes() const { return m_dnAttributes; }           ///< of Extensible

    /// RFC 4515; octets that are no UTF-8, control characters and "*()\" as hex pairs.
    QByteArray toUtf8() const;
    QString toString() const { return QString::fromUtf8(toUtf8()); }

    /// The filter with @p placeholder replaced by @p value wherever it stands in an assertion value, e.g.
    /// "${identifier}" by what was typed at sign-on. The structure stays as it is, whatever the value holds.
    Filter replaced(QByteArrayView placeholder, const QByteArray &value) const;
    /// A filter for everybody whom this one finds with some value in @p placeholder's place: "(uid=${identifier})" becomes
    /// "(uid=*)". It may find others besides where the placeholder stands in several places. Nothing where no filter says
    /// it: below a negation, or with a matching rule and no attribute.
    std::optional<Filter> withAny(QByteArrayView placeholder) const;
    /// Whether an assertion value holds @p placeholder.
    bool holds(QByteArrayView placeholder) const;

    /// The attributes that the filter asks for, each once, in lower case and without options.
    QList<QByteArray> attributes() const;

    bool operator==(const Filter &) const = default;

private:
    friend class FilterParser;
    static Filter comparison(Kind kind, const QByteArray &attribute, const QByteArray &value);
    static Filter combined(Kind kind, const QList<Filter> &filters);
    void print(QByteArray &out) const;
    void collect(QList<QByteArray> &names) const;

    Kind m_kind = Kind::And;
    QList<Filter> m_children;
    QByteArray m_attribute;
    QByteArray m_value;
    QList<QByteArray> m_any;
    QByteArray m_final;
    QByteArray m_rule;
    bool m_dnAttributes = false;
};

/// An assertion value as RFC 4515 3 prints it.
QByteArray escapeFilterValue(QByteArrayView value);

} // namespace gatehouse::core
