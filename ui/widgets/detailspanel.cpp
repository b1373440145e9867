// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/detailspanel.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/line.h"
#include "ui/widgets/scrollpane.h"
#include "ui/widgets/toggleswitch.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kSide = 20;

/// The widget with the panel's margins in a scroll area.
QWidget *scrolled(QWidget *widget)
{
    auto *holder = new QWidget;
    auto *inside = new QVBoxLayout(holder);
    inside->setContentsMargins(kSide, 16, kSide, 16);
    inside->addWidget(widget);
    inside->addStretch(1);
    auto *area = new ScrollPane(holder);
    holder->setAutoFillBackground(false);
    return area;
}

} // namespace

DetailsPanel::DetailsPanel(QWidget *parent)
    : QWidget(parent), m_stack(new QStackedWidget(this)), m_title(new QLabel), m_subtitle(new QLabel),
      m_state(new Badge), m_toggle(new ToggleSwitch), m_more(new QToolButton), m_menu(new QMenu(this)),
      m_tabs(new QTabBar), m_pages(new QStackedWidget), m_footerLine(new Line)
{
    setObjectName(QStringLiteral("details"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setMinimumWidth(320);

    m_title->setFont(scaledFont(font(), 1.2, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setFocusPolicy(Qt::NoFocus);
    m_title->setObjectName(QStringLiteral("detailsTitle"));
    m_subtitle->setForegroundRole(QPalette::PlaceholderText);
    m_subtitle->setTextFormat(Qt::PlainText);
    m_subtitle->setWordWrap(true);
    m_subtitle->setAlignment((isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
    m_subtitle->hide();
    m_toggle->setObjectName(QStringLiteral("enabled"));
    m_toggle->hide();
    m_more->setProperty("form", QStringLiteral("flat"));
    m_more->setIcon(icon(QStringLiteral("more")));
    m_more->setIconSize(QSize(iconSide(font()), iconSide(font())));
    m_more->setToolTip(tr("More Options"));
    m_more->setAccessibleName(tr("More Options"));
    m_more->setObjectName(QStringLiteral("more"));
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->hide();

    m_details = new QWidget;
    m_layout = new QVBoxLayout(m_details);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    auto *titleRow = new QHBoxLayout;
    titleRow->setSpacing(10);
    titleRow->addWidget(m_title, 0);
    titleRow->addWidget(m_state, 0, Qt::AlignVCenter);
    titleRow->addStretch(1);
    words->addLayout(titleRow);
    words->addWidget(m_subtitle);
    m_header = new QHBoxLayout;
    m_header->setContentsMargins(kSide, 16, 12, 8);
    m_header->setSpacing(8);
    m_header->addLayout(words, 1);
    m_header->addWidget(m_toggle, 0, Qt::AlignTop);
    m_header->addWidget(m_more, 0, Qt::AlignTop);
    m_layout->addLayout(m_header);

    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->setFocusPolicy(Qt::StrongFocus);
    m_tabs->setObjectName(QStringLiteral("tabs"));
    auto *tabRow = new QHBoxLayout;
    tabRow->setContentsMargins(kSide, 0, 8, 0);
    tabRow->addWidget(m_tabs);
    m_layout->addLayout(tabRow);
    m_layout->addWidget(new Line);
    m_layout->addWidget(m_pages, 1);
    m_footerLine->hide();

    m_stack->addWidget(m_details);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_footerLine);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        emit tabChanged(currentTab());
    });
    m_tabs->hide();
}

void DetailsPanel::setTitle(const QString &title)
{
    m_title->setText(title);
}

QString DetailsPanel::title() const
{
    return m_title->text();
}

void DetailsPanel::setSubtitle(const QString &subtitle)
{
    m_subtitle->setText(subtitle);
    m_subtitle->setVisible(!subtitle.isEmpty());
}

void DetailsPanel::showToggle(const QString &accessibleName)
{
    m_toggle->setAccessibleName(accessibleName);
    m_toggle->setToolTip(accessibleName);
    m_toggle->show();
}

void DetailsPanel::addHeaderWidget(QWidget *widget)
{
    m_header->insertWidget(1, widget, 0, Qt::AlignTop);
}

void DetailsPanel::addTab(const QString &key, const QString &title, QWidget *widget, bool scroll)
{
    m_pages->addWidget(scroll ? scrolled(widget) : widget);
    const int tab = m_tabs->addTab(title);
    m_tabs->setTabData(tab, key);
    m_tabs->show();
}

void DetailsPanel::setTabVisible(const QString &key, bool visible)
{
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        if (m_tabs->tabData(tab).toString() == key)
            m_tabs->setTabVisible(tab, visible);
    }
}

QString DetailsPanel::currentTab() const
{
    return m_tabs->tabData(m_tabs->currentIndex()).toString();
}

void DetailsPanel::setCurrentTab(const QString &key)
{
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        if (m_tabs->tabData(tab).toString() == key)
            m_tabs->setCurrentIndex(tab);
    }
}

void DetailsPanel::setFooter(QWidget *footer)
{
    if (m_footer && m_footer != footer) {
        layout()->removeWidget(m_footer);
        m_footer->hide();
    }
    m_footer = footer;
    m_footerLine->setVisible(footer != nullptr);
    if (footer) {
        layout()->addWidget(footer);
        footer->show();
    }
}

void DetailsPanel::setEmpty(QWidget *widget)
{
    delete m_empty;
    m_empty = widget;
    m_stack->addWidget(widget);
}

void DetailsPanel::showEmpty()
{
    if (m_empty)
        m_stack->setCurrentWidget(m_empty);
    closeForm();
}

void DetailsPanel::showDetails()
{
    m_more->setVisible(!m_menu->actions().isEmpty());
    m_stack->setCurrentWidget(m_details);
    closeForm();
}

bool DetailsPanel::isShowingDetails() const
{
    return m_stack->currentWidget() == m_details;
}

void DetailsPanel::showForm(const QString &title, QWidget *form)
{
    closeForm();
    m_form = new QWidget;
    auto *heading = new QLabel(title);
    heading->setFont(scaledFont(font(), 1.2, QFont::DemiBold));
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    heading->setContentsMargins(kSide, 16, kSide, 14);
    auto *column = new QVBoxLayout(m_form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(heading);
    column->addWidget(new Line);
    column->addWidget(scrolled(form), 1);
    m_stack->addWidget(m_form);
    m_stack->setCurrentWidget(m_form);
}

void DetailsPanel::closeForm()
{
    if (!m_form)
        return;
    m_stack->removeWidget(m_form);
    m_form->deleteLater();
    m_form = nullptr;
}

} // namespace gatehouse::ui
