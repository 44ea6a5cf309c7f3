// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/knowledge_panel.h"

#include <QKeyEvent>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "models/cell_text.h"
#include "models/display.h"
#include "models/knowledge_outline.h"
#include "panels/knowledge/fact_detail.h"
#include "panels/knowledge/fact_list.h"
#include "panels/knowledge/graph_view.h"
#include "panels/knowledge/knowledge_filter.h"
#include "panels/knowledge/outline_view.h"
#include "widgets/card.h"
#include "widgets/change_bar.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/pick_box.h"

namespace aiops::ui {

using model::Standing;
using theme::FontRole;
using theme::Token;

namespace {

constexpr int kFilterWidth = 240;

}  // namespace

KnowledgePanel::KnowledgePanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge) {
  m_problem = new Label(theme, FontRole::Secondary, Token::Warn, {}, this);
  m_problem->setElided(true);
  m_problem->hide();
  m_changes = new ChangeBar(theme, this);
  auto* cards = new QHBoxLayout;
  cards->setSpacing(theme::grid::kCardGap);
  cards->addWidget(buildFilter());
  cards->addWidget(buildGraph(), 60);
  cards->addWidget(buildFacts(), 40);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(8);
  all->addWidget(m_problem);
  all->addLayout(cards, 1);
  all->addWidget(m_changes);
  bindKeys();
  connect(&bridge, &EngineBridge::knowledgeChanged, this, [this] {
    if (isVisible()) ask();
  });
}

KnowledgePanel::~KnowledgePanel() = default;

Card* KnowledgePanel::buildFilter() {
  auto* card = new Card(m_theme, tr("What is shown"), this);
  card->setFixedWidth(kFilterWidth);
  m_filter = new KnowledgeFilter(m_theme, card);
  card->body()->addWidget(m_filter, 1);
  connect(m_filter, &KnowledgeFilter::changed, this, &KnowledgePanel::ask);
  return card;
}

Card* KnowledgePanel::buildGraph() {
  m_graphCard = new Card(m_theme, tr("Graph"), this);
  m_turnButton = new KeyButton(m_theme, KeyButton::Kind::Ghost, tr("Outline"), tr("O"), m_graphCard);
  m_turnButton->setFixedHeight(24);
  m_graphCard->head()->addWidget(m_turnButton);
  m_stack = new QStackedWidget(m_graphCard);
  m_graph = new GraphView(m_theme, m_stack);
  m_outline = new KnowledgeOutline(this);
  m_tree = new OutlineView(m_theme, m_outline, m_stack);
  m_stack->addWidget(m_graph);
  m_stack->addWidget(m_tree);
  m_graphCard->body()->addWidget(m_stack, 1);
  m_empty = m_graphCard->addNote();
  m_clear = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Clear the filter"), {}, m_graphCard);
  m_graphCard->body()->addWidget(m_clear, 0, Qt::AlignHCenter);
  m_stack->hide();
  m_clear->hide();
  connect(m_turnButton, &QAbstractButton::clicked, this, [this] { showOutline(!showsOutline()); });
  connect(m_clear, &QAbstractButton::clicked, m_filter, &KnowledgeFilter::clear);
  connect(m_graph, &GraphView::chosen, this, &KnowledgePanel::showNode);
  connect(m_graph, &GraphView::moreAsked, this, [this] { showOutline(true); });
  connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& index) {
            const QString node = index.data(KnowledgeOutline::NodeRole).toString();
            if (node.isEmpty() || m_filling) return;
            showNode(node);
            const QString fact = index.data(KnowledgeOutline::FactRole).toString();
            if (!fact.isEmpty()) m_facts->selectId(fact);
          });
  return m_graphCard;
}

Card* KnowledgePanel::buildFacts() {
  m_factCard = new Card(m_theme, tr("Facts"), this);
  m_around = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_factCard);
  m_around->setWordWrap(true);
  m_around->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_around->setContentsMargins(8, 0, 8, 6);
  m_facts = new FactList(m_theme, m_factCard);
  m_detail = new FactDetail(m_theme, m_bridge.caller().mayOperate, m_factCard);
  m_factCard->body()->addWidget(m_around);
  m_factCard->body()->addWidget(m_facts, 1);
  m_noFacts = m_factCard->addNote(tr("No fact is shown."));
  m_factCard->body()->addWidget(m_detail);
  m_around->hide();
  m_facts->hide();
  m_detail->hide();
  connect(m_facts, &RowList::currentIdChanged, this,
          [this] { m_detail->setFact(*m_data, m_facts->current()); });
  connect(m_facts, &RowList::opened, this, [this] {
    const auto* fact = m_facts->current();
    if (fact != nullptr && !fact->incidents.empty())
      Q_EMIT openIncident(QString::fromStdString(fact->incidents.front()));
  });
  connect(m_detail, &FactDetail::openIncident, this, &Panel::openIncident);
  connect(m_detail, &FactDetail::left, this, [this] { m_facts->setFocus(); });
  connect(m_detail, &FactDetail::judged, this, &KnowledgePanel::judge);
  connect(m_detail, &FactDetail::forgetAsked, this, [this](const QString& fact) { forget(fact, true); });
  connect(m_detail, &FactDetail::restoreAsked, this, [this](const QString& fact) { restore(fact, true); });
  return m_factCard;
}

void KnowledgePanel::bindKeys() {
  bindKey(this, QKeySequence::Undo, [this] { m_changes->undo(); });
  bindKey(this, QKeySequence::Find, [this] { m_filter->text()->setFocus(); });
  bindPanes(this, {m_filter, m_stack, m_facts});
}

void KnowledgePanel::activate(const QString& id) {
  if (!id.isEmpty()) m_node = id;
  ask();
  showsOutline() ? m_tree->setFocus() : m_graph->setFocus();
}

std::vector<KeyHelp> KnowledgePanel::keyHelp() const {
  return {{tr("Arrows"), tr("walk along the lines of the graph")},
          {tr("J K"), tr("next or previous fact")},
          {tr("O"), tr("graph or the same as an outline")},
          {tr("F"), tr("fit the graph")},
          {tr("+ -"), tr("larger or smaller")},
          {tr("C"), tr("correct the fact")},
          {tr("Del"), tr("forget the fact, or restore it")},
          {tr("Ctrl Z"), tr("take the last change back, for 10 s")},
          {tr("Enter"), tr("open the newest incident of the fact")},
          {tr("/"), tr("filter")}};
}

bool KnowledgePanel::showsOutline() const {
  return m_stack->currentWidget() == m_tree;
}

void KnowledgePanel::ask() {
  const int turn = ++m_turn;
  m_bridge.operations().knowledge().listKnowledge(
      m_filter->query(),
      m_bridge.onUiThread<model::KnowledgePage>([self = QPointer(this), turn](auto answer) {
        if (self && self->m_turn == turn) self->take(std::move(answer));
      }));
}

void KnowledgePanel::take(base::Result<model::KnowledgePage> answer) {
  m_problem->setVisible(!answer);
  if (!answer) return m_problem->setText(tr("Not up to date: %1").arg(cellText(answer.error().line())));
  m_data = std::make_shared<const KnowledgeData>(*std::move(answer));
  if (m_filter->isEmpty()) m_filter->setServices(m_data->services());
  m_filter->setCount(countWords());
  const bool none = m_data->empty();
  m_empty->setText(m_filter->isEmpty() ? tr("Nothing learnt yet. The first closed incident appears here.")
                                       : tr("Nothing known matches the filter."));
  m_empty->setVisible(none);
  m_clear->setVisible(none && !m_filter->isEmpty());
  m_stack->setVisible(!none);
  m_turnButton->setVisible(!none);
  m_graph->setData(m_data);
  m_graph->setCurrent(m_node);
  refreshOutline();
  if (m_data->node(m_node.toStdString()) == nullptr) m_node.clear();
  showFacts();
  showAround();
}

QString KnowledgePanel::countWords() const {
  const auto& page = m_data->page();
  const qsizetype facts = static_cast<qsizetype>(page.edges.size());
  const QString nodes =
      tr("%1 nodes, %2 facts").arg(countText(static_cast<qint64>(page.nodes.size())), countText(facts));
  const auto matched = std::ranges::count_if(page.nodes, [](const auto& node) { return node.matched; });
  if (page.total <= static_cast<uint64_t>(matched)) return nodes;
  return tr("%1 of %2 that match").arg(nodes, countText(static_cast<qint64>(page.total)));
}

void KnowledgePanel::showNode(const QString& node) {
  if (node == m_node) return;
  m_node = node;
  m_graph->setCurrent(node);
  if (!m_tree->hasFocus()) m_tree->setCurrentIndex(m_outline->indexOf(node));
  showFacts();
  showAround();
}

void KnowledgePanel::showFacts() {
  const std::string node = m_node.toStdString();
  m_facts->setFacts(m_data, node, base::SystemClock().now());
  const bool any = m_facts->rowCount() > 0;
  m_facts->setVisible(any);
  m_noFacts->setVisible(!any);
  m_factCard->setTitle(node.empty() ? tr("Facts") : m_data->name(node));
  m_factCard->setCaption(node.empty() ? QString() : nodeTypeWord(m_data->node(node)->type).toLower());
  m_factCard->setTrailing(QString::number(m_facts->rowCount()));
  m_detail->setFact(*m_data, any ? m_facts->current() : nullptr);
}

/// What follows from the facts around the node, in words.
void KnowledgePanel::showAround() {
  if (m_node.isEmpty()) return m_around->hide();
  m_bridge.operations().knowledge().knowledgeNode(
      m_node.toStdString(),
      m_bridge.onUiThread<model::KnowledgeView>([self = QPointer(this), node = m_node](auto answer) {
        if (!self || self->m_node != node) return;
        const QString words = answer ? aroundWords(*answer).join(QLatin1Char(' ')) : QString();
        self->m_around->setText(words);
        self->m_around->setVisible(!words.isEmpty());
      }));
}

void KnowledgePanel::showOutline(bool outline) {
  m_stack->setCurrentWidget(outline ? static_cast<QWidget*>(m_tree) : m_graph);
  m_turnButton->setText(outline ? tr("Graph") : tr("Outline"));
  m_turnButton->updateGeometry();
  m_graphCard->setTitle(outline ? tr("Outline") : tr("Graph"));
  m_stack->currentWidget()->setFocus();
}

/// What was open stays open.
void KnowledgePanel::refreshOutline() {
  std::set<QString> closed, open;
  for (int group = 0; group < m_outline->rowCount(); ++group) {
    const auto index = m_outline->index(group, 0);
    if (!m_tree->isExpanded(index)) closed.insert(index.data(cell::Id).toString());
    for (int row = 0; row < m_outline->rowCount(index); ++row) {
      const auto node = m_outline->index(row, 0, index);
      if (m_tree->isExpanded(node)) open.insert(node.data(cell::Id).toString());
    }
  }
  m_filling = true;
  m_outline->setData(*m_data, base::SystemClock().now());
  for (int group = 0; group < m_outline->rowCount(); ++group) {
    const auto index = m_outline->index(group, 0);
    m_tree->setExpanded(index, !closed.contains(index.data(cell::Id).toString()));
    for (int row = 0; row < m_outline->rowCount(index); ++row) {
      const auto node = m_outline->index(row, 0, index);
      if (open.contains(node.data(cell::Id).toString())) m_tree->expand(node);
    }
  }
  m_tree->setCurrentIndex(m_outline->indexOf(m_node));
  m_filling = false;
}

/// A reply that tells what was done, with its way back, or why not.
service::Reply<model::KnowledgeEdge> KnowledgePanel::changed(const QString& words,
                                                             std::function<void()> undo) {
  return m_bridge.onUiThread<model::KnowledgeEdge>(
      [self = QPointer(this), words, undo = std::move(undo)](auto answer) {
        if (!self) return;
        if (!answer) return self->m_changes->tell(cellText(answer.error().line()));
        undo ? self->m_changes->offer(words, undo) : self->m_changes->tell(words);
        self->ask();
      });
}

/// The id of the fact that holds when `edge` leads to `instead`, and how that one is judged now.
std::pair<std::string, Standing> KnowledgePanel::otherOf(const model::KnowledgeEdge& edge,
                                                         const std::string& instead) const {
  const auto *source = m_data->node(edge.source), *target = m_data->node(edge.target);
  if (source == nullptr || target == nullptr) return {};
  auto id = model::factId({source->type, source->label}, edge.relation, {target->type, instead});
  const auto* known = m_data->fact(id);
  return {std::move(id), known == nullptr ? Standing::Open : known->standing};
}

void KnowledgePanel::judge(const QString& fact, Standing standing, const QString& instead) {
  const auto* edge = m_data->fact(fact.toStdString());
  if (edge == nullptr) return;
  const QString text = m_data->factText(*edge);
  const std::string other = instead.toStdString();
  const QString words = standing == Standing::Holds  ? tr("Confirmed: %1").arg(text)
                        : standing == Standing::Open ? tr("No longer judged: %1").arg(text)
                        : instead.isEmpty()          ? tr("Called wrong: %1").arg(text)
                                                     : tr("%1: it is %2 instead").arg(text, cellText(other));
  std::vector<std::pair<std::string, Standing>> before{{edge->id, edge->standing}};
  if (!other.empty()) before.insert(before.begin(), otherOf(*edge, other));
  const auto undo = [self = QPointer(this), before] {
    if (!self) return;
    for (const auto& [id, was] : before) {
      self->m_bridge.operations().knowledge().judgeFact(self->m_bridge.caller(), id, {was, {}, {}},
                                                        self->changed(tr("Taken back"), nullptr));
    }
  };
  m_bridge.operations().knowledge().judgeFact(m_bridge.caller(), edge->id, {standing, other, {}},
                                              changed(words, undo));
}

void KnowledgePanel::forget(const QString& fact, bool offerUndo) {
  const auto* edge = m_data->fact(fact.toStdString());
  if (edge == nullptr || !m_bridge.caller().mayOperate) return;
  m_bridge.operations().knowledge().forgetFact(
      m_bridge.caller(), edge->id,
      changed(
          tr("Forgot: %1").arg(m_data->factText(*edge)),
          !offerUndo ? std::function<void()>() : [self = QPointer(this), fact] {
            if (self) self->restore(fact, false);
          }));
}

void KnowledgePanel::restore(const QString& fact, bool offerUndo) {
  if (!m_bridge.caller().mayOperate) return;
  m_bridge.operations().knowledge().restoreFact(
      m_bridge.caller(), fact.toStdString(),
      changed(
          tr("Restored"), !offerUndo ? std::function<void()>() : [self = QPointer(this), fact] {
            if (self) self->forget(fact, false);
          }));
}

void KnowledgePanel::keyPressEvent(QKeyEvent* event) {
  const auto* fact = m_facts->current();
  switch (event->key()) {
    case Qt::Key_O:
      return m_data->empty() ? void() : showOutline(!showsOutline());
    case Qt::Key_F:
      return m_graph->fit();
    case Qt::Key_C:
      return m_detail->correct();
    case Qt::Key_J:
    case Qt::Key_K:
      return m_facts->step(event->key() == Qt::Key_J ? 1 : -1);
    case Qt::Key_Slash:
      return m_filter->text()->setFocus();
    case Qt::Key_Delete:
      if (fact == nullptr) return;
      return fact->forgotten ? restore(QString::fromStdString(fact->id), true)
                             : forget(QString::fromStdString(fact->id), true);
    case Qt::Key_Escape:
      m_graph->setCurrent({});
      return showNode({});
    default:
      return Panel::keyPressEvent(event);
  }
}

}  // namespace aiops::ui
