// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/consensus_view.h"

#include <QPainter>
#include <algorithm>

#include "model/labels.h"
#include "models/shown_text.h"
#include "widgets/chip.h"
#include "widgets/label.h"
#include "widgets/painted.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr size_t kMostSimilar = 3;

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

QString causeText(const std::string& ofService, const std::string& ofKind) {
  const QString service = shownString(ofService, 64);
  const QString kind = shownString(ofKind, 128).replace(u'_', u' ');
  if (service.isEmpty()) return kind;
  return kind.isEmpty() ? service : service + QStringLiteral(": ") + kind;
}

}  // namespace

ConsensusView::ConsensusView(const theme::Theme& theme, QWidget* parent)
    : RowPane(theme, tr("Consensus"), 5, parent), m_theme(theme) {}

void ConsensusView::addLine(const model::Opinion& opinion, bool trackRecord) {
  auto* row = new QWidget(page());
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
  rows().addWidget(row);
}

void ConsensusView::addDissent(const model::Opinion& opinion) {
  auto* tint = new Tint(m_theme, page());
  auto* lines = new QVBoxLayout(tint);
  lines->setContentsMargins(10, 8, 10, 8);
  lines->setSpacing(2);
  lines->addWidget(new Label(m_theme, FontRole::BodyStrong, Token::Warn,
                             tr("Dissent: %1").arg(shownString(opinion.analyst, 64)), tint));
  const QString words =
      opinion.note.empty() ? causeText(opinion.service, opinion.kind) : shownString(opinion.note, 1024);
  auto* text = new Label(m_theme, FontRole::Secondary, Token::Text2, words, tint);
  text->setWordWrap(true);
  lines->addWidget(text);
  rows().addWidget(tint);
}

void ConsensusView::addNote(const QString& text) {
  auto* note = new Label(m_theme, FontRole::Secondary, Token::Text3, text, page());
  note->setWordWrap(true);
  rows().addWidget(note);
}

void ConsensusView::addSimilar(const model::SimilarIncident& similar) {
  const auto& past = similar.past;
  auto* row = new QWidget(page());
  auto* cells = new QVBoxLayout(row);
  cells->setContentsMargins(0, 0, 0, 0);
  cells->setSpacing(0);
  const QString label = QString::fromStdString(model::incidentLabel(past.number));
  const QString head = tr("%1, %2 alike").arg(label, percentText(similar.similarity));
  cells->addWidget(new Label(m_theme, FontRole::Body, Token::Text, head, row));
  const QString cause = past.kind.empty() ? tr("cause not known") : causeText(past.service, past.kind);
  QString words = cause;
  if (past.basis == model::CauseBasis::Person) words = tr("%1, said %2").arg(cause, shownString(past.by, 64));
  if (past.basis == model::CauseBasis::Fix)
    words = tr("%1, proved by %2").arg(cause, shownString(past.fix, 64));
  auto* text = new Label(m_theme, FontRole::Secondary, Token::Text2, words, row);
  text->setWordWrap(true);
  cells->addWidget(text);
  row->setAccessibleName(head + QStringLiteral(": ") + words);
  rows().addWidget(row);
}

void ConsensusView::setDiagnosis(const model::Diagnosis& diagnosis,
                                 const std::vector<model::SimilarIncident>& similar, bool trackRecord) {
  clear();
  if (diagnosis.opinions.empty()) addNote(tr("No analyst has answered yet."));
  for (const auto& opinion : diagnosis.opinions) addLine(opinion, trackRecord);
  for (const auto& opinion : diagnosis.opinions) {
    if (!opinion.agrees) addDissent(opinion);
  }
  if (!diagnosis.modelNote.empty()) addNote(shownString(diagnosis.modelNote, 512));
  if (!similar.empty()) {
    rows().addSpacing(6);
    rows().addWidget(
        new Label(m_theme, FontRole::BodyStrong, Token::Text, tr("Like past incidents"), page()));
  }
  for (size_t i = 0; i < std::min(similar.size(), kMostSimilar); ++i) addSimilar(similar[i]);
  rows().addStretch(1);
}

}  // namespace aiops::ui
