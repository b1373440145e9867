// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Lookup tab of a gateway: its user types in the order in which they are tried, each to be read, and by its More
// Options (⋮) edited, put in another place, tried by a sign-on, or deleted. Order by dragging the grip or by Alt+Up and
// Alt+Down. Owned by the gateway's details; one form at a time, through their Editing.
#pragma once

#include "core/config/gateway.h"
#include "ui/pages/page.h"

#include <QList>
#include <QUuid>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class Editing;
class EmptyState;
class Section;
class UserTypeForm;
struct SaveFaults;

class LookupTab : public QWidget {
    Q_OBJECT
public:
    LookupTab(const PageContext &context, Editing *editing, QWidget *parent = nullptr);

    void show(const core::Gateway &gateway);
    void add();
    /// The form of the user type with the focus, or of the first.
    void editCurrent();

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void signOnRequested(const QString &userType);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Card {
        QUuid id;
        Section *section = nullptr;
        QWidget *grip = nullptr;
        QWidget *more = nullptr;
    };
    void rebuild();
    Section *makeSection(const core::UserType &userType, int place, Card &card);
    void fillSection(Section *section, const core::UserType &userType);
    void edit(const QUuid &id);
    void save(UserTypeForm *form, const std::function<void(const SaveFaults &)> &finish);
    void remove(const QUuid &id);
    void move(const QUuid &id, int to);
    void drag(QWidget *grip, int y);
    int placeOf(const QUuid &id) const;
    const core::UserType *userType(const QUuid &id) const;

    PageContext m_context;
    Editing *m_editing;
    core::Gateway m_gateway;
    QLabel *m_title;
    QPushButton *m_add;
    EmptyState *m_empty;
    QVBoxLayout *m_list;
    QList<Card> m_cards;
    std::optional<QList<core::UserType>> m_shown; ///< as the cards show them
    QStringList m_exclusions;
    QUuid m_focus; ///< the user type that gets the focus when the list has been made again
    QUuid m_dragged;
};

} // namespace gatehouse::ui
