// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/knowledge_handlers.h"

#include <algorithm>
#include <cmath>

#include "api/handler_tools.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

using model::FactDraft;
using service::Operations;

constexpr uint32_t kLargestPage = 500;
constexpr uint32_t kMostOffset = 1'000'000;
constexpr uint32_t kMostDays = 36'500;
constexpr size_t kLongestQuery = 200;
constexpr size_t kLongestNote = 500;
constexpr size_t kMostReasons = 100;
constexpr std::string_view kFactHint =
    "send {\"source\":\"web\",\"relation\":\"failed_by\",\"target\":\"disk_full\"}; \"weight\", \"against\" "
    "and "
    "\"note\" may be added";
constexpr std::string_view kCorrectHint =
    "send {\"standing\":\"wrong\",\"note\":\"...\"}, with \"target\" for what holds instead; \"holds\" or "
    "\"open\"";
constexpr std::string_view kImportHint = "send what GET /knowledge/export answers";

/// The value of an enumeration by its name.
template <class Enum>
std::optional<Enum> named(const json& value) {
  if (!value.is_string()) return std::nullopt;
  try {
    return value.get<Enum>();
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

base::Result<> onlyMembers(const json& object, std::initializer_list<std::string_view> members) {
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(members, key) == members.end())
      return base::fail(base::ErrorCode::InvalidInput, "unknown member \"" + key + "\"");
  }
  return {};
}

/// A node is named alone, or as {"type","name"}, whose type must be the one that the relation has there.
base::Result<model::NodeKey> nodeOf(const json& fact, const char* member, model::NodeType type) {
  const auto wrong = [&] {
    return base::fail(base::ErrorCode::InvalidInput,
                      std::string("\"") + member + "\" must be the name of a " + std::string(toString(type)));
  };
  const auto found = fact.find(member);
  if (found == fact.end()) return wrong();
  if (found->is_string()) return model::NodeKey{type, found->get<std::string>()};
  if (!found->is_object()) return wrong();
  if (auto good = onlyMembers(*found, {"type", "name"}); !good) return std::unexpected(good.error());
  const auto name = found->find("name");
  if (name == found->end() || !name->is_string()) return wrong();
  if (found->contains("type") && named<model::NodeType>((*found)["type"]) != type) return wrong();
  return model::NodeKey{type, name->get<std::string>()};
}

/// What would be a secret in another place does not come in.
base::Result<> noSecrets(const FactDraft& draft, const security::Redactor& redactor) {
  for (const auto* text : {&draft.source.name, &draft.target.name, &draft.note}) {
    if (redactor.redact(*text) != *text)
      return base::fail(base::ErrorCode::InvalidInput, "a name or note looks like a secret");
  }
  return {};
}

/// Empty when it is missing; nothing when it can't be.
std::optional<std::string> optionalText(const json& body, const char* member, size_t longest) {
  const auto found = body.find(member);
  if (found == body.end()) return std::string();
  const auto* text = found->get_ptr<const std::string*>();
  return text != nullptr && text->size() <= longest ? std::optional(*text) : std::nullopt;
}

base::Result<FactDraft> draftOf(const json& fact, const security::Redactor& redactor) {
  FactDraft draft;
  const auto relation = fact.contains("relation") ? named<model::Relation>(fact["relation"]) : std::nullopt;
  if (!relation) {
    return base::fail(
        base::ErrorCode::InvalidInput,
        "\"relation\" must be depends_on, runs_on, shows, failed_by, sign_of, affects, cured_by or "
        "led_to");
  }
  draft.relation = *relation;
  auto source = nodeOf(fact, "source", model::endsOf(*relation).source);
  if (!source) return std::unexpected(source.error());
  auto target = nodeOf(fact, "target", model::endsOf(*relation).target);
  if (!target) return std::unexpected(target.error());
  draft.source = *std::move(source);
  draft.target = *std::move(target);
  if (const auto weight = fact.find("weight"); weight != fact.end()) {
    if (!weight->is_number()) return base::fail(base::ErrorCode::InvalidInput, "\"weight\" must be a number");
    draft.weight = weight->get<double>();
  }
  if (const auto against = fact.find("against"); against != fact.end()) {
    if (!against->is_boolean())
      return base::fail(base::ErrorCode::InvalidInput, "\"against\" must be true or false");
    draft.against = against->get<bool>();
  }
  auto note = optionalText(fact, "note", kLongestNote);
  if (!note) return base::fail(base::ErrorCode::InvalidInput, "\"note\" must be a text of at most 500 bytes");
  draft.note = *std::move(note);
  if (auto good = noSecrets(draft, redactor); !good) return std::unexpected(good.error());
  return draft;
}

/// One fact of a file. A weight grows with incidents; of what is taken only its sureness counts.
base::Result<FactDraft> sharedOf(const json& fact, const security::Redactor& redactor) {
  if (!fact.is_object()) return base::fail(base::ErrorCode::InvalidInput, "a fact must be an object");
  auto good = onlyMembers(
      fact, {"source", "relation", "target", "weight", "seen", "proved", "first", "last", "note"});
  if (!good) return std::unexpected(good.error());
  auto draft = draftOf(fact, redactor);
  if (draft) draft->weight = std::min(1.0, draft->weight);
  return draft;
}

std::string textIn(const json& fact, const char* member) {
  const auto found = fact.is_object() ? fact.find(member) : fact.end();
  if (found == fact.end()) return "?";
  if (found->is_string()) return found->get<std::string>().substr(0, kLongestQuery);
  return found->is_object() ? textIn(*found, "name") : "?";
}

std::expected<model::KnowledgeQuery, HttpResponse> queryOf(const RequestContext& request) {
  model::KnowledgeQuery query;
  const auto number = [&](const std::string& name, const std::string& text, uint32_t low, uint32_t high,
                          uint32_t& into) -> std::expected<void, HttpResponse> {
    const auto value = numberIn<uint32_t>(text, low, high);
    if (!value) {
      return std::unexpected(
          badRequest(name + " must be a number from " + std::to_string(low) + " to " + std::to_string(high)));
    }
    into = *value;
    return {};
  };
  for (const auto& [name, text] : request.query) {
    std::expected<void, HttpResponse> good;
    if (text.size() > kLongestQuery) return std::unexpected(badRequest(name + " is too long"));
    if (name == "limit") good = number(name, text, 1, kLargestPage, query.limit);
    if (name == "offset") good = number(name, text, 0, kMostOffset, query.offset);
    if (name == "days") good = number(name, text, 1, kMostDays, query.days);
    if (name == "service") query.service = text;
    if (name == "q") query.text = text;
    if (name == "type") {
      query.type = named<model::NodeType>(text);
      if (!query.type)
        return std::unexpected(badRequest("type must be service, host, template, cause, fix or outcome"));
    }
    if (name == "forgotten") {
      if (text != "true" && text != "false")
        return std::unexpected(badRequest("forgotten must be true or false"));
      query.forgotten = text == "true";
    }
    if (!good) return std::unexpected(good.error());
  }
  return query;
}

HttpResponse unprocessable(const base::Error& error, std::string_view hint,
                           const security::Redactor& redactor) {
  return refusal(422, "invalid_input", redactor.redact(error.what), hint);
}

}  // namespace

void knowledge(Operations& operations, const RequestContext& request, Responder respond) {
  const auto query = queryOf(request);
  if (!query) return respond.send(query.error());
  const uint64_t next = uint64_t{query->offset} + query->limit;
  operations.knowledge().listKnowledge(
      *query,
      answerWith<model::KnowledgePage>(request, std::move(respond), [next](const model::KnowledgePage& page) {
        json out = page;
        out["next"] = next < page.total ? json(next) : json();
        return out;
      }));
}

void knowledgeNode(Operations& operations, const RequestContext& request, Responder respond) {
  operations.knowledge().knowledgeNode(request.id,
                                       answerPlain<model::KnowledgeView>(request, std::move(respond)));
}

void addFact(Operations& operations, const RequestContext& request, Responder respond) {
  const auto good = onlyMembers(request.body, {"source", "relation", "target", "weight", "against", "note"});
  if (!good) return respond.send(badRequest(request.redactor->redact(good.error().what), kFactHint));
  auto draft = draftOf(request.body, *request.redactor);
  if (!draft) return respond.send(unprocessable(draft.error(), kFactHint, *request.redactor));
  operations.knowledge().addFact(request.caller, *std::move(draft),
                                 answerPlain<model::KnowledgeEdge>(request, std::move(respond)));
}

void correctFact(Operations& operations, const RequestContext& request, Responder respond) {
  const auto good = onlyMembers(request.body, {"standing", "target", "note"});
  if (!good) return respond.send(badRequest(request.redactor->redact(good.error().what), kCorrectHint));
  const auto standing =
      request.body.contains("standing") ? named<model::Standing>(request.body["standing"]) : std::nullopt;
  if (!standing) {
    return respond.send(
        refusal(422, "invalid_input", "\"standing\" must be holds, wrong or open", kCorrectHint));
  }
  const auto target = optionalText(request.body, "target", kLongestQuery);
  const auto note = optionalText(request.body, "note", kLongestNote);
  if (!target || !note) {
    return respond.send(
        refusal(422, "invalid_input", "\"target\" and \"note\" must be short texts", kCorrectHint));
  }
  FactDraft written;
  written.target.name = *target;
  written.note = *note;
  if (auto plain = noSecrets(written, *request.redactor); !plain)
    return respond.send(unprocessable(plain.error(), kCorrectHint, *request.redactor));
  operations.knowledge().judgeFact(request.caller, request.id, {*standing, *target, *note},
                                   answerPlain<model::KnowledgeEdge>(request, std::move(respond)));
}

void forgetFact(Operations& operations, const RequestContext& request, Responder respond) {
  operations.knowledge().forgetFact(request.caller, request.id,
                                    answerPlain<model::KnowledgeEdge>(request, std::move(respond)));
}

void restoreFact(Operations& operations, const RequestContext& request, Responder respond) {
  operations.knowledge().restoreFact(request.caller, request.id,
                                     answerPlain<model::KnowledgeEdge>(request, std::move(respond)));
}

void exportKnowledge(Operations& operations, const RequestContext& request, Responder respond) {
  operations.knowledge().exportKnowledge(answerPlain<model::KnowledgeExport>(request, std::move(respond)));
}

void importKnowledge(Operations& operations, const RequestContext& request, Responder respond) {
  const auto good = onlyMembers(request.body, {"format", "exported_at", "facts", "left_out"});
  if (!good) return respond.send(badRequest(request.redactor->redact(good.error().what), kImportHint));
  const auto format = request.body.find("format");
  if (format == request.body.end() || *format != model::kKnowledgeFormat) {
    return respond.send(refusal(422, "invalid_input",
                                std::string("\"format\" must be \"") + model::kKnowledgeFormat + "\"",
                                kImportHint));
  }
  const auto facts = request.body.find("facts");
  if (facts == request.body.end() || !facts->is_array() || facts->size() > model::kMostStatedFacts) {
    return respond.send(
        refusal(422, "invalid_input", "\"facts\" must be a list of at most 5000 facts", kImportHint));
  }
  std::vector<FactDraft> drafts;
  model::ImportReport unread;
  for (const auto& fact : *facts) {
    auto draft = sharedOf(fact, *request.redactor);
    if (draft) {
      drafts.push_back(*std::move(draft));
      continue;
    }
    ++unread.skipped;
    unread.reasons.push_back(
        {textIn(fact, "source") + " " + textIn(fact, "relation") + " " + textIn(fact, "target"),
         draft.error().what});
  }
  operations.knowledge().importKnowledge(
      request.caller, std::move(drafts),
      answerWith<model::ImportReport>(request, std::move(respond), [unread](model::ImportReport report) {
        report.skipped += unread.skipped;
        report.reasons.insert(report.reasons.end(), unread.reasons.begin(), unread.reasons.end());
        if (report.reasons.size() > kMostReasons) report.reasons.resize(kMostReasons);
        return json(report);
      }));
}

}  // namespace aiops::api::handlers
