// A list of things of which some are ticked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "widgets/row_list.h"

namespace aiops::ui {

/// Space or a click ticks a row. A filter hides rows, never ticks: what is ticked stays so, and stays in
/// sight.
class CheckList final : public RowList {
  Q_OBJECT
 public:
  struct Choice {
    std::string id;  ///< any bytes
    QString text;    ///< safe to show
    QString detail;  ///< beside it in a column of its own, may be empty
  };

  CheckList(const theme::Theme& theme, const QString& name, QWidget* parent = nullptr);

  /// What is ticked and no longer there is not ticked any more.
  void setChoices(std::vector<Choice> choices);
  void setFilter(const QString& text);
  /// In the order of the choices.
  std::vector<std::string> ticked() const;
  void setTicked(const std::vector<std::string>& ids);
  size_t choiceCount() const { return m_choices.size(); }

 Q_SIGNALS:
  void tickedChanged();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void toggle(const QString& id);
  void refresh();
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;

  const theme::Theme& m_theme;
  std::vector<Choice> m_choices;
  std::vector<size_t> m_shown;
  std::set<std::string> m_ticked;
  QString m_filter;
  qreal m_widest = 0;  ///< of the texts shown
};

}  // namespace aiops::ui
