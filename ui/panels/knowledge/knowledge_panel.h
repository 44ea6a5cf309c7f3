// Knowledge: what is known, and from where.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/engine_bridge.h"
#include "models/knowledge_data.h"
#include "theme/theme.h"
#include "widgets/panel.h"

class QStackedWidget;

namespace aiops::ui {

class Card;
class ChangeBar;
class FactDetail;
class FactList;
class GraphView;
class KeyButton;
class KnowledgeFilter;
class KnowledgeOutline;
class OutlineView;
class Label;

/// Arrows walk the graph, O turns it into an outline, F fits it, C corrects the current fact, Del forgets it
/// (Ctrl+Z for 10 s), / filters, F6 goes to the next part. Asks when it is shown, when what is known changes,
/// and when the filter does; a node and a fact that are chosen stay so.
class KnowledgePanel final : public Panel {
  Q_OBJECT
 public:
  KnowledgePanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);
  ~KnowledgePanel() override;

  QString title() const override { return tr("Knowledge"); }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  KnowledgeFilter& filter() { return *m_filter; }
  GraphView& graph() { return *m_graph; }
  OutlineView& outline() { return *m_tree; }
  FactList& facts() { return *m_facts; }
  FactDetail& detail() { return *m_detail; }
  ChangeBar& changes() { return *m_changes; }
  bool showsOutline() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  Card* buildFilter();
  Card* buildGraph();
  Card* buildFacts();
  void bindKeys();
  void ask();
  void take(base::Result<model::KnowledgePage> answer);
  void showNode(const QString& node);
  void showAround();
  void showFacts();
  void showOutline(bool outline);
  void refreshOutline();
  void judge(const QString& fact, model::Standing standing, const QString& instead);
  void forget(const QString& fact, bool offerUndo);
  void restore(const QString& fact, bool offerUndo);
  service::Reply<model::KnowledgeEdge> changed(const QString& words, std::function<void()> undo);
  std::pair<std::string, model::Standing> otherOf(const model::KnowledgeEdge& edge,
                                                  const std::string& instead) const;
  QString countWords() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  KnowledgeSnapshot m_data = std::make_shared<const KnowledgeData>();
  QString m_node;
  int m_turn = 0;          ///< answers to earlier questions are dropped
  bool m_filling = false;  ///< the outline: what it chooses now no person chose
  KnowledgeFilter* m_filter = nullptr;
  Card *m_graphCard = nullptr, *m_factCard = nullptr;
  QStackedWidget* m_stack = nullptr;
  GraphView* m_graph = nullptr;
  KnowledgeOutline* m_outline = nullptr;
  OutlineView* m_tree = nullptr;
  KeyButton *m_turnButton = nullptr, *m_clear = nullptr;
  Label *m_empty = nullptr, *m_problem = nullptr, *m_around = nullptr;
  FactList* m_facts = nullptr;
  Label* m_noFacts = nullptr;
  FactDetail* m_detail = nullptr;
  ChangeBar* m_changes = nullptr;
};

}  // namespace aiops::ui
