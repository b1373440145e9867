// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/configurationedit.h"

#include "app/gateways/gatewaysecrets.h"
#include "core/config/merge.h"
#include "provision/ruledeletion.h"
#include "store/auditlog.h"
#include "store/configurations.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace gatehouse::app {

namespace {

constexpr qsizetype kMaxNoted = 20;   ///< changes written out in one audit line
constexpr qsizetype kMaxValue = 80;   ///< characters of a value in it

QString shown(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return QStringLiteral("-");
    QString text = value.isString() ? value.toString()
                                    : QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
    if (!value.isString())
        text = text.mid(1, text.size() - 2);
    return text.size() > kMaxValue ? text.first(kMaxValue) + QStringLiteral("…") : text;
}

QString noted(const QList<core::ConfigurationChange> &changes)
{
    QStringList lines;
    for (const core::ConfigurationChange &change : changes) {
        if (lines.size() == kMaxNoted) {
            lines << QStringLiteral("…");
            break;
        }
        lines << QStringLiteral("%1: %2 → %3").arg(change.path, shown(change.before), shown(change.after));
    }
    return lines.join(QStringLiteral("; "));
}

} // namespace

void editConfiguration(Console &console, QObject *context, const QString &action, const QString &subject,
                       std::function<void(core::Configuration &)> change,
                       std::function<void(Console::SaveAnswer)> then)
{
    const auto gone = std::make_shared<QList<gateway::SecretOwner>>();
    console.write<Console::SaveAnswer>(
        &console,
        [action, subject, change = std::move(change), gone](store::Environment &environment) -> Console::SaveAnswer {
            const auto stored = environment.configurations().load();
            if (!stored)
                return tl::unexpected(QList<core::Error>{stored.error()});
            core::Configuration wanted = *stored;
            change(wanted);
            auto saved = provision::saveConfiguration(environment, *stored, wanted, QStringLiteral("console"));
            if (!saved)
                return tl::unexpected(saved.error());
            *gone = gateway::noLongerKept(*stored, wanted);
            // The configuration is saved; a log that cannot be written must not undo that, but is told.
            if (auto recorded = environment.audit().record(action, subject, noted(core::difference(*stored, wanted)));
                !recorded)
                return tl::unexpected(QList<core::Error>{recorded.error()});
            return {};
        },
        // Deleting a rule may disable or delete its people, in a run.
        // The configuration itself is read with the answer, once.
        action.endsWith(QStringLiteral(".delete")) ? Console::Touched::All : Console::Touched::Nothing,
        [&console, gone, then = console.onceRead(context, std::move(then))](const Console::SaveAnswer &answer) {
            forgetSecrets(&console, *gone, [&console](const core::Result<void> &forgotten) {
                if (!forgotten)
                    emit console.keychainRefused(forgotten.error());
            });
            then(answer);
        });
}

} // namespace gatehouse::app
