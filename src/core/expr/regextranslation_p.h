// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of the translation of regular expressions, for its own sources: a recursive descent over Java's grammar
// that writes PCRE2 as it reads. Lives on the stack of translateRegex(), one thread.
#pragma once

#include "core/expr/regextranslation.h"

namespace gatehouse::core::expr {

class RegexTranslator {
public:
    explicit RegexTranslator(const QString &java) : m_in(java) {}

    bool run();
    QString takePattern() { return std::move(m_out); }
    QStringList groupNames() const { return m_groupNames; }
    QString error() const { return m_error; }

private:
    struct Flags {
        bool caseless = false;     // i
        bool multiline = false;    // m
        bool dotAll = false;       // s
        bool unicodeCase = false;  // u
        bool comments = false;     // x
        bool unixLines = false;    // d
        bool unicodeClass = false; // U
    };
    /// A predefined class as it is written inside of brackets.
    struct Set {
        QString text;
        bool negated = false;
    };

    // regextranslation.cpp
    bool fail(const QString &what);
    bool atEnd() const { return m_at >= m_in.size(); }
    QChar peek(qsizetype ahead = 0) const { return m_at + ahead < m_in.size() ? m_in.at(m_at + ahead) : QChar(); }
    bool eat(QChar unit);
    void skipComments();
    char32_t takeCodePoint();
    bool alternation();
    bool atom();
    bool literal(char32_t code);
    bool quantifier();
    bool group();
    bool openGroup(Flags &inner, bool &isGroup);
    bool flags(Flags &flags);
    void anchor(QChar sign);
    void wordBoundary(bool at);
    bool escape();
    bool backReference();
    bool namedReference();
    bool quotation();
    QString name();

    // regexclass.cpp
    bool isSetEscape() const;
    bool setEscape(Set &set);
    bool characterEscape(char32_t &code);
    bool hexEscape(qsizetype digits, char32_t &code);
    bool characterClass(QString &out);
    bool classOperand(QString &set, QStringList &atoms);
    bool classCharacter(char32_t &code);

    const QString &m_in;
    QString m_out;
    QString m_error;
    QStringList m_groupNames = {QString()};
    Flags m_flags;
    qsizetype m_at = 0;
    int m_depth = 0;
    int m_highestReference = 0;
};

/// One character inside of brackets.
QString regexClassLiteral(char32_t code);

} // namespace gatehouse::core::expr
