// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/style_sheet.h"

#include <utility>

namespace aiops::theme {
namespace {

constexpr auto kTemplate = R"(
QLineEdit, QComboBox, QPlainTextEdit[kind="field"] {
  background: @inset@; color: @text@; border: 1px solid @control@; border-radius: 5px;
  padding: 0 8px; min-height: 26px; selection-background-color: @selected@; selection-color: @text@;
}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit[kind="field"]:focus { border: 2px solid @accent@; padding: 0 7px; min-height: 24px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit[kind="field"]:disabled { color: @text3@; border-color: @line@; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: @raised@; border: 1px solid @strong@; outline: none; }
QPushButton {
  background: @raised@; color: @text@; border: 1px solid @strong@; border-radius: 5px;
  padding: 0 12px; min-height: 20px; font-weight: 500;
}
QPushButton:hover { background: @hover@; }
QPushButton:pressed { background: @inset@; }
QPushButton:focus { border: 2px solid @accent@; padding: 0 11px; min-height: 18px; }
QPushButton:disabled { color: @text3@; background: @raised@; border-color: @line@; }
QPushButton[kind="primary"] { background: @accentFill@; color: @onAccent@; border-color: @accentFill@; }
QPushButton[kind="primary"]:focus { border-color: @text@; }
QPushButton[kind="attention"] { background: @attnFill@; color: @onAttn@; border-color: @attnFill@; }
QPushButton[kind="attention"]:focus { border-color: @text@; }
QPushButton[kind="danger"] { background: @critTint@; color: @crit@; border-color: @crit@; }
QPushButton[kind="danger"]:focus { border-color: @text@; }
QPushButton[kind="ghost"] { background: transparent; border-color: transparent; color: @text2@; }
QPushButton[kind="ghost"]:hover { background: @hover@; }
QPushButton[kind="ghost"]:focus { border-color: @accent@; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="attention"]:disabled, QPushButton[kind="danger"]:disabled {
  color: @text3@; background: @raised@; border-color: @line@;
}
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @text2@; padding: 6px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text@; border-bottom-color: @accent@; }
QTabBar::tab:hover { color: @text@; }
QSplitter::handle { background: @line@; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @strong@; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @control@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: @raised@; color: @text@; border: 1px solid @strong@; padding: 4px 6px; }
QMenu { background: @raised@; color: @text@; border: 1px solid @strong@; padding: 4px; }
QMenu::item { padding: 5px 20px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selected@; }
QMenu::separator { height: 1px; background: @line@; margin: 4px 8px; }
QHeaderView { background: @panel@; }
QHeaderView::section {
  background: @panel@; color: @text3@; border: none; border-bottom: 1px solid @line@;
  padding: 0 8px; min-height: 24px; font-size: 12px; font-weight: 500;
}
)";

constexpr std::pair<const char*, Token> kPlaces[] = {
    {"@inset@", Token::Inset},           {"@text@", Token::Text},         {"@text2@", Token::Text2},
    {"@text3@", Token::Text3},           {"@control@", Token::Control},   {"@selected@", Token::Selected},
    {"@accent@", Token::Accent},         {"@line@", Token::Line},         {"@strong@", Token::LineStrong},
    {"@raised@", Token::Raised},         {"@hover@", Token::Hover},       {"@panel@", Token::Panel},
    {"@accentFill@", Token::AccentFill}, {"@onAccent@", Token::OnAccent}, {"@attnFill@", Token::AttnFill},
    {"@onAttn@", Token::OnAttn},         {"@critTint@", Token::CritTint}, {"@crit@", Token::Crit},
};

}  // namespace

QString styleSheet(const Theme& theme) {
  QString sheet = QString::fromUtf8(kTemplate);
  for (const auto& [place, token] : kPlaces) {
    sheet.replace(QLatin1String(place), theme.color(token).name(QColor::HexRgb));
  }
  return sheet;
}

}  // namespace aiops::theme
