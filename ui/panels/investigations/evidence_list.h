// The lines that a hypothesis cites, each with whether the engine has re-read it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/incident.h"
#include "theme/theme.h"
#include "widgets/row_list.h"

namespace aiops::ui {

/// Evidence for, then evidence against. Enter or a click asks to open the line in Logs.
class EvidenceList final : public QWidget {
  Q_OBJECT
 public:
  explicit EvidenceList(const theme::Theme& theme, QWidget* parent = nullptr);

  /// Lines that are neither for nor against anything.
  void setCitations(const std::vector<model::Citation>& citations);
  /// nullptr: nothing is selected.
  void setHypothesis(const model::Hypothesis* hypothesis);
  /// "5 for, 0 against".
  QString summary() const;
  /// "all quotes re-read" or "4 of 5 quotes re-read".
  QString readSummary() const;
  RowList* list() { return m_list; }

 Q_SIGNALS:
  void openLogLine(const QString& source, quint64 line);

 private:
  struct Row {
    model::Citation citation;
    bool against = false;
  };

  void add(const std::vector<model::Citation>& citations, bool against);
  void showRows();
  void open(const QString& id);
  QString reasonOf(const Row& row) const;
  static QString placeOf(const Row& row);
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  void paintMark(QPainter& painter, const QRectF& box, const Row& row) const;
  void paintQuote(QPainter& painter, const QRectF& box, const Row& row) const;

  const theme::Theme& m_theme;
  RowList* m_list;
  std::vector<Row> m_rows;
};

}  // namespace aiops::ui
