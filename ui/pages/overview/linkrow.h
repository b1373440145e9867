// SPDX-License-Identifier: GPL-3.0-or-later
//
// A row of the overview that leads somewhere: what, a muted second line, its state, and where a press goes. The whole
// row is one button for pointer, keyboard and assistive technology; it says where to go and never goes by itself.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

#include <optional>

class QLabel;

namespace gatehouse::ui {

class Badge;

class LinkRow : public QAbstractButton {
    Q_OBJECT
public:
    struct Content {
        std::optional<Tone> icon = {}; ///< the tone's icon before the words
        QString title;
        QString text = {};
        QString state = {}; ///< pill at the end
        Tone tone = Tone::Neutral;
        QString link = {}; ///< words of the link; empty: only an arrow
        QString page;
        QString thing = {};
        bool operator==(const Content &) const = default;
    };

    explicit LinkRow(QWidget *parent = nullptr);
    void setContent(const Content &content);
    const Content &content() const { return m_content; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void paintLabels();

    Content m_content;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QLabel *m_link;
    QLabel *m_arrow;
    Badge *m_state;
};

/// The icon in one colour, for labels.
QPixmap tinted(const QString &iconName, const QColor &color, int side, qreal ratio);

} // namespace gatehouse::ui
