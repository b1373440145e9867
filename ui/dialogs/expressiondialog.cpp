// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/expressiondialog.h"

#include "ui/editors/expressionbench.h"
#include "ui/editors/samplepanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

ExpressionDialog::ExpressionDialog(ExpressionSubject subject, const QString &expression, QWidget *parent)
    : QDialog(parent), m_bench(new ExpressionBench(this)), m_refusal(new QLabel(this)), m_saved(expression)
{
    setObjectName(QStringLiteral("expressionDialog"));
    setWindowTitle(tr("Build and Test Expression"));
    resize(1000, 640);
    auto *title = new QLabel(windowTitle(), this);
    title->setFont(scaledFont(font(), 1.25, QFont::DemiBold));
    title->setContentsMargins(24, 16, 24, 8);
    m_refusal->setObjectName(QStringLiteral("refusal"));
    m_refusal->setForegroundRole(QPalette::BrightText);
    m_refusal->setWordWrap(true);
    auto *cancel = new QPushButton(tr("&Cancel"), this);
    cancel->setObjectName(QStringLiteral("cancel"));
    cancel->setAutoDefault(false);
    auto *saving = new QPushButton(tr("&Save"), this);
    saving->setObjectName(QStringLiteral("save"));
    saving->setProperty("form", QStringLiteral("primary"));
    saving->setAutoDefault(false);

    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(24, 12, 24, 16);
    buttons->setSpacing(8);
    buttons->addWidget(m_refusal, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(saving);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(title);
    layout->addWidget(m_bench, 1);
    layout->addWidget(new Line(Qt::Horizontal, this));
    layout->addLayout(buttons);

    m_bench->edit()->setText(expression);
    m_bench->setTarget(subject.catalog, subject.target);
    if (subject.users)
        m_bench->useUsers(*subject.users);
    else if (subject.gateway)
        m_bench->useDirectory(*subject.gateway, subject.scope,
                              subject.isSignOn ? app::ExpressionNames::SignOn : app::ExpressionNames::Directory);
    else if (subject.isSignOn)
        m_bench->useNothing(tr("Base DN and LDAP filter do not say yet where people are: write the data by hand, as values or "
                               "as JSON, below ldapAttributes."),
                            app::ExpressionNames::SignOn);
    else
        m_bench->useNothing(tr("There is no gateway to take people from: write the data by hand, as values or as JSON."));
    connect(cancel, &QPushButton::clicked, this, &ExpressionDialog::reject);
    connect(saving, &QPushButton::clicked, this, &ExpressionDialog::save);
    connect(m_bench, &ExpressionBench::expressionChanged, m_refusal, &QLabel::clear);
    m_bench->edit()->setFocus(Qt::OtherFocusReason);
}

QString ExpressionDialog::expression() const
{
    return m_bench->edit()->text().trimmed();
}

void ExpressionDialog::showEntry(const QByteArray &dn)
{
    m_bench->sample()->showSample(dn);
}

void ExpressionDialog::save()
{
    // The live answer may still be on its way; only faults count here, not what the sample gives.
    app::ExpressionAnswer answer;
    answer.faults = m_bench->faults();
    if (!answer.faults.isEmpty() || expression().isEmpty()) {
        m_refusal->setText(expression().isEmpty() ? tr("Not saved: write an expression first.")
                                                  : tr("Not saved. %1").arg(ExpressionEdit::faultText(answer)));
        m_bench->edit()->goToFault();
        return;
    }
    accept();
}

void ExpressionDialog::reject()
{
    if (expression() == m_saved.trimmed()) {
        QDialog::reject();
        return;
    }
    if (m_asking)
        return;
    m_asking = true;
    askUnsaved(this, tr("the expression"), [this](Reply reply) {
        m_asking = false;
        if (reply == Reply::Confirm)
            save();
        else if (reply == Reply::Other)
            QDialog::reject();
    });
}

} // namespace gatehouse::ui
