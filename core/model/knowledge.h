// The knowledge graph as values: what is known of services, their causes and cures, and from where.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/incident.h"

namespace aiops::model {

/// A template is what log lines say: the signal of the patterns that saw them.
enum class NodeType : uint8_t { Service, Host, Template, Cause, Fix, Outcome };
std::string_view toString(NodeType type);

enum class Relation : uint8_t {
  DependsOn,  ///< service -> service
  RunsOn,     ///< service -> host
  Shows,      ///< service -> template: seen there in an incident
  FailedBy,   ///< service -> cause: what its failure turned out to be
  SignOf,     ///< template -> cause: seen in the service at fault
  Affects,    ///< service -> service: the failure of the first was seen in the second
  CuredBy,    ///< cause -> fix: it worked; where it did not, that speaks against it
  LedTo,      ///< fix -> outcome
};
std::string_view toString(Relation relation);

struct RelationEnds {
  NodeType source;
  NodeType target;
};
RelationEnds endsOf(Relation relation);

/// Where a fact comes from.
enum class FactOrigin : uint8_t { Log, Config, Operator, Agent, Import };
std::string_view toString(FactOrigin origin);

/// What an operator says of a fact. Other than Open, it never changes by itself.
enum class Standing : uint8_t { Open, Holds, Wrong };
std::string_view toString(Standing standing);

struct NodeKey {
  NodeType type = NodeType::Service;
  std::string name;
  auto operator<=>(const NodeKey&) const = default;
};

/// "service.web"; names with other characters than letters, digits and ._- become "service~" and 16 hex
/// digits.
std::string nodeId(const NodeKey& node);
/// 16 hex digits of the relation and its ends.
std::string factId(const NodeKey& source, Relation relation, const NodeKey& target);

/// What somebody says: adds to a fact, or takes from it.
struct FactDraft {
  NodeKey source;
  Relation relation = Relation::DependsOn;
  NodeKey target;
  bool against = false;  ///< contradicts it
  double weight = 1;     ///< 0 to 1: how sure it is meant
  std::string note;
};

/// What one voice has said of one fact.
struct Statement {
  FactOrigin origin = FactOrigin::Operator;
  std::string by;
  base::TimePoint at;  ///< the last time
  double weight = 0;   ///< then; below 0 it contradicts
  uint32_t times = 0;
  std::string note;
};

/// A fact as it is stored when people, agents or a file spoke of it. What incidents taught is not in it.
struct StatedFact {
  NodeKey source;
  Relation relation = Relation::DependsOn;
  NodeKey target;
  std::vector<Statement> statements;
  Standing standing = Standing::Open;
  std::string judgedBy;
  std::string judgedNote;
  bool forgotten = false;
  std::string forgottenBy;
};

struct KnowledgeNode {
  std::string id;
  NodeType type = NodeType::Service;
  std::string label;    ///< its name: foreign text
  double weight = 0;    ///< of its facts together
  uint32_t facts = 0;   ///< that are not forgotten
  bool matched = true;  ///< false: it is here only as the other end of a fact
};

struct KnowledgeEdge {
  std::string id;
  std::string source;  ///< ids of nodes
  Relation relation = Relation::DependsOn;
  std::string target;
  double weight = 0;     ///< when it was asked for: halves in 90 days without new signs
  uint32_t seen = 0;     ///< incidents that show it
  uint32_t proved = 0;   ///< of these, the ones where a person or a checked fix says so
  uint32_t against = 0;  ///< incidents that contradict it
  std::optional<base::TimePoint> first;
  std::optional<base::TimePoint> last;
  FactOrigin origin = FactOrigin::Log;
  std::string by;  ///< who stated it, or empty
  Standing standing = Standing::Open;
  std::string judgedBy;
  std::string note;
  bool usedForDiagnosis = false;
  bool forgotten = false;
  std::vector<std::string> incidents;  ///< "INC-0231", the newest first, at most 20
};

/// What one file or one home holds of stated facts.
inline constexpr size_t kMostStatedFacts = 5'000;

void to_json(nlohmann::json& json, const NodeType& value);
void from_json(const nlohmann::json& json, NodeType& value);
void to_json(nlohmann::json& json, const Relation& value);
void from_json(const nlohmann::json& json, Relation& value);
void to_json(nlohmann::json& json, const Standing& value);
void from_json(const nlohmann::json& json, Standing& value);
void to_json(nlohmann::json& json, const StatedFact& value);
void from_json(const nlohmann::json& json, StatedFact& value);
void to_json(nlohmann::json& json, const KnowledgeEdge& value);
void from_json(const nlohmann::json& json, KnowledgeEdge& value);

}  // namespace aiops::model
