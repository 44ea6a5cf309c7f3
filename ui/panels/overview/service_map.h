// The map of services: who needs whom, and where it broke.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/overview_data.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Layered left to right: a service stands left of what it depends on. The root cause has a second ring; a
/// service without logs is dashed. Arrow keys walk the services.
class ServiceMap : public Painted {
  Q_OBJECT
 public:
  explicit ServiceMap(const theme::Theme& theme, QWidget* parent = nullptr);
  void setServices(std::vector<ServiceNode> services);
  QSize minimumSizeHint() const override { return {240, 120}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;

 private:
  void layOut();
  void walk(int key);
  void describe();
  QString needsText(const ServiceNode& service) const;
  void paintEdges(QPainter& painter) const;
  void paintNode(QPainter& painter, size_t i) const;
  void paintLegend(QPainter& painter) const;
  void paintHealthMark(QPainter& painter, const QRectF& box, ServiceHealth health) const;

  std::vector<ServiceNode> m_services;
  std::vector<QRectF> m_boxes;
  size_t m_current = 0;
};

}  // namespace aiops::ui
