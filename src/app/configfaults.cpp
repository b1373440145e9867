// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/configfaults.h"

#include "app/text.h"

namespace gatehouse::app {

namespace {

QString sentence(QString text)
{
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    if (!text.endsWith(u'.') && !text.endsWith(u'?') && !text.endsWith(u'!'))
        text += u'.';
    return text;
}

} // namespace

int FieldFault::indexUnder(const QString &key) const
{
    if (!path.startsWith(key + u'['))
        return -1;
    const qsizetype end = path.indexOf(u']', key.size());
    bool good = false;
    const int index = path.mid(key.size() + 1, end - key.size() - 1).toInt(&good);
    return good ? index : -1;
}

bool FieldFault::isUnder(const QString &key) const
{
    return path == key || path.startsWith(key + u'[') || path.startsWith(key + u'.');
}

QString ConfigFaults::text(const core::Error &error)
{
    QString text = sentence(Text::headline(error));
    if (!error.detail.isEmpty())
        text += u' ' + sentence(error.detail);
    return text;
}

FormFaults ConfigFaults::split(const QList<core::Error> &faults, const QString &section, qsizetype index)
{
    FormFaults split;
    const QString prefix = QStringLiteral("%1[%2]").arg(section).arg(index);
    for (const core::Error &error : faults) {
        if (error.where == prefix)
            split.own.append({QString(), text(error), error});
        else if (error.where.startsWith(prefix + u'.'))
            split.own.append({error.where.mid(prefix.size() + 1), text(error), error});
        else
            split.others.append(error);
    }
    return split;
}

QList<core::Error> ConfigFaults::added(const QList<core::Error> &before, const QList<core::Error> &after)
{
    QList<core::Error> fresh;
    for (const core::Error &error : after) {
        if (!before.contains(error))
            fresh.append(error);
    }
    return fresh;
}

} // namespace gatehouse::app
