// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/pattern_builder.h"

#include "detection/pattern_schema.h"

namespace aiops::detection {

LogPatternBuilder& LogPatternBuilder::id(std::string id) {
  m_document.id = std::move(id);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::description(std::string text) {
  m_document.description = std::move(text);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::severity(model::Severity severity) {
  m_document.severity = severity;
  return *this;
}
LogPatternBuilder& LogPatternBuilder::signal(std::string signal) {
  m_document.signal = std::move(signal);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::service(std::string glob) {
  m_document.service = std::move(glob);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::regex(std::string expression) {
  m_document.select.match = std::move(expression);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::exclude(std::string expression) {
  m_document.select.exclude = std::move(expression);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::field(std::string name) {
  m_document.select.field = std::move(name);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::levelAtLeast(model::Severity severity) {
  m_document.select.levelAtLeast = severity;
  return *this;
}
LogPatternBuilder& LogPatternBuilder::where(Condition condition) {
  m_document.select.where.push_back(std::move(condition));
  return *this;
}
LogPatternBuilder& LogPatternBuilder::threshold(uint32_t count, std::chrono::seconds window,
                                                std::string distinct) {
  m_document.count = count;
  m_document.window = window;
  m_document.distinct = std::move(distinct);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::groupBy(std::string name) {
  m_document.groupBy = std::move(name);
  return *this;
}
LogPatternBuilder& LogPatternBuilder::cooldown(std::chrono::seconds time) {
  m_document.cooldown = time;
  return *this;
}
LogPatternBuilder& LogPatternBuilder::mustMatch(std::string line) {
  m_document.samplesMatch.push_back(std::move(line));
  return *this;
}
LogPatternBuilder& LogPatternBuilder::mustNotMatch(std::string line) {
  m_document.samplesNoMatch.push_back(std::move(line));
  return *this;
}
LogPatternBuilder& LogPatternBuilder::fuzzy(FuzzyKind fuzzy) {
  return kind("fuzzy", std::move(fuzzy));
}
LogPatternBuilder& LogPatternBuilder::sequence(SequenceKind sequence) {
  return kind("sequence", std::move(sequence));
}
LogPatternBuilder& LogPatternBuilder::temporal(TemporalKind temporal) {
  return kind("temporal", std::move(temporal));
}
LogPatternBuilder& LogPatternBuilder::anomaly(AnomalyKind anomaly) {
  return kind("anomaly", std::move(anomaly));
}
LogPatternBuilder& LogPatternBuilder::kind(std::string type, PatternKind kind) {
  m_document.type = std::move(type);
  m_document.kind = std::move(kind);
  return *this;
}

/// By way of the written form, so that there is one set of rules.
base::Result<PatternDocument> LogPatternBuilder::build() const {
  std::vector<PatternProblem> problems;
  auto documents = parsePatterns(toYaml(m_document), "the pattern", problems);
  const auto set = PatternSet::compile(std::move(documents), std::move(problems));
  if (set->size() == 1) return set->documents().front();
  const auto& problem = set->problems().front();
  return base::fail(base::ErrorCode::InvalidInput, problem.reason, m_document.name);
}

}  // namespace aiops::detection
