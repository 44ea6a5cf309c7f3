// What is asked of the knowledge graph, and how it answers; what leaves it for another instance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/knowledge.h"

namespace aiops::model {

/// Which part is asked for. Members that are empty ask for all.
struct KnowledgeQuery {
  std::optional<NodeType> type;
  std::string service;     ///< facts of it, and of what its failures turned out to be
  std::string text;        ///< stands in a label or a note
  uint32_t days = 0;       ///< with a sign in that many days; 0: whenever
  uint32_t limit = 100;    ///< nodes, 1 to 500
  uint32_t offset = 0;     ///< of the nodes, the weightiest first
  bool forgotten = false;  ///< also what was forgotten
};

/// The nodes that match with the other ends of their facts, and those facts.
struct KnowledgePage {
  std::vector<KnowledgeNode> nodes;
  std::vector<KnowledgeEdge> edges;
  uint64_t total = 0;  ///< nodes that match
};

/// What the failures of a service turned out to be.
struct PastCause {
  std::string service;
  std::string kind;
  uint32_t seen = 0;
  uint32_t proved = 0;
  double weight = 0;
};

/// How a fix for a cause did, in the service where one is asked for.
struct PastCure {
  std::string kind;
  std::string fix;
  uint32_t worked = 0;
  uint32_t failed = 0;
};

/// One node with all that is around it.
struct KnowledgeView {
  KnowledgeNode node;
  std::vector<KnowledgeNode> nodes;  ///< the other ends
  std::vector<KnowledgeEdge> edges;
  std::vector<PastCause> causes;       ///< of a service
  std::vector<PastCure> cures;         ///< of a service or a cause
  std::vector<std::string> dependsOn;  ///< labels of services, directly
  std::vector<std::string> neededBy;   ///< ... of those that depend on this one
  std::vector<std::string> incidents;  ///< "INC-0231", the newest first, at most 50
};

/// An operator's judgement. With `target` the fact is wrong and the one with that target holds instead.
struct FactJudgement {
  Standing standing = Standing::Wrong;
  std::string target;
  std::string note;
};

/// One fact as it leaves for another instance.
struct SharedFact {
  NodeKey source;
  Relation relation = Relation::DependsOn;
  NodeKey target;
  double weight = 0;
  uint32_t seen = 0;
  uint32_t proved = 0;
  std::optional<base::TimePoint> first;
  std::optional<base::TimePoint> last;
  std::string note;
};

inline constexpr const char* kKnowledgeFormat = "ai-ops-core knowledge 1";

struct KnowledgeExport {
  std::string format = kKnowledgeFormat;
  base::TimePoint exportedAt;
  std::vector<SharedFact> facts;  ///< the weightiest first
  uint64_t leftOut = 0;           ///< more than one file holds
};

struct SkippedFact {
  std::string fact;  ///< "web failed_by disk_full"
  std::string why;
};

struct ImportReport {
  uint64_t taken = 0;
  uint64_t skipped = 0;
  std::vector<SkippedFact> reasons;  ///< of the first 100 that were skipped
};

void to_json(nlohmann::json& json, const KnowledgePage& value);
void from_json(const nlohmann::json& json, KnowledgePage& value);
void to_json(nlohmann::json& json, const KnowledgeView& value);
void from_json(const nlohmann::json& json, KnowledgeView& value);
void to_json(nlohmann::json& json, const KnowledgeExport& value);
void from_json(const nlohmann::json& json, KnowledgeExport& value);
void to_json(nlohmann::json& json, const ImportReport& value);
void from_json(const nlohmann::json& json, ImportReport& value);

}  // namespace aiops::model
