// One fact: what it counts for, where it was seen, and what an operator may say of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <vector>

#include "models/knowledge_data.h"
#include "theme/theme.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// C opens the correction, Enter says "wrong" (or "what it is instead" when that is written), Esc leaves it.
/// What is typed is never lost to a refresh: it ends when another fact is shown.
class FactDetail final : public QWidget {
  Q_OBJECT
 public:
  FactDetail(const theme::Theme& theme, bool mayOperate, QWidget* parent = nullptr);

  /// Null: none is chosen.
  void setFact(const KnowledgeData& known, const model::KnowledgeEdge* fact);
  void correct();
  bool isCorrecting() const { return m_form->isVisibleTo(this); }
  QLineEdit* instead() { return m_instead; }

 Q_SIGNALS:
  void judged(const QString& fact, aiops::model::Standing standing, const QString& instead);
  void forgetAsked(const QString& fact);
  void restoreAsked(const QString& fact);
  void openIncident(const QString& id);
  /// The correction was left: the focus belongs elsewhere.
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* buildForm();
  QWidget* buildActions();
  void say(model::Standing standing);
  void leave();
  void refresh();
  void showIncidents(const std::vector<std::string>& incidents);

  const theme::Theme& m_theme;
  const bool m_mayOperate;
  QString m_id;
  model::Standing m_standing = model::Standing::Open;
  bool m_forgotten = false;
  Label *m_what, *m_state, *m_note;
  QWidget *m_incidents, *m_form, *m_actions;
  QLineEdit* m_instead = nullptr;
  KeyButton *m_correct = nullptr, *m_forget = nullptr, *m_restore = nullptr, *m_holds = nullptr,
            *m_wrong = nullptr, *m_open = nullptr, *m_back = nullptr;
};

}  // namespace aiops::ui
