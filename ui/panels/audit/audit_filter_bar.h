// Who, what, target, from and to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QTimer>

#include "models/audit_model.h"
#include "theme/theme.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// Emits changed() a moment after the last key. A time that can't be read keeps the last good filter and says
/// what would be one.
class AuditFilterBar final : public QWidget {
  Q_OBJECT
 public:
  explicit AuditFilterBar(const theme::Theme& theme, QWidget* parent = nullptr);

  void setCount(const QString& text);
  void clear();
  QLineEdit* who() { return m_who; }
  QLineEdit* what() { return m_what; }
  QLineEdit* target() { return m_target; }
  QLineEdit* from() { return m_from; }
  QLineEdit* to() { return m_to; }
  QString problem() const;

 Q_SIGNALS:
  void changed(const aiops::ui::AuditFilter& filter);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLineEdit* addField(const QString& name, const QString& hint, int width);
  void apply();

  const theme::Theme& m_theme;
  QLineEdit *m_who, *m_what, *m_target, *m_from, *m_to;
  Label* m_count;
  KeyButton* m_clear;
  QTimer m_wait;
  QLineEdit* m_bad = nullptr;
};

}  // namespace aiops::ui
