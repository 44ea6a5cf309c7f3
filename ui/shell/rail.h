// The rail at the left: where one can go, and who one is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>
#include <QStandardItemModel>

#include "service/operations.h"
#include "shell/panel_table.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Brand above, the panels with their badges, and the role of this session at the foot. Wide (176) or icons
/// only (56).
class Rail : public Painted {
  Q_OBJECT
 public:
  Rail(const theme::Theme& theme, const std::vector<PanelEntry>& panels, const service::Caller& caller,
       QWidget* parent = nullptr);

  void setCurrent(PanelId id);
  /// 0 shows none. `what` is read aloud after the number. `attention` paints it violet: a person must decide.
  void setBadge(PanelId id, int count, const QString& what, bool attention = false);
  void setNarrow(bool narrow);
  bool isNarrow() const { return m_narrow; }
  QListView* list() { return m_list; }

 Q_SIGNALS:
  void chosen(PanelId id);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QStandardItem* item(PanelId id) const;
  void paintFoot(class QPainter& painter) const;

  QListView* m_list;
  QStandardItemModel m_model;
  QString m_name, m_scopes;
  bool m_narrow = false;
};

}  // namespace aiops::ui
