// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/knowledge_book.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/bytes.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;
using model::FactOrigin;
using model::Relation;
using model::Standing;

constexpr size_t kLongestName = 200;
constexpr size_t kLongestNote = 500;
constexpr size_t kMostVoices = 20;
constexpr size_t kMostReasons = 100;
constexpr std::string_view kOfKey = "key ";
constexpr std::string_view kLocalKey = "key local operator";
// What is said weighs less than what an incident showed, unless a person says it.
constexpr double kByOperator = 1.0, kByOthers = 0.3;

FactOrigin originOf(const std::string& who) {
  return who.starts_with(kOfKey) && who != kLocalKey ? FactOrigin::Agent : FactOrigin::Operator;
}

/// "key ci-bot" is the agent "ci-bot".
std::string voiceOf(const std::string& who) {
  return originOf(who) == FactOrigin::Agent ? who.substr(kOfKey.size()) : who;
}

bool isPlainText(const std::string& text) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return base::toValidUtf8(text) == text && std::ranges::none_of(text, control);
}

base::Result<> checkName(const std::string& name, const std::string& where) {
  if (!name.empty() && name.size() <= kLongestName && isPlainText(name)) return {};
  return fail(ErrorCode::InvalidInput, "a name is a text of 1 to 200 bytes on one line", where);
}

double faded(const model::Statement& said, base::TimePoint now) {
  const auto age = std::chrono::duration<double>(std::max(base::Duration(0), now - said.at));
  return said.weight * std::exp2(-age / std::chrono::duration<double>(knowledge::kHalfLife));
}

/// Nothing is left to keep a row for.
bool isBare(const model::StatedFact& fact) {
  return fact.statements.empty() && fact.standing == Standing::Open && !fact.forgotten;
}

std::string idOf(const model::StatedFact& fact) {
  return model::factId(fact.source, fact.relation, fact.target);
}

std::string textOf(const model::StatedFact& fact) {
  return factText(fact.source, fact.relation, fact.target);
}

std::vector<model::FactDraft> configured(const model::Inventory& inventory) {
  std::vector<model::FactDraft> out;
  for (const auto& service : inventory.services) {
    for (const auto& other : service.dependsOn) {
      model::FactDraft fact;
      fact.source = {model::NodeType::Service, service.name};
      fact.relation = Relation::DependsOn;
      fact.target = {model::NodeType::Service, other};
      out.push_back(std::move(fact));
    }
  }
  return out;
}

}  // namespace

std::string factText(const model::NodeKey& source, Relation relation, const model::NodeKey& target) {
  return source.name + " " + std::string(toString(relation)) + " " + target.name;
}

base::Result<> check(const model::FactDraft& draft) {
  const auto ends = model::endsOf(draft.relation);
  if (draft.source.type != ends.source || draft.target.type != ends.target) {
    return fail(ErrorCode::InvalidInput,
                std::string(toString(draft.relation)) + " leads from a " +
                    std::string(toString(ends.source)) + " to a " + std::string(toString(ends.target)),
                "relation");
  }
  if (auto good = checkName(draft.source.name, "source"); !good) return good;
  if (auto good = checkName(draft.target.name, "target"); !good) return good;
  if (draft.source == draft.target)
    return fail(ErrorCode::InvalidInput, "a fact needs two different ends", "target");
  if (!(draft.weight > 0 && draft.weight <= 1))
    return fail(ErrorCode::InvalidInput, "a weight is above 0 and at most 1", "weight");
  if (draft.note.size() > kLongestNote || !isPlainText(draft.note))
    return fail(ErrorCode::InvalidInput, "a note is a text of at most 500 bytes on one line", "note");
  return {};
}

base::Result<> KnowledgeBook::load(const model::Inventory& inventory) {
  base::MutexLock lock(m_mutex);
  m_parts.graph.configure(configured(inventory));
  return m_parts.store.read([&](storage::Reader& reader) -> base::Result<> {
    auto facts = reader.statedFacts();
    if (!facts) return std::unexpected(facts.error());
    for (auto& fact : *facts) m_parts.graph.put(std::move(fact));
    return {};
  });
}

base::Result<model::StatedFact> KnowledgeBook::find(const std::string& id) const {
  auto fact = m_parts.graph.stated(id);
  if (!fact) return fail(ErrorCode::NotFound, "there is no such fact", id);
  return *std::move(fact);
}

base::Result<> KnowledgeBook::store(const std::vector<model::StatedFact>& facts) {
  auto done = m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    base::Result<> each;
    for (const auto& fact : facts) {
      if (each) each = isBare(fact) ? writer.dropStatedFact(idOf(fact)) : writer.saveStatedFact(fact);
    }
    return each;
  });
  if (!done) return done;
  for (const auto& fact : facts)
    isBare(fact) ? m_parts.graph.dropStated(idOf(fact)) : m_parts.graph.put(fact);
  m_parts.changed();
  return {};
}

/// Replies with the last of `facts`.
base::Result<model::KnowledgeEdge> KnowledgeBook::change(const std::string& who, const std::string& what,
                                                         const std::string& why, const std::string& result,
                                                         std::vector<model::StatedFact> facts) {
  auto done = m_parts.audit(
      {.who = who, .what = what, .target = textOf(facts.front()), .why = why, .result = result});
  if (done) done = store(facts);
  if (!done) return std::unexpected(done.error());
  const auto& told = facts.back();
  if (auto edge = m_parts.graph.edge(idOf(told), m_parts.clock.now())) return *edge;
  model::KnowledgeEdge gone;  // nothing speaks of it any more
  gone.id = idOf(told);
  gone.source = model::nodeId(told.source);
  gone.relation = told.relation;
  gone.target = model::nodeId(told.target);
  return gone;
}

/// The fact with one more thing said: by the same voice again it adds up, but not without end.
base::Result<model::StatedFact> KnowledgeBook::withStatement(const model::FactDraft& draft,
                                                             model::Statement said) const {
  auto fact = m_parts.graph.stated(model::factId(draft.source, draft.relation, draft.target))
                  .value_or(model::StatedFact());
  fact.source = draft.source;
  fact.relation = draft.relation;
  fact.target = draft.target;
  if (fact.forgotten) {
    return fail(ErrorCode::Conflict, fact.forgottenBy + " forgot this fact", textOf(fact),
                "restore it first");
  }
  if (fact.standing != Standing::Open) {
    return fail(ErrorCode::Conflict, fact.judgedBy + " has judged this fact", textOf(fact),
                "take the judgement back first");
  }
  const auto known = std::ranges::find_if(
      fact.statements, [&](const auto& other) { return other.origin == said.origin && other.by == said.by; });
  if (known == fact.statements.end()) {
    if (fact.statements.size() >= kMostVoices) fact.statements.erase(fact.statements.begin());
    fact.statements.push_back(std::move(said));
    return fact;
  }
  const bool adds = said.origin != FactOrigin::Import;  // the same file again says nothing new
  said.times = known->times + 1;
  if (adds) {
    said.weight = std::clamp(faded(*known, said.at) + said.weight, -knowledge::kMostOfOneVoice,
                             knowledge::kMostOfOneVoice);
  }
  if (said.note.empty()) said.note = known->note;
  *known = std::move(said);
  return fact;
}

/// Of what agents and files said the weakest leaves. What people said stays.
base::Result<> KnowledgeBook::makeRoom() {
  if (m_parts.graph.statedCount() < model::kMostStatedFacts) return {};
  const auto weakest = m_parts.graph.weakestStated(m_parts.clock.now());
  if (weakest.empty()) {
    return fail(ErrorCode::LimitExceeded,
                "there are " + std::to_string(model::kMostStatedFacts) + " stated facts already", "",
                "take back judgements that are not needed");
  }
  auto done = m_parts.store.transact([&](storage::Writer& writer) { return writer.dropStatedFact(weakest); });
  if (done) m_parts.graph.dropStated(weakest);
  return done;
}

base::Result<model::KnowledgeEdge> KnowledgeBook::add(const std::string& who, const model::FactDraft& draft) {
  if (auto good = check(draft); !good) return std::unexpected(good.error());
  const auto origin = originOf(who);
  const double weight = draft.weight * (origin == FactOrigin::Operator ? kByOperator : kByOthers);
  base::MutexLock lock(m_mutex);
  auto fact = withStatement(
      draft, {origin, voiceOf(who), m_parts.clock.now(), draft.against ? -weight : weight, 1, draft.note});
  if (!fact) return std::unexpected(fact.error());
  if (auto room = makeRoom(); !room) return std::unexpected(room.error());
  return change(who, "knowledge.add", draft.note, draft.against ? "contradicted" : "added", {*fact});
}

base::Result<model::KnowledgeEdge> KnowledgeBook::judge(const std::string& who, const std::string& id,
                                                        const model::FactJudgement& judgement) {
  base::MutexLock lock(m_mutex);
  auto fact = find(id);
  if (!fact) return std::unexpected(fact.error());
  if (judgement.note.size() > kLongestNote || !isPlainText(judgement.note))
    return fail(ErrorCode::InvalidInput, "a note is a text of at most 500 bytes on one line", "note");
  const auto set = [&](model::StatedFact& which, Standing standing) {
    which.standing = standing;
    which.judgedBy = standing == Standing::Open ? std::string() : who;
    which.judgedNote = judgement.note;
    if (standing != Standing::Open) which.forgotten = false;
  };
  std::vector<model::StatedFact> facts{*fact};
  std::string result(toString(judgement.standing));
  set(facts.front(), judgement.standing);
  if (!judgement.target.empty()) {
    if (judgement.standing != Standing::Wrong)
      return fail(ErrorCode::InvalidInput, "only a wrong fact has another target instead", "target");
    model::FactDraft draft;
    draft.source = fact->source;
    draft.relation = fact->relation;
    draft.target = {fact->target.type, judgement.target};
    if (auto good = check(draft); !good) return std::unexpected(good.error());
    if (draft.target == fact->target)
      return fail(ErrorCode::InvalidInput, "that is the target it has", "target");
    auto right = m_parts.graph.stated(model::factId(draft.source, draft.relation, draft.target))
                     .value_or(model::StatedFact());
    right.source = draft.source;
    right.relation = draft.relation;
    right.target = draft.target;
    set(right, Standing::Holds);
    result += "; " + textOf(right) + " holds";
    facts.push_back(std::move(right));
  }
  return change(who, "knowledge.correct", judgement.note, result, std::move(facts));
}

base::Result<model::KnowledgeEdge> KnowledgeBook::forget(const std::string& who, const std::string& id) {
  base::MutexLock lock(m_mutex);
  auto fact = find(id);
  if (!fact) return std::unexpected(fact.error());
  if (fact->forgotten) return fail(ErrorCode::Conflict, "it is forgotten already", textOf(*fact));
  fact->forgotten = true;
  fact->forgottenBy = who;
  return change(who, "knowledge.forget", "", "forgotten", {*fact});
}

base::Result<model::KnowledgeEdge> KnowledgeBook::restore(const std::string& who, const std::string& id) {
  base::MutexLock lock(m_mutex);
  auto fact = find(id);
  if (!fact) return std::unexpected(fact.error());
  if (!fact->forgotten) return fail(ErrorCode::Conflict, "it is not forgotten", textOf(*fact));
  fact->forgotten = false;
  fact->forgottenBy.clear();
  return change(who, "knowledge.restore", "", "restored", {*fact});
}

base::Result<model::ImportReport> KnowledgeBook::import(const std::string& who,
                                                        const std::vector<model::FactDraft>& facts) {
  base::MutexLock lock(m_mutex);
  model::ImportReport report;
  const auto skip = [&](const model::FactDraft& draft, const std::string& why) {
    ++report.skipped;
    if (report.reasons.size() < kMostReasons)
      report.reasons.push_back({factText(draft.source, draft.relation, draft.target), why});
  };
  const auto now = m_parts.clock.now();
  size_t room = model::kMostStatedFacts - std::min(model::kMostStatedFacts, m_parts.graph.statedCount());
  std::map<std::string, model::StatedFact> taken;
  for (const auto& draft : facts) {
    if (auto good = check(draft); !good) {
      skip(draft, good.error().line());
      continue;
    }
    const auto id = model::factId(draft.source, draft.relation, draft.target);
    const double weight = kByOthers * (draft.against ? -draft.weight : draft.weight);
    auto fact = withStatement(draft, {FactOrigin::Import, "file", now, weight, 1, draft.note});
    if (!fact) {
      skip(draft, fact.error().what);
      continue;
    }
    if (taken.contains(id)) {
      skip(draft, "it stands twice in the file");
      continue;
    }
    const bool isNew = fact->statements.size() == 1 && fact->statements.front().times == 1;
    if (isNew && room == 0) {
      skip(draft, "there are too many stated facts");
      continue;
    }
    room -= isNew;
    taken.emplace(id, *std::move(fact));
  }
  report.taken = taken.size();
  auto done = m_parts.audit(
      {.who = who,
       .what = "knowledge.import",
       .target = std::to_string(facts.size()) + " facts",
       .why = "",
       .result = std::to_string(report.taken) + " taken, " + std::to_string(report.skipped) + " skipped"});
  std::vector<model::StatedFact> all;
  for (auto& [id, fact] : taken) all.push_back(std::move(fact));
  if (done && !all.empty()) done = store(all);
  if (!done) return std::unexpected(done.error());
  return report;
}

}  // namespace aiops::agents
