// Painting helpers for delegates and painted widgets: marks by severity, risk and verdict, chips, key caps,
// text. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QRectF>
#include <QString>
#include <functional>

#include "model/fix.h"
#include "model/incident.h"
#include "model/severity.h"
#include "theme/icon.h"
#include "theme/theme.h"

namespace aiops::ui {

/// The colour of text and marks, the tint behind them and the fill of a chart, by meaning.
theme::Token severityToken(model::Severity severity);
theme::Token severityTint(model::Severity severity);
theme::Token severityGraph(model::Severity severity);
theme::Token riskToken(model::Risk risk);
theme::Token verdictToken(model::Verdict verdict);
theme::Token fixStateToken(model::FixState state);
/// The icon of a state ("check", "undo" ...): shape as well as colour.
QString fixStateIcon(model::FixState state);

/// Octagon with !, diamond, hollow triangle, hollow circle, dot: 12 px wide, centred in `box`.
void paintSeverity(QPainter& painter, const QRectF& box, model::Severity severity, const theme::Theme& theme);
/// One, two or three rising bars, 14 px wide, centred in `box`.
void paintRisk(QPainter& painter, const QRectF& box, model::Risk risk, const theme::Theme& theme);
/// Tick, half ring, dash, tick in ring, question mark, cross: 12 px wide.
void paintVerdict(QPainter& painter, const QRectF& box, model::Verdict verdict, const theme::Theme& theme);

/// What a chip shows. `mark` paints the shape before the text in a 14 px box.
struct Chip {
  QString text;
  theme::Token colour = theme::Token::Text;
  theme::Token fill = theme::Token::Inset;
  theme::Token edge = theme::Token::Line;
  std::function<void(QPainter&, const QRectF&)> mark;
};
/// Chips of 20 px height; paintChip gives the width it took.
qreal chipWidth(const Chip& chip, const theme::Theme& theme);
qreal paintChip(QPainter& painter, const QPointF& topLeft, const Chip& chip, const theme::Theme& theme);
Chip riskChip(model::Risk risk, const theme::Theme& theme);
Chip severityChip(model::Severity severity, const theme::Theme& theme);
Chip verdictChip(model::Verdict verdict, double confidence, const theme::Theme& theme);

/// The box of something that can be ticked, 16 px, centred in `box`. With `allowed` false it can't be.
void paintTick(QPainter& painter, const QRectF& box, bool ticked, bool allowed, const theme::Theme& theme);

/// A key in a rounded outline; gives the width it took. Height 18, centred on `middle`.
qreal keyCapWidth(const QString& key, const theme::Theme& theme);
void paintKeyCap(QPainter& painter, const QPointF& leftMiddle, const QString& key, const QColor& colour,
                 const theme::Theme& theme);

/// One line of plain text in `box`, cut with an ellipsis, in the font and colour given.
void paintText(QPainter& painter, const QRectF& box, const QString& text, const theme::Theme& theme,
               theme::FontRole role, theme::Token colour, Qt::Alignment alignment = Qt::AlignLeft);
qreal textWidth(const QString& text, const theme::Theme& theme, theme::FontRole role);

/// A box of one device pixel edge: fill, edge and radius.
void paintBox(QPainter& painter, const QRectF& box, const QColor& fill, const QColor& edge, qreal radius);
/// The ring that shows the keyboard focus: accent, 2 px, inside `box`.
void paintFocus(QPainter& painter, const QRectF& box, const theme::Theme& theme, qreal radius);

}  // namespace aiops::ui
