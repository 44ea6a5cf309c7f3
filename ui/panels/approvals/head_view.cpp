// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/head_view.h"

#include <QPainter>
#include <algorithm>

#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kHeight = 56, kRing = 44;

}  // namespace

HeadView::HeadView(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  setFixedHeight(kHeight);
  m_ring = new TimeRing(theme, this);
  connect(&m_tick, &QTimer::timeout, this, &HeadView::tick);
  m_tick.start(1000);
}

void HeadView::setFix(const model::FixProposal& fix, uint64_t incidentNumber) {
  m_fix = fix;
  m_incidentNumber = incidentNumber;
  tick();
}

void HeadView::tick() {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  const auto left = duration_cast<milliseconds>(m_fix.expiresAt - base::SystemClock().now());
  const auto whole =
      std::max<long long>(1, duration_cast<milliseconds>(m_fix.expiresAt - m_fix.proposedAt).count());
  m_left = timeLeftText(left);
  m_ring->setShare(static_cast<double>(left.count()) / static_cast<double>(whole));
  m_ring->setVisible(m_fix.state == model::FixState::Proposed);
  setAccessibleName(safeLine(m_fix.title));
  setAccessibleDescription(
      tr("%1, target %2, plan %3")
          .arg(riskWord(m_fix.plan.risk), safeLine(m_fix.plan.target), shortHash(m_fix.planHash)));
  update();
}

void HeadView::resizeEvent(QResizeEvent*) {
  m_ring->move(width() - kRing, 2);
}

void HeadView::paintFacts(QPainter& painter, qreal right) const {
  qreal x = 0;
  const qreal top = 32;
  Chip risk = riskChip(m_fix.plan.risk, theme());
  if (m_fix.plan.risk == model::Risk::High) risk.fill = risk.edge = Token::CritTint;
  if (theme().scheme() == theme::Scheme::HighContrast) risk.edge = Token::Line;
  x += paintChip(painter, {x, top}, risk, theme()) + 8;
  if (m_fix.plan.irreversible) {
    Chip chip{tr("No undo, needs a person"), Token::Crit};
    chip.mark = [this](QPainter& p, const QRectF& r) {
      theme::Icon(QStringLiteral("undo-struck")).paint(p, r, color(Token::Crit), 14);
    };
    x += paintChip(painter, {x, top}, chip, theme()) + 8;
  }
  const auto fact = [&](const QString& name, const QString& value, FontRole role) {
    const qreal nameSpace = textWidth(name, theme(), FontRole::Secondary);
    const qreal space = std::min(textWidth(value, theme(), role), right - x - nameSpace - 6);
    if (space < 24) return;
    paintText(painter, QRectF(x, top, nameSpace + 1, 20), name, theme(), FontRole::Secondary, Token::Text3);
    paintText(painter, QRectF(x + nameSpace + 6, top, space + 1, 20), value, theme(), role, Token::Text);
    x += nameSpace + 6 + space + 14;
  };
  fact(tr("Target"), safeLine(m_fix.plan.target), FontRole::BodyStrong);
  if (m_incidentNumber > 0) fact(tr("Incident"), incidentName(m_incidentNumber), FontRole::BodyStrong);
  fact(tr("Playbook"), safeLine(m_fix.plan.playbookId + " " + m_fix.plan.playbookVersion),
       FontRole::BodyStrong);
  fact(tr("Plan"), QStringLiteral("sha256 ") + shortHash(m_fix.planHash), FontRole::Mono);
}

void HeadView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool waits = m_fix.state == model::FixState::Proposed;
  qreal right = width();
  if (waits) {
    const QRectF text(width() - kRing - 140, 6, 130, 18);
    paintText(painter, text, m_left, theme(), FontRole::MonoStrong, Token::Text, Qt::AlignRight);
    paintText(painter, text.translated(0, 18), tr("then rejected"), theme(), FontRole::Caption, Token::Text3,
              Qt::AlignRight);
    right = text.right() - 90;
  } else {
    Chip chip{fixStateWord(m_fix.state), fixStateToken(m_fix.state), Token::Raised, Token::LineStrong};
    chip.mark = [this](QPainter& p, const QRectF& r) {
      theme::Icon(fixStateIcon(m_fix.state)).paint(p, r, color(fixStateToken(m_fix.state)), 14);
    };
    right -= chipWidth(chip, theme()) + 12;
    paintChip(painter, {right + 12, 6}, chip, theme());
  }
  paintText(painter, QRectF(0, 0, right, 28), safeLine(m_fix.title), theme(), FontRole::Page, Token::Text);
  paintFacts(painter, right);
}

}  // namespace aiops::ui
