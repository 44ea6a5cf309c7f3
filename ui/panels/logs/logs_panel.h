// Logs: read, filter and follow all sources as one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QVBoxLayout>

#include "models/engine_bridge.h"
#include "models/log_feed.h"
#include "models/log_model.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class FilterBar;
class HistogramView;
class KeyButton;
class Label;
class LogInspector;
class LogView;
class WaitingBar;

/// Asks for new lines ten times a second while it is seen (once a second while not), and merges each answer
/// at once. Keys besides those of LogView: / or Ctrl+F filter, F4 and Shift+F4 anywhere, I inspector, P makes
/// a pattern from the current line, F6 next part, Esc drops the expression and goes back to the lines.
class LogsPanel final : public Panel {
  Q_OBJECT
 public:
  LogsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Logs"); }
  /// `id` is "source:line" (line 0 is the newest), "find:TEXT", "service:NAME" or empty.
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  LogModel& model() { return m_model; }
  LogView& view() { return *m_view; }
  FilterBar& filterBar() { return *m_filter; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildPane();
  void buildHead(QVBoxLayout* pane);
  void buildEmpty();
  void connectParts();
  void bindKeys();
  void ask();
  void take(base::Result<LogFeed::Batch> batch);
  void refresh();
  void refreshHead();
  void refreshHistogram();
  void refreshEmpty();
  void placeEmpty();
  void placeInspector();
  void jumpTo(const QString& source, uint64_t line);
  std::optional<uint64_t> placeOf(const QString& source, uint64_t line) const;
  static QString linesText(qint64 count);
  QString sourcesNote() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  LogModel m_model;
  LogFeed m_feed;
  FilterBar* m_filter;
  HistogramView* m_histogram;
  LogView* m_view;
  WaitingBar* m_waiting;
  LogInspector* m_inspector;
  Label* m_title = nullptr;
  Label* m_caption = nullptr;
  Label* m_note = nullptr;
  KeyButton* m_state = nullptr;
  QWidget* m_empty = nullptr;
  Label* m_emptyText = nullptr;
  KeyButton* m_emptyClear = nullptr;
  KeyButton* m_emptyAdd = nullptr;
  QTimer m_poll;
  QTimer m_histogramDue;
  uint64_t m_next = 0;
  bool m_asked = false;
  QString m_problem;
  QString m_jumpNote;
  QString m_wanted;                     ///< "source:line" to select when it arrives with the first answer
  std::optional<bool> m_inspectorWish;  ///< set by key I
};

}  // namespace aiops::ui
