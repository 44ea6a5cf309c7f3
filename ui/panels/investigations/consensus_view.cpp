// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/consensus_view.h"

#include <QPainter>

#include "models/shown_text.h"
#include "widgets/chip.h"
#include "widgets/label.h"
#include "widgets/painted.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

class Tint final : public Painted {
 public:
  using Painted::Painted;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme().scheme() == theme::Scheme::HighContrast ? QPen(color(Token::Warn))
                                                                   : QPen(Qt::NoPen));
    painter.setBrush(color(Token::WarnTint));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
  }
};

QString claimOf(const model::Opinion& opinion) {
  const QString service = shownString(opinion.service, 64);
  const QString kind = shownString(opinion.kind, 128).replace(u'_', u' ');
  if (service.isEmpty()) return kind;
  return kind.isEmpty() ? service : service + QStringLiteral(": ") + kind;
}

}  // namespace

ConsensusView::ConsensusView(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_rows(new QVBoxLayout(this)) {
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(5);
  setAccessibleName(tr("Consensus"));
}

void ConsensusView::addLine(const model::Opinion& opinion, bool trackRecord) {
  auto* row = new QWidget(this);
  auto* cells = new QHBoxLayout(row);
  cells->setContentsMargins(0, 0, 0, 0);
  cells->setSpacing(8);
  cells->addWidget(new MarkLabel(m_theme, opinion.agrees ? QStringLiteral("check") : QStringLiteral("cross"),
                                 opinion.agrees ? Token::Ok : Token::Warn, row));
  auto* name = new Label(m_theme, FontRole::Body, Token::Text, shownString(opinion.analyst, 64), row);
  const QString says = !opinion.agrees ? tr("disagrees")
                       : trackRecord
                           ? shownString(opinion.service, 64) + u' ' + percentText(opinion.confidence)
                           : shownString(opinion.service, 64);
  auto* claim = new Label(m_theme, opinion.agrees ? FontRole::Mono : FontRole::BodyStrong,
                          opinion.agrees ? Token::Text2 : Token::Warn, says, row);
  name->setElided(true);
  cells->addWidget(name, 1);
  cells->addWidget(claim);
  row->setAccessibleName(name->text() + QStringLiteral(": ") + says);
  m_rows->addWidget(row);
}

void ConsensusView::addDissent(const model::Opinion& opinion) {
  auto* tint = new Tint(m_theme, this);
  auto* lines = new QVBoxLayout(tint);
  lines->setContentsMargins(10, 8, 10, 8);
  lines->setSpacing(2);
  lines->addWidget(new Label(m_theme, FontRole::BodyStrong, Token::Warn,
                             tr("Dissent: %1").arg(shownString(opinion.analyst, 64)), tint));
  const QString words = opinion.note.empty() ? claimOf(opinion) : shownString(opinion.note, 1024);
  auto* text = new Label(m_theme, FontRole::Secondary, Token::Text2, words, tint);
  text->setWordWrap(true);
  lines->addWidget(text);
  m_rows->addWidget(tint);
}

void ConsensusView::setOpinions(const std::vector<model::Opinion>& opinions, bool trackRecord) {
  while (QLayoutItem* item = m_rows->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  if (opinions.empty()) {
    m_rows->addWidget(
        new Label(m_theme, FontRole::Secondary, Token::Text3, tr("No analyst has answered yet."), this));
  }
  for (const auto& opinion : opinions) addLine(opinion, trackRecord);
  for (const auto& opinion : opinions) {
    if (!opinion.agrees) addDissent(opinion);
  }
  m_rows->addStretch(1);
}

}  // namespace aiops::ui
