// SPDX-License-Identifier: GPL-3.0-or-later
//
// The project's own files as text, for the tests that hold the rules of the house: where they are, what they include,
// what is code and what is comment. Reads the checkout that was built; pure values otherwise.
#pragma once

#include <QDebug>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QList>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <QTest>

#include <algorithm>

namespace gatehouse::test {

inline QDir sourceRoot()
{
    return QDir(QStringLiteral(GATEHOUSE_SOURCE_DIR));
}

inline QString readText(const QString &relativePath)
{
    QFile file(sourceRoot().filePath(relativePath));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// C++ text with comments blanked out and, with @p strings, the insides of string and character literals too. Lines
/// stay where they are.
inline QString codeOf(const QString &text, bool strings = true)
{
    QString code = text;
    const auto blank = [&code](qsizetype from, qsizetype to) {
        for (qsizetype i = from; i < to && i < code.size(); ++i) {
            if (code.at(i) != u'\n')
                code[i] = u' ';
        }
    };
    const auto endOf = [&text](const QString &mark, qsizetype from) {
        const qsizetype found = text.indexOf(mark, from);
        return found < 0 ? text.size() : found + mark.size();
    };
    for (qsizetype i = 0; i < text.size();) {
        const QStringView rest = QStringView(text).mid(i);
        if (rest.startsWith(u"//")) {
            const qsizetype end = text.indexOf(u'\n', i);
            blank(i, end < 0 ? text.size() : end);
            i = end < 0 ? text.size() : end;
        } else if (rest.startsWith(u"/*")) {
            const qsizetype end = endOf(QStringLiteral("*/"), i + 2);
            blank(i, end);
            i = end;
        } else if (rest.startsWith(u"R\"")) {
            const qsizetype open = text.indexOf(u'(', i);
            const QString mark = u')' + text.mid(i + 2, open - i - 2) + u'"';
            const qsizetype end = endOf(mark, open);
            if (strings)
                blank(i + 2, end - 1);
            i = end;
        } else if (rest.startsWith(u'"') || (rest.startsWith(u'\'') && (i == 0 || !text.at(i - 1).isDigit()))) {
            qsizetype end = i + 1;
            while (end < text.size() && text.at(end) != rest.front() && text.at(end) != u'\n')
                end += text.at(end) == u'\\' ? 2 : 1;
            if (strings)
                blank(i + 1, end);
            i = end + 1;
        } else {
            ++i;
        }
    }
    return code;
}

struct SourceFile {
    QString path; ///< relative to the checkout, with /
    QString text;

    bool isHeader() const { return path.endsWith(QStringLiteral(".h")); }
    /// "core" for src/core/expr/parser.h, "ui" for ui/…, "tests" for tests/….
    QString room() const
    {
        const QStringList parts = path.split(u'/');
        return parts.first() == QStringLiteral("src") ? parts.at(1) : parts.first();
    }
    int lines() const { return int(text.count(u'\n')); }
};

/// Every .h and .cpp below @p folders, by path.
inline QList<SourceFile> sourcesIn(const QStringList &folders)
{
    QList<SourceFile> files;
    for (const QString &folder : folders) {
        QDirIterator it(sourceRoot().filePath(folder), {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                        QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString path = sourceRoot().relativeFilePath(it.next());
            files.append({path, readText(path)});
        }
    }
    std::sort(files.begin(), files.end(), [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
    return files;
}

struct Include {
    QString name;
    bool angled = false;
};

inline QList<Include> includesOf(const SourceFile &file)
{
    static const QRegularExpression pattern(QStringLiteral("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"),
                                            QRegularExpression::MultilineOption);
    QList<Include> includes;
    auto matches = pattern.globalMatch(codeOf(file.text, false));
    while (matches.hasNext()) {
        const auto match = matches.next();
        includes.append({match.captured(2), match.captured(1) == QStringLiteral("<")});
    }
    return includes;
}

/// "path:line  the line" for each place where @p pattern matches the file's code (comments and literals apart).
inline QStringList placesOf(const SourceFile &file, const QRegularExpression &pattern)
{
    QStringList places;
    const QString code = codeOf(file.text);
    auto matches = pattern.globalMatch(code);
    while (matches.hasNext()) {
        const qsizetype at = matches.next().capturedStart();
        const qsizetype begin = at == 0 ? 0 : file.text.lastIndexOf(u'\n', at - 1) + 1;
        const QString line = file.text.mid(begin, file.text.indexOf(u'\n', at) - begin).trimmed();
        places.append(QStringLiteral("%1:%2  %3").arg(file.path).arg(file.text.left(at).count(u'\n') + 1).arg(line));
    }
    return places;
}

/// Names every place where a rule is broken, one a line (QtTest would cut a long message), and how many they are.
inline QByteArray report(const QString &rule, const QStringList &places)
{
    for (const QString &place : places)
        qWarning().noquote() << place;
    return QStringLiteral("%1: %2 places").arg(rule).arg(places.size()).toUtf8();
}

} // namespace gatehouse::test

/// Fails the test function with @p rule when there are places that break it.
#define HOLDS(rule, places)                                                                                  \
    do {                                                                                                     \
        const QStringList broken = (places);                                                                 \
        if (!broken.isEmpty())                                                                               \
            QFAIL(gatehouse::test::report((rule), broken).constData());                                      \
    } while (false)
