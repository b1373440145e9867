// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/mappingtryout.h"

#include "app/gateways/usertyperows.h"
#include "ui/dialogs/expressiondialog.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/provisioning/everybodycard.h"
#include "ui/pages/provisioning/samplebar.h"

namespace gatehouse::ui {

MappingTryout::MappingTryout(app::Console &console, MappingEditor *editor, std::shared_ptr<const core::AttributeCatalog> catalog,
                             Words words, QObject *parent)
    : QObject(parent), m_trial(console), m_editor(editor), m_catalog(std::move(catalog)), m_words(words),
      m_sample(new SampleBar(m_trial)), m_everybody(new EverybodyCard(m_trial, m_catalog))
{
    if (words == Words::SignOn) {
        m_sample->useSignOnWords();
        m_everybody->useSignOnWords();
    }
    m_editor->setLead(m_sample);
    connect(m_everybody, &EverybodyCard::summaryChanged, m_sample, &SampleBar::setEverybody);
    connect(m_sample, &SampleBar::everybodyClicked, m_everybody, &EverybodyCard::reveal);
    connect(m_editor, &MappingEditor::rowsChanged, this, [this] { m_trial.setRows(m_editor->mappings(), false); });
    connect(m_editor, &MappingEditor::rowsTyped, this,
            [this](const QList<core::AttributeMapping> &rows) { m_trial.setRows(rows, true); });
    connect(m_editor, &MappingEditor::buildRequested, this, &MappingTryout::build);
    connect(&m_trial, &app::MappingTrial::outcomeChanged, this, [this](const provision::PersonOutcome &outcome) {
        m_editor->table().setPreviewing(true);
        m_editor->table().setOutcome(outcome.rows);
    });
    connect(&m_trial, &app::MappingTrial::chosen, this, [this] {
        if (!m_trial.entry())
            m_editor->table().setPreviewing(false);
    });
    connect(&m_trial, &app::MappingTrial::schemaLoaded, this, &MappingTryout::onSchema);
    m_trial.setRows(m_editor->mappings(), false);
}

void MappingTryout::onSchema(const core::Schema &schema)
{
    QList<app::CompletionItem> items = app::attributeItems(schema);
    if (m_trial.entry()) {
        QStringList present;
        for (const core::Attribute &attribute : m_trial.entry()->attributes)
            present << QString::fromUtf8(attribute.name);
        app::markPresent(items, present);
    }
    m_editor->setSources(items);
    if (m_words != Words::SignOn) // whose rows are texts with attributes in them
        m_editor->table().setSchema(schema);
}

void MappingTryout::build(int row)
{
    const core::AttributeMapping &mapping = m_editor->mappings().at(row);
    const bool isSignOn = m_words == Words::SignOn;
    ExpressionSubject subject;
    subject.target = mapping.target;
    subject.catalog = m_catalog;
    subject.isSignOn = isSignOn;
    if (m_trial.subject()) {
        subject.gateway = m_trial.subject()->gateway();
        subject.scope = m_trial.subject()->scope();
    }
    const QString text = !mapping.expression.isEmpty() ? mapping.expression
                         : isSignOn                    ? app::userTypeValue(mapping)
                                                       : mapping.source;
    auto *dialog = new ExpressionDialog(subject, text, m_editor->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_trial.entry())
        dialog->showEntry(m_trial.entry()->dn);
    connect(dialog, &QDialog::accepted, this, [this, dialog, row] { m_editor->setSource(row, dialog->expression()); });
    dialog->open();
}

} // namespace gatehouse::ui
