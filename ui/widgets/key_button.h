// A push button with its key printed on it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

#include "theme/icon.h"
#include "theme/theme.h"

namespace aiops::ui {

/// `kind` is that of the style sheet. The key is printed, not bound: the panel binds it. With a menu it shows
/// an arrow.
class KeyButton : public QPushButton {
  Q_OBJECT
 public:
  enum class Kind { Plain, Primary, Attention, Danger, Ghost };

  KeyButton(const theme::Theme& theme, Kind kind, const QString& text, const QString& key = {},
            QWidget* parent = nullptr);

  void setKind(Kind kind);
  void setMark(const QString& icon);
  QString key() const { return m_key; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Token textToken() const;

  const theme::Theme& m_theme;
  Kind m_kind;
  QString m_key;
  theme::Icon m_icon;
};

}  // namespace aiops::ui
