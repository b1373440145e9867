// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colours and the application's look: Fusion with a palette of our own, light, dark or high contrast, following the
// system unless told otherwise. One Theme is owned by main() or a test; widgets that paint themselves ask colors(). GUI
// thread only. Never places anything.
#pragma once

#include "app/roles.h"

#include <QColor>
#include <QFont>
#include <QObject>

class QApplication;
class QWidget;

namespace gatehouse::ui {

class InputGuard;

using app::Tone;

struct Colors {
    QColor window, pane, navigation;
    QColor line, text, muted;
    QColor accent, accentGround, onAccent;
    QColor good, goodGround, bad, badGround, warning, warningGround;
    QColor neutralGround;
    QColor code; ///< functions in expressions, beside accent and good for other words
    bool dark = false;
    bool highContrast = false;

    QColor foreground(Tone tone) const;
    QColor ground(Tone tone) const;
};

/// The colours in use; they change with Theme::changed(), which every widget also hears as a palette change.
const Colors &colors();

enum class Appearance { System, Light, Dark, HighContrast };

class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QApplication &application);
    ~Theme() override;

    Appearance appearance() const { return m_appearance; }
    void setAppearance(Appearance appearance);
    bool eventFilter(QObject *watched, QEvent *event) override;

signals:
    void changed();

private:
    void apply();

    QApplication &m_application;
    InputGuard *m_inputGuard;
    Appearance m_appearance = Appearance::System;
    bool m_applying = false;
};

/// Gives a label the colour of @p tone in every theme; Accent and Neutral are ordinary text.
void setTextTone(QWidget &label, Tone tone);

/// @p base enlarged by @p factor; @p weight 0 keeps the weight.
QFont scaledFont(const QFont &base, qreal factor, int weight = 0);
QFont monospaceFont(const QFont &base);
/// The side of an icon that stands beside text in @p font, so that both grow together.
int iconSide(const QFont &font);

} // namespace gatehouse::ui
