// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/keptplans.h"

#include "store/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace gatehouse::provision {

namespace {
constexpr QLatin1String kEnding(".plan");
}

QString KeptPlans::pathOf(const QUuid &id) const
{
    return folder() + u'/' + id.toString(QUuid::WithoutBraces) + kEnding;
}

core::Result<void> KeptPlans::keep(const PlanFile &plan, const store::Seal &seal) const
{
    if (auto made = store::makeFolder(folder()); !made)
        return made;
    const QUuid id = plan.head().id;
    if (auto saved = plan.save(pathOf(id), m_environmentPath, seal); !saved)
        return saved;
    dropOldest(id);
    return {};
}

void KeptPlans::dropOldest(const QUuid &newest) const
{
    const QFileInfoList files = QDir(folder()).entryInfoList({u'*' + kEnding}, QDir::Files, QDir::Time);
    const QString kept = QFileInfo(pathOf(newest)).fileName();
    int count = 0;
    qint64 octets = 0;
    for (const QFileInfo &file : files) {
        ++count;
        octets += file.size();
        if (file.fileName() != kept && (count > kMost || octets > kMostOctets))
            QFile::remove(file.filePath());
    }
}

core::Result<std::shared_ptr<PlanFile>> KeptPlans::open(const QString &fileOrId, const store::Seal &seal) const
{
    const QUuid id = QUuid::fromString(fileOrId);
    if (id.isNull() || QFileInfo::exists(fileOrId))
        return PlanFile::open(fileOrId, m_environmentPath, seal);
    if (!QFileInfo::exists(pathOf(id))) {
        return core::failLocally(
            core::Code::NotFound, QStringLiteral("There is no plan %1").arg(fileOrId),
            QStringLiteral("the last %1 are kept, in %2; \"gatehousectl plan RULE --out FILE\" keeps one for longer")
                .arg(kMost)
                .arg(folder()),
            fileOrId);
    }
    return PlanFile::open(pathOf(id), m_environmentPath, seal);
}

} // namespace gatehouse::provision
