// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/samplebar.h"

#include "app/provisioning/mappingtrial.h"
#include "app/roles.h"
#include "core/expr/fault.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowdelegate.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kShownPeople = 6;
constexpr int kPopupWidth = 340;
constexpr int kFieldWidth = 300;
constexpr int kPatienceMs = 400; ///< before a search is said to go on
constexpr int kNamedMatches = 3;

/// What a sign-on would do to the sample.
std::pair<QString, Tone> signOnVerdict(const provision::PersonOutcome &outcome, qsizetype changes)
{
    if (outcome.action == core::Action::Failed)
        return {SampleBar::tr("Sign-on would be refused"), Tone::Bad};
    if (outcome.action == core::Action::Create)
        return {SampleBar::tr("Created at first sign-on"), Tone::Good};
    if (!outcome.allowed)
        return {SampleBar::tr("User already: not updated"), Tone::Neutral};
    return {changes == 0   ? SampleBar::tr("No change")
            : changes == 1 ? SampleBar::tr("1 change")
                           : SampleBar::tr("%1 changes").arg(changes),
            changes == 0 ? Tone::Neutral : Tone::Accent};
}

/// What a run would do to the sample.
std::pair<QString, Tone> verdictOf(const provision::PersonOutcome &outcome, bool isSignOn)
{
    const auto changes = std::count_if(outcome.rows.cbegin(), outcome.rows.cend(), [](const provision::RowOutcome &row) {
        return row.state == provision::RowOutcome::State::Changed;
    });
    if (isSignOn)
        return signOnVerdict(outcome, changes);
    if (outcome.action == core::Action::Failed)
        return {SampleBar::tr("Cannot be provisioned"), Tone::Bad};
    if (!outcome.allowed)
        return {SampleBar::tr("Left alone: the connection does not allow it"), Tone::Neutral};
    switch (outcome.action) {
    case core::Action::Create:
        return {SampleBar::tr("Would be created"), Tone::Good};
    case core::Action::Enable:
        return {SampleBar::tr("Would be enabled"), Tone::Good};
    case core::Action::Disable:
        return {SampleBar::tr("Would be disabled"), Tone::Warning};
    case core::Action::Update:
        return {changes == 0   ? SampleBar::tr("Would be linked")
                : changes == 1 ? SampleBar::tr("1 change")
                               : SampleBar::tr("%1 changes").arg(changes),
                Tone::Accent};
    default:
        return {SampleBar::tr("No change"), Tone::Neutral};
    }
}

} // namespace

SampleBar::SampleBar(app::MappingTrial &trial, QWidget *parent)
    : QWidget(parent), m_trial(trial), m_search(new QLineEdit), m_people(new QStandardItemModel(this)),
      m_verdict(new Badge), m_dn(new ElidedLabel), m_everybody(new QPushButton), m_cancel(new QPushButton(tr("Cancel search"))),
      m_problem(new Note), m_error(new ErrorPanel)
{
    setObjectName(QStringLiteral("sampleBar"));
    auto *label = new QLabel(tr("Sa&mple"));
    label->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    label->setBuddy(m_search);
    m_search->setObjectName(QStringLiteral("sampleSearch"));
    m_search->setAccessibleName(tr("Sample person"));
    m_search->setAccessibleDescription(tr("Type a few letters of a name, a username or an e-mail address to try the "
                                          "mapping on somebody else."));
    m_search->setPlaceholderText(tr("Search the directory"));
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setProperty("form", QStringLiteral("search"));
    m_search->setMinimumWidth(80);
    m_search->setMaximumWidth(kFieldWidth);
    m_search->installEventFilter(this);
    auto *completer = new QCompleter(m_people, m_search);
    completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer->setCompletionRole(Qt::DisplayRole);
    completer->setMaxVisibleItems(kShownPeople);
    completer->popup()->setItemDelegate(new RowDelegate(completer->popup()));
    completer->popup()->setMinimumWidth(kPopupWidth);
    completer->popup()->setAccessibleName(tr("People found"));
    m_search->setCompleter(completer);
    connect(completer, qOverload<const QModelIndex &>(&QCompleter::activated), this, [this](const QModelIndex &index) {
        m_searching = false;
        m_trial.choose(index.data(app::IdRole).toByteArray());
    });
    connect(m_search, &QLineEdit::textEdited, this, [this](const QString &text) {
        m_searching = true;
        if (m_isSignOn)
            m_people->clear(); // a user name is typed, not chosen from: nothing is offered for it
        m_trial.search(text);
    });

    m_verdict->setObjectName(QStringLiteral("sampleVerdict"));
    m_verdict->hide();
    m_dn->setObjectName(QStringLiteral("sampleDn"));
    m_dn->setFont(scaledFont(monospaceFont(font()), 0.87));
    m_dn->setForegroundRole(QPalette::PlaceholderText);
    m_everybody->setProperty("form", QStringLiteral("link"));
    m_everybody->setObjectName(QStringLiteral("everybodyLink"));
    m_everybody->setAutoDefault(false);
    m_everybody->hide();
    connect(m_everybody, &QPushButton::clicked, this, &SampleBar::everybodyClicked);
    m_cancel->setProperty("form", QStringLiteral("link"));
    m_cancel->setObjectName(QStringLiteral("cancelSearch"));
    m_cancel->setAutoDefault(false);
    m_cancel->hide();
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_trial.cancelSearch();
        showDetail(tr("The search was cancelled"));
    });
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        showDetail(tr("Asking the directory…"));
        m_cancel->show();
    });
    m_problem->setObjectName(QStringLiteral("sampleProblem"));
    m_problem->hide();
    m_error->setObjectName(QStringLiteral("sampleError"));
    m_error->hide();
    connect(m_error, &ErrorPanel::retryClicked, this, [this] {
        m_error->hide();
        m_trial.retry();
    });

    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(label);
    first->addWidget(m_search, 100);
    first->addWidget(m_verdict);
    first->addStretch(1); // only once the field is as wide as it gets
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    second->addWidget(m_dn, 1);
    second->addWidget(m_cancel);
    second->addWidget(m_everybody);
    layout->addLayout(second);
    layout->addWidget(m_problem);
    layout->addWidget(m_error);
    setFocusProxy(m_search);
    connect(&m_trial, &app::MappingTrial::found, this, &SampleBar::onFound);
    connect(&m_trial, &app::MappingTrial::chosen, this, &SampleBar::onChosen);
    connect(&m_trial, &app::MappingTrial::outcomeChanged, this, &SampleBar::onOutcome);
    connect(&m_trial, &app::MappingTrial::identified, this, &SampleBar::onIdentified);
    connect(&m_trial, &app::MappingTrial::searching, this, &SampleBar::onSearching);
    connect(&m_trial, &app::MappingTrial::unavailable, this, [this](const QString &why) {
        m_error->hide();
        showDetail(why);
    });
    connect(&m_trial, &app::MappingTrial::directoryFailed, this, [this](const core::Error &error) {
        m_error->setError(error, true);
        m_error->show();
    });
}

void SampleBar::useSignOnWords()
{
    m_isSignOn = true;
    m_search->setPlaceholderText(tr("User name, as typed to sign on"));
    m_search->setAccessibleName(tr("Sample user name"));
    m_search->setAccessibleDescription(tr("Type what a person types as user name to try the mapping on the entry that the "
                                          "LDAP filter finds by it. Down lists people who can be found."));
}

void SampleBar::onSearching(bool going)
{
    if (going) {
        m_patience.start();
        return;
    }
    m_patience.stop();
    if (m_cancel->isVisibleTo(this)) {
        m_cancel->hide();
        showDetail(m_trial.entry() ? QString::fromUtf8(m_trial.entry()->dn) : QString());
    }
}

void SampleBar::onIdentified(const QString &typed, const app::IdentifierAnswer &answer)
{
    m_error->hide();
    if (answer.entry) {
        m_searching = m_searching && m_search->text().trimmed() != typed; // it is the sample's now
        return;
    }
    m_verdict->hide();
    if (answer.matches.size() > 1)
        m_problem->setText(tr("%1 entries match %2, so the sign-on is refused: %3")
                               .arg(QString::number(answer.matches.size()), answer.filter,
                                    answer.matches.mid(0, kNamedMatches).join(QStringLiteral("; "))),
                           Tone::Bad);
    else if (answer.matches.isEmpty())
        showDetail(tr("Nobody below the base DN matches %1").arg(answer.filter));
    else
        m_problem->setText(core::expr::capitalized(answer.why), Tone::Bad);
}

void SampleBar::showDetail(const QString &text)
{
    m_dn->setText(text);
    m_dn->setToolTip(text);
    m_dn->setAccessibleName(text);
}

void SampleBar::onFound(const QList<provision::FoundEntry> &entries)
{
    m_people->clear();
    for (const provision::FoundEntry &entry : entries) {
        auto *item = new QStandardItem(entry.title.isEmpty() ? QString::fromUtf8(entry.dn) : entry.title);
        item->setData(item->text(), app::TitleRole);
        item->setData(entry.detail.isEmpty() ? QString::fromUtf8(entry.dn)
                                             : entry.detail + QStringLiteral(" · ") + QString::fromUtf8(entry.dn),
                      app::SubtitleRole);
        item->setData(entry.dn, app::IdRole);
        m_people->appendRow(item);
    }
    m_error->hide();
    if (!m_searching || !m_search->hasFocus())
        return;
    if (entries.isEmpty()) {
        m_search->completer()->popup()->hide();
        showDetail(m_isSignOn                   ? tr("Nobody could be migrated: no entry matches")
                   : m_search->text().isEmpty() ? tr("Nobody is in scope")
                                                : tr("Nobody in scope is called “%1”").arg(m_search->text()));
        return;
    }
    m_search->completer()->complete();
}

void SampleBar::onChosen()
{
    m_error->hide();
    m_verdict->hide();
    m_problem->setText({}, Tone::Neutral);
    // A user name that is being typed stays as it is typed, whomever it finds on the way.
    if (m_isSignOn && m_searching) {
        showDetail(m_trial.entry() ? QString::fromUtf8(m_trial.entry()->dn) : QString());
        return;
    }
    m_searching = false;
    showName();
}

void SampleBar::showName()
{
    const bool named = m_isSignOn && !m_trial.identifier().isEmpty();
    // Who signs on by a name that finds nobody is not put right by taking the name away.
    if (!m_isSignOn || m_trial.entry()) {
        m_search->setText(named ? m_trial.identifier() : m_trial.title());
        m_search->setCursorPosition(0);
    }
    const QString dn = m_trial.entry() ? QString::fromUtf8(m_trial.entry()->dn) : QString();
    showDetail(dn);
    m_dn->setAccessibleName(tr("The sample's DN: %1").arg(dn));
}

void SampleBar::onOutcome(const provision::PersonOutcome &outcome)
{
    const auto [text, tone] = verdictOf(outcome, m_isSignOn);
    if (m_verdict->text() != text || m_verdict->isHidden())
        m_verdict->setState(text, tone);
    m_verdict->show();
    const QString time = tr("live, %1 ms").arg(double(outcome.nanoseconds) / 1e6, 0, 'f', 1);
    m_verdict->setToolTip(outcome.existing ? tr("%1 is a user already (%2)").arg(outcome.username, time)
                                           : tr("Nobody here has this username yet (%1)").arg(time));
    QStringList problems;
    for (const core::Problem &problem : outcome.problems)
        problems << core::expr::capitalized(problem.message);
    m_problem->setText(problems.join(u'\n'), Tone::Bad);
}

void SampleBar::setEverybody(const QString &text, Tone tone)
{
    m_everybody->setText(text);
    m_everybody->setVisible(!text.isEmpty());
    m_everybody->setIcon(tone == Tone::Neutral ? QIcon()
                                               : QIcon(tintedPixmap(toneIcon(tone), iconSide(font()), colors().foreground(tone))));
    m_everybody->setToolTip(m_isSignOn ? tr("Show what the mapping does to everybody who could be migrated")
                                       : tr("Show what the mapping does to everybody in scope"));
}

bool SampleBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_search)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusIn) {
        m_search->selectAll();
    } else if (event->type() == QEvent::FocusOut && m_searching
               && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason) {
        m_searching = false;
        if (!m_isSignOn || m_trial.entry())
            showName(); // left without a choice: the sample is who it was
    } else if (event->type() == QEvent::ShortcutOverride && m_searching
               && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    } else if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Escape && m_searching) {
            m_searching = false;
            showName();
            m_search->selectAll();
            return true;
        }
        if (key->key() == Qt::Key_Down && !m_search->completer()->popup()->isVisible()) {
            m_searching = true;
            const bool asShown = m_search->text() == m_trial.title() || m_search->text() == m_trial.identifier();
            m_trial.list(asShown ? QString() : m_search->text());
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && m_searching) {
            m_trial.search(m_search->text());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
