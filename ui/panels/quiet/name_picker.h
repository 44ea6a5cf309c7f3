// Which of the known services or patterns are meant.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include "widgets/check_list.h"

namespace aiops::ui {

class Label;

/// A filter above boxes to tick, and what is ticked in words. Down goes from the filter to the boxes.
class NamePicker final : public QWidget {
  Q_OBJECT
 public:
  /// `none` says what no tick means: "all services".
  NamePicker(const theme::Theme& theme, const QString& title, const QString& none, QWidget* parent = nullptr);

  void setKnown(std::vector<CheckList::Choice> known);
  /// Also of names that are not among the known ones.
  void setTicked(const std::vector<std::string>& ids);
  std::vector<std::string> ticked() const { return m_list->ticked(); }
  CheckList& list() { return *m_list; }
  QLineEdit* filter() { return m_filter; }

 Q_SIGNALS:
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refresh();
  void putChoices();

  const QString m_none;
  Label* m_chosen;
  QLineEdit* m_filter;
  CheckList* m_list;
  std::vector<CheckList::Choice> m_known;
  std::vector<std::string> m_extra;
};

}  // namespace aiops::ui
