// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/terminal.h"

#include "cli/exit.h"
#include "core/visibletext.h"
#include "store/files.h"
#include "store/outputfile.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <unistd.h>

namespace gatehouse::cli {

namespace {
constexpr qsizetype kBlock = 64 * 1024; // octets
}

Terminal::Terminal(bool json)
    : m_json(json), m_showsProgress(isatty(STDERR_FILENO) != 0), m_printsToTerminal(isatty(STDOUT_FILENO) != 0),
      m_holdsBack(!m_printsToTerminal)
{
    // The end of a pipe's reader is told by write().
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow (ulimit -f) is a fault like a full disk
}

int Terminal::conclude(int code)
{
    clearProgress();
    flush();
    if (m_outFault == 0 || m_outFault == EPIPE)
        return code;
    sayError(store::fileError(m_outFault, QCoreApplication::translate("Terminal", "The output could not be written"),
                              QCoreApplication::translate("Terminal", "standard output")));
    return code == int(Exit::Done) || code == int(Exit::Changes) ? int(Exit::Usage) : code;
}

void Terminal::flush()
{
    if (m_outFault == 0)
        m_outFault = store::writeAll(STDOUT_FILENO, m_out);
    m_out.clear();
}

void Terminal::sayOctets(const QByteArray &octets)
{
    flush(); // both may be one terminal or one file: what was printed first stands first
    (void)store::writeAll(STDERR_FILENO, octets);
}

void Terminal::print(const QString &line)
{
    writeOctets(core::visible(line).toUtf8() + '\n');
}

void Terminal::write(const QByteArray &octets)
{
    writeOctets(m_printsToTerminal ? core::visibleLines(octets) : octets);
}

void Terminal::writeJson(const QByteArray &json)
{
    writeOctets(core::visibleJson(json));
}

void Terminal::writeOctets(const QByteArray &octets)
{
    clearProgress();
    if (m_outFault != 0)
        return;
    m_out += octets;
    if (!m_holdsBack || m_out.size() >= kBlock)
        flush();
}

void Terminal::printJson(const QJsonObject &document)
{
    writeJson(QJsonDocument(document).toJson(QJsonDocument::Indented));
}

void Terminal::printJsonLine(const QJsonObject &object)
{
    writeJson(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Terminal::printTable(const QStringList &headers, const QList<QStringList> &given)
{
    QList<QStringList> rows = given; // as they are shown, which is what the columns must hold
    for (QStringList &row : rows) {
        for (QString &cell : row)
            cell = core::visible(cell);
    }
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
    if (m_json)
        return printJson({{QStringLiteral("error"), toJson(error)}});
    sayError(error);
}

void Terminal::sayError(const core::Error &error)
{
    say(QCoreApplication::translate("Terminal", "Error %1: %2").arg(core::codeName(error.code), error.what));
    explain(error);
}

void Terminal::printWarning(const core::Error &warning)
{
    clearProgress();
    say(QCoreApplication::translate("Terminal", "Warning: %1").arg(warning.what));
    explain(warning);
}

void Terminal::say(const QString &line)
{
    sayOctets(core::visible(line).toUtf8() + '\n');
}

void Terminal::explain(const core::Error &error)
{
    if (!error.where.isEmpty())
        say(QCoreApplication::translate("Terminal", "  where:  %1").arg(error.where));
    const QStringList caret = error.caret().split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : caret)
        say(QStringLiteral("  ") + line);
    if (!error.detail.isEmpty())
        say(QCoreApplication::translate("Terminal", "  detail: %1").arg(error.detail));
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
    sayOctets("\r\x1b[K" + core::visible(line).toUtf8());
    m_progressShown = true;
}

void Terminal::clearProgress()
{
    if (!m_progressShown)
        return;
    sayOctets("\r\x1b[K");
    m_progressShown = false;
}

} // namespace gatehouse::cli
