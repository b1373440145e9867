// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where gatehousectl prints: results to standard output (text for people, or JSON), errors and progress to standard
// error, progress only when that is a terminal. With --json standard output holds one document, or JSON lines, and
// nothing else.
#pragma once

#include "core/error.h"

#include <QFile>
#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace gatehouse::cli {

class Terminal {
public:
    explicit Terminal(bool json);

    bool isJson() const { return m_json; }
    void print(const QString &line);
    void printJson(const QJsonObject &document);
    /// One line of JSON lines.
    void printJsonLine(const QJsonObject &object);
    /// Raw octets to standard output, for documents that are written piece by piece.
    void write(const QByteArray &octets);
    void printTable(const QStringList &headers, const QList<QStringList> &rows);
    void printError(const core::Error &error);
    void printErrors(const QList<core::Error> &errors);
    /// To standard error, with --json too: what was done is not all as it should be.
    void printWarning(const core::Error &warning);
    /// Replaces the progress line; nothing when standard error is no terminal.
    void showProgress(const QString &line);
    void clearProgress();

private:
    void explain(const core::Error &error);
    bool m_json;
    bool m_showsProgress;
    bool m_progressShown = false;
    QFile m_out;
    QFile m_err;
};

QJsonObject toJson(const core::Error &error);

} // namespace gatehouse::cli
