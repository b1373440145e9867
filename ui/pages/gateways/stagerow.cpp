// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/stagerow.h"

#include "app/gateways/serverfacts.h"
#include "app/text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/breaklabel.h"
#include "ui/widgets/certificatecard.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>

namespace gatehouse::ui {

using gateway::Stage;
using gateway::Verdict;

namespace {

constexpr int kVerdictWidth = 92;
constexpr int kNameWidth = 104;

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return StageRow::tr("Passed");
    case Verdict::Warning:
        return StageRow::tr("Warning");
    case Verdict::Failed:
        return StageRow::tr("Failed");
    case Verdict::Skipped:
        return StageRow::tr("Skipped");
    }
    return {};
}

Tone verdictTone(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return Tone::Good;
    case Verdict::Warning:
        return Tone::Warning;
    case Verdict::Failed:
        return Tone::Bad;
    case Verdict::Skipped:
        return Tone::Neutral;
    }
    return Tone::Neutral;
}

} // namespace

StageRow::StageRow(Stage stage, QWidget *parent)
    : QWidget(parent), m_stage(stage), m_verdict(new Badge(this)), m_name(new QLabel(stageName(stage), this)),
      m_text(new BreakLabel(this)), m_time(new QLabel(this)), m_remedy(new Note(Tone::Warning, {}, this)),
      m_certificateToggle(new QPushButton(this)), m_certificate(new QWidget(this)),
      m_certificateRows(new PropertyRows(m_certificate)), m_failedChecks(new Note(Tone::Bad, {}, m_certificate))
{
    setObjectName(QStringLiteral("stage-") + gateway::stageKey(stage));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setFocusPolicy(Qt::NoFocus);
    m_text->setObjectName(QStringLiteral("stageText"));
    m_time->setForegroundRole(QPalette::PlaceholderText);
    m_time->setAlignment(Qt::AlignTrailing | Qt::AlignTop);
    m_certificateToggle->setProperty("form", QStringLiteral("link"));
    m_certificateToggle->setCheckable(true);
    m_certificateToggle->setAutoDefault(false);
    m_certificateToggle->setObjectName(QStringLiteral("certificateToggle"));
    m_certificateToggle->hide();
    connect(m_certificateToggle, &QPushButton::toggled, this, &StageRow::showDetails);
    m_certificateRows->setAccessibleName(tr("Certificate"));
    m_certificate->setObjectName(QStringLiteral("certificate"));
    auto *certificate = new QVBoxLayout(m_certificate);
    certificate->setContentsMargins(0, 4, 0, 4);
    certificate->setSpacing(8);
    certificate->addWidget(m_failedChecks);
    certificate->addWidget(m_certificateRows);
    m_certificate->hide();
    m_failedChecks->setAction(tr("Trust exactly this certificate…"));
    connect(m_failedChecks, &Note::actionClicked, this, [this] { emit trustRequested(m_seen); });

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 5, 0, 5);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnMinimumWidth(0, kVerdictWidth);
    grid->setColumnMinimumWidth(1, kNameWidth);
    grid->setColumnStretch(2, 1);
    grid->addWidget(m_verdict, 0, 0, Qt::AlignLeading | Qt::AlignTop);
    grid->addWidget(m_name, 0, 1, Qt::AlignTop);
    grid->addWidget(m_text, 0, 2);
    grid->addWidget(m_time, 0, 3, Qt::AlignTop);
    grid->addWidget(m_certificateToggle, 1, 2, Qt::AlignLeading);
    grid->addWidget(m_certificate, 2, 1, 1, 3);
    grid->addWidget(m_remedy, 3, 1, 1, 3);
    setWaiting();
}

QString StageRow::stageName(Stage stage)
{
    switch (stage) {
    case Stage::Resolve:
        return tr("Resolve");
    case Stage::Connect:
        return tr("Connect");
    case Stage::Secure:
        return tr("Secure");
    case Stage::Bind:
        return tr("Bind");
    case Stage::RootDse:
        return tr("Server");
    case Stage::ReadBase:
        return tr("Read base");
    case Stage::Page:
        return tr("Read in pages");
    case Stage::Count:
        return tr("Count again");
    case Stage::LargeGroups:
        return tr("Large groups");
    case Stage::Changes:
        return tr("Deletions");
    case Stage::Writing:
        return tr("Writing");
    case Stage::Tickets:
        return tr("Kerberos");
    }
    return {};
}

void StageRow::setWaiting()
{
    m_hasResult = false;
    m_verdict->setState(tr("Waiting"), Tone::Neutral, false);
    m_text->setText({});
    m_time->setText({});
    m_remedy->setText({}, Tone::Warning);
    m_certificateToggle->hide();
    m_certificateToggle->setChecked(false);
    m_certificate->hide();
}

void StageRow::setTesting()
{
    m_verdict->setState(tr("Testing"), Tone::Accent);
}

void StageRow::setStopped()
{
    if (!m_hasResult)
        m_verdict->setState(tr("Not tested"), Tone::Neutral, false);
}

void StageRow::setResult(const gateway::StageResult &result)
{
    m_hasResult = true;
    const Tone tone = verdictTone(result.verdict);
    m_verdict->setState(verdictText(result.verdict), tone);
    QString text = result.text;
    text.replace(QLatin1String(" -> "), QStringLiteral(" → "));
    // Facts come in the form of logs; people read dates in their own.
    static const QRegularExpression isoTime(QStringLiteral("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"));
    if (const auto found = isoTime.match(text); found.hasMatch())
        text.replace(found.captured(), app::Text::fullTime(QDateTime::fromString(found.captured(), Qt::ISODate)));
    // A host's name stays as it is written; all else is a sentence.
    if (m_stage != Stage::Resolve && !text.isEmpty())
        text[0] = text[0].toUpper();
    m_text->setText(text);
    QPalette palette = m_text->palette();
    palette.setColor(QPalette::WindowText, tone == Tone::Warning || tone == Tone::Bad ? colors().foreground(tone)
                                           : tone == Tone::Neutral                    ? colors().muted
                                                                                      : colors().text);
    m_text->setPalette(palette);
    m_time->setText(result.verdict == Verdict::Skipped
                        ? QString()
                        : tr("%1 ms").arg(QLocale().toString(result.milliseconds)));
    m_remedy->setText(result.remedy, tone == Tone::Bad ? Tone::Bad : Tone::Warning);
    m_remedy->setCopyText(result.remedy);
    setAccessibleName(QStringLiteral("%1: %2. %3 %4").arg(stageName(m_stage), verdictText(result.verdict), text,
                                                          result.remedy));
    if (result.server)
        showServer(*result.server);
    if (!result.certificate)
        return;
    const ldap::CertificateReport &seen = *result.certificate;
    m_seen = seen;
    ui::showCertificate(m_certificateRows, seen);
    m_failedChecks->setText(seen.failedChecks.isEmpty()
                                ? QString()
                                : tr("Failed checks: %1").arg(seen.failedChecks.join(QStringLiteral("; "))),
                            Tone::Bad);
    m_certificateToggle->setVisible(!seen.sha256.isEmpty());
    m_certificateToggle->setChecked(result.verdict == Verdict::Failed || !seen.failedChecks.isEmpty());
    showDetails(m_certificateToggle->isChecked());
}

void StageRow::showDetails(bool shown)
{
    if (m_isServer)
        m_certificateToggle->setText(shown ? tr("Hide what the server can") : tr("Show what the server can"));
    else
        m_certificateToggle->setText(shown ? tr("Hide certificate") : tr("Show certificate"));
    m_certificate->setVisible(shown);
}

void StageRow::showServer(const ldap::ServerInfo &server)
{
    m_isServer = true;
    m_certificateRows->setAccessibleName(tr("What the server is and can"));
    m_certificateRows->clear();
    for (const auto &[label, value] : app::serverFacts(server))
        m_certificateRows->addRow(label, label, value);
    m_certificateToggle->show();
    showDetails(false);
}

} // namespace gatehouse::ui
