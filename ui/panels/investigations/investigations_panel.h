// Investigations: the list of incidents, then one incident with its proof.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/engine_bridge.h"
#include "theme/theme.h"
#include "widgets/panel.h"

class QStackedWidget;

namespace aiops::ui {

class Card;
class IncidentDetail;
class IncidentModel;
class IncidentTable;
class KeyButton;
class Label;

/// Enter opens an incident, Esc goes back to the list; the keys of an open incident stand at IncidentDetail.
/// It is asked for again when incidents change.
class InvestigationsPanel final : public Panel {
  Q_OBJECT
 public:
  InvestigationsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Investigations"); }
  QString subject() const override { return m_subject; }
  /// `id` is an incident's UUID or INC-0231; empty keeps what is shown.
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  IncidentTable& table() { return *m_table; }
  IncidentDetail& detail() { return *m_detail; }
  bool showsDetail() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildList();
  QWidget* buildProblem();
  void open(const QString& id);
  void openWhenKnown(const QString& id);
  void backToList();
  void load();
  void take(const QString& id, base::Result<service::Investigation> result);
  void refreshList();
  bool hasTrackRecord() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  QStackedWidget* m_pages;
  IncidentModel* m_model;
  IncidentTable* m_table;
  Card* m_listCard = nullptr;
  Label* m_empty = nullptr;
  QWidget* m_problemPage = nullptr;
  Label* m_problemText = nullptr;
  IncidentDetail* m_detail;
  QString m_openId;
  QString m_awaited;  ///< is opened as soon as the engine has it
  QString m_subject;
  bool m_loading = false;
  bool m_again = false;
};

}  // namespace aiops::ui
