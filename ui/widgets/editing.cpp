// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/editing.h"

#include "ui/widgets/ask.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/section.h"

#include <QVBoxLayout>

namespace gatehouse::ui {

Editing::Editing(DetailsPanel *panel) : QObject(panel), m_panel(panel), m_bar(new SaveBar(panel))
{
    m_bar->hide();
    connect(m_bar, &SaveBar::saveClicked, this, &Editing::save);
    // What was typed and is now given up on purpose needs no second question.
    connect(m_bar, &SaveBar::cancelClicked, this, [this] { close(false); });
}

void Editing::editSection(Section *section, Form *form, const QString &what, Save save)
{
    m_section = section;
    auto *holder = new QWidget;
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(12);
    m_error = new ErrorPanel(holder);
    column->addWidget(m_error);
    column->addWidget(form);
    section->setEditor(holder);
    begin(form, what, tr("&Save"), std::move(save));
}

void Editing::create(const QString &title, Form *form, const QString &what, const QString &saveText, Save save)
{
    m_section = nullptr;
    auto *holder = new QWidget;
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_error = new ErrorPanel(holder);
    column->addWidget(m_error);
    column->addWidget(form);
    m_panel->showForm(title, holder);
    begin(form, what, saveText, std::move(save));
}

void Editing::begin(Form *form, const QString &what, const QString &saveText, Save save)
{
    ++m_round;
    m_form = form;
    m_what = what;
    m_save = std::move(save);
    m_proceed = nullptr;
    form->markUnchanged();
    m_bar->setSaveText(saveText);
    m_bar->setBusy(false);
    m_bar->setChangedCount(0);
    m_panel->setFooter(m_bar);
    connect(form, &Form::edited, this, [this] { m_bar->setChangedCount(m_form ? m_form->changedCount() : 0); });
    form->focusFirst();
}

void Editing::leave(const std::function<void()> &proceed)
{
    if (!isActive()) {
        proceed();
        return;
    }
    if (!isChanged()) {
        close(false);
        proceed();
        return;
    }
    askUnsaved(m_panel, m_what, [this, proceed](Reply reply) {
        if (reply == Reply::Other) {
            close(false);
            proceed();
        } else if (reply == Reply::Confirm) {
            m_proceed = proceed;
            save();
        }
    });
}

void Editing::cancel()
{
    leave([] {});
}

void Editing::save()
{
    if (!m_form)
        return;
    if (!m_form->validate()) {
        m_proceed = nullptr;
        return;
    }
    m_bar->setBusy(true);
    m_save(*m_form, [self = QPointer<Editing>(this), round = m_round](const SaveFaults &faults) {
        if (self && self->m_form && self->m_round == round)
            self->onFinished(faults);
    });
}

void Editing::onFinished(const SaveFaults &faults)
{
    m_bar->setBusy(false);
    if (faults.isEmpty()) {
        const auto proceed = std::exchange(m_proceed, nullptr);
        close(true);
        if (proceed)
            proceed();
        return;
    }
    m_proceed = nullptr;
    FormField *first = nullptr;
    QList<core::Error> errors = faults.errors;
    for (const QString &key : m_form->keys()) {
        const QString text = faults.fields.value(key);
        if (text.isEmpty())
            continue;
        m_form->field(key)->setError(text);
        if (!first)
            first = m_form->field(key);
    }
    for (auto fault = faults.fields.begin(); fault != faults.fields.end(); ++fault) {
        if (!m_form->field(fault.key())) // refused for something that this form does not show
            errors.append({core::Code::InvalidInput, fault.value(), {}, fault.key()});
    }
    if (m_error)
        m_error->setErrors(errors);
    if (first)
        m_form->goToField(*first);
}

void Editing::close(bool saved)
{
    if (!m_form)
        return;
    m_form->disconnect(this);
    m_form = nullptr;
    m_save = nullptr;
    ++m_round;
    m_panel->setFooter(nullptr);
    if (m_section)
        m_section->setEditor(nullptr);
    emit finished(saved);
}

} // namespace gatehouse::ui
