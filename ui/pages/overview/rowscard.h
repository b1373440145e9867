// SPDX-License-Identifier: GPL-3.0-or-later
//
// A card of the overview: a title, a link to the whole, and rows that lead on. Rows that stay keep their place and
// focus when the card is told anew. Belongs to the page.
#pragma once

#include "ui/pages/overview/linkrow.h"

#include <QFrame>

class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class RowsCard : public QFrame {
    Q_OBJECT
public:
    /// @p link: the words of the link to the whole, with its mnemonic; empty: none.
    RowsCard(const QString &title, const QString &link, QWidget *parent = nullptr);

    /// Put between the title and the rows; taken over.
    void addWidget(QWidget *widget);
    /// @p rows beyond kMostRows are only counted.
    void setRows(const QList<LinkRow::Content> &rows);
    /// Shown instead of rows, with the tone's icon.
    void setEmptyText(const QString &text, Tone tone = Tone::Neutral);
    static constexpr int kMostRows = 8;

signals:
    void opened(const QString &page, const QString &thing);
    void linkClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintEmpty();

    QLabel *m_title;
    QPushButton *m_link;
    QVBoxLayout *m_widgets;
    QVBoxLayout *m_list;
    QWidget *m_empty;
    QLabel *m_emptyIcon;
    QLabel *m_emptyText;
    QLabel *m_more;
    Tone m_emptyTone = Tone::Neutral;
    QList<LinkRow *> m_rows;
};

} // namespace gatehouse::ui
