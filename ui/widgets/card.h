// A card: a title line and rows below it. A card holds rows, never another card.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>

#include "widgets/label.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Panel colour, hairline edge, radius 6. Title left with a caption beside it, a second caption at the right.
class Card : public Painted {
  Q_OBJECT
 public:
  Card(const theme::Theme& theme, const QString& title, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setCaption(const QString& text);
  void setTrailing(const QString& text);
  /// Where the rows go.
  QVBoxLayout* body() { return m_body; }
  /// A sentence in the middle of the body, for a card that has no rows to show. The owner shows and hides it.
  Label* addNote(const QString& text = {});
  /// The title line, to add a widget at its end.
  QHBoxLayout* head() { return m_head; }
  /// The edge colour; Line unless told otherwise.
  void setEdge(theme::Token token);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void strengthenTitle();

  theme::Token m_edge = theme::Token::Line;
  QHBoxLayout* m_head;
  QVBoxLayout* m_body;
  Label* m_title;
  Label* m_caption;
  Label* m_trailing;
};

}  // namespace aiops::ui
