// Service, expression and level: what the log view is asked to show.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>

#include "models/log_model.h"
#include "widgets/pick_box.h"
#include "widgets/segment.h"

namespace aiops::ui {

/// A line edit that says what is wrong with its expression at its right end, with a crit edge.
class ExpressionField final : public QLineEdit {
  Q_OBJECT
 public:
  explicit ExpressionField(const theme::Theme& theme, QWidget* parent = nullptr);
  /// Empty: nothing is wrong.
  void setProblem(const QString& problem);
  QString problem() const { return m_problem; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const theme::Theme& m_theme;
  QString m_problem;
};

/// Emits changed() at once for choices and 80 ms after the last key for text. UI thread only.
class FilterBar final : public QWidget {
  Q_OBJECT
 public:
  explicit FilterBar(const theme::Theme& theme, QWidget* parent = nullptr);

  LogModel::Restrictions restrictions() const;
  /// The services to choose from, in order of appearance; the choice is kept.
  void setServices(const std::vector<std::string>& services);
  void setProblem(const std::optional<LogFilter::Problem>& problem);
  void clearExpression();
  /// False if no line of that service has come.
  bool chooseService(const std::string& service);
  /// Drops every restriction.
  void clearAll();
  ExpressionField* expression() { return m_expression; }

 Q_SIGNALS:
  void changed();
  /// Enter in the field: on to the lines.
  void accepted();

 private:
  void buildLevels(QHBoxLayout* row);
  void nameControls();

  const theme::Theme& m_theme;
  PickBox* m_service;
  PickBox* m_mode;
  ExpressionField* m_expression;
  Segment* m_regex;
  Segment* m_case;
  QButtonGroup* m_levels;
  std::vector<std::string> m_services;
};

}  // namespace aiops::ui
