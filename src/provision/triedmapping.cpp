// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/triedmapping.h"

namespace gatehouse::provision {

namespace {

class RuleMapping final : public TriedMapping {
public:
    explicit RuleMapping(core::Mapping mapping) : m_mapping(std::move(mapping)) {}

    const core::SlotNames &sources() const override { return m_mapping.sources(); }
    const core::AttributeCatalog &catalog() const override { return m_mapping.catalog(); }
    const std::vector<core::Mapping::Target> &targets() const override { return m_mapping.targets(); }
    core::MappedEntry evaluate(const core::EntryView &entry, bool active, qint64 now) const override
    {
        return m_mapping.evaluate(entry, active, now);
    }

private:
    core::Mapping m_mapping;
};

} // namespace

tl::expected<std::shared_ptr<const TriedMapping>, QList<core::Error>>
compileRuleMapping(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog)
{
    auto mapping = core::Mapping::compile(rows, catalog);
    if (!mapping)
        return tl::unexpected(mapping.error());
    return std::make_shared<const RuleMapping>(*std::move(mapping));
}

} // namespace gatehouse::provision
