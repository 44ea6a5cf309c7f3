// A file edit as a unified diff of its bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "base/line_diff.h"
#include "model/fix.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Both line numbers, + and -, the changed span of a pair of lines boxed, and the SHA-256 of the file before
/// and after. Long lines are broken, never cut.
class DiffView : public Painted {
  Q_OBJECT
 public:
  DiffView(const theme::Theme& theme, model::FileEdit edit, int context, QWidget* parent = nullptr);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {300, heightForWidth(std::max(300, width()))}; }
  QSize minimumSizeHint() const override { return {200, 40}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  /// Nested layouts do not always ask for the height of a width: claim it, so that nothing is cut.
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Row {
    bool isHunk = false;
    base::DiffLine line;
    QString text;
    int markFrom = -1, markTo = -1;  ///< the changed span, in characters of `text`
  };

  void addHunk(const base::DiffHunk& hunk);
  void markPairs(size_t first);
  void describe();
  int columns(int width) const;
  qreal paintRow(QPainter& painter, const Row& row, qreal top) const;
  void paintMark(QPainter& painter, const Row& row, const QStringList& pieces, qreal top) const;
  void paintHunkHead(QPainter& painter, const Row& row, qreal top, bool first) const;

  model::FileEdit m_edit;  ///< the rows point into it
  std::vector<Row> m_rows;
  QString m_before, m_after;
};

}  // namespace aiops::ui
