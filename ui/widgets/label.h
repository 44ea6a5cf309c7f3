// A label in a role and a token of the theme, always plain text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <string_view>

#include "theme/theme.h"

namespace aiops::ui {

/// Never interprets its text as rich text. Foreign strings go in through setForeign(). With setElided() one
/// line is cut with an ellipsis (the whole text is the accessible name), else long text wraps if
/// setWordWrap() says so.
class Label : public QLabel {
  Q_OBJECT
 public:
  Label(const theme::Theme& theme, theme::FontRole role, theme::Token token, const QString& text = {},
        QWidget* parent = nullptr);

  void setForeign(std::string_view foreign);
  void setToken(theme::Token token);
  void setElided(bool elided);
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void restyle();

  const theme::Theme& m_theme;
  theme::FontRole m_role;
  theme::Token m_token;
  bool m_elided = false;
};

}  // namespace aiops::ui
