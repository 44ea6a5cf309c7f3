// The right column of an approval: why, risk, what it reaches, how it is checked, history, and what is not
// known. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/painted.h"

namespace aiops::ui {

/// One line of a section. A line with a link is opened by a click, or by Enter when it is current.
struct ReasonLine {
  QString icon;
  theme::Token ink = theme::Token::Text2;
  QString text;
  bool mono = false;
  QString linkSource;  ///< a log file, if the line is a link
  quint64 linkLine = 0;
};

struct ReasonSection {
  QString name;
  QString lead;  ///< a strong first line, or empty
  std::vector<ReasonLine> lines;
};

/// Sections under each other with a line between, names in a column of their own. Text wraps.
class ReasonsView : public Painted {
  Q_OBJECT
 public:
  explicit ReasonsView(const theme::Theme& theme, QWidget* parent = nullptr);
  void setSections(std::vector<ReasonSection> sections);
  void setTight(bool tight);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {280, heightForWidth(std::max(280, width()))}; }
  QSize minimumSizeHint() const override { return {220, heightForWidth(std::max(220, width()))}; }

 Q_SIGNALS:
  void openLogLine(const QString& source, quint64 line);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Place {
    QRectF rect;
    const ReasonLine* line;
  };
  /// Walks the sections, painting if `painter` is not null; gives the height and the places of links.
  qreal walk(QPainter* painter, qreal width, std::vector<Place>* links) const;
  qreal textHeight(const QString& text, theme::FontRole role, qreal width) const;
  void paintLine(QPainter& painter, const ReasonLine& line, const QRectF& box, bool current) const;
  std::vector<Place> links() const;
  void open(const Place& place);

  std::vector<ReasonSection> m_sections;
  bool m_tight = false;
  size_t m_currentLink = 0;
};

}  // namespace aiops::ui
