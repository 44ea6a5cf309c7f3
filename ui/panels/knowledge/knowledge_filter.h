// What part of the knowledge is shown: text, kind, service, age; and what the shapes mean.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QTimer>

#include "model/knowledge_view.h"
#include "theme/theme.h"

namespace aiops::ui {

class Label;
class PickBox;
class Segment;

/// Emits changed() at a choice, and a moment after the last key in the text.
class KnowledgeFilter final : public QWidget {
  Q_OBJECT
 public:
  explicit KnowledgeFilter(const theme::Theme& theme, QWidget* parent = nullptr);

  model::KnowledgeQuery query() const;
  bool isEmpty() const;
  void clear();
  /// Names of services to choose from; the one that is chosen stays.
  void setServices(const std::vector<std::string>& services);
  void setCount(const QString& text);
  QLineEdit* text() { return m_text; }
  PickBox* kind() { return m_kind; }
  PickBox* service() { return m_service; }
  PickBox* age() { return m_age; }
  Segment* forgotten() { return m_forgotten; }

 Q_SIGNALS:
  void changed();

 private:
  PickBox* addPick(const QString& name);

  const theme::Theme& m_theme;
  QLineEdit* m_text;
  PickBox *m_kind, *m_service, *m_age;
  Segment* m_forgotten;
  Label* m_count;
  QTimer m_wait;
};

}  // namespace aiops::ui
