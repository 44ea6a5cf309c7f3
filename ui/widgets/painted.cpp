// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/painted.h"

namespace aiops::ui {

Painted::Painted(const theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  connect(&theme, &theme::Theme::changed, this, [this] { update(); });
}

}  // namespace aiops::ui
