// Audit: who did what, why, and whether the record is whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/audit_export.h"
#include "models/audit_model.h"
#include "models/engine_bridge.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class AuditBanner;
class AuditFilterBar;
class Card;
class DataTable;
class FieldList;
class KeyButton;
class Label;
class ScrollPane;

/// V verifies, Ctrl+E exports, / or Ctrl+F filters, Enter opens the incident, Home goes to the newest, F6 to
/// the next part, Esc ends what runs. Verifies once by itself when it is first shown.
class AuditPanel final : public Panel {
  Q_OBJECT
 public:
  AuditPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Audit"); }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  AuditBanner& banner() { return *m_banner; }
  AuditFilterBar& filterBar() { return *m_filter; }
  DataTable& table() { return *m_table; }
  FieldList& record() { return *m_record; }
  AuditModel& model() { return *m_model; }
  void verify();
  /// Into `path`: what the filter shows, or all of it.
  void exportTo(const QString& path);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  AskAudit asker();
  Card* buildTable();
  Card* buildRecord();
  void bindKeys();
  void chooseFile();
  void cancel();
  void showRecord();
  void openCurrent();
  void refreshed();
  QString countWords() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  AuditModel* m_model;
  AuditBanner* m_banner = nullptr;
  AuditFilterBar* m_filter = nullptr;
  Card* m_card = nullptr;
  DataTable* m_table = nullptr;
  Label* m_empty = nullptr;
  KeyButton* m_newer = nullptr;
  FieldList* m_record = nullptr;
  ScrollPane* m_recordPane = nullptr;
  KeyButton* m_openIncident = nullptr;
  AuditExport* m_export = nullptr;
  QTimer m_poll;
  int m_verifyTurn = 0;  ///< an answer that nobody waits for any more is dropped
  bool m_verified = false;
};

}  // namespace aiops::ui
