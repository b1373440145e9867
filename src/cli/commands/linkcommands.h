// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl user link, user unlink: which entry of a gateway a user is, said by hand. For somebody whose account was
// made anew in the directory, under another immutable id.
#pragma once

#include "cli/command.h"
#include "core/identity.h"
#include "provision/livedirectory.h"

namespace gatehouse::cli {

class UserLink : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override { declareWait(parser); }
    void start() override;

private:
    void read(const core::Gateway &gateway);
    void tie(const core::Gateway &gateway, const QByteArray &sourceId, const QByteArray &dn);
    core::User m_user;
    QString m_username;
    QByteArray m_filter; ///< for people
    std::unique_ptr<provision::LiveDirectory> m_directory;
};

class UserUnlink : public Command {
    Q_OBJECT
public:
    void start() override;
};

} // namespace gatehouse::cli
