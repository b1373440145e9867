// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/rowscard.h"

#include "ui/widgets/badge.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kIconSide = 16;
constexpr int kSide = 14;
constexpr int kRowSide = 8; ///< a row's own margin: its words stand under the title
} // namespace

RowsCard::RowsCard(const QString &title, const QString &link, QWidget *parent)
    : QFrame(parent), m_title(new QLabel(title, this)), m_link(new QPushButton(link, this)),
      m_widgets(new QVBoxLayout), m_list(new QVBoxLayout), m_empty(new QWidget(this)), m_emptyIcon(new QLabel(m_empty)),
      m_emptyText(new QLabel(m_empty)), m_more(new QLabel(this))
{
    setProperty("form", QStringLiteral("card"));
    setAccessibleName(title);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_link->setProperty("form", QStringLiteral("link"));
    m_link->setObjectName(QStringLiteral("cardLink"));
    m_link->setAutoDefault(false);
    m_link->setVisible(!link.isEmpty());
    connect(m_link, &QPushButton::clicked, this, &RowsCard::linkClicked);
    m_emptyText->setForegroundRole(QPalette::PlaceholderText);
    m_emptyText->setTextFormat(Qt::PlainText);
    m_emptyText->setWordWrap(true);
    m_emptyText->setObjectName(QStringLiteral("cardEmpty"));
    m_more->setForegroundRole(QPalette::PlaceholderText);
    m_more->setContentsMargins(kRowSide, 2, kRowSide, 4);
    m_more->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSide - kRowSide, 12, kSide - kRowSide, 8);
    layout->setSpacing(4);
    auto *header = new QHBoxLayout;
    header->setContentsMargins(kRowSide, 0, kRowSide, 2);
    header->addWidget(m_title, 1);
    header->addWidget(m_link);
    layout->addLayout(header);
    m_widgets->setContentsMargins(kRowSide, 0, kRowSide, 0);
    m_widgets->setSpacing(8);
    layout->addLayout(m_widgets);
    m_list->setSpacing(0);
    layout->addLayout(m_list);
    auto *emptyRow = new QHBoxLayout(m_empty);
    emptyRow->setContentsMargins(kRowSide, 4, kRowSide, 8);
    emptyRow->setSpacing(8);
    emptyRow->addWidget(m_emptyIcon, 0, Qt::AlignTop);
    emptyRow->addWidget(m_emptyText, 1);
    layout->addWidget(m_empty);
    layout->addWidget(m_more);
}

void RowsCard::addWidget(QWidget *widget)
{
    m_widgets->addWidget(widget);
}

void RowsCard::setEmptyText(const QString &text, Tone tone)
{
    m_emptyText->setText(text);
    m_emptyTone = tone;
    paintEmpty();
}

void RowsCard::setRows(const QList<LinkRow::Content> &rows)
{
    const int shown = int(std::min<qsizetype>(rows.size(), kMostRows));
    while (m_rows.size() > shown) {
        LinkRow *row = m_rows.takeLast();
        m_list->removeWidget(row);
        row->hide();
        row->deleteLater();
    }
    for (int i = 0; i < shown; ++i) {
        if (i == m_rows.size()) {
            auto *row = new LinkRow(this);
            connect(row, &LinkRow::clicked, this,
                    [this, row] { emit opened(row->content().page, row->content().thing); });
            m_list->addWidget(row);
            m_rows.append(row);
        }
        if (!(m_rows[i]->content() == rows[i]))
            m_rows[i]->setContent(rows[i]);
    }
    m_empty->setVisible(rows.isEmpty() && !m_emptyText->text().isEmpty());
    m_more->setText(tr("%n more", nullptr, int(rows.size()) - shown));
    m_more->setVisible(rows.size() > shown);
}

void RowsCard::paintEmpty()
{
    m_emptyIcon->setPixmap(tinted(m_emptyTone == Tone::Neutral ? QStringLiteral("info") : toneIcon(m_emptyTone),
                                  m_emptyTone == Tone::Neutral ? colors().muted : colors().foreground(m_emptyTone),
                                  kIconSide, devicePixelRatioF()));
}

void RowsCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintEmpty();
}

} // namespace gatehouse::ui
