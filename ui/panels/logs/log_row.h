// How one log line is painted: columns, and the runs of colour inside its message.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <vector>

#include "models/log_model.h"
#include "models/shown_text.h"
#include "theme/theme.h"

namespace aiops::ui {

/// A run of UTF-16 units [first, last) in one colour, maybe on a coloured ground.
struct LogRun {
  int first = 0;
  int last = 0;
  theme::Token ink = theme::Token::Text;
  bool hit = false;  ///< on the ground of a search hit
  bool operator==(const LogRun&) const = default;
};

/// Splits a shown message into runs: search hits first, then escapes in the warning colour, then key=value
/// fields one step quieter than the words before them. The runs ascend and cover the message.
std::vector<LogRun> logRuns(const ShownText& message, const std::vector<TextSpan>& hits,
                            model::Severity severity);

/// Left edges of the columns, in px.
struct LogColumns {
  int time = 34;
  int mark = 0;
  int service = 0;
  int message = 0;
};

/// Paints rows with the fonts and colours of the theme. Made anew for each paint event.
class LogRowPainter {
 public:
  LogRowPainter(QPainter& painter, const theme::Theme& theme, const LogModel& model,
                const LogColumns& columns, bool withDate);

  struct Look {
    bool current = false;
    bool focused = false;
  };
  void paint(uint64_t ordinal, const QRect& row, Look look);

  /// The columns for the services seen so far.
  static LogColumns columnsFor(const theme::Theme& theme, const LogModel& model, bool withDate);
  /// The time column: milliseconds only if the source has them.
  static QString timeText(const LogBuffer::Entry& entry, bool withDate);
  static theme::Token seriesToken(uint32_t service);

 private:
  void paintGround(const LogBuffer::Entry& entry, const QRect& row, Look look);
  void paintLead(const LogBuffer::Entry& entry, uint64_t ordinal, const QRect& row, Look look);
  void paintMessage(uint64_t ordinal, const QRect& box);
  void paintRuns(const QString& text, const std::vector<LogRun>& runs, const QRect& box, bool ascii);
  /// How many units of `text` fit before an ellipsis, or all.
  int fittingUnits(const QString& text, double width, bool ascii) const;
  /// The width of a stretch: of ASCII in a fixed pitch by counting.
  double widthOf(const QString& text, bool ascii) const;

  QPainter& m_painter;
  const theme::Theme& m_theme;
  const LogModel& m_model;
  LogColumns m_columns;
  bool m_withDate;
  QFont m_font;
  QFontMetricsF m_metrics;
  double m_pitch;  ///< the advance of every ASCII character, or 0 if they differ
};

}  // namespace aiops::ui
