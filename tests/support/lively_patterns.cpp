// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/lively_patterns.h"

#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "detection/pattern_schema.h"
#include "models/pattern_text.h"

namespace aiops::test {

namespace {

struct Problem {
  std::string what;
  int line = 0;
};

QRegularExpression expressionOf(const ui::PatternText& document) {
  return QRegularExpression(QString::fromStdString(document.value("match")));
}

/// The engine's own schema judges.
Problem problemOf(const ui::PatternText& document) {
  std::vector<detection::PatternProblem> problems;
  detection::parsePatterns(document.text(), "document", problems);
  if (!problems.empty()) return {problems.front().reason, problems.front().line};
  const auto expression = expressionOf(document);
  if (!expression.isValid()) return {expression.errorString().toStdString(), document.lineOf("match")};
  return {};
}

std::vector<std::string> sampleProblems(const ui::PatternText& document) {
  std::vector<std::string> problems;
  for (const auto& sample : document.samples()) {
    const bool matches = expressionOf(document).match(QString::fromStdString(sample.text)).hasMatch();
    if (matches != sample.mustMatch)
      problems.push_back((matches ? "should not match: " : "should match: ") + sample.text);
  }
  return problems;
}

uint32_t bytesBefore(const QString& text, qsizetype units) {
  return static_cast<uint32_t>(text.left(units).toUtf8().size());
}

model::PatternHit hitOf(const model::LogLine& line, const QString& text, const QRegularExpressionMatch& match,
                        const QRegularExpression& expression) {
  model::PatternHit hit{line.source, line.service, line.position.line, line.time, line.text, {}, {}};
  const auto names = expression.namedCaptureGroups();
  for (int group = 0; group <= match.lastCapturedIndex(); ++group) {
    if (match.capturedStart(group) < 0 || (group > 0 && names[group].isEmpty())) continue;
    const auto start = bytesBefore(text, match.capturedStart(group));
    hit.spans.push_back(
        {names[group].toStdString(), start, bytesBefore(text, match.capturedEnd(group)) - start});
  }
  return hit;
}

}  // namespace

LivelyPatterns::LivelyPatterns() : types(detection::patternTypes()) {}

LivelyPatterns::~LivelyPatterns() = default;

void LivelyPatterns::put(model::PatternInfo info, const std::string& text) {
  Kept& kept = m_kept[info.id];
  kept.detail.info = std::move(info);
  kept.detail.text = text;
}

const model::PatternDetail* LivelyPatterns::find(const std::string& id) const {
  const auto found = m_kept.find(id);
  return found == m_kept.end() ? nullptr : &found->second.detail;
}

void LivelyPatterns::listPatterns(service::Reply<std::vector<model::PatternInfo>> reply) {
  if (failure) return reply(std::unexpected(*failure));
  std::vector<model::PatternInfo> all;
  for (const auto& [id, kept] : m_kept) all.push_back(kept.detail.info);
  reply(std::move(all));
}

void LivelyPatterns::pattern(std::string id, service::Reply<model::PatternDetail> reply) {
  calls.push_back("pattern " + id);
  if (failure) return reply(std::unexpected(*failure));
  if (const auto* detail = find(id)) return reply(*detail);
  reply(base::fail(base::ErrorCode::NotFound, "no such pattern", id));
}

void LivelyPatterns::savePattern(service::Caller caller, std::string text,
                                 service::Reply<model::PatternDetail> reply) {
  const ui::PatternText document(text);
  const std::string id = document.value("id");
  calls.push_back("save " + id);
  if (failure) return reply(std::unexpected(*failure));
  if (!caller.isAdmin)
    return reply(base::fail(base::ErrorCode::PermissionDenied, "the scope admin is needed"));
  if (const auto problem = problemOf(document); !problem.what.empty()) {
    return reply(base::fail(base::ErrorCode::InvalidInput, problem.what, id));
  }
  Kept& kept = m_kept[id];
  auto& detail = kept.detail;
  const bool isNew = detail.info.id.empty();
  detail.info.id = id;
  detail.info.name = document.value("name");
  detail.info.type = document.value("type");
  detail.info.version = isNew ? 1 : detail.info.version + 1;
  detail.info.origin = model::PatternOrigin::Edited;
  detail.text = text;
  detail.versions.insert(
      detail.versions.begin(),
      {detail.info.version, base::TimePoint(std::chrono::seconds(1795379604)), caller.name, text});
  detail.sampleProblems = sampleProblems(document);
  reply(detail);
}

void LivelyPatterns::removePattern(service::Caller, std::string id, service::Reply<std::string> reply) {
  calls.push_back("remove " + id);
  const auto* detail = find(id);
  if (!detail) return reply(base::fail(base::ErrorCode::NotFound, "no such pattern", id));
  if (detail->info.origin == model::PatternOrigin::Shipped) {
    return reply(
        base::fail(base::ErrorCode::Conflict, "a shipped pattern can't be removed", id, "switch it off"));
  }
  m_kept.erase(id);
  reply(id);
}

void LivelyPatterns::enablePattern(service::Caller, std::string id, bool enabled,
                                   service::Reply<model::PatternInfo> reply) {
  calls.push_back("enable " + id + (enabled ? " on" : " off"));
  const auto found = m_kept.find(id);
  if (found == m_kept.end()) return reply(base::fail(base::ErrorCode::NotFound, "no such pattern", id));
  found->second.detail.info.enabled = enabled;
  reply(found->second.detail.info);
}

void LivelyPatterns::patternTypes(service::Reply<std::vector<model::PatternType>> reply) {
  reply(types);
}

void LivelyPatterns::previewPattern(std::string text, service::Reply<model::PatternPreview> reply) {
  calls.push_back("preview");
  if (failure) return reply(std::unexpected(*failure));
  auto answer = [this, text, reply] { reply(previewOf(ui::PatternText(text))); };
  if (holdPreviews) {
    held.push_back(answer);
  } else {
    answer();
  }
}

void LivelyPatterns::release() {
  auto waiting = std::exchange(held, {});
  for (auto& answer : waiting) answer();
}

model::PatternPreview LivelyPatterns::previewOf(const ui::PatternText& document) const {
  model::PatternPreview preview;
  const auto problem = problemOf(document);
  preview.problem = problem.what;
  preview.problemLine = problem.line;
  if (!problem.what.empty()) return preview;
  preview.sampleProblems = sampleProblems(document);
  preview.linesLookedAt = lines.size();
  preview.notes = notes;
  preview.firings = firings;
  preview.wouldFire = firings.size();
  if (document.value("match").empty()) return preview;
  preview.microsecondsPerLine = microseconds;
  const auto expression = expressionOf(document);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const QString text = QString::fromStdString(line->text);
    const auto match = expression.match(text);
    if (!match.hasMatch()) continue;
    ++preview.linesMatched;
    if (preview.hits.size() < 50) preview.hits.push_back(hitOf(*line, text, match, expression));
  }
  preview.wouldFire = std::max<uint64_t>(firings.size(), preview.linesMatched > 0 ? 1 : 0);
  const std::string word = document.value("match").substr(0, 5);
  for (auto line = lines.rbegin(); line != lines.rend() && preview.nearMisses.size() < 3; ++line) {
    const bool near = line->text.find(word) != std::string::npos;
    if (near && !expression.match(QString::fromStdString(line->text)).hasMatch()) {
      preview.nearMisses.push_back({line->source,
                                    line->service,
                                    line->position.line,
                                    line->time,
                                    line->text,
                                    {},
                                    "only the first part matches"});
    }
  }
  return preview;
}

WithPatterns::WithPatterns(service::Operations& inner) : WrappedOperations(inner) {}

WithPatterns::~WithPatterns() = default;

service::PatternOperations& WithPatterns::patterns() {
  return lively;
}

}  // namespace aiops::test
