// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card.h"

#include <QHBoxLayout>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

Card::Card(const theme::Theme& theme, const QString& title, QWidget* parent) : Painted(theme, parent) {
  m_title = new Label(theme, FontRole::BodyStrong, Token::Text, title, this);
  m_caption = new Label(theme, FontRole::Secondary, Token::Text3, {}, this);
  m_trailing = new Label(theme, FontRole::Secondary, Token::Text3, {}, this);
  m_caption->setElided(true);
  m_head = new QHBoxLayout;
  m_head->setSpacing(8);
  m_head->addWidget(m_title);
  m_head->addWidget(m_caption, 1);
  m_head->addWidget(m_trailing);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 8, 12, 10);
  outer->setSpacing(6);
  outer->addLayout(m_head);
  m_body = new QVBoxLayout;
  m_body->setSpacing(0);
  outer->addLayout(m_body, 1);
  setTitle(title);
  // A change of the theme gives the label the plain font of its role again.
  connect(&theme, &theme::Theme::changed, this, &Card::strengthenTitle);
}

void Card::setTitle(const QString& title) {
  m_title->setText(title);
  strengthenTitle();
  setAccessibleName(title);
  const bool untitled = title.isEmpty();
  m_title->setVisible(!untitled);
  m_caption->setVisible(!untitled);
  m_trailing->setVisible(!untitled);
}

void Card::strengthenTitle() {
  QFont font = m_title->font();
  font.setWeight(QFont::DemiBold);
  m_title->setFont(font);
}

void Card::setCaption(const QString& text) {
  m_caption->setText(text);
}
void Card::setTrailing(const QString& text) {
  m_trailing->setText(text);
}

Label* Card::addNote(const QString& text) {
  auto* note = new Label(theme(), FontRole::Body, Token::Text2, text, this);
  note->setAlignment(Qt::AlignCenter);
  note->setWordWrap(true);
  m_body->addWidget(note, 1);
  return note;
}

void Card::setEdge(Token token) {
  m_edge = token;
  update();
}

void Card::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Panel), color(m_edge), theme::grid::kRadiusCard);
}

}  // namespace aiops::ui
