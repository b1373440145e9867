// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything by which a mapping is tried while it is edited, put together: its editor with the sample above it, what the
// mapping does to everybody below, and the expression builder behind the gear. The same for a rule and for a user type:
// what differs is the trial's subject. Owned by the mapping's form; GUI thread.
#pragma once

#include "app/provisioning/mappingtrial.h"

#include <QObject>

namespace gatehouse::ui {

class EverybodyCard;
class MappingEditor;
class SampleBar;

class MappingTryout : public QObject {
    Q_OBJECT
public:
    enum class Words { Rule, SignOn };

    /// Takes the place above @p editor's table. @p console must outlive it.
    MappingTryout(app::Console &console, MappingEditor *editor, std::shared_ptr<const core::AttributeCatalog> catalog, Words words,
                  QObject *parent);

    app::MappingTrial &trial() { return m_trial; }
    /// To be placed by the form.
    EverybodyCard *everybody() const { return m_everybody; }

private:
    void build(int row);
    void onSchema(const core::Schema &schema);

    app::MappingTrial m_trial;
    MappingEditor *m_editor;
    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    Words m_words;
    SampleBar *m_sample;
    EverybodyCard *m_everybody;
};

} // namespace gatehouse::ui
