// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/undo_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPainter>

#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"

namespace aiops::ui {

UndoBar::UndoBar(const theme::Theme& theme, QWidget* parent)
    : Painted(theme, parent),
      m_what(new Label(theme, theme::FontRole::Body, theme::Token::Text, {}, this)),
      m_undo(
          new KeyButton(theme, KeyButton::Kind::Plain, tr("Undo (10 s)"), QStringLiteral("Ctrl Z"), this)) {
  setFixedHeight(40);
  setAccessibleName(tr("Undo"));
  m_what->setElided(true);
  m_undo->setFixedHeight(28);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 4, 12, 4);
  row->setSpacing(12);
  row->addWidget(m_what, 1);
  row->addWidget(m_undo);
  connect(m_undo, &QAbstractButton::clicked, this, &UndoBar::undo);
  hide();
}

void UndoBar::offer(const QString& what) {
  m_what->setText(what);
  setAccessibleName(what);
  show();
  QAccessibleEvent announcement(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&announcement);
}

QString UndoBar::text() const {
  return m_what->text();
}

void UndoBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(theme::Token::Raised));
  painter.fillRect(QRect(0, 0, width(), 1), color(theme::Token::LineStrong));
}

}  // namespace aiops::ui
