// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/signondialog.h"

#include "app/roles.h"
#include "signon/signon.h"
#include "ui/theme/theme.h"
#include "ui/widgets/beforeafterdelegate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/form.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/scrollpane.h"
#include "ui/widgets/tableview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

using signon::Outcome;
using signon::Report;

namespace {

enum Column { What, Change, ColumnCount };
constexpr int kMaxTableRows = 12; ///< in sight at once; more scroll

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setFont(scaledFont(parent->font(), 1.0, QFont::DemiBold));
    return label;
}

QString checkedBy(const Report &report)
{
    switch (report.checker) {
    case signon::Checker::Nobody:
        return report.simulated ? SignOnDialog::tr("Nobody: a simulation asks for no password")
                                : SignOnDialog::tr("Nobody");
    case signon::Checker::Directory:
        return SignOnDialog::tr("The directory");
    case signon::Checker::IdentityDirectory:
        return QStringLiteral("PingOne");
    case signon::Checker::Ticket:
        return SignOnDialog::tr("Nobody: the ticket is the proof");
    }
    return {};
}

} // namespace

SignOnDialog::SignOnDialog(app::Console &console, const QString &gateway, const QString &userType, QWidget *parent)
    : QDialog(parent), m_console(console), m_gateway(gateway),
      m_signOn(new signon::SignOn(console.environmentPath(), this)), m_proof(new QComboBox), m_proofField(nullptr),
      m_identifierField(nullptr), m_passwordField(nullptr), m_identifier(new QLineEdit),
      m_password(new QLineEdit), m_newPassword(new QLineEdit), m_newPasswordField(nullptr), m_userType(new QComboBox),
      m_simulate(new QPushButton(tr("S&imulate"), this)), m_go(new QPushButton(tr("Sign &on"), this)),
      m_intro(new Note(Tone::Neutral, {}, this)), m_error(new ErrorPanel(this)), m_report(new QWidget), m_outcome(new Note), m_problems(new Note),
      m_facts(new PropertyRows), m_considered(new PropertyRows), m_changesTitle(nullptr),
      m_changes(new QStandardItemModel(0, ColumnCount, this)), m_table(new TableView)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("signOnDialog"));
    setWindowTitle(tr("Sign on through %1").arg(gateway));
    resize(760, 680);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(12);
    auto *title = new QLabel(windowTitle(), this);
    title->setFont(scaledFont(font(), 1.12, QFont::DemiBold));
    title->setTextFormat(Qt::PlainText);
    layout->addWidget(title);
    makeQuestion();
    m_intro->setObjectName(QStringLiteral("intro"));
    m_intro->setText(tr("Simulate shows who would be found and by which user type, and what would become of the user and the groups; "
                        "nothing is written. Sign on does it."),
                     Tone::Neutral);
    layout->addWidget(m_intro);
    layout->addWidget(m_error);
    makeReport();
    auto *scroll = new ScrollPane(m_report);
    m_report->hide(); // until there is one
    layout->addWidget(scroll, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    auto *close = new QPushButton(tr("&Close"), this);
    close->setAutoDefault(false);
    m_simulate->setObjectName(QStringLiteral("simulate"));
    m_simulate->setDefault(true);
    m_go->setObjectName(QStringLiteral("signOn"));
    m_go->setAutoDefault(false);
    for (QPushButton *button : {close, m_go, m_simulate})
        buttons->addWidget(button);
    layout->addLayout(buttons);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_simulate, &QPushButton::clicked, this, [this] { start(true); });
    connect(m_go, &QPushButton::clicked, this, [this] { start(false); });
    connect(m_signOn, &signon::SignOn::finished, this, &SignOnDialog::show);
    connect(m_signOn, &signon::SignOn::failed, this, [this](const core::Error &error) {
        setRunning(false);
        noteUse(error);
        m_report->hide();
        m_error->setError(error);
    });
    if (const int at = m_userType->findData(userType); at >= 0)
        m_userType->setCurrentIndex(at);
    setRunning(false);
    m_identifier->setFocus();
}

void SignOnDialog::makeQuestion()
{
    m_identifier->setObjectName(QStringLiteral("identifier"));
    m_password->setObjectName(QStringLiteral("password"));
    m_newPassword->setObjectName(QStringLiteral("newPassword"));
    m_userType->setObjectName(QStringLiteral("userType"));
    for (QLineEdit *secret : {m_password, m_newPassword}) {
        secret->setEchoMode(QLineEdit::Password);
        secret->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    }
    m_userType->addItem(tr("The first that finds somebody"), QString());
    m_proof->setObjectName(QStringLiteral("proof"));
    m_proof->addItem(tr("User name and password"), int(signon::Proof::Password));
    m_proof->addItem(tr("Kerberos ticket of this desktop"), int(signon::Proof::DesktopTicket));
    bool takesTickets = false;
    if (const core::Gateway *gateway = m_console.configuration().gateway(m_gateway)) {
        for (const core::UserType &one : gateway->userTypes)
            m_userType->addItem(one.name, one.name);
        takesTickets = gateway->kerberos.has_value();
    }
    auto *column = static_cast<QVBoxLayout *>(layout());
    const auto addLine = [column](std::initializer_list<FormField *> fields) {
        auto *line = new QHBoxLayout;
        line->setSpacing(16);
        for (FormField *field : fields)
            line->addWidget(field, 1, Qt::AlignTop);
        column->addLayout(line);
    };
    // Made in the order in which Tab goes through them.
    m_proofField = new FormField(tr("Sign on &with"), m_proof, this);
    auto *userType = new FormField(tr("User &type"), m_userType, this);
    m_identifierField = new FormField(tr("&User name"), m_identifier, this);
    m_passwordField = new FormField(tr("&Password"), m_password, this);
    m_passwordField->setHelp(tr("Not needed to simulate."));
    addLine({m_proofField, userType});
    m_proofField->setVisible(takesTickets);
    addLine({m_identifierField, m_passwordField});
    m_newPasswordField = new FormField(tr("&New password"), m_newPassword, this);
    m_newPasswordField->setHelp(tr("The password was right, but must be changed: it is written to the directory."));
    m_newPasswordField->hide();
    column->addWidget(m_newPasswordField);
    connect(m_proof, &QComboBox::currentIndexChanged, this, &SignOnDialog::showProof);
    connect(m_identifier, &QLineEdit::textChanged, this, [this] { setRunning(m_signOn->isRunning()); });
    connect(m_password, &QLineEdit::textChanged, this, [this] { setRunning(m_signOn->isRunning()); });
}

void SignOnDialog::makeReport()
{
    auto *column = new QVBoxLayout(m_report);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(8);
    m_outcome->setObjectName(QStringLiteral("outcome"));
    m_problems->setObjectName(QStringLiteral("problems"));
    m_facts->setObjectName(QStringLiteral("facts"));
    m_facts->setAccessibleName(tr("What was found"));
    m_considered->setObjectName(QStringLiteral("considered"));
    m_considered->setAccessibleName(tr("User types, in the order in which they were tried"));
    column->addWidget(m_outcome);
    column->addWidget(m_problems);
    column->addWidget(m_facts);
    column->addSpacing(8);
    column->addWidget(heading(tr("User types, in the order in which they were tried"), m_report));
    column->addWidget(m_considered);
    column->addSpacing(8);
    m_changesTitle = heading(tr("Attributes and groups, before and after"), m_report);
    column->addWidget(m_changesTitle);
    m_changes->setHorizontalHeaderLabels({tr("What"), tr("Before and after")});
    m_table->setModel(m_changes);
    m_table->setObjectName(QStringLiteral("changes"));
    m_table->setAccessibleName(tr("Attributes and groups, before and after"));
    m_table->setItemDelegateForColumn(Change, new BeforeAfterDelegate(m_table));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->horizontalHeader()->setSectionResizeMode(Change, QHeaderView::Stretch);
    m_table->setColumnWidth(What, 220);
    column->addWidget(m_table);
    column->addStretch(1);
}

bool SignOnDialog::isByTicket() const
{
    return signon::Proof(m_proof->currentData().toInt()) == signon::Proof::DesktopTicket;
}

void SignOnDialog::showProof()
{
    const bool byTicket = isByTicket();
    m_proofField->setHelp(byTicket ? tr("That of whoever is signed on to the domain here. It may make a user, and never changes one.")
                                   : QString());
    m_identifierField->setVisible(!byTicket);
    m_passwordField->setVisible(!byTicket);
    m_newPasswordField->hide();
    setRunning(m_signOn->isRunning());
}

void SignOnDialog::setRunning(bool running)
{
    const bool named = isByTicket() || !m_identifier->text().trimmed().isEmpty();
    m_simulate->setEnabled(!running && named);
    m_go->setEnabled(!running && named && (isByTicket() || !m_password->text().isEmpty()));
}

void SignOnDialog::start(bool simulate)
{
    signon::Request request;
    request.gateway = m_gateway;
    request.proof = isByTicket() ? signon::Proof::DesktopTicket : signon::Proof::Password;
    request.identifier = isByTicket() ? QString() : m_identifier->text().trimmed();
    request.userType = m_userType->currentData().toString();
    request.simulate = simulate;
    if (!simulate && !isByTicket()) {
        request.password = core::Secret(m_password->text().toUtf8());
        if (m_newPasswordField->isVisible())
            request.newPassword = core::Secret(m_newPassword->text().toUtf8());
    }
    m_error->clear();
    m_intro->setText({}, Tone::Neutral);
    m_report->show();
    m_outcome->setText(simulate ? tr("Simulating…") : tr("Signing on…"), Tone::Neutral);
    m_problems->setText({}, Tone::Warning);
    m_facts->clear();
    m_considered->clear();
    m_changes->removeRows(0, m_changes->rowCount());
    m_signOn->start(request);
    setRunning(true);
}

/// A refused bind may be of the person who signs on, and tells nothing of the gateway.
void SignOnDialog::noteUse(const std::optional<core::Error> &error)
{
    const core::Gateway *gateway = m_console.configuration().gateway(m_gateway);
    if (gateway && (!error || error->code != core::Code::Unauthenticated))
        m_console.noteUse(*gateway, error);
}

void SignOnDialog::show(const Report &report)
{
    setRunning(false);
    if (report.error || !report.server.isEmpty())
        noteUse(report.error);
    m_newPasswordField->setVisible(report.outcome == Outcome::NewPasswordNeeded);
    QString text;
    Tone tone = Tone::Bad;
    switch (report.outcome) {
    case Outcome::Succeeded:
        tone = Tone::Good;
        text = report.readThrough ? tr("The sign-on succeeds. No record is made: the user type does not migrate.")
               : report.createsUser ? (report.simulated ? tr("The sign-on would succeed and make a new user.")
                                                        : tr("Signed on; a new user was made."))
               : report.updatesUser ? (report.simulated ? tr("The sign-on would succeed and update the user.")
                                                        : tr("Signed on; the user was updated."))
                                    : (report.simulated ? tr("The sign-on would succeed. Nothing would change.")
                                                        : tr("Signed on. Nothing had to change."));
        break;
    case Outcome::NewPasswordNeeded:
        tone = Tone::Warning;
        text = tr("The password is right, but must be changed.");
        break;
    case Outcome::Refused:
        text = report.simulated ? tr("The sign-on would be refused.") : tr("The sign-on was refused.");
        break;
    }
    if (!report.reason.isEmpty() && report.outcome != Outcome::Succeeded)
        text += u' ' + report.reason.left(1).toUpper() + report.reason.mid(1) + u'.';
    m_outcome->setText(text, tone);
    QStringList problems;
    for (const core::Problem &problem : report.problems)
        problems << (problem.attribute.isEmpty() ? problem.message : tr("%1: %2").arg(problem.attribute, problem.message));
    if (report.error)
        problems << report.error->text();
    m_problems->setText(problems.isEmpty() ? QString() : tr("What stands in the way:\n%1").arg(problems.join(u'\n')),
                        Tone::Warning);
    m_facts->clear();
    if (!report.ticketHolder.isEmpty())
        m_facts->addRow(QStringLiteral("ticket"), tr("Ticket of"), report.ticketHolder, PropertyRows::Monospace);
    m_facts->addRow(QStringLiteral("userType"), tr("User type"), report.userType);
    m_facts->addRow(QStringLiteral("entry"), tr("Entry"), report.entry ? QString::fromUtf8(report.entry->dn) : QString(),
                    PropertyRows::Monospace);
    m_facts->addRow(QStringLiteral("server"), tr("Server asked"), report.server, PropertyRows::Monospace);
    m_facts->addRow(QStringLiteral("checker"), tr("Password checked by"), checkedBy(report));
    showConsidered(report);
    showChanges(report);
    if (!report.simulated && report.outcome == Outcome::Succeeded) {
        m_password->clear();
        m_newPassword->clear();
        emit signedOn();
    }
}

void SignOnDialog::showConsidered(const Report &report)
{
    m_considered->clear();
    for (qsizetype i = 0; i < report.considered.size(); ++i) {
        const signon::Considered &one = report.considered.at(i);
        const QString key = QString::number(i);
        m_considered->addRow(key, one.userType, one.chosen ? tr("Chosen: %1").arg(one.why) : tr("Not chosen: %1").arg(one.why));
        m_considered->addRow(key + QStringLiteral("filters"), tr("Filter sent"),
                             one.filters.isEmpty() ? tr("None") : one.filters.join(u'\n'), PropertyRows::Monospace);
        m_considered->addRow(key + QStringLiteral("found"), tr("Entries found"),
                             one.found.isEmpty() ? tr("None") : one.found.join(u'\n'), PropertyRows::Monospace);
    }
}

void SignOnDialog::showChanges(const Report &report)
{
    m_changes->removeRows(0, m_changes->rowCount());
    const auto add = [this](const QString &what, const QString &before, const QString &after) {
        auto *name = new QStandardItem(what);
        auto *change = new QStandardItem;
        change->setData(before.isEmpty() ? QVariant() : QVariant(before), app::BeforeRole);
        change->setData(after.isEmpty() ? QVariant() : QVariant(after), app::AfterRole);
        // For those who copy or listen.
        change->setText(before == after ? after : tr("%1 → %2").arg(before.isEmpty() ? tr("nothing") : before,
                                                                    after.isEmpty() ? tr("nothing") : after));
        m_changes->appendRow({name, change});
    };
    const core::AttributeCatalog &catalog = m_console.catalog();
    for (const core::AttributeChange &change : report.attributes) {
        const int number = catalog.find(change.name);
        add(number < 0 ? change.name : catalog.at(number).displayName, core::displayText(change.before),
            core::displayText(change.after));
    }
    for (const store::GroupChange &change : report.groups.value_or(QList<store::GroupChange>())) {
        const QString name = change.group.displayName.isEmpty() ? change.group.name : change.group.displayName;
        QString what = change.isNewGroup ? tr("Group (new)") : tr("Group");
        if (!change.group.direct)
            what = tr("%1, through %2").arg(what, report.groupPaths.value(change.group.name).join(QStringLiteral(" › ")));
        using Kind = store::GroupChange::Kind;
        add(what, change.kind == Kind::Added ? QString() : name, change.kind == Kind::Removed ? QString() : name);
    }
    const bool any = m_changes->rowCount() > 0;
    m_changesTitle->setVisible(any);
    m_table->setVisible(any);
    const int rows = std::min(kMaxTableRows, m_changes->rowCount());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
                            + rows * m_table->verticalHeader()->defaultSectionSize() + 4);
}

} // namespace gatehouse::ui
