// What a dry run has found, beside the undo.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>

#include "base/result.h"
#include "model/dry_run.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// One line until it is asked for; then each check that fails with what was found, and how many pass.
class DryRunView : public Painted {
  Q_OBJECT
 public:
  explicit DryRunView(const theme::Theme& theme, QWidget* parent = nullptr);

  void showHint();
  void showRunning();
  void showResult(const base::Result<model::DryRun>& result);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void clear();
  void addLine(const char* icon, theme::Token ink, const QString& text, bool strong = false);

  QVBoxLayout* m_lines;
};

}  // namespace aiops::ui
