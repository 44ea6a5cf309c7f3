// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_patterns.h"

#include "agents/engine.h"
#include "detection/pattern_schema.h"
#include "service/engine_answer.h"

namespace aiops::service {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kLongestDocument = 64 * 1024;
constexpr uint32_t kPreviewLines = 5000;

base::Result<> shortEnough(const std::string& text) {
  if (text.size() <= kLongestDocument) return {};
  return fail(ErrorCode::InvalidInput, "the document is too long", std::to_string(text.size()) + " bytes",
              "at most " + std::to_string(kLongestDocument));
}

/// Audit before effect: what can't be written down is not done.
base::Result<model::PatternDetail> save(agents::Engine& engine, const Caller& caller,
                                        const std::string& text) {
  if (auto fine = shortEnough(text); !fine) return std::unexpected(fine.error());
  const auto document = agents::PatternLibrary::check(text);
  if (!document) return std::unexpected(document.error());
  const bool known = engine.patterns().detail(document->id).has_value();
  auto audited = engine.fixes().audit({.who = caller.name,
                                       .what = known ? "pattern.edit" : "pattern.add",
                                       .target = document->id,
                                       .result = "saved"});
  if (!audited) return std::unexpected(audited.error());
  return engine.patterns().save(caller.name, text);
}

base::Result<std::string> remove(agents::Engine& engine, const Caller& caller, const std::string& id) {
  auto detail = engine.patterns().detail(id);
  if (!detail) return std::unexpected(detail.error());
  if (detail->info.origin == model::PatternOrigin::Edited) {
    auto audited = engine.fixes().audit(
        {.who = caller.name, .what = "pattern.remove", .target = id, .result = "removed"});
    if (!audited) return std::unexpected(audited.error());
  }
  return engine.patterns().remove(caller.name, id);
}

base::Result<model::PatternInfo> enable(agents::Engine& engine, const Caller& caller, const std::string& id,
                                        bool enabled) {
  auto detail = engine.patterns().detail(id);
  if (!detail) return std::unexpected(detail.error());
  if (detail->info.enabled == enabled) return detail->info;
  auto audited = engine.fixes().audit({.who = caller.name,
                                       .what = enabled ? "pattern.enable" : "pattern.disable",
                                       .target = id,
                                       .result = enabled ? "enabled" : "disabled"});
  if (!audited) return std::unexpected(audited.error());
  return engine.patterns().enable(id, enabled);
}

}  // namespace

void EnginePatterns::listPatterns(Reply<std::vector<model::PatternInfo>> reply) {
  answerOn(m_worker, std::move(reply), [this]() -> base::Result<std::vector<model::PatternInfo>> {
    auto all = m_engine.patterns().list();
    if (all) m_engine.monitor().addCosts(*all);
    return all;
  });
}

void EnginePatterns::pattern(std::string id, Reply<model::PatternDetail> reply) {
  answerOn(m_worker, std::move(reply), [this, id = std::move(id)]() -> base::Result<model::PatternDetail> {
    auto detail = m_engine.patterns().detail(id);
    if (!detail) return detail;
    std::vector<model::PatternInfo> one = {detail->info};
    m_engine.monitor().addCosts(one);
    detail->info = std::move(one.front());
    return detail;
  });
}

void EnginePatterns::savePattern(Caller caller, std::string text, Reply<model::PatternDetail> reply) {
  if (!caller.isAdmin) return reply(lacksScope("admin"));
  answerOn(m_worker, std::move(reply), [this, caller = std::move(caller), text = std::move(text)] {
    return save(m_engine, caller, text);
  });
}

void EnginePatterns::removePattern(Caller caller, std::string id, Reply<std::string> reply) {
  if (!caller.isAdmin) return reply(lacksScope("admin"));
  answerOn(m_worker, std::move(reply),
           [this, caller = std::move(caller), id = std::move(id)] { return remove(m_engine, caller, id); });
}

void EnginePatterns::enablePattern(Caller caller, std::string id, bool enabled,
                                   Reply<model::PatternInfo> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [this, caller = std::move(caller), id = std::move(id), enabled] {
    return enable(m_engine, caller, id, enabled);
  });
}

void EnginePatterns::patternTypes(Reply<std::vector<model::PatternType>> reply) {
  reply(detection::patternTypes());
}

void EnginePatterns::previewPattern(std::string text, Reply<model::PatternPreview> reply) {
  answerOn(m_worker, std::move(reply),
           [this, text = std::move(text)]() -> base::Result<model::PatternPreview> {
             if (auto fine = shortEnough(text); !fine) return std::unexpected(fine.error());
             const auto lines = m_engine.logs().slice(0, kPreviewLines);
             return agents::previewPattern(text, lines.lines);
           });
}

}  // namespace aiops::service
