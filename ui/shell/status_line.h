// The line at the foot: truths about ourselves, and the time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QTimer>

#include "models/engine_bridge.h"
#include "shell/panel_table.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// One truth: shape, name, value, and why it is bad if it is. Pressing it opens the panel that explains it.
struct Truth {
  QString name, value, problem;
  int badness = 0;    ///< 0 well, 1 worth a look, 2 bad
  bool ring = false;  ///< neither good nor bad: a hollow circle
  bool kept = false;  ///< stays when space is short, though it is not bad
};

/// The truths of a state of the engine, in fixed order: sources, agents, automation, quiet times, database,
/// engine. One without a value is not shown: that of quiet times while none is in force.
std::vector<Truth> truthsOf(const EngineBridge& bridge);

class TruthItem : public QAbstractButton {
  Q_OBJECT
 public:
  TruthItem(const theme::Theme& theme, QWidget* parent);
  void setTruth(const Truth& truth);
  const Truth& truth() const { return m_truth; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const theme::Theme& m_theme;
  Truth m_truth;
};

/// 28 px. When space is short the worst stay and the others go.
class StatusLine : public Painted {
  Q_OBJECT
 public:
  StatusLine(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

 Q_SIGNALS:
  void openPanel(PanelId id);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh();
  void arrange();

  EngineBridge& m_bridge;
  std::vector<TruthItem*> m_items;
  QTimer m_clock;
};

}  // namespace aiops::ui
