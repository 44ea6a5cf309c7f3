// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/scroll_pane.h"

#include "widgets/paint.h"
#include "widgets/painted.h"

namespace aiops::ui {
namespace {

class Ring final : public Painted {
 public:
  Ring(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    paintFocus(painter, QRectF(rect()), theme(), theme::grid::kRadiusControl);
  }
};

}  // namespace

ScrollPane::ScrollPane(const theme::Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_ring(new Ring(theme, this)) {
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
}

void ScrollPane::setPage(QWidget* page) {
  setWidget(page);
  page->setAutoFillBackground(false);  // setWidget() turns it on
}

void ScrollPane::focusInEvent(QFocusEvent* event) {
  QScrollArea::focusInEvent(event);
  m_ring->raise();
  m_ring->show();
}

void ScrollPane::focusOutEvent(QFocusEvent* event) {
  QScrollArea::focusOutEvent(event);
  m_ring->hide();
}

void ScrollPane::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  m_ring->setGeometry(rect());
}

}  // namespace aiops::ui
