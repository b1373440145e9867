// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saving and switching a thing of the configuration from its details panel, alike for rules and connections: judged
// whole before it is sent, faults back to their fields, what came of it said in the status strip.
#pragma once

#include "app/configurationedit.h"
#include "ui/editors/thingform.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPointer>

namespace gatehouse::ui {

class ThingSavingWords {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ThingSaving)
};

template <typename T>
struct ThingSaving {
    using Words = ThingSavingWords;
    app::Console &console;
    QObject *context;      ///< who waits for answers
    QString section;       ///< "rules"
    QString thing;         ///< "rule", in the audit log
    QList<T> core::Configuration::*things;
    std::function<void(const QString &, Tone)> said;

    /// @p saved comes before the form is told that it is finished.
    void save(const T &changed, const QPointer<ThingForm> &form, const Editing::Finish &finish,
              std::function<void()> saved) const
    {
        const app::FormFaults faults = app::judgeThing(console.configuration(), section, things, changed);
        if (!faults.isEmpty()) {
            finish(form->place(faults));
            return;
        }
        app::saveThing(console, context, thing + QStringLiteral(".update"), section, things, changed,
                       [changed, form, finish, tell = said, saved = std::move(saved)](const app::FormFaults &refused) {
                           if (!refused.isEmpty()) {
                               finish(form ? form->place(refused) : SaveFaults{{}, refused.others});
                               return;
                           }
                           tell(Words::tr("Saved %1.").arg(changed.name), Tone::Good);
                           saved();
                           finish({});
                       });
    }

    /// @p refused puts the switch back.
    void setEnabled(T changed, bool enabled, std::function<void()> refused) const
    {
        changed.enabled = enabled;
        const auto no = [tell = said, refused = std::move(refused)](const app::FormFaults &faults) {
            refused();
            tell(faults.own.isEmpty() ? app::ConfigFaults::text(faults.others.first()) : faults.own.first().text, Tone::Bad);
        };
        const app::FormFaults faults = app::judgeThing(console.configuration(), section, things, changed);
        if (!faults.isEmpty())
            return no(faults);
        app::saveThing(console, context, thing + (enabled ? QStringLiteral(".enable") : QStringLiteral(".disable")), section,
                       things, changed, [no, enabled, tell = said, name = changed.name](const app::FormFaults &answer) {
                           if (!answer.isEmpty())
                               return no(answer);
                           tell(enabled ? Words::tr("%1 is on.").arg(name) : Words::tr("%1 is off.").arg(name), Tone::Good);
                       });
    }
};

} // namespace gatehouse::ui
