// SPDX-License-Identifier: GPL-3.0-or-later
//
// user, group and population: what is in the identity directory.
#pragma once

#include "cli/command.h"
#include "core/identity.h"
#include "store/reader.h"

namespace gatehouse::cli {

/// Reading users in blocks, so that a million of them need no memory.
class DirectoryCommand : public Command {
    Q_OBJECT
protected:
    /// Opens the reader, or fails the command and returns nullptr.
    store::Reader *reader();
    /// Every user matching @p query, at most @p limit (-1: all), handed to @p take with its population until that says
    /// false: nothing arrives any more.
    [[nodiscard]] core::Result<void> forEachUser(const store::UserQuery &query, qint64 limit,
                                   const std::function<bool(const core::User &, const core::Population &)> &take);

private:
    std::unique_ptr<store::Reader> m_reader;
};

class UserList : public DirectoryCommand {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

class UserShow : public DirectoryCommand {
    Q_OBJECT
public:
    void start() override;
};

class UserExport : public DirectoryCommand {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

class GroupList : public DirectoryCommand {
    Q_OBJECT
public:
    void start() override;
};

class GroupShow : public DirectoryCommand {
    Q_OBJECT
public:
    void start() override;
};

class PopulationList : public DirectoryCommand {
    Q_OBJECT
public:
    void start() override;
};

} // namespace gatehouse::cli
