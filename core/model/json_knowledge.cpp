// The JSON mapping of the knowledge graph, and how its parts are named.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "model/json.h"
#include "model/knowledge_view.h"

namespace aiops::model {
namespace {

constexpr size_t kLongestPlainName = 100;
constexpr size_t kHashDigits = 16;

/// In the order of Relation.
constexpr std::array<RelationEnds, 8> kEnds{{{NodeType::Service, NodeType::Service},
                                             {NodeType::Service, NodeType::Host},
                                             {NodeType::Service, NodeType::Template},
                                             {NodeType::Service, NodeType::Cause},
                                             {NodeType::Template, NodeType::Cause},
                                             {NodeType::Service, NodeType::Service},
                                             {NodeType::Cause, NodeType::Fix},
                                             {NodeType::Fix, NodeType::Outcome}}};

constexpr std::array<std::string_view, 6> kTypes{"service", "host", "template", "cause", "fix", "outcome"};
constexpr std::array<std::string_view, 8> kRelations{"depends_on", "runs_on", "shows",    "failed_by",
                                                     "sign_of",    "affects", "cured_by", "led_to"};
constexpr std::array<std::string_view, 5> kOrigins{"log", "config", "operator", "agent", "import"};
constexpr std::array<std::string_view, 3> kStandings{"open", "holds", "wrong"};

template <class Enum, size_t N>
std::string_view nameOf(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? names[index] : "unknown";
}

/// Those that may stand in the path of a URL.
bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

std::string hashOf(const std::string& text) {
  return base::sha256Hex(text).substr(0, kHashDigits);
}

}  // namespace

std::string_view toString(NodeType type) {
  return nameOf(kTypes, type);
}

std::string_view toString(Relation relation) {
  return nameOf(kRelations, relation);
}

std::string_view toString(FactOrigin origin) {
  return nameOf(kOrigins, origin);
}

std::string_view toString(Standing standing) {
  return nameOf(kStandings, standing);
}

RelationEnds endsOf(Relation relation) {
  return kEnds[static_cast<size_t>(relation)];
}

std::string nodeId(const NodeKey& node) {
  const std::string type(toString(node.type));
  if (node.name.size() <= kLongestPlainName && std::ranges::all_of(node.name, isPlain))
    return type + "." + node.name;
  return type + "~" + hashOf(node.name);
}

std::string factId(const NodeKey& source, Relation relation, const NodeKey& target) {
  return hashOf(nodeId(source) + " " + std::string(toString(relation)) + " " + nodeId(target));
}

AIOPS_DEFINE_ENUM_JSON(NodeType, NodeType::Outcome)
AIOPS_DEFINE_ENUM_JSON(Relation, Relation::LedTo)
AIOPS_DEFINE_ENUM_JSON(Standing, Standing::Wrong)
AIOPS_DEFINE_ENUM_JSON(FactOrigin, FactOrigin::Import)
AIOPS_DEFINE_JSON(NodeKey, type, name)
AIOPS_DEFINE_JSON(Statement, origin, by, at, weight, times, note)
AIOPS_DEFINE_JSON(StatedFact, source, relation, target, statements, standing, judgedBy, judgedNote, forgotten,
                  forgottenBy)
AIOPS_DEFINE_JSON(KnowledgeNode, id, type, label, weight, facts, matched)
AIOPS_DEFINE_JSON(KnowledgeEdge, id, source, relation, target, weight, seen, proved, against, first, last,
                  origin, by, standing, judgedBy, note, usedForDiagnosis, forgotten, incidents)
AIOPS_DEFINE_JSON(KnowledgePage, nodes, edges, total)
AIOPS_DEFINE_JSON(PastCause, service, kind, seen, proved, weight)
AIOPS_DEFINE_JSON(PastCure, kind, fix, worked, failed)
AIOPS_DEFINE_JSON(KnowledgeView, node, nodes, edges, causes, cures, dependsOn, neededBy, incidents)
AIOPS_DEFINE_JSON(SharedFact, source, relation, target, weight, seen, proved, first, last, note)
AIOPS_DEFINE_JSON(KnowledgeExport, format, exportedAt, facts, leftOut)
AIOPS_DEFINE_JSON(SkippedFact, fact, why)
AIOPS_DEFINE_JSON(ImportReport, taken, skipped, reasons)

}  // namespace aiops::model
