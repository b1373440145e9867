// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/textfile.h"

#include <QStringDecoder>

namespace gatehouse::core {
namespace {

constexpr QByteArrayView kUtf8("\xef\xbb\xbf", 3);
constexpr QByteArrayView kUtf16Little("\xff\xfe", 2);
constexpr QByteArrayView kUtf16Big("\xfe\xff", 2);

} // namespace

QByteArray textOfFile(const QByteArray &file)
{
    if (file.startsWith(kUtf8))
        return file.mid(kUtf8.size());
    const bool isLittle = file.startsWith(kUtf16Little);
    if (file.size() % 2 != 0 || (!isLittle && !file.startsWith(kUtf16Big)))
        return file;
    QStringDecoder decoder(isLittle ? QStringConverter::Utf16LE : QStringConverter::Utf16BE, QStringConverter::Flag::Stateless);
    QString text = decoder(QByteArrayView(file).sliced(kUtf16Little.size()));
    const QByteArray utf8 = text.toUtf8();
    text.fill(QChar(0)); // it may be a secret
    return utf8;
}

QByteArray secretOfFile(const QByteArray &file)
{
    QByteArray text = textOfFile(file);
    if (text.endsWith('\n'))
        text.chop(text.endsWith("\r\n") ? 2 : 1);
    return text;
}

} // namespace gatehouse::core
