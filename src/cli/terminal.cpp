// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/terminal.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace gatehouse::cli {

Terminal::Terminal(bool json) : m_json(json), m_showsProgress(isatty(STDERR_FILENO) != 0)
{
    m_out.open(stdout, QIODevice::WriteOnly);
    m_err.open(stderr, QIODevice::WriteOnly | QIODevice::Unbuffered);
}

void Terminal::print(const QString &line)
{
    write(line.toUtf8() + '\n');
}

void Terminal::write(const QByteArray &octets)
{
    clearProgress();
    m_out.write(octets);
    m_out.flush();
}

void Terminal::printJson(const QJsonObject &document)
{
    write(QJsonDocument(document).toJson(QJsonDocument::Indented));
}

void Terminal::printJsonLine(const QJsonObject &object)
{
    m_out.write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Terminal::printTable(const QStringList &headers, const QList<QStringList> &rows)
{
    QList<qsizetype> widths;
    for (qsizetype column = 0; column < headers.size(); ++column) {
        qsizetype width = headers.at(column).size();
        for (const QStringList &row : rows)
            width = std::max(width, row.value(column).size());
        widths.append(width);
    }
    const auto printRow = [&](const QStringList &row) {
        QString line;
        for (qsizetype column = 0; column < row.size(); ++column) {
            if (column > 0)
                line += QStringLiteral("  ");
            line += column + 1 < row.size() ? row.at(column).leftJustified(widths.at(column)) : row.at(column);
        }
        print(line);
    };
    printRow(headers);
    for (const QStringList &row : rows)
        printRow(row);
}

QJsonObject toJson(const core::Error &error)
{
    QJsonObject json{{QStringLiteral("code"), core::codeName(error.code)},
                     {QStringLiteral("what"), error.what},
                     {QStringLiteral("detail"), error.detail},
                     {QStringLiteral("where"), error.where}};
    if (error.native != 0)
        json.insert(QStringLiteral("native"), error.native);
    if (error.offset >= 0) {
        json.insert(QStringLiteral("offset"), error.offset);
        json.insert(QStringLiteral("length"), error.length);
    }
    return json;
}

void Terminal::printError(const core::Error &error)
{
    clearProgress();
    if (m_json) {
        printJson({{QStringLiteral("error"), toJson(error)}});
        return;
    }
    m_err.write(QCoreApplication::translate("Terminal", "Error %1: %2").arg(core::codeName(error.code), error.what).toUtf8() + '\n');
    explain(error);
}

void Terminal::printWarning(const core::Error &warning)
{
    clearProgress();
    m_err.write(QCoreApplication::translate("Terminal", "Warning: %1").arg(warning.what).toUtf8() + '\n');
    explain(warning);
}

void Terminal::explain(const core::Error &error)
{
    if (!error.where.isEmpty())
        m_err.write(QCoreApplication::translate("Terminal", "  where:  %1").arg(error.where).toUtf8() + '\n');
    const QStringList caret = error.caret().split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : caret)
        m_err.write("  " + line.toUtf8() + '\n');
    if (!error.detail.isEmpty())
        m_err.write(QCoreApplication::translate("Terminal", "  detail: %1").arg(error.detail).toUtf8() + '\n');
}

void Terminal::printErrors(const QList<core::Error> &errors)
{
    if (errors.size() == 1 || !m_json) {
        for (const core::Error &error : errors)
            printError(error);
        return;
    }
    QJsonArray faults;
    for (const core::Error &error : errors)
        faults.append(toJson(error));
    QJsonObject first = toJson(errors.constFirst());
    first.insert(QStringLiteral("faults"), faults);
    printJson({{QStringLiteral("error"), first}});
}

void Terminal::showProgress(const QString &line)
{
    if (!m_showsProgress)
        return;
    m_err.write("\r\x1b[K" + line.toUtf8());
    m_progressShown = true;
}

void Terminal::clearProgress()
{
    if (!m_progressShown)
        return;
    m_err.write("\r\x1b[K");
    m_progressShown = false;
}

} // namespace gatehouse::cli
