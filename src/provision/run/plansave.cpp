// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing a plan under a name: its blocks packed, its keys sorted, sealed.
#include "provision/run/planfile.h"
#include "provision/run/planform.h"
#include "provision/run/plankeys.h"
#include "store/outputfile.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace gatehouse::provision {

namespace {

constexpr size_t kKeysAtOnce = 8192;
constexpr qsizetype kActionsAtOnce = 1 << 20;

/// The file with the hash over what was written to it.
class HashedFile {
public:
    explicit HashedFile(store::OutputFile &file) : m_file(file) {}
    void write(QByteArrayView octets)
    {
        m_file.write(octets);
        m_hash.addData(octets);
        m_size += quint64(octets.size());
    }
    quint64 size() const { return m_size; }
    QByteArray hash() const { return m_hash.result(); }

private:
    store::OutputFile &m_file;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    quint64 m_size = 0;
};

} // namespace

QByteArray PlanFile::headText() const
{
    QJsonObject json = toJson(m_head);
    QJsonArray words;
    for (const QByteArray &word : m_records.words())
        words.append(QString::fromLatin1(word.toBase64()));
    json.insert(QStringLiteral("words"), words);
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

core::Result<void> PlanFile::save(const QString &path, const QString &environmentPath, const store::Seal &seal) const
{
    store::OutputFile output(path);
    if (auto opened = output.open(environmentPath); !opened)
        return opened;
    HashedFile file(output);
    file.write(planMark());
    std::vector<uint64_t> keys;
    keys.reserve(size_t(size()) * 4);
    for (const Part part : {Part::Steps, Part::Refreshes, Part::NotShown}) {
        const Steps &all = m_parts[int(part)];
        for (size_t block = 0; block < all.blocks.size() && output.isGood(); ++block) {
            const qsizetype first = all.blocks[block].first;
            const qsizetype end = block + 1 < all.blocks.size() ? all.blocks[block + 1].first : all.count;
            const auto octets = records(all, qsizetype(block));
            if (!octets)
                return core::fail(octets.error());
            file.write(BlockFile::packed(quint8(part), quint16(end - first), *octets));
            if (part != Part::Steps)
                continue;
            const auto steps = this->steps(first, end - first);
            if (!steps)
                return core::fail(steps.error());
            for (size_t i = 0; i < steps->size(); ++i)
                appendKeys((*steps)[i], uint32_t(size_t(first) + i), keys);
        }
    }
    for (qsizetype from = 0; from < size(); from += kActionsAtOnce) {
        const qsizetype count = std::min(kActionsAtOnce, size() - from);
        file.write(BlockFile::packed(kActionsBlock, 0, {m_actions.data() + from, count}));
    }
    file.write(BlockFile::packed(kHeadBlock, 0, headText()));

    std::sort(keys.begin(), keys.end());
    PlanEnd end{file.size(), keys.size()};
    for (size_t from = 0; from < keys.size(); from += kKeysAtOnce)
        file.write(toOctets(keys, from, std::min(kKeysAtOnce, keys.size() - from)));
    file.write(end.places());
    end.hash = file.hash();
    end.seal = seal.of(end.hash);
    output.write(end.write().sliced(end.places().size()));
    return output.commit();
}

} // namespace gatehouse::provision
