// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/model_opinion.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "analysis/odds.h"
#include "base/bytes.h"
#include "model/strict_json.h"

namespace aiops::analysis {
namespace {

using base::ErrorCode;
using base::fail;
using model::Verdict;
using nlohmann::json;

constexpr size_t kAnswerBytes = 64 * 1024, kAnswerDepth = 16;
constexpr size_t kMostCited = 10, kReasonBytes = 600;
constexpr const char* kNone = "none";
// A verdict stays what the built-in analysts made it, so its confidence stays below the next one's.
constexpr double kBelowLikely = 0.599, kBelowConfirmed = 0.899, kMost = 0.999;

std::unexpected<base::Error> wrong(const std::string& what) {
  return fail(ErrorCode::InvalidInput, "the model's answer is of no use: " + what);
}

template <class Map>
json keysOf(const Map& map) {
  json out = json::array();
  for (const auto& [key, value] : map) out.push_back(key);
  return out;
}

json withNone(const std::set<std::string>& names) {
  json out = json::array({kNone});
  for (const auto& name : names) out.push_back(name);
  return out;
}

base::Result<> checkMembers(const json& object, std::initializer_list<const char*> names, const char* what) {
  if (!object.is_object() || object.size() != names.size()) return wrong(std::string("members of ") + what);
  for (const char* name : names) {
    if (!object.contains(name)) return wrong("'" + std::string(name) + "' is missing");
  }
  return {};
}

base::Result<std::string> termIn(const json& object, const char* name, const auto& allowed) {
  const auto& value = object.at(name);
  if (!value.is_string()) return wrong("'" + std::string(name) + "' is no text");
  auto text = value.get<std::string>();
  if (!allowed(text)) return wrong("'" + std::string(name) + "' names what does not exist");
  return text;
}

base::Result<std::vector<model::EvidenceRef>> citedIn(const json& list, const ModelTerms& terms) {
  if (!list.is_array() || list.size() > kMostCited) return wrong("'evidence_ids' is no short list");
  if (list.empty()) return wrong("it cites no line");
  std::vector<model::EvidenceRef> out;
  std::set<std::string> seen;
  for (const auto& id : list) {
    const auto found = id.is_string() ? terms.evidence.find(id.get<std::string>()) : terms.evidence.end();
    if (found == terms.evidence.end()) return wrong("it cites a line that is not in the case");
    if (seen.insert(found->first).second) out.push_back(found->second);
  }
  return out;
}

base::Result<std::optional<ModelLookUp>> lookUpIn(const json& object, const ModelTerms& terms) {
  if (auto shaped = checkMembers(object, {"tool", "service"}, "'look_up'"); !shaped)
    return std::unexpected(shaped.error());
  const auto tool =
      termIn(object, "tool", [&](const auto& name) { return name == kNone || terms.tools.contains(name); });
  if (!tool) return std::unexpected(tool.error());
  const auto service =
      termIn(object, "service", [&](const auto& name) { return terms.services.contains(name); });
  if (!service) return std::unexpected(service.error());
  if (*tool == kNone) return std::nullopt;
  return ModelLookUp{*tool, terms.services.at(*service)};
}

double most(Verdict verdict) {
  if (verdict == Verdict::Confirmed) return kMost;
  return verdict == Verdict::Likely ? kBelowConfirmed : kBelowLikely;
}

bool holds(const model::Hypothesis& hypothesis, const ModelOpinion& opinion) {
  return hypothesis.service == opinion.service && hypothesis.kind == opinion.kind &&
         (hypothesis.verdict == Verdict::Confirmed || hypothesis.verdict == Verdict::Likely ||
          hypothesis.verdict == Verdict::Inconclusive);
}

}  // namespace

std::string opinionSchema(const ModelTerms& terms) {
  const auto object = [](json properties) {
    return json{{"type", "object"},
                {"required", keysOf(properties.get<std::map<std::string, json>>())},
                {"additionalProperties", false},
                {"properties", std::move(properties)}};
  };
  const json text = {{"type", "string"}};
  const auto oneOf = [](json names) { return json{{"type", "string"}, {"enum", std::move(names)}}; };
  return object({{"service", oneOf(keysOf(terms.services))},
                 {"kind", oneOf(json(terms.kinds))},
                 {"confidence", {{"type", "number"}}},
                 {"evidence_ids", {{"type", "array"}, {"items", text}}},
                 {"action_id", oneOf(withNone(terms.playbooks))},
                 {"reason", text},
                 {"look_up", object({{"tool", oneOf(withNone(terms.tools))},
                                     {"service", oneOf(keysOf(terms.services))}})}})
      .dump();
}

base::Result<ModelOpinion> readOpinion(std::string_view answer, const ModelTerms& terms) {
  const auto parsed =
      model::parseStrictJson(answer, "answer", {.depth = kAnswerDepth, .bytes = kAnswerBytes});
  // The parser's words may quote the answer.
  if (!parsed && parsed.error().code == ErrorCode::LimitExceeded) return std::unexpected(parsed.error());
  if (!parsed) return wrong("it is not strict JSON");
  if (auto shaped = checkMembers(
          *parsed, {"service", "kind", "confidence", "evidence_ids", "action_id", "reason", "look_up"},
          "the answer");
      !shaped)
    return std::unexpected(shaped.error());
  ModelOpinion out;
  const auto service =
      termIn(*parsed, "service", [&](const auto& name) { return terms.services.contains(name); });
  if (!service) return std::unexpected(service.error());
  out.service = terms.services.at(*service);
  auto kind = termIn(*parsed, "kind", [&](const auto& name) { return terms.kinds.contains(name); });
  if (!kind) return std::unexpected(kind.error());
  out.kind = *std::move(kind);
  const auto& confidence = parsed->at("confidence");
  if (!confidence.is_number()) return wrong("'confidence' is no number");
  out.confidence = confidence.get<double>();
  if (!(out.confidence >= 0 && out.confidence <= 1)) return wrong("'confidence' is not between 0 and 1");
  auto cited = citedIn(parsed->at("evidence_ids"), terms);
  if (!cited) return std::unexpected(cited.error());
  out.evidence = *std::move(cited);
  const auto action = termIn(*parsed, "action_id", [&](const auto& name) {
    return name == kNone || terms.playbooks.contains(name);
  });
  if (!action) return std::unexpected(action.error());
  if (*action != kNone) out.playbook = *action;
  const auto reason = termIn(*parsed, "reason", [](const auto& text) { return text.size() <= 16 * 1024; });
  if (!reason) return std::unexpected(reason.error());
  out.reason = base::validUtf8Prefix(*reason, kReasonBytes);
  auto lookUp = lookUpIn(parsed->at("look_up"), terms);
  if (!lookUp) return std::unexpected(lookUp.error());
  out.lookUp = *std::move(lookUp);
  return out;
}

model::Diagnosis withOpinion(model::Diagnosis diagnosis, const ModelOpinion& opinion, EvidenceGate& gate) {
  model::Hypothesis claimed{.service = opinion.service, .kind = opinion.kind};
  for (const auto& evidence : opinion.evidence) claimed.evidenceFor.push_back({.evidence = evidence});
  if (gate.check(claimed) == 0)
    return withoutOpinion(std::move(diagnosis), "none of the lines that it cites holds for what it says");
  auto& all = diagnosis.hypotheses;
  const auto held = std::ranges::find_if(all, [&](const auto& one) { return holds(one, opinion); });
  std::string note = held == all.end() ? "no built-in analyst holds this, so it does not count"
                                       : "it counts a little at most";
  if (held != all.end()) {
    const double added = std::clamp(logit(opinion.confidence), 0.0, kModelCap);
    const double ceiling = held == all.begin() ? most(held->verdict)
                                               : std::min(most(held->verdict), std::prev(held)->confidence);
    const double raised = std::min(probability(logit(held->confidence) + added), ceiling);
    held->confidence = std::max(held->confidence, raised);
  }
  if (!opinion.playbook.empty()) note += "; it suggests the playbook " + opinion.playbook;
  if (!opinion.reason.empty()) note += "; it writes: \"" + opinion.reason + "\"";
  const bool agrees =
      !all.empty() && all.front().service == opinion.service && all.front().kind == opinion.kind;
  diagnosis.opinions.push_back(
      {kModelAnalyst, opinion.service, opinion.kind, opinion.confidence, agrees, std::move(note)});
  diagnosis.modelNote.clear();
  return diagnosis;
}

model::Diagnosis withoutOpinion(model::Diagnosis diagnosis, const std::string& why) {
  diagnosis.modelNote = "no model opinion: " + why;
  return diagnosis;
}

}  // namespace aiops::analysis
