// Success by playbook: what worked of what was tried, and between which shares the truth lies.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trust_model.h"
#include "widgets/data_table.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// The table and the scale below its interval column. S sorts by the next column, Shift+S turns the order.
class SuccessTable final : public QWidget {
  Q_OBJECT
 public:
  SuccessTable(const theme::Theme& theme, TrustModel& model, QWidget* parent = nullptr);
  DataTable& table() { return *m_table; }
  void sortByNext();
  void turnOrder();

 private:
  class Scale;
  DataTable* m_table;
};

}  // namespace aiops::ui
