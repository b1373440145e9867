// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/lookuptab.h"

#include "app/gateways/usertypeedit.h"
#include "app/gateways/usertyperows.h"
#include "app/text.h"
#include "store/reader.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/pages/gateways/usertypeform.h"
#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/editing.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/section.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

#include <climits>

namespace gatehouse::ui {

using app::UserTypeEdit;

namespace {

/// "Username ← uid", a line each; what is not a plain attribute as it is written.
QString mappingText(const QList<core::UserTypeMapping> &mappings, const core::AttributeCatalog &catalog)
{
    QStringList lines;
    for (const core::AttributeMapping &row : app::mappingRows(mappings)) {
        const int number = catalog.find(row.target);
        lines << (number < 0 ? row.target : catalog.at(number).displayName) + QStringLiteral(" ← ")
                     + (row.source.isEmpty() ? row.expression : row.source);
    }
    return lines.join(u'\n');
}

QToolButton *flatButton(const QString &iconName, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("form", QStringLiteral("flat"));
    button->setIcon(icon(iconName));
    button->setIconSize(QSize(iconSide(parent->font()), iconSide(parent->font())));
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

} // namespace

LookupTab::LookupTab(const PageContext &context, Editing *editing, QWidget *parent)
    : QWidget(parent), m_context(context), m_editing(editing), m_title(new QLabel(tr("User Types"), this)),
      m_add(new QPushButton(tr("+ &Add User Type"), this)),
      m_empty(new EmptyState(QStringLiteral("users"), tr("No user types"),
                             tr("A user type says how one kind of person is found in this directory when they sign on, "
                                "and who checks their password."),
                             tr("Add User Type"), this))
{
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_title->setContentsMargins(4, 0, 0, 0);
    m_add->setObjectName(QStringLiteral("addUserType"));
    m_add->setAutoDefault(false);
    connect(m_add, &QPushButton::clicked, this, &LookupTab::add);
    connect(m_empty, &EmptyState::actionClicked, this, &LookupTab::add);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto *top = new QHBoxLayout;
    top->addWidget(m_title);
    top->addStretch(1);
    top->addWidget(m_add);
    column->addLayout(top);
    column->addWidget(m_empty);
    m_list = new QVBoxLayout;
    m_list->setSpacing(20);
    column->addLayout(m_list);
}

void LookupTab::show(const core::Gateway &gateway)
{
    m_gateway = gateway;
    if (m_editing->isActive())
        return;
    // Whoever stands on a user type is not thrown out by what does not concern it.
    QStringList exclusions;
    for (const core::UserType &one : gateway.userTypes)
        exclusions << UserTypeEdit::exclusion(m_context.console.configuration(), gateway, one);
    if (m_shown && *m_shown == gateway.userTypes && m_exclusions == exclusions)
        return;
    m_shown = gateway.userTypes;
    m_exclusions = exclusions;
    rebuild();
}

void LookupTab::rebuild()
{
    for (const Card &card : std::as_const(m_cards)) {
        card.section->hide();
        m_list->removeWidget(card.section);
        card.section->deleteLater();
    }
    m_cards.clear();
    for (int place = 0; place < m_gateway.userTypes.size(); ++place) {
        Card card;
        card.id = m_gateway.userTypes.at(place).id;
        card.section = makeSection(m_gateway.userTypes.at(place), place, card);
        m_list->addWidget(card.section);
        card.section->show();
        m_cards.append(card);
        if (card.id == m_focus)
            card.more->setFocus(Qt::OtherFocusReason);
    }
    m_focus = QUuid();
    const bool any = !m_cards.isEmpty();
    m_title->setVisible(any);
    m_add->setVisible(any);
    m_empty->setVisible(!any);
}

Section *LookupTab::makeSection(const core::UserType &userType, int place, Card &card)
{
    const QUuid id = userType.id;
    auto *section = new Section(userType.name);
    section->setObjectName(QStringLiteral("userType-") + userType.name);
    const int count = int(m_gateway.userTypes.size());
    if (count > 1) {
        auto *order = new Badge(QString::number(place + 1), Tone::Neutral, false);
        order->setAccessibleName(tr("Tried as number %1").arg(place + 1));
        order->setToolTip(order->accessibleName());
        section->addBadge(order);
        auto *grip = flatButton(QStringLiteral("menu"), tr("Drag to put in order"), section);
        grip->setObjectName(QStringLiteral("grip"));
        grip->setCursor(Qt::OpenHandCursor);
        grip->setFocusPolicy(Qt::NoFocus);
        grip->installEventFilter(this);
        card.grip = grip;
        section->addHeaderWidget(grip);
        for (const int step : {-1, 1}) {
            auto *shortcut = new QShortcut(QKeySequence(Qt::ALT | (step < 0 ? Qt::Key_Up : Qt::Key_Down)), section, this,
                                           [this, id, step] { move(id, placeOf(id) + step); });
            shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        }
    }
    auto *more = flatButton(QStringLiteral("more"), tr("More options for %1").arg(userType.name), section);
    more->setObjectName(QStringLiteral("userTypeMore"));
    more->setFocusPolicy(Qt::StrongFocus);
    more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(more);
    menu->addAction(icon(QStringLiteral("edit")), tr("&Edit"), this, [this, id] { edit(id); });
    menu->addAction(icon(QStringLiteral("key")), tr("&Sign on…"), this,
                    [this, name = userType.name] { emit signOnRequested(name); });
    QAction *up = menu->addAction(icon(QStringLiteral("up")), tr("Move &up"), this, [this, id] { move(id, placeOf(id) - 1); });
    QAction *down =
        menu->addAction(icon(QStringLiteral("down")), tr("Move &down"), this, [this, id] { move(id, placeOf(id) + 1); });
    up->setVisible(count > 1);
    down->setVisible(count > 1);
    up->setEnabled(place > 0);
    down->setEnabled(place + 1 < count);
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("delete")), tr("De&lete…"), this, [this, id] { remove(id); });
    more->setMenu(menu);
    section->addHeaderWidget(more);
    card.more = more;
    fillSection(section, userType);
    return section;
}

void LookupTab::fillSection(Section *section, const core::UserType &userType)
{
    const QString excluded = UserTypeEdit::exclusion(m_context.console.configuration(), m_gateway, userType);
    if (!excluded.isEmpty()) {
        auto *warning = new Note(Tone::Warning, excluded);
        warning->setObjectName(QStringLiteral("exclusion"));
        section->addWidget(warning);
    }
    const auto yesNo = [](bool yes) { return yes ? tr("Yes") : tr("No"); };
    const bool isLdap = userType.passwordAuthority == core::PasswordAuthority::Ldap;
    PropertyRows *rows = section->rows();
    const auto add = [rows](const char *key, const QString &label, const QString &value, int options = PropertyRows::Plain) {
        rows->addRow(QString::fromLatin1(key), label, value, options);
    };
    add("authority", tr("Password Authority"), isLdap ? QStringLiteral("LDAP") : QStringLiteral("PingOne"));
    add("passwords", isLdap ? tr("Password changes from PingOne") : tr("Push password changes to LDAP"),
        yesNo(userType.allowPasswordChanges));
    add("base", tr("User Search LDAP Base DN"), userType.searchBaseDn, PropertyRows::Monospace);
    add("links", tr("User Link Attributes"), userType.orderedCorrelationAttributes.join(QStringLiteral(", ")),
        PropertyRows::Monospace);
    add("migration", tr("Migration of new users"), yesNo(userType.newUserLookup.has_value()));
    if (userType.newUserLookup) {
        add("filter", tr("LDAP Filter"), userType.newUserLookup->ldapFilterPattern, PropertyRows::Monospace);
        add("population", tr("Population"), userType.newUserLookup->population);
    }
    if (isLdap)
        add("update", tr("Update as users sign on"), yesNo(userType.updateUserOnSuccessfulAuthentication));
    if (userType.newUserLookup)
        add("mappings", tr("Map Attributes"),
            mappingText(userType.newUserLookup->attributeMappings,
                        app::userTypeCatalog(m_context.console.configuration())),
            PropertyRows::Monospace);
    if (userType.newUserLookup && userType.newUserLookup->nestedGroups)
        add("nested", tr("Nested groups"), tr("Yes"));
}

void LookupTab::add()
{
    m_editing->leave([this] {
        core::UserType blank;
        auto *form = new UserTypeForm(m_context.console, blank, m_gateway, m_context.console.configuration());
        m_editing->create(tr("Add User Type"), form, tr("the new user type"), tr("&Save"),
                          [this, form](const Form &, const Editing::Finish &finish) { save(form, finish); });
    });
}

void LookupTab::editCurrent()
{
    const QWidget *focused = QApplication::focusWidget();
    for (const Card &card : std::as_const(m_cards)) {
        if (focused && card.section->isAncestorOf(focused)) {
            edit(card.id);
            return;
        }
    }
    if (m_cards.isEmpty())
        add();
    else
        edit(m_cards.first().id);
}

void LookupTab::edit(const QUuid &id)
{
    m_editing->leave([this, id] {
        const core::UserType *current = userType(id);
        const int place = placeOf(id);
        if (!current || place < 0)
            return;
        auto *form = new UserTypeForm(m_context.console, *current, m_gateway, m_context.console.configuration());
        m_focus = id;
        m_editing->editSection(m_cards.at(place).section, form, current->name,
                               [this, form](const Form &, const Editing::Finish &finish) { save(form, finish); });
    });
}

void LookupTab::save(UserTypeForm *form, const std::function<void(const SaveFaults &)> &finish)
{
    const core::UserType changed = form->userType();
    const auto place = [form = QPointer<UserTypeForm>(form)](const app::FormFaults &faults) {
        return form ? form->place(faults) : SaveFaults();
    };
    if (const auto faults = UserTypeEdit::judge(m_context.console.configuration(), m_gateway.id, changed);
        !faults.isEmpty()) {
        finish(place(faults));
        return;
    }
    UserTypeEdit::save(m_context.console, this, m_gateway.id, changed,
                       [this, place, changed, finish](const app::FormFaults &faults) {
                           if (!faults.isEmpty()) {
                               finish(place(faults));
                               return;
                           }
                           emit said(tr("Saved %1.").arg(changed.name), Tone::Good);
                           finish({});
                       });
}

void LookupTab::remove(const QUuid &id)
{
    const core::UserType *current = userType(id);
    if (!current)
        return;
    m_editing->leave([this, id, name = current->name] {
        m_context.console.read<store::GatewayPeople>(
            this, [gateway = m_gateway.id](store::Reader &reader) { return reader.gatewayPeople(gateway); },
            [this, id, name](const core::Result<store::GatewayPeople> &people) {
                DeleteQuestion question;
                question.title = tr("Delete %1?").arg(name);
                question.text = tr("People who are found by it can no longer sign on through this gateway. A user type "
                                   "made again with the same settings is another one: each of them must then be tied to "
                                   "it anew.");
                question.dependentsTitle = tr("Who and what uses it:");
                for (const QString &rule :
                     UserTypeEdit::rulesThrough(m_context.console.configuration(), m_gateway, name))
                    question.dependents << tr("Rule “%1” will no longer authenticate via LDAP").arg(rule);
                const qint64 count = people ? people->byUserType.value(id) : 0;
                if (count > 0)
                    question.dependents << (count == 1 ? tr("1 person signs on by it")
                                                       : tr("%n people sign on by it", nullptr,
                                                            int(std::min<qint64>(count, INT_MAX))));
                if (!people)
                    question.dependents << tr("How many people use it could not be read");
                askDelete(this, question, [this, id, name] {
                    UserTypeEdit::remove(m_context.console, this, m_gateway.id, id,
                                         [this, name](const app::Console::SaveAnswer &answer) {
                                             if (answer)
                                                 emit said(tr("Deleted %1.").arg(name), Tone::Good);
                                             else
                                                 emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
                                         });
                });
            });
    });
}

void LookupTab::move(const QUuid &id, int to)
{
    if (to < 0 || to >= m_cards.size() || placeOf(id) < 0 || placeOf(id) == to)
        return;
    m_editing->leave([this, id, to] {
        m_focus = id;
        UserTypeEdit::move(m_context.console, this, m_gateway.id, id, to,
                           [this](const app::Console::SaveAnswer &answer) {
                               if (!answer) {
                                   rebuild();
                                   emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
                               }
                           });
    });
}

bool LookupTab::eventFilter(QObject *watched, QEvent *event)
{
    auto *grip = qobject_cast<QWidget *>(watched);
    if (grip && event->type() == QEvent::MouseMove) {
        auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->buttons() & Qt::LeftButton)
            drag(grip, mapFromGlobal(mouse->globalPosition().toPoint()).y());
        return true;
    }
    if (grip && event->type() == QEvent::MouseButtonRelease && !m_dragged.isNull()) {
        // The cards stand in the new order already; now it is stored.
        const QUuid id = std::exchange(m_dragged, QUuid());
        int to = 0;
        while (to < m_cards.size() && m_cards.at(to).id != id)
            ++to;
        m_focus = id;
        UserTypeEdit::move(m_context.console, this, m_gateway.id, id, to, [this](const app::Console::SaveAnswer &answer) {
            if (!answer) {
                rebuild();
                emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
            }
        });
    }
    return QWidget::eventFilter(watched, event);
}

void LookupTab::drag(QWidget *grip, int y)
{
    if (m_editing->isActive())
        return;
    int at = 0;
    while (at < m_cards.size() && m_cards.at(at).grip != grip)
        ++at;
    if (at == m_cards.size())
        return;
    // The card follows the pointer as soon as it has passed the middle of a neighbour.
    const auto middle = [this](int card) { return m_cards.at(card).section->geometry().center().y(); };
    const int to = at > 0 && y < middle(at - 1) ? at - 1 : at + 1 < m_cards.size() && y > middle(at + 1) ? at + 1 : at;
    if (to == at)
        return;
    m_dragged = m_cards.at(at).id;
    m_cards.move(at, to);
    m_list->removeWidget(m_cards.at(to).section);
    m_list->insertWidget(to, m_cards.at(to).section);
    m_list->activate();
}

int LookupTab::placeOf(const QUuid &id) const
{
    return int(app::indexOfId(m_gateway.userTypes, id));
}

const core::UserType *LookupTab::userType(const QUuid &id) const
{
    const int place = placeOf(id);
    return place < 0 ? nullptr : &m_gateway.userTypes.at(place);
}

} // namespace gatehouse::ui
