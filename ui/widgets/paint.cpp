// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/paint.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Icon;
using theme::Theme;
using theme::Token;

namespace {

constexpr qreal kChipHeight = 20, kChipPadding = 7, kMark = 14, kCap = 18;

QPolygonF octagon(const QPointF& centre, qreal radius) {
  QPolygonF shape;
  for (int i = 0; i < 8; ++i) {
    const qreal angle = (i + 0.5) * M_PI / 4;
    shape << centre + QPointF(radius * std::cos(angle), radius * std::sin(angle));
  }
  return shape;
}

void paintBang(QPainter& painter, const QPointF& centre, const QColor& colour) {
  painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(centre + QPointF(0, -3), centre + QPointF(0, 0.6));
  painter.drawPoint(centre + QPointF(0, 3));
}

}  // namespace

Token severityToken(model::Severity severity) {
  switch (severity) {
    case model::Severity::Critical:
      return Token::Crit;
    case model::Severity::Error:
      return Token::Error;
    case model::Severity::Warning:
      return Token::Warn;
    case model::Severity::Info:
      return Token::Info;
    case model::Severity::Debug:
      return Token::Text3;
  }
  return Token::Text3;
}

Token severityTint(model::Severity severity) {
  switch (severity) {
    case model::Severity::Critical:
      return Token::CritTint;
    case model::Severity::Error:
      return Token::ErrorTint;
    case model::Severity::Warning:
      return Token::WarnTint;
    default:
      return Token::Raised;
  }
}

Token severityGraph(model::Severity severity) {
  switch (severity) {
    case model::Severity::Critical:
      return Token::GraphCrit;
    case model::Severity::Error:
      return Token::GraphError;
    case model::Severity::Warning:
      return Token::GraphWarn;
    default:
      return Token::Bar;
  }
}

Token riskToken(model::Risk risk) {
  switch (risk) {
    case model::Risk::Low:
      return Token::Ok;
    case model::Risk::Medium:
      return Token::Warn;
    case model::Risk::High:
      return Token::Crit;
  }
  return Token::Crit;
}

Token verdictToken(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::Confirmed:
    case model::Verdict::Healthy:
      return Token::Ok;
    case model::Verdict::Unverified:
      return Token::Warn;
    case model::Verdict::Likely:
      return Token::Text;
    default:
      return Token::Text3;
  }
}

Token fixStateToken(model::FixState state) {
  switch (state) {
    case model::FixState::Proposed:
      return Token::Attn;
    case model::FixState::Approved:
    case model::FixState::Running:
    case model::FixState::Validating:
      return Token::Info;
    case model::FixState::Succeeded:
      return Token::Ok;
    case model::FixState::RollingBack:
    case model::FixState::RolledBack:
      return Token::Warn;
    case model::FixState::RollbackFailed:
    case model::FixState::NeedsHuman:
      return Token::Crit;
    default:
      return Token::Text3;
  }
}

QString fixStateIcon(model::FixState state) {
  switch (state) {
    case model::FixState::Proposed:
      return QStringLiteral("person");
    case model::FixState::Approved:
    case model::FixState::Running:
      return QStringLiteral("play");
    case model::FixState::Validating:
      return QStringLiteral("clock");
    case model::FixState::Succeeded:
      return QStringLiteral("check");
    case model::FixState::RollingBack:
    case model::FixState::RolledBack:
      return QStringLiteral("undo");
    case model::FixState::RollbackFailed:
    case model::FixState::NeedsHuman:
      return QStringLiteral("warning");
    default:
      return QStringLiteral("cross");
  }
}

void paintSeverity(QPainter& painter, const QRectF& box, model::Severity severity, const Theme& theme) {
  const QColor colour = theme.color(severityToken(severity));
  const QPointF c = box.center();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  switch (severity) {
    case model::Severity::Critical:
      painter.drawPolygon(octagon(c, 6.8));
      paintBang(painter, c, theme.color(Token::Panel));
      break;
    case model::Severity::Error:
      painter.drawPolygon(
          QPolygonF({c + QPointF(0, -6), c + QPointF(6, 0), c + QPointF(0, 6), c + QPointF(-6, 0)}));
      break;
    case model::Severity::Warning:
      painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
      painter.setBrush(Qt::NoBrush);
      painter.drawPolygon(QPolygonF({c + QPointF(0, -4.8), c + QPointF(5.2, 4.4), c + QPointF(-5.2, 4.4)}));
      break;
    case model::Severity::Info:
      painter.setPen(QPen(colour, 1.5));
      painter.setBrush(Qt::NoBrush);
      painter.drawEllipse(c, 3.4, 3.4);
      break;
    case model::Severity::Debug:
      painter.drawEllipse(c, 2, 2);
      break;
  }
  painter.restore();
}

void paintRisk(QPainter& painter, const QRectF& box, model::Risk risk, const Theme& theme) {
  const int filled = static_cast<int>(risk) + 1;
  const QColor colour = theme.color(riskToken(risk));
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  const qreal left = std::round(box.center().x() - 7), bottom = std::round(box.center().y() + 5);
  for (int i = 0; i < 3; ++i) {
    const qreal height = 4 + 3 * i;
    const QRectF bar(left + i * 5, bottom - height, 4, height);
    if (i < filled) {
      painter.fillRect(bar, colour);
    } else {
      painter.setPen(QPen(colour, 1));
      painter.drawRect(bar.adjusted(0, 0, -1, -1));
    }
  }
  painter.restore();
}

void paintVerdict(QPainter& painter, const QRectF& box, model::Verdict verdict, const Theme& theme) {
  const QColor colour = theme.color(verdictToken(verdict));
  const auto icon = [&](const char* name) {
    Icon(QString::fromLatin1(name)).paint(painter, box, colour, 14);
  };
  switch (verdict) {
    case model::Verdict::Confirmed:
      return icon("check");
    case model::Verdict::Inconclusive:
      return icon("dash");
    case model::Verdict::Unverified:
      return icon("question");
    case model::Verdict::Rejected:
      return icon("cross");
    case model::Verdict::Healthy:
    case model::Verdict::Likely:
      break;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(colour, 1.4, Qt::SolidLine, Qt::RoundCap));
  const QRectF ring(box.center() - QPointF(5.3, 5.3), QSizeF(10.6, 10.6));
  if (verdict == model::Verdict::Likely) {
    painter.drawEllipse(ring);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPie(ring, 90 * 16, 180 * 16);
  } else {
    painter.drawEllipse(ring);
    const QPointF c = box.center();
    painter.drawPolyline(QPolygonF({c + QPointF(-2.4, 0.2), c + QPointF(-0.6, 2), c + QPointF(2.6, -1.8)}));
  }
  painter.restore();
}

qreal textWidth(const QString& text, const Theme& theme, FontRole role) {
  return std::ceil(QFontMetricsF(theme.font(role)).horizontalAdvance(text));
}

qreal chipWidth(const Chip& chip, const Theme& theme) {
  const qreal mark = chip.mark ? kMark + 5 : 0;
  return 2 * kChipPadding + mark + textWidth(chip.text, theme, FontRole::Caption);
}

qreal paintChip(QPainter& painter, const QPointF& topLeft, const Chip& chip, const Theme& theme) {
  const QRectF box(topLeft, QSizeF(chipWidth(chip, theme), kChipHeight));
  paintBox(painter, box, theme.color(chip.fill), theme.color(chip.edge), theme::grid::kRadiusChip);
  qreal x = box.left() + kChipPadding;
  if (chip.mark) {
    chip.mark(painter, QRectF(x, box.top(), kMark, kChipHeight));
    x += kMark + 5;
  }
  painter.setFont(theme.font(FontRole::Caption));
  painter.setPen(theme.color(chip.colour));
  painter.drawText(QRectF(x, box.top(), box.right() - x, kChipHeight), Qt::AlignVCenter | Qt::TextSingleLine,
                   chip.text);
  return box.width();
}

Chip riskChip(model::Risk risk, const Theme& theme) {
  Chip chip{riskWord(risk), riskToken(risk)};
  chip.mark = [risk, &theme](QPainter& painter, const QRectF& box) { paintRisk(painter, box, risk, theme); };
  return chip;
}

Chip severityChip(model::Severity severity, const Theme& theme) {
  Chip chip{severityWord(severity), severityToken(severity), severityTint(severity), severityTint(severity)};
  if (theme.scheme() == theme::Scheme::HighContrast) chip.edge = Token::Line;
  chip.mark = [severity, &theme](QPainter& painter, const QRectF& box) {
    paintSeverity(painter, box, severity, theme);
  };
  return chip;
}

Chip verdictChip(model::Verdict verdict, double confidence, const Theme& theme) {
  const bool counts = verdict == model::Verdict::Confirmed || verdict == model::Verdict::Likely;
  const QString number = counts ? QStringLiteral(" ") + percentText(confidence) : QString();
  Chip chip{verdictWord(verdict) + number, Token::Text};
  chip.mark = [verdict, &theme](QPainter& painter, const QRectF& box) {
    paintVerdict(painter, box, verdict, theme);
  };
  return chip;
}

void paintTick(QPainter& painter, const QRectF& box, bool ticked, bool allowed, const theme::Theme& theme) {
  constexpr qreal kSide = 16, kRadius = 3;
  const QRectF tick(box.center().x() - kSide / 2, box.center().y() - kSide / 2, kSide, kSide);
  const Token edge = ticked ? Token::AccentFill : allowed ? Token::Control : Token::LineStrong;
  paintBox(painter, tick, theme.color(ticked ? Token::AccentFill : Token::Inset), theme.color(edge), kRadius);
  if (ticked) theme::Icon(QStringLiteral("check")).paint(painter, tick, theme.color(Token::OnAccent), 12);
}

qreal keyCapWidth(const QString& key, const Theme& theme) {
  return std::max<qreal>(kCap, textWidth(key, theme, FontRole::Mono) + 8);
}

void paintKeyCap(QPainter& painter, const QPointF& leftMiddle, const QString& key, const QColor& colour,
                 const Theme& theme) {
  const QRectF box(leftMiddle.x(), std::round(leftMiddle.y() - 8), keyCapWidth(key, theme), 16);
  QColor edge = colour;
  edge.setAlphaF(0.55F);
  paintBox(painter, box, Qt::transparent, edge, 3);
  QFont font = theme.font(FontRole::Mono);
  font.setPixelSize(11);
  painter.setFont(font);
  painter.setPen(colour);
  painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, key);
}

void paintText(QPainter& painter, const QRectF& box, const QString& text, const Theme& theme, FontRole role,
               Token colour, Qt::Alignment alignment) {
  const QFont font = theme.font(role);
  painter.setFont(font);
  painter.setPen(theme.color(colour));
  const QString shown = QFontMetricsF(font).elidedText(text, Qt::ElideRight, box.width() + 0.5);
  const int flags = static_cast<int>(alignment.toInt()) | Qt::TextSingleLine;
  painter.drawText(box, (alignment & Qt::AlignVertical_Mask) ? flags : flags | Qt::AlignVCenter, shown);
}

void paintBox(QPainter& painter, const QRectF& box, const QColor& fill, const QColor& edge, qreal radius) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(fill);
  painter.setPen(edge.alpha() == 0 ? QPen(Qt::NoPen) : QPen(edge, 1));
  painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
  painter.restore();
}

void paintFocus(QPainter& painter, const QRectF& box, const Theme& theme, qreal radius) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.color(Token::Accent), 2));
  painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius);
  painter.restore();
}

}  // namespace aiops::ui
