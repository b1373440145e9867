// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/firststepscard.h"

#include "ui/pages/overview/linkrow.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kSignSide = 24;

/// The step's number in a ring, or a check mark when it is done.
QPixmap signOf(int number, bool taken, bool current, const QFont &font, qreal ratio)
{
    const Colors &c = colors();
    QPixmap pixmap(QSize(kSignSide, kSignSide) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = taken ? c.good : current ? c.accent : c.muted;
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(taken ? c.goodGround : current ? c.accentGround : QColor(Qt::transparent));
    const QRectF ring(1, 1, kSignSide - 2, kSignSide - 2);
    painter.drawEllipse(ring);
    if (taken) {
        painter.drawPixmap(QPointF(5, 5), tinted(QStringLiteral("check"), color, kSignSide - 10, ratio));
    } else {
        QFont small = scaledFont(font, 1.0, QFont::DemiBold);
        small.setPixelSize(12);
        painter.setFont(small);
        painter.drawText(ring, Qt::AlignCenter, QLocale().toString(number));
    }
    return pixmap;
}

} // namespace

FirstStepsCard::FirstStepsCard(QWidget *parent) : QFrame(parent)
{
    setProperty("form", QStringLiteral("card"));
    setObjectName(QStringLiteral("firstSteps"));
    setAccessibleName(tr("First steps"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    const struct {
        QString title;
        QString text;
        QString action;
    } words[] = {
        {tr("Add a gateway"),
         tr("The LDAP directory that people come from: where it answers, how the channel is secured, and the account "
            "that reads it. The connection test explains what does not work."),
         tr("&Add gateway")},
        {tr("Create a connection"), tr("What may happen to people here: created, updated, disabled, deleted."),
         tr("&Create connection")},
        {tr("Create a rule"),
         tr("Which people are meant, and which attribute of theirs becomes which of ours."), tr("C&reate rule")},
        {tr("Preview, then run"),
         tr("The preview shows every change before anything happens. Run the rule when it looks right."),
         tr("Go to &preview")},
    };
    auto *title = new QLabel(tr("First steps"), this);
    title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 14, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(title);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(14);
    grid->setColumnStretch(1, 1);
    layout->addLayout(grid);
    for (int step = 0; step < StepCount; ++step) {
        Row &row = m_rows[size_t(step)];
        row.words = words[step].title;
        row.sign = new QLabel(this);
        row.title = new QLabel(words[step].title, this);
        row.text = new QLabel(words[step].text, this);
        row.done = new QLabel(tr("Done"), this);
        row.button = new QPushButton(words[step].action, this);
        row.title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
        row.text->setForegroundRole(QPalette::PlaceholderText);
        row.text->setWordWrap(true);
        row.done->setForegroundRole(QPalette::PlaceholderText);
        row.button->setProperty("form", QStringLiteral("primary"));
        row.button->setObjectName(QStringLiteral("step-%1").arg(step));
        row.button->setAutoDefault(false);
        row.button->setAccessibleDescription(words[step].text);
        connect(row.button, &QPushButton::clicked, this, [this, step] { emit stepRequested(step); });
        auto *lines = new QVBoxLayout;
        lines->setSpacing(2);
        lines->addWidget(row.title);
        lines->addWidget(row.text);
        grid->addWidget(row.sign, step, 0, Qt::AlignTop);
        grid->addLayout(lines, step, 1);
        grid->addWidget(row.done, step, 2, Qt::AlignTrailing | Qt::AlignVCenter);
        grid->addWidget(row.button, step, 2, Qt::AlignTrailing | Qt::AlignVCenter);
    }
    setSteps({});
}

void FirstStepsCard::setSteps(const app::OverviewDigest::FirstSteps &steps)
{
    m_taken = {steps.gateway, steps.connection, steps.rule, steps.run};
    m_current = int(std::find(m_taken.begin(), m_taken.end(), false) - m_taken.begin());
    for (int step = 0; step < StepCount; ++step) {
        const Row &row = m_rows[size_t(step)];
        const bool taken = m_taken[size_t(step)];
        row.done->setVisible(taken);
        row.button->setVisible(!taken && step == m_current);
        row.text->setVisible(!taken);
        row.title->setAccessibleName(taken ? tr("%1, done").arg(row.words)
                                     : step == m_current ? tr("%1, next").arg(row.words)
                                                         : row.words);
    }
    paintSigns();
}

void FirstStepsCard::paintSigns()
{
    for (int step = 0; step < StepCount; ++step)
        m_rows[size_t(step)].sign->setPixmap(
            signOf(step + 1, m_taken[size_t(step)], step == m_current, font(), devicePixelRatioF()));
}

void FirstStepsCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_rows[0].sign)
        paintSigns();
}

} // namespace gatehouse::ui
