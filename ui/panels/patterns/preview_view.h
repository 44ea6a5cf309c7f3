// What the open document does on the newest real lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/pattern_editor.h"
#include "models/preview_line.h"
#include "widgets/painted.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class Label;

/// What would fire, with the figures that made it fire, matches with the match on a coloured ground and
/// captures bold, then near misses with what stood in the way. Above them what is not good about the
/// document. Enter opens the line in Logs. An old preview stays, quieter, until the new one is there.
class PreviewView final : public Painted {
  Q_OBJECT
 public:
  PreviewView(const theme::Theme& theme, PatternEditor& editor, QWidget* parent = nullptr);
  RowList* rows() { return m_rows; }
  QString caption() const;
  QString stateText() const;

 Q_SIGNALS:
  void openLogLine(const QString& source, quint64 line);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  enum class Kind : uint8_t { Firing, Match, Miss };
  struct Row {
    model::PatternHit hit;
    PreviewLine line;
    Kind kind = Kind::Match;
  };
  QString whyOf(const Row& row) const;
  void refresh();
  void refreshHead();
  void fill(const model::PatternPreview& preview);
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  void paintText(QPainter& painter, const QRect& box, const PreviewLine& line, bool quiet) const;

  PatternEditor& m_editor;
  Label* m_caption;
  Label* m_result;
  Label* m_notes;
  Label* m_state;
  RowList* m_rows;
  std::vector<Row> m_shown;
};

}  // namespace aiops::ui
