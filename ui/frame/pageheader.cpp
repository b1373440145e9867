// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/pageheader.h"

#include "ui/pages/page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

PageHeader::PageHeader(QWidget *parent)
    : QWidget(parent), m_breadcrumb(new QLabel(this)), m_title(new QLabel(this)), m_extras(new QHBoxLayout),
      m_primary(new QPushButton(this))
{
    setObjectName(QStringLiteral("pageHeader"));
    m_breadcrumb->setForegroundRole(QPalette::PlaceholderText);
    m_breadcrumb->setFont(scaledFont(font(), 0.93));
    m_breadcrumb->setTextFormat(Qt::RichText);
    m_breadcrumb->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_breadcrumb->setFocusPolicy(Qt::NoFocus);
    connect(m_breadcrumb, &QLabel::linkActivated, this, &PageHeader::backRequested);
    m_title->setFont(scaledFont(font(), 1.55, QFont::Bold));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("pageTitle"));
    m_primary->setProperty("form", QStringLiteral("primary"));
    m_primary->setObjectName(QStringLiteral("primary"));
    m_primary->hide();

    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_breadcrumb);
    words->addWidget(m_title);
    m_extras->setSpacing(8);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(24, 14, 24, 12);
    layout->setSpacing(12);
    layout->addLayout(words, 1);
    layout->addLayout(m_extras);
    layout->addWidget(m_primary);
}

void PageHeader::show(const Page *page, const QString &group)
{
    while (QLayoutItem *item = m_extras->takeAt(0)) {
        if (item->widget())
            item->widget()->hide();
        delete item;
    }
    disconnect(m_triggered);
    disconnect(m_changed);
    if (!page) {
        m_breadcrumb->clear();
        m_title->clear();
        m_primary->hide();
        return;
    }
    QStringList way;
    if (!group.isEmpty())
        way << group.toHtmlEscaped();
    const QStringList trail = page->trail();
    if (trail.isEmpty()) {
        way << page->title().toHtmlEscaped();
    } else {
        way << QStringLiteral("<a href=\"back\">%1</a>").arg(page->title().toHtmlEscaped());
        for (qsizetype i = 0; i + 1 < trail.size(); ++i)
            way << trail[i].toHtmlEscaped();
    }
    // The title stands below; a breadcrumb of one word would only repeat it. Its line stays, or the header would jump from page to page.
    m_breadcrumb->setText(way.size() > 1 ? way.join(QStringLiteral(" \u203A ")) : QStringLiteral("&nbsp;"));
    m_title->setText(trail.isEmpty() ? page->title() : trail.last());
    for (QWidget *widget : page->headerWidgets()) {
        m_extras->addWidget(widget);
        widget->show();
    }
    QAction *action = page->primaryAction();
    m_primary->setVisible(action && action->isVisible());
    if (action) {
        const auto follow = [this, action] {
            m_primary->setText(action->text());
            m_primary->setEnabled(action->isEnabled());
            m_primary->setVisible(action->isVisible());
            m_primary->setToolTip(action->toolTip());
        };
        follow();
        m_triggered = connect(m_primary, &QPushButton::clicked, action, &QAction::trigger);
        m_changed = connect(action, &QAction::changed, this, follow);
    }
}

} // namespace gatehouse::ui
