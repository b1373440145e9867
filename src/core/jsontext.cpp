// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsontext.h"

#include "core/byteordermark.h"
#include "core/octets.h"

#include <QSet>

#include <algorithm>

namespace gatehouse::core {

namespace {

QString place(QByteArrayView text, qsizetype offset)
{
    const QByteArrayView before = text.first(offset);
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return QStringLiteral("line %1, column %2")
        .arg(std::count(before.begin(), before.end(), '\n') + 1)
        .arg(textOffset(before.sliced(lineStart), before.size() - lineStart) + 1);
}

QString advice(const QJsonParseError &fault, bool atEnd)
{
    switch (fault.error) {
    case QJsonParseError::UnterminatedObject:
        return atEnd ? QStringLiteral("the text ends before the last \"{\" is closed")
                     : QStringLiteral("expected a key in quotation marks, a comma or \"}\"");
    case QJsonParseError::MissingNameSeparator: return QStringLiteral("expected \":\" after the key");
    case QJsonParseError::UnterminatedArray:
    case QJsonParseError::MissingValueSeparator:
        return atEnd ? QStringLiteral("the text ends before the last \"[\" is closed")
                     : QStringLiteral("expected a comma or \"]\"");
    case QJsonParseError::IllegalValue:
    case QJsonParseError::IllegalNumber:
        return atEnd ? QStringLiteral("the text is empty or ends too early")
                     : QStringLiteral("expected a value: \"text\", a number, true, false, null, [ or {");
    case QJsonParseError::TerminationByNumber: return QStringLiteral("the text ends too early");
    case QJsonParseError::MissingObject:
        return QStringLiteral("something is missing before this: a comma is too many, or a value lacks");
    case QJsonParseError::UnterminatedString: return QStringLiteral("the closing quotation mark is missing");
    case QJsonParseError::IllegalUTF8String: return QStringLiteral("the text is not UTF-8");
    case QJsonParseError::GarbageAtEnd: return QStringLiteral("the document ends before this");
    default: return fault.errorString();
    }
}

/// Walks a document that is known to be well-formed.
class KeyScan {
public:
    explicit KeyScan(QByteArrayView text) : m_text(text) {}

    QList<Error> run()
    {
        value(QString());
        return m_faults;
    }

private:
    char skipSpaces()
    {
        while (m_at < m_text.size() && QByteArrayView(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }

    QByteArrayView string()
    {
        const qsizetype start = ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        m_at = std::min(m_at, m_text.size());
        return m_text.sliced(start, m_at++ - start);
    }

    void value(const QString &path)
    {
        const char c = skipSpaces();
        if (c == '{')
            object(path);
        else if (c == '[')
            array(path);
        else if (c == '"')
            string();
        else // a step at least, so that the walk ends whatever stands here
            do {
                ++m_at;
            } while (m_at < m_text.size() && !QByteArrayView(",]} \t\r\n").contains(m_text[m_at]));
    }

    void object(const QString &path)
    {
        QSet<QByteArray> seen;
        ++m_at;
        while (skipSpaces() == '"') {
            const qsizetype start = m_at;
            const QByteArray key = string().toByteArray();
            const QString keyPath = (path.isEmpty() ? QString() : QString(path + u'.')) + QString::fromUtf8(key);
            if (seen.contains(key))
                m_faults.append(Error{Code::InvalidInput, QStringLiteral("key stands twice"),
                                      QStringLiteral("%1: remove one of the two").arg(place(m_text, start)), keyPath});
            seen.insert(key);
            skipSpaces(); // ':'
            ++m_at;
            value(keyPath);
            if (skipSpaces() == ',')
                ++m_at;
        }
        ++m_at;
    }

    void array(const QString &path)
    {
        ++m_at;
        for (int index = 0; skipSpaces() != ']' && m_at < m_text.size(); ++index) {
            value(QStringLiteral("%1[%2]").arg(path).arg(index));
            if (skipSpaces() == ',')
                ++m_at;
        }
        ++m_at;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    QList<Error> m_faults;
};

} // namespace

Result<QJsonDocument> readJson(const QByteArray &utf8)
{
    const QByteArrayView text = withoutByteOrderMark(utf8);
    QJsonParseError fault;
    QJsonDocument document = QJsonDocument::fromJson(text.toByteArray(), &fault);
    if (fault.error == QJsonParseError::NoError)
        return document;

    qsizetype offset = std::clamp<qsizetype>(fault.offset, 0, text.size());
    const bool atEnd = offset == text.size();
    // These are noticed after the first wrong character was taken.
    const auto behind = {QJsonParseError::UnterminatedObject, QJsonParseError::MissingNameSeparator,
                         QJsonParseError::MissingValueSeparator, QJsonParseError::IllegalValue,
                         QJsonParseError::MissingObject};
    const bool oneBehind = std::find(behind.begin(), behind.end(), fault.error) != behind.end();
    if (oneBehind && offset > 0 && (!atEnd || fault.error == QJsonParseError::MissingObject))
        --offset;
    Error error{Code::Syntax, QStringLiteral("not JSON"),
                place(text, offset) + QStringLiteral(": ") + advice(fault, atEnd)};
    error.offset = textOffset(text, offset);
    error.length = atEnd ? 0 : 1;
    return fail(std::move(error));
}

QList<Error> repeatedKeys(const QByteArray &utf8)
{
    return KeyScan(withoutByteOrderMark(utf8)).run();
}

} // namespace gatehouse::core
