// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where gatehousectl prints: results to standard output (text for people, or JSON), errors and progress to standard
// error, progress only when that is a terminal. With --json standard output holds one document, or JSON lines, and
// nothing else. The first write that fails is kept and makes the command fail at its end (conclude()); when the reader
// of a pipe has gone, as "head" does, what more there is to print is dropped and nobody complains.
// What came from a directory is shown, never acted on: control characters and their like are written out
// (core/visibletext.h), in JSON as \u.
#pragma once

#include "core/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace gatehouse::cli {

class Terminal {
public:
    explicit Terminal(bool json);

    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool isJson() const { return m_json; }
    /// False: nothing that is printed from now on arrives. Long listings end early.
    bool isOpen() const { return m_outFault == 0; }
    /// Hands over what is still held back, and answers the exit code: @p code, unless the output was lost. Then the
    /// error is on standard error.
    int conclude(int code);
    void print(const QString &line);
    void printJson(const QJsonObject &document);
    /// One line of JSON lines.
    void printJsonLine(const QJsonObject &object);
    /// Octets to standard output, for documents that are written piece by piece. A file or a pipe gets them as they are,
    /// a terminal what can be shown of them.
    void write(const QByteArray &octets);
    /// JSON that was printed elsewhere.
    void writeJson(const QByteArray &json);
    void printTable(const QStringList &headers, const QList<QStringList> &given);
    void printError(const core::Error &error);
    void printErrors(const QList<core::Error> &errors);
    /// To standard error, with --json too: what was done is not all as it should be.
    void printWarning(const core::Error &warning);
    /// Replaces the progress line; nothing when standard error is no terminal.
    void showProgress(const QString &line);
    void clearProgress();

private:
    void writeOctets(const QByteArray &octets);
    /// One line to standard error.
    void say(const QString &line);
    void explain(const core::Error &error);
    void flush();
    void sayOctets(const QByteArray &octets); ///< to standard error
    void sayError(const core::Error &error);
    bool m_json;
    bool m_showsProgress;
    bool m_printsToTerminal;
    bool m_progressShown = false;
    bool m_holdsBack;     ///< standard output is no terminal: whole blocks are written
    QByteArray m_out;     ///< held back
    int m_outFault = 0;   ///< errno of the first write that failed
};

QJsonObject toJson(const core::Error &error);

} // namespace gatehouse::cli
