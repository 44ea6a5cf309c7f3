// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knowledge_data.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {

using model::FactOrigin;
using model::KnowledgeEdge;
using model::NodeType;
using model::Relation;
using model::Standing;

namespace {

constexpr size_t kLongestName = 200;
constexpr size_t kNamed = 5;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(KnowledgeData)
};

QString incidentCount(uint32_t count) {
  return count == 1 ? Words::tr("1 incident") : Words::tr("%1 incidents").arg(count);
}

QString listed(const std::vector<std::string>& names) {
  QStringList out;
  for (size_t i = 0; i < std::min(names.size(), kNamed); ++i) out << cellText(names[i], kLongestName);
  if (names.size() > kNamed) out << Words::tr("%1 more").arg(names.size() - kNamed);
  return out.join(QStringLiteral(", "));
}

bool tellsOfCauses(Relation relation) {
  return relation == Relation::FailedBy || relation == Relation::SignOf;
}

}  // namespace

QString nodeTypeWord(NodeType type) {
  switch (type) {
    case NodeType::Service:
      return Words::tr("Service");
    case NodeType::Host:
      return Words::tr("Host");
    case NodeType::Template:
      return Words::tr("Sign");
    case NodeType::Cause:
      return Words::tr("Cause");
    case NodeType::Fix:
      return Words::tr("Fix");
    case NodeType::Outcome:
      return Words::tr("Outcome");
  }
  return {};
}

QString nodeTypePlural(NodeType type) {
  switch (type) {
    case NodeType::Service:
      return Words::tr("Services");
    case NodeType::Host:
      return Words::tr("Hosts");
    case NodeType::Template:
      return Words::tr("Signs in logs");
    case NodeType::Cause:
      return Words::tr("Causes");
    case NodeType::Fix:
      return Words::tr("Fixes");
    case NodeType::Outcome:
      return Words::tr("Outcomes");
  }
  return {};
}

QString relationWords(Relation relation) {
  switch (relation) {
    case Relation::DependsOn:
      return Words::tr("depends on");
    case Relation::RunsOn:
      return Words::tr("runs on");
    case Relation::Shows:
      return Words::tr("shows");
    case Relation::FailedBy:
      return Words::tr("failed by");
    case Relation::SignOf:
      return Words::tr("is a sign of");
    case Relation::Affects:
      return Words::tr("affects");
    case Relation::CuredBy:
      return Words::tr("is cured by");
    case Relation::LedTo:
      return Words::tr("led to");
  }
  return {};
}

const std::vector<NodeType>& nodeTypeOrder() {
  static const std::vector<NodeType> order{NodeType::Host,  NodeType::Service, NodeType::Template,
                                           NodeType::Cause, NodeType::Fix,     NodeType::Outcome};
  return order;
}

KnowledgeData::KnowledgeData(model::KnowledgePage page) : m_page(std::move(page)) {
  for (size_t i = 0; i < m_page.nodes.size(); ++i) m_nodes[m_page.nodes[i].id] = i;
  for (size_t i = 0; i < m_page.edges.size(); ++i) m_facts[m_page.edges[i].id] = i;
}

const model::KnowledgeNode* KnowledgeData::node(const std::string& id) const {
  const auto found = m_nodes.find(id);
  return found == m_nodes.end() ? nullptr : &m_page.nodes[found->second];
}

const KnowledgeEdge* KnowledgeData::fact(const std::string& id) const {
  const auto found = m_facts.find(id);
  return found == m_facts.end() ? nullptr : &m_page.edges[found->second];
}

std::vector<const KnowledgeEdge*> KnowledgeData::factsOf(const std::string& node) const {
  std::vector<const KnowledgeEdge*> out;
  for (const auto& edge : m_page.edges) {
    if (node.empty() || edge.source == node || edge.target == node) out.push_back(&edge);
  }
  return out;
}

std::vector<std::string> KnowledgeData::services() const {
  std::vector<std::string> out;
  for (const auto& node : m_page.nodes) {
    if (node.type == NodeType::Service) out.push_back(node.label);
  }
  std::ranges::sort(out);
  return out;
}

QString KnowledgeData::name(const std::string& id) const {
  const auto* which = node(id);
  return cellText(which == nullptr ? id : which->label, kLongestName);
}

QString KnowledgeData::factText(const KnowledgeEdge& fact) const {
  return QStringLiteral("%1 %2 %3").arg(name(fact.source), relationWords(fact.relation), name(fact.target));
}

QString KnowledgeData::nodeText(const model::KnowledgeNode& node) const {
  const QString facts = node.facts == 1 ? Words::tr("1 fact") : Words::tr("%1 facts").arg(node.facts);
  return Words::tr("%1: %2, %3").arg(name(node.id), nodeTypeWord(node.type).toLower(), facts);
}

QString factOrigin(const KnowledgeEdge& fact) {
  const QString by = cellText(fact.by, kLongestName);
  QStringList parts;
  if (fact.standing != Standing::Open) {
    const QString judge = cellText(fact.judgedBy, kLongestName);
    parts << (fact.standing == Standing::Holds ? Words::tr("confirmed by %1").arg(judge)
                                               : Words::tr("called wrong by %1").arg(judge));
  } else if (fact.origin == FactOrigin::Config) {
    parts << Words::tr("configuration");
  } else if (fact.origin == FactOrigin::Operator) {
    parts << by;
  } else if (fact.origin == FactOrigin::Agent) {
    parts << Words::tr("agent %1").arg(by);
  } else if (fact.origin == FactOrigin::Import) {
    parts << Words::tr("a file");
  } else if (fact.seen == 0 && fact.against == 0) {
    parts << Words::tr("seen in logs");
  }
  if (fact.seen > 0) parts << incidentCount(fact.seen);
  if (fact.against > 0) parts << Words::tr("%1 against").arg(fact.against);
  return parts.join(QStringLiteral(", "));
}

QString factLast(const KnowledgeEdge& fact, base::TimePoint now) {
  return fact.last ? Words::tr("last %1").arg(momentText(*fact.last, now)) : QString();
}

QString factState(const KnowledgeEdge& fact) {
  if (fact.forgotten) return Words::tr("Forgotten: nobody uses it.");
  if (fact.standing == Standing::Wrong) return Words::tr("Called wrong: never used, whatever is learnt.");
  if (!tellsOfCauses(fact.relation)) return {};
  if (fact.usedForDiagnosis) return Words::tr("Used for diagnosis.");
  if (fact.seen == 0) return Words::tr("Seen in no incident yet: not used for diagnosis.");
  if (fact.seen == 1) return Words::tr("Seen in 1 incident only: not used for diagnosis yet.");
  return Words::tr("A person or a checked fix said so in %1 of %2: not used for diagnosis yet.")
      .arg(fact.proved)
      .arg(incidentCount(fact.seen));
}

QStringList aroundWords(const model::KnowledgeView& view) {
  QStringList out;
  QStringList causes;
  for (size_t i = 0; i < std::min(view.causes.size(), kNamed); ++i) {
    const auto& cause = view.causes[i];
    causes << Words::tr("%1 (%2)").arg(cellText(cause.kind, kLongestName), incidentCount(cause.seen));
  }
  if (!causes.isEmpty())
    out << Words::tr("Its failures turned out to be %1.").arg(causes.join(QStringLiteral(", ")));
  QStringList cures;
  for (size_t i = 0; i < std::min(view.cures.size(), kNamed); ++i) {
    const auto& cure = view.cures[i];
    cures << Words::tr("%1 worked %2 of %3")
                 .arg(cellText(cure.fix, kLongestName))
                 .arg(cure.worked)
                 .arg(cure.worked + cure.failed);
  }
  if (!cures.isEmpty()) out << Words::tr("Here %1.").arg(cures.join(QStringLiteral(", ")));
  if (!view.dependsOn.empty()) out << Words::tr("Depends on %1.").arg(listed(view.dependsOn));
  if (!view.neededBy.empty()) out << Words::tr("Needed by %1.").arg(listed(view.neededBy));
  return out;
}

}  // namespace aiops::ui
