// Which open incident another one is merged into.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <vector>

#include "service/operations.h"
#include "widgets/painted.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// The likeliest first: those that share services and began at nearly the same time, then those that share
/// services. Letters and digits find one, arrows choose, Enter merges, Esc goes back. Sends nothing itself.
class MergeForm final : public Painted {
  Q_OBJECT
 public:
  using Summaries = std::vector<service::InvestigationSummary>;

  explicit MergeForm(const theme::Theme& theme, QWidget* parent = nullptr);

  void begin(const model::Incident& incident, const Summaries& all);
  /// What is open may change while it asks; the chosen one stays so.
  void setIncidents(const Summaries& all);
  void setSending(bool sending);
  void refuse(const QString& why);
  QLineEdit* finder() { return m_finder; }
  RowList* list() { return m_list; }

 public Q_SLOTS:
  void submit();

 Q_SIGNALS:
  void chosen(const std::string& into);
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void build();
  void refresh();
  QString relation(const model::Incident& other) const;
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;

  model::Incident m_incident;
  Summaries m_open;             ///< the likeliest first
  std::vector<size_t> m_shown;  ///< of those, what the finder lets through
  bool m_sending = false;
  QString m_refusal;
  Label *m_question, *m_note;
  QLineEdit* m_finder;
  RowList* m_list;
  KeyButton *m_back, *m_merge;
};

/// Of `all` those that are open and not `incident` itself, the likeliest to belong together first.
MergeForm::Summaries mergeTargets(const model::Incident& incident, const MergeForm::Summaries& all);

}  // namespace aiops::ui
