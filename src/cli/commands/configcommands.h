// SPDX-License-Identifier: GPL-3.0-or-later
//
// config apply, diff and export: the configuration as one declarative file. config schema: what such a file holds.
#pragma once

#include "cli/command.h"
#include "core/config/configuration.h"
#include "core/config/merge.h"
#include "gateway/vault.h"
#include "provision/ruledeletion.h"

namespace gatehouse::cli {

/// What apply and diff share: reading the file and finding what it changes.
class ConfigFileCommand : public Command {
    Q_OBJECT
protected:
    struct Wanted {
        core::Configuration current;       ///< as stored
        core::Configuration configuration; ///< as it shall be
        QList<core::ConfigurationChange> changes;
        QList<gateway::SecretOwner> keptNoLonger; ///< in the keychain
    };
    /// Nothing, after all faults were printed and the command ended, when the file or the environment is no good.
    std::optional<Wanted> readWanted(store::Environment &environment);
    void printChanges(const QList<core::ConfigurationChange> &changes, const QList<provision::DeletedRule> &deleted = {});

private:
    void failAll(const QList<core::Error> &faults);
    friend class ConfigApply;
};

class ConfigApply : public ConfigFileCommand {
    Q_OBJECT
public:
    void start() override;

private:
    void warnOfLeftPeople(store::Environment &environment, const Wanted &wanted);
    void forgetSecrets(const QList<gateway::SecretOwner> &owners);
};

class ConfigDiff : public ConfigFileCommand {
    Q_OBJECT
public:
    void start() override;
};

class ConfigSchema : public Command {
    Q_OBJECT
public:
    void start() override;
};

class ConfigExport : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

} // namespace gatehouse::cli
