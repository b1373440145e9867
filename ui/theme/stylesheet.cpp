// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/stylesheet.h"

#include "ui/theme/theme.h"

#include <utility>

namespace gatehouse::ui {

namespace {

const char *const kSheet = R"(
QPushButton, QToolButton[form="button"] {
    background: @pane; color: @text; border: 1px solid @line; border-radius: 6px; padding: 7px 12px;
    min-height: 18px;
}
QPushButton:hover, QToolButton[form="button"]:hover { background: @hover; }
QPushButton:pressed, QToolButton[form="button"]:pressed { background: @press; }
QPushButton:focus, QToolButton[form="button"]:focus { border: 2px solid @accent; padding: 6px 11px; }
QPushButton:disabled, QToolButton[form="button"]:disabled { color: @muted; background: @window; }
QPushButton[form="primary"] { background: @accent; color: @onAccent; border: 1px solid @accent; }
QPushButton[form="primary"]:hover { background: @accentHover; }
QPushButton[form="primary"]:pressed { background: @accentPress; }
QPushButton[form="primary"]:focus { border: 2px solid @text; padding: 6px 11px; }
QPushButton[form="primary"]:disabled { background: @line; color: @muted; border-color: @line; }
QPushButton[form="danger"] { color: @bad; border: 1px solid @bad; }
QPushButton[form="danger"]:hover { background: @badGround; }
QPushButton[form="danger"]:focus { border: 2px solid @bad; padding: 6px 11px; }
QPushButton[form="danger"]:disabled { color: @muted; border-color: @line; }
QPushButton[form="flat"], QToolButton[form="flat"] {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px 8px; color: @text;
}
QPushButton[form="flat"]:hover, QToolButton[form="flat"]:hover { background: @hover; }
QPushButton[form="flat"]:pressed, QToolButton[form="flat"]:pressed { background: @press; }
QPushButton[form="flat"]:focus, QToolButton[form="flat"]:focus { border: 2px solid @accent; padding: 4px 7px; }
QPushButton[form="link"] {
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 1px 3px; color: @accent;
    min-height: 0;
}
QPushButton[form="link"]:hover { text-decoration: underline; }
QPushButton[form="quiet"] { background: transparent; border: 0; padding: 1px 3px; color: @muted; min-height: 0; }
QPushButton[form="quiet"]:hover { color: @text; }
QPushButton[form="link"]:focus { border: 1px solid @accent; }
QPushButton[form="chip"], QToolButton[form="chip"] {
    background: @pane; border: 1px solid @line; border-radius: 13px; padding: 3px 11px; min-height: 18px;
    color: @text;
}
QPushButton[form="chip"]:hover, QToolButton[form="chip"]:hover { background: @hover; }
QPushButton[form="chip"]:checked, QToolButton[form="chip"]:checked {
    background: @accentGround; border-color: @accent; color: @accent; font-weight: 600;
}
QPushButton[form="chip"]:focus, QToolButton[form="chip"]:focus { border: 2px solid @accent; padding: 2px 10px; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator { image: url(:/icons/down.svg); width: 12px; height: 12px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 8px; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateTimeEdit {
    background: @field; color: @text; border: 1px solid @fieldLine; border-radius: 6px; padding: 6px 9px;
    selection-background-color: @accent; selection-color: @onAccent;
}
QLineEdit, QComboBox, QSpinBox { min-height: 18px; }
QPlainTextEdit, QTextEdit { padding: 4px 5px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {
    border: 2px solid @accent; padding: 5px 8px;
}
QPlainTextEdit:focus, QTextEdit:focus { padding: 3px 4px; }
QLineEdit[form="search"] { padding-left: 3px; }
QLineEdit[form="search"]:focus { padding-left: 2px; }
QLineEdit[fault="true"], QPlainTextEdit[fault="true"], QComboBox[fault="true"], QSpinBox[fault="true"] {
    border-color: @bad;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled {
    background: @window; color: @muted;
}
QLineEdit:read-only { background: @window; }
QComboBox { padding-right: 24px; combobox-popup: 0; }
QComboBox:focus { padding-right: 23px; }
QComboBox::drop-down { border: 0; width: 24px; subcontrol-position: right center; }
QComboBox::down-arrow { image: url(:/icons/down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @pane; border: 1px solid @line; padding: 4px; outline: 0;
    selection-background-color: @accentGround; selection-color: @text; }
QSpinBox::up-button, QSpinBox::down-button { border: 0; width: 20px; background: transparent; }
QSpinBox::up-arrow { image: url(:/icons/up.svg); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url(:/icons/down.svg); width: 10px; height: 10px; }

QLabel[tone="good"] { color: @good; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="bad"] { color: @bad; }
QFrame[form="card"] { background: @pane; border: 1px solid @line; border-radius: 8px; }
QFrame[form="note-warning"] { background: @warningGround; border: 0; border-radius: 6px; }
QFrame[form="note-bad"] { background: @badGround; border: 0; border-radius: 6px; }
QFrame[form="note-good"] { background: @goodGround; border: 0; border-radius: 6px; }
QFrame[form="note"] { background: @neutralGround; border: 0; border-radius: 6px; }

QAbstractItemView { outline: 0; }
QTableView, QTreeView, QListView { background: @pane; border: 0; selection-background-color: @accentGround;
    selection-color: @text; }
QTableView::item, QTreeView::item { padding: 0 8px; border: 0; }
QTableView::item:hover, QTreeView::item:hover { background: @hover; }
QTableView::item:selected, QTreeView::item:selected { background: @accentGround; color: @text; }
QHeaderView { background: @pane; border: 0; }
QHeaderView::section { background: @pane; color: @muted; border: 0; border-bottom: 1px solid @line;
    padding: 6px 8px; font-weight: 600; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow { image: url(:/icons/up.svg); width: 10px; height: 10px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 4px; }
QHeaderView::down-arrow { image: url(:/icons/down.svg); width: 10px; height: 10px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 4px; }
QTableView#everybodyTable QHeaderView::section { padding: 6px 4px; }
QTableView#everybodyTable QHeaderView::up-arrow, QTableView#everybodyTable QHeaderView::down-arrow,
QTableView#mappings QHeaderView::up-arrow, QTableView#mappings QHeaderView::down-arrow { image: none; width: 0; height: 0; right: 0; }
QAbstractScrollArea::corner { background: @pane; border: 0; }
QTableCornerButton::section { background: @pane; border: 0; }

QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { border: 0; background: transparent; }

QMenu { background: @pane; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accentGround; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenuBar { background: @navigation; border-bottom: 1px solid @line; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: @accentGround; color: @text; }
QToolTip { background: @pane; color: @text; border: 1px solid @line; padding: 4px 6px; }

QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabBar { border: 0; }
QTabBar::tab { background: transparent; color: @muted; border: 0; border-bottom: 2px solid transparent;
    padding: 8px 2px; margin-right: 16px; font-weight: 500; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @accent; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @text; border-bottom: 2px solid @text; }
QTabBar QToolButton { background: @pane; border: 0; }

QProgressBar { background: @line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

QColor mix(const QColor &a, const QColor &b, qreal share)
{
    return QColor::fromRgbF(float(a.redF() * (1 - share) + b.redF() * share),
                            float(a.greenF() * (1 - share) + b.greenF() * share),
                            float(a.blueF() * (1 - share) + b.blueF() * share));
}

} // namespace

QString styleSheet(const Colors &c)
{
    const std::pair<const char *, QColor> names[] = {
        // Longer names first: a name must not be the beginning of a later one.
        {"@accentGround", c.accentGround},
        {"@accentHover", mix(c.accent, c.text, 0.12)},
        {"@accentPress", mix(c.accent, c.text, 0.25)},
        {"@accent", c.accent},
        {"@badGround", c.badGround},
        {"@bad", c.bad},
        {"@goodGround", c.goodGround},
        {"@good", c.good},
        {"@warningGround", c.warningGround},
        {"@warning", c.warning},
        {"@neutralGround", c.neutralGround},
        {"@navigation", c.navigation},
        {"@onAccent", c.onAccent},
        {"@window", c.window},
        {"@pane", c.pane},
        {"@fieldLine", mix(c.line, c.muted, c.highContrast ? 1.0 : 0.25)},
        {"@field", c.dark ? mix(c.pane, c.window, 0.8) : c.pane},
        {"@hover", mix(c.pane, c.text, 0.05)},
        {"@press", mix(c.pane, c.text, 0.1)},
        {"@scroll", mix(c.pane, c.muted, 0.45)},
        {"@muted", c.muted},
        {"@line", c.line},
        {"@text", c.text},
    };
    QString sheet = QString::fromLatin1(kSheet);
    for (const auto &[name, color] : names)
        sheet.replace(QLatin1String(name), color.name());
    return sheet;
}

} // namespace gatehouse::ui
