// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/inputguard.h"
#include "ui/theme/style.h"
#include "ui/theme/stylesheet.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPalette>
#include <QStyle>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace gatehouse::ui {

namespace {

Colors lightColors()
{
    Colors c;
    c.window = 0xf6f7f9;
    c.pane = 0xffffff;
    c.navigation = 0xeef0f4;
    c.line = 0xdfe3ea;
    c.text = 0x1d2430;
    c.muted = 0x5f6878; // a shade darker than the drawings': 4.5 to 1 on the accent's ground too
    c.accent = 0x2f6fde;
    c.accentGround = 0xe8f0fd;
    c.onAccent = 0xffffff;
    c.good = 0x1a7446;
    c.goodGround = 0xe6f5ec;
    c.bad = 0xb3352b;
    c.badGround = 0xfdecea;
    c.warning = 0x8a5c00;
    c.warningGround = 0xfff5db;
    c.neutralGround = 0xeef0f4;
    c.code = 0x6d3ac4;
    return c;
}

Colors darkColors()
{
    Colors c;
    c.window = 0x1b1e24;
    c.pane = 0x22262e;
    c.navigation = 0x191c21;
    c.line = 0x343a45;
    c.text = 0xe6e9ef;
    c.muted = 0x98a2b3;
    c.accent = 0x6ea0ff;
    c.accentGround = 0x26344f;
    c.onAccent = 0x10141b;
    c.good = 0x5fc990;
    c.goodGround = 0x1d3529;
    c.bad = 0xff8f84;
    c.badGround = 0x44231f;
    c.warning = 0xf0c35a;
    c.warningGround = 0x3b3018;
    c.neutralGround = 0x2c313b;
    c.code = 0xc4a3ff;
    c.dark = true;
    return c;
}

/// Pure ground and text, lines as strong as text; tones keep their hue, at seven to one and more.
Colors contrastColors(bool dark)
{
    Colors c = dark ? darkColors() : lightColors();
    c.window = c.pane = c.navigation = dark ? QColor(Qt::black) : QColor(Qt::white);
    c.text = c.line = c.muted = dark ? QColor(Qt::white) : QColor(Qt::black);
    c.accent = dark ? QColor(0x8fc1ff) : QColor(0x0b3f9c);
    c.accentGround = dark ? QColor(0x10305c) : QColor(0xd7e6ff);
    c.onAccent = dark ? QColor(Qt::black) : QColor(Qt::white);
    c.good = dark ? QColor(0x7dffb4) : QColor(0x00501f);
    c.bad = dark ? QColor(0xffb3ab) : QColor(0x8a0f06);
    c.warning = dark ? QColor(0xffdd7a) : QColor(0x5c3c00);
    c.neutralGround = c.window;
    c.code = dark ? QColor(0xd9c4ff) : QColor(0x4a1d96);
    c.dark = dark;
    c.highContrast = true;
    return c;
}

Colors current = lightColors();

qreal luminance(const QColor &color)
{
    const auto linear = [](qreal v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

/// WCAG 2 contrast ratio, 1 to 21.
qreal contrast(const QColor &a, const QColor &b)
{
    const auto [low, high] = std::minmax(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

QPalette paletteOf(const Colors &c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.pane);
    palette.setColor(QPalette::AlternateBase, c.navigation);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.muted);
    palette.setColor(QPalette::Button, c.pane);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.bad);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.onAccent);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::ToolTipBase, c.pane);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.pane);
    palette.setColor(QPalette::Midlight, c.line);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.muted);
    palette.setColor(QPalette::Shadow, c.dark ? QColor(Qt::black) : c.muted);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.muted);
    return palette;
}

/// The desktop's own font, unless it has none: then Inter, where it is installed.
QFont interfaceFont(QFont font)
{
    static const QStringList generic{QStringLiteral("Sans Serif"), QStringLiteral("Sans"),
                                     QStringLiteral("DejaVu Sans"), QStringLiteral("Bitstream Vera Sans"),
                                     QString()};
    if (generic.contains(font.family()) && QFontDatabase::families().contains(QStringLiteral("Inter"))) {
        font.setFamily(QStringLiteral("Inter"));
        font.setPointSizeF(std::max(font.pointSizeF(), 10.0));
    }
    return font;
}

} // namespace

QColor Colors::foreground(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return muted;
    case Tone::Accent:
        return accent;
    case Tone::Good:
        return good;
    case Tone::Warning:
        return warning;
    case Tone::Bad:
        return bad;
    }
    return muted;
}

QColor Colors::ground(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return neutralGround;
    case Tone::Accent:
        return accentGround;
    case Tone::Good:
        return goodGround;
    case Tone::Warning:
        return warningGround;
    case Tone::Bad:
        return badGround;
    }
    return neutralGround;
}

const Colors &colors()
{
    return current;
}

Theme::Theme(QApplication &application) : m_application(application), m_inputGuard(new InputGuard(this))
{
    auto *style = new Style;
    m_application.setStyle(style); // the application owns it from here
    m_application.installEventFilter(style);
    m_application.setFont(interfaceFont(m_application.font()));
    m_application.installEventFilter(this);
    m_application.installEventFilter(m_inputGuard);
    apply();
}

Theme::~Theme()
{
    m_application.removeEventFilter(this);
}

void Theme::setAppearance(Appearance appearance)
{
    if (m_appearance == appearance)
        return;
    m_appearance = appearance;
    apply();
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    // Sent to the application when the desktop's theme changes; our own setPalette() sends it too.
    if (watched == &m_application && !m_applying && m_appearance == Appearance::System
        && (event->type() == QEvent::ThemeChange || event->type() == QEvent::ApplicationPaletteChange))
        apply();
    return QObject::eventFilter(watched, event);
}

void Theme::apply()
{
    m_applying = true;
    switch (m_appearance) {
    case Appearance::Light:
        current = lightColors();
        break;
    case Appearance::Dark:
        current = darkColors();
        break;
    case Appearance::System:
    case Appearance::HighContrast: {
        m_application.setPalette(QPalette()); // back to the desktop's, to see what it asks for
        const QPalette system = m_application.palette();
        const QColor window = system.color(QPalette::Window);
        const bool dark = window.lightness() < 128;
        // Only high-contrast themes put pure black on pure white or the reverse.
        const bool high = m_appearance == Appearance::HighContrast
                          || contrast(window, system.color(QPalette::WindowText)) > 20.5;
        current = high ? contrastColors(dark) : dark ? darkColors() : lightColors();
        break;
    }
    }
    m_application.setPalette(paletteOf(current));
    m_application.setStyleSheet(styleSheet(current));
    m_applying = false;
    emit changed();
}

void setTextTone(QWidget &label, Tone tone)
{
    const char *name = tone == Tone::Good ? "good" : tone == Tone::Warning ? "warning" : tone == Tone::Bad ? "bad" : "";
    if (label.property("tone").toString() == QLatin1String(name))
        return;
    label.setProperty("tone", QString::fromLatin1(name));
    label.style()->unpolish(&label);
    label.style()->polish(&label);
}

QFont scaledFont(const QFont &base, qreal factor, int weight)
{
    QFont font = base;
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(int(std::lround(font.pixelSize() * factor)));
    if (weight > 0)
        font.setWeight(QFont::Weight(weight));
    return font;
}

QFont monospaceFont(const QFont &base)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (base.pointSizeF() > 0)
        font.setPointSizeF(base.pointSizeF() * 0.95);
    else
        font.setPixelSize(int(std::lround(base.pixelSize() * 0.95)));
    return font;
}

int iconSide(const QFont &font)
{
    return std::max(16, QFontMetrics(font).height() + 1);
}

} // namespace gatehouse::ui
