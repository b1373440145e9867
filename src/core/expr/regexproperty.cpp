// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/regextranslation.h"

#include <utility>

namespace gatehouse::core::expr {

namespace {

using Entry = std::pair<QLatin1StringView, QLatin1StringView>;

/// ASCII only, as Java has them without (?U).
constexpr Entry kPosix[] = {
    {QLatin1StringView("Lower"), QLatin1StringView("a-z")},
    {QLatin1StringView("Upper"), QLatin1StringView("A-Z")},
    {QLatin1StringView("ASCII"), QLatin1StringView("\\x00-\\x7F")},
    {QLatin1StringView("Alpha"), QLatin1StringView("a-zA-Z")},
    {QLatin1StringView("Digit"), QLatin1StringView("0-9")},
    {QLatin1StringView("Alnum"), QLatin1StringView("a-zA-Z0-9")},
    {QLatin1StringView("Punct"), QLatin1StringView("\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E")},
    {QLatin1StringView("Graph"), QLatin1StringView("\\x21-\\x7E")},
    {QLatin1StringView("Print"), QLatin1StringView("\\x20-\\x7E")},
    {QLatin1StringView("Blank"), QLatin1StringView("\\x20\\x09")},
    {QLatin1StringView("Cntrl"), QLatin1StringView("\\x00-\\x1F\\x7F")},
    {QLatin1StringView("XDigit"), QLatin1StringView("0-9a-fA-F")},
    {QLatin1StringView("Space"), QLatin1StringView("\\s")},
};

/// The same names after (?U).
constexpr Entry kUnicodePosix[] = {
    {QLatin1StringView("Lower"), QLatin1StringView("\\p{Lowercase}")},
    {QLatin1StringView("Upper"), QLatin1StringView("\\p{Uppercase}")},
    {QLatin1StringView("Alpha"), QLatin1StringView("\\p{Alphabetic}")},
    {QLatin1StringView("Digit"), QLatin1StringView("\\p{Nd}")},
    {QLatin1StringView("Alnum"), QLatin1StringView("\\p{Alphabetic}\\p{Nd}")},
    {QLatin1StringView("Punct"), QLatin1StringView("\\p{P}")},
    {QLatin1StringView("Blank"), QLatin1StringView("\\p{Zs}\\x09")},
    {QLatin1StringView("Cntrl"), QLatin1StringView("\\p{Cc}")},
    {QLatin1StringView("Space"), QLatin1StringView("\\p{White_Space}")},
};

/// Tests of java.lang.Character, and names with their own meaning.
constexpr Entry kNamed[] = {
    {QLatin1StringView("javaLowerCase"), QLatin1StringView("\\p{Ll}")},
    {QLatin1StringView("javaUpperCase"), QLatin1StringView("\\p{Lu}")},
    {QLatin1StringView("javaTitleCase"), QLatin1StringView("\\p{Lt}")},
    {QLatin1StringView("javaAlphabetic"), QLatin1StringView("\\p{Alphabetic}")},
    {QLatin1StringView("javaLetter"), QLatin1StringView("\\p{L}")},
    {QLatin1StringView("javaDigit"), QLatin1StringView("\\p{Nd}")},
    {QLatin1StringView("javaLetterOrDigit"), QLatin1StringView("\\p{L}\\p{Nd}")},
    {QLatin1StringView("javaWhitespace"), QLatin1StringView("\\x09-\\x0D\\x1C-\\x20\\x{1680}\\x{2000}-\\x{2006}"
                                                            "\\x{2008}-\\x{200A}\\x{2028}\\x{2029}\\x{205F}\\x{3000}")},
    {QLatin1StringView("javaSpaceChar"), QLatin1StringView("\\p{Z}")},
    {QLatin1StringView("javaISOControl"), QLatin1StringView("\\x00-\\x1F\\x7F-\\x9F")},
    {QLatin1StringView("LC"), QLatin1StringView("\\p{Lu}\\p{Ll}\\p{Lt}")},
    {QLatin1StringView("LD"), QLatin1StringView("\\p{L}\\p{Nd}")},
    {QLatin1StringView("L1"), QLatin1StringView("\\x00-\\xFF")},
    {QLatin1StringView("all"), QLatin1StringView("\\x00-\\x{10FFFF}")},
};

/// Binary properties, after Is and in any case.
constexpr Entry kBinary[] = {
    {QLatin1StringView("alphabetic"), QLatin1StringView("\\p{Alphabetic}")},
    {QLatin1StringView("ideographic"), QLatin1StringView("\\p{Ideographic}")},
    {QLatin1StringView("letter"), QLatin1StringView("\\p{L}")},
    {QLatin1StringView("lowercase"), QLatin1StringView("\\p{Lowercase}")},
    {QLatin1StringView("uppercase"), QLatin1StringView("\\p{Uppercase}")},
    {QLatin1StringView("titlecase"), QLatin1StringView("\\p{Lt}")},
    {QLatin1StringView("punctuation"), QLatin1StringView("\\p{P}")},
    {QLatin1StringView("control"), QLatin1StringView("\\p{Cc}")},
    {QLatin1StringView("white_space"), QLatin1StringView("\\p{White_Space}")},
    {QLatin1StringView("whitespace"), QLatin1StringView("\\p{White_Space}")},
    {QLatin1StringView("digit"), QLatin1StringView("\\p{Nd}")},
    {QLatin1StringView("hex_digit"), QLatin1StringView("\\p{Hex_Digit}")},
    {QLatin1StringView("hexdigit"), QLatin1StringView("\\p{Hex_Digit}")},
    {QLatin1StringView("alnum"), QLatin1StringView("\\p{Alphabetic}\\p{Nd}")},
    {QLatin1StringView("blank"), QLatin1StringView("\\p{Zs}\\x09")},
    {QLatin1StringView("emoji"), QLatin1StringView("\\p{Emoji}")},
};

/// The blocks that names of people and places come from.
constexpr Entry kBlocks[] = {
    {QLatin1StringView("basiclatin"), QLatin1StringView("\\x00-\\x7F")},
    {QLatin1StringView("latin1supplement"), QLatin1StringView("\\x80-\\xFF")},
    {QLatin1StringView("latinextendeda"), QLatin1StringView("\\x{100}-\\x{17F}")},
    {QLatin1StringView("latinextendedb"), QLatin1StringView("\\x{180}-\\x{24F}")},
    {QLatin1StringView("latinextendedadditional"), QLatin1StringView("\\x{1E00}-\\x{1EFF}")},
    {QLatin1StringView("combiningdiacriticalmarks"), QLatin1StringView("\\x{300}-\\x{36F}")},
    {QLatin1StringView("greek"), QLatin1StringView("\\x{370}-\\x{3FF}")},
    {QLatin1StringView("greekandcoptic"), QLatin1StringView("\\x{370}-\\x{3FF}")},
    {QLatin1StringView("cyrillic"), QLatin1StringView("\\x{400}-\\x{4FF}")},
    {QLatin1StringView("armenian"), QLatin1StringView("\\x{530}-\\x{58F}")},
    {QLatin1StringView("hebrew"), QLatin1StringView("\\x{590}-\\x{5FF}")},
    {QLatin1StringView("arabic"), QLatin1StringView("\\x{600}-\\x{6FF}")},
    {QLatin1StringView("devanagari"), QLatin1StringView("\\x{900}-\\x{97F}")},
    {QLatin1StringView("thai"), QLatin1StringView("\\x{E00}-\\x{E7F}")},
    {QLatin1StringView("georgian"), QLatin1StringView("\\x{10A0}-\\x{10FF}")},
    {QLatin1StringView("hangulsyllables"), QLatin1StringView("\\x{AC00}-\\x{D7AF}")},
    {QLatin1StringView("hiragana"), QLatin1StringView("\\x{3040}-\\x{309F}")},
    {QLatin1StringView("katakana"), QLatin1StringView("\\x{30A0}-\\x{30FF}")},
    {QLatin1StringView("cjkunifiedideographs"), QLatin1StringView("\\x{4E00}-\\x{9FFF}")},
};

template <size_t Size>
QString lookedUp(const Entry (&table)[Size], QStringView name)
{
    for (const auto &[key, set] : table) {
        if (name == key)
            return QString(set);
    }
    return {};
}

bool isCategory(const QString &name)
{
    static const QStringList kCategories = QStringLiteral(
        "L,Lu,Ll,Lt,Lm,Lo,M,Mn,Mc,Me,N,Nd,Nl,No,P,Pc,Pd,Ps,Pe,Pi,Pf,Po,S,Sm,Sc,Sk,So,Z,Zs,Zl,Zp,C,Cc,Cf,Cn,Co,Cs").split(u',');
    return kCategories.contains(name);
}

/// PCRE2 knows scripts by name and by code, whatever the case; it says so when it does not.
QString script(const QString &name)
{
    for (const QChar unit : name) {
        if (!unit.isLetter() && unit != u'_' && unit != u' ' && unit != u'-')
            return {};
    }
    return name.size() < 3 ? QString() : QStringLiteral("\\p{") + name + u'}';
}

QString category(const QString &name)
{
    return isCategory(name) ? QStringLiteral("\\p{") + name + u'}' : QString();
}

QString block(const QString &name)
{
    QString plain = name.toLower();
    plain.remove(u' ').remove(u'_').remove(u'-');
    return lookedUp(kBlocks, plain);
}

} // namespace

QString regexProperty(const QString &name, bool unicode)
{
    const qsizetype equals = name.indexOf(u'=');
    if (equals > 0) {
        const QString property = name.left(equals).toLower();
        const QString value = name.mid(equals + 1);
        if (property == u"gc" || property == u"general_category")
            return category(value);
        if (property == u"sc" || property == u"script")
            return script(value);
        if (property == u"blk" || property == u"block")
            return block(value);
        return {};
    }
    if (unicode) {
        const QString set = lookedUp(kUnicodePosix, name);
        if (!set.isEmpty())
            return set;
    }
    for (const QString &set : {lookedUp(kPosix, name), lookedUp(kNamed, name), category(name)}) {
        if (!set.isEmpty())
            return set;
    }
    if (name.startsWith(u"In"))
        return block(name.mid(2));
    if (!name.startsWith(u"Is"))
        return {};
    const QString rest = name.mid(2);
    for (const QString &set : {lookedUp(kBinary, rest.toLower()), category(rest)}) {
        if (!set.isEmpty())
            return set;
    }
    return script(rest);
}

} // namespace gatehouse::core::expr
