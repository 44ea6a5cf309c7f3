// Whether the record is whole, and what can be done with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include "base/result.h"
#include "model/audit.h"
#include "widgets/painted.h"

namespace aiops::ui {

class KeyButton;
class Label;
class MarkLabel;

/// One line: the state of the chain in words and a shape, or the progress of what runs. Red only for a chain
/// that is broken.
class AuditBanner final : public Painted {
  Q_OBJECT
 public:
  explicit AuditBanner(const theme::Theme& theme, QWidget* parent = nullptr);

  void showUnverified();
  void showVerifying(qulonglong entries);
  void showVerified(const base::Result<model::AuditVerification>& answer, base::TimePoint at);
  void showExporting(qulonglong done, qulonglong of);
  void showExported(const QString& problem, qulonglong written, const QString& path);
  QString words() const;
  bool isBroken() const { return m_broken; }
  /// Something runs that Esc ends.
  bool isBusy() const { return m_busy; }

 Q_SIGNALS:
  void verifyAsked();
  void exportAsked();
  void cancelAsked();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void say(const QString& words, const QString& icon, theme::Token ink);
  void setBusy(bool busy);
  void tick();

  MarkLabel* m_mark;
  Label* m_words;
  Label* m_note;
  KeyButton* m_verify;
  KeyButton* m_export;
  KeyButton* m_cancel;
  QTimer m_clock;
  QElapsedTimer m_since;
  qulonglong m_entries = 0;
  bool m_broken = false, m_busy = false;
};

}  // namespace aiops::ui
