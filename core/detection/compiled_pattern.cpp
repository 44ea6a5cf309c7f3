// Expressions of a pattern, compiled, and what they say of one record.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>

#include "detection/definitions.h"
#include "detection/matcher.h"

namespace aiops::detection {
namespace {

constexpr int64_t kExpressionBytes = 8 << 20;

bool found(const RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

std::optional<double> numberIn(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

base::Result<std::unique_ptr<RE2>> compileOne(const std::string& text, const std::string& key) {
  if (text.empty()) return std::unique_ptr<RE2>();
  auto regex = std::make_unique<RE2>(withNamesNumbered(text), expressionOptions());
  if (!regex->ok()) return base::fail(base::ErrorCode::InvalidInput, key + ": " + regex->error());
  return regex;
}

base::Result<CompiledCondition> compileCondition(const Condition& condition) {
  CompiledCondition out;
  out.kind = condition.kind;
  out.test = condition.test;
  auto regex = compileOne(condition.test.match, "'" + condition.test.field + "'");
  if (!regex) return std::unexpected(regex.error());
  out.regex = std::move(*regex);
  for (const auto& part : condition.parts) {
    auto compiled = compileCondition(part);
    if (!compiled) return std::unexpected(compiled.error());
    out.parts.push_back(std::move(*compiled));
  }
  return out;
}

/// "host__2" is "host": an expression may not use a name twice, and one of several alternatives matches.
std::string captureName(const std::string& name) {
  const size_t at = name.rfind("__");
  const bool numbered = at != std::string::npos && at > 0 && at + 2 < name.size() &&
                        name.find_first_not_of("0123456789", at + 2) == std::string::npos;
  return numbered ? name.substr(0, at) : name;
}

}  // namespace

std::vector<std::string> captureNames(const RE2& regex) {
  std::vector<std::string> names(static_cast<size_t>(regex.NumberOfCapturingGroups()));
  for (const auto& [name, index] : regex.NamedCapturingGroups())
    names[static_cast<size_t>(index) - 1] = captureName(name);
  return names;
}

namespace {

base::Result<CompiledSelection> compileSelection(const Selection& selection, const std::string& where) {
  CompiledSelection out;
  out.field = selection.field;
  out.levelAtLeast = selection.levelAtLeast;
  auto regex = compileOne(selection.match, where + "match");
  if (!regex) return std::unexpected(regex.error());
  auto exclude = compileOne(selection.exclude, where + "exclude");
  if (!exclude) return std::unexpected(exclude.error());
  for (const auto& [name, text] : selection.fields) {
    auto field = compileOne(text, where + "fields." + name);
    if (!field) return std::unexpected(field.error());
    out.fields.emplace_back(name, std::move(*field));
  }
  for (const auto& condition : selection.where) {
    auto compiled = compileCondition(condition);
    if (!compiled) return std::unexpected(compiled.error());
    out.where.push_back(std::move(*compiled));
  }
  for (const auto& text : selection.extract) {
    auto more = compileOne(text, where + "extract");
    if (!more) return std::unexpected(more.error());
    if (*more) out.extract.push_back(std::move(*more));
  }
  if (*regex) out.captureNames = captureNames(**regex);
  out.regex = std::move(*regex);
  out.exclude = std::move(*exclude);
  return out;
}

bool holdsTest(const CompiledCondition& condition, std::string_view value) {
  const auto& test = condition.test;
  if (value.empty()) return false;
  if (condition.regex && !found(*condition.regex, value)) return false;
  if (test.equals && *test.equals != value) return false;
  if (!test.above && !test.below) return true;
  const auto number = numberIn(value);
  return number && (!test.above || *number > *test.above) && (!test.below || *number < *test.below);
}

}  // namespace

RE2::Options expressionOptions() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kExpressionBytes);
  return options;
}

std::string_view fieldOf(const model::LogRecord& record, std::string_view name) {
  if (name == "message") return record.message;
  if (name == "text") return record.searched();
  return record.field(name);
}

bool CompiledCondition::holds(const model::LogRecord& record) const {
  const auto one = [&](const CompiledCondition& part) { return part.holds(record); };
  switch (kind) {
    case Condition::Kind::Field:
      return holdsTest(*this, fieldOf(record, test.field));
    case Condition::Kind::All:
      return std::ranges::all_of(parts, one);
    case Condition::Kind::Any:
      return std::ranges::any_of(parts, one);
    case Condition::Kind::Not:
      return std::ranges::none_of(parts, one);
  }
  return false;
}

std::string_view CompiledSelection::target(const model::LogRecord& record) const {
  return field.empty() ? record.searched() : fieldOf(record, field);
}

base::Result<std::shared_ptr<const CompiledPattern>> compilePattern(const PatternDocument& document,
                                                                    std::string digest) {
  CompiledPattern out;
  out.digest = std::move(digest);
  const auto add = [&](const Selection& selection, const std::string& where) -> base::Result<> {
    auto compiled = compileSelection(selection, where);
    if (!compiled) return std::unexpected(compiled.error());
    out.selections.push_back(std::move(*compiled));
    return {};
  };
  if (const auto* sequence = std::get_if<SequenceKind>(&document.kind)) {
    for (const auto& step : sequence->steps) {
      if (auto added = add(step.select, "step '" + step.name + "': "); !added)
        return std::unexpected(added.error());
    }
    const auto names = [&](const CompiledSelection& step) {
      const auto isIn = [&](const std::vector<std::string>& all) {
        return std::ranges::find(all, document.distinct) != all.end();
      };
      return isIn(step.captureNames) ||
             std::ranges::any_of(step.extract, [&](const auto& regex) { return isIn(captureNames(*regex)); });
    };
    if (!document.distinct.empty() && std::ranges::none_of(out.selections, names))
      return base::fail(base::ErrorCode::InvalidInput,
                        "threshold.distinct: no step has a capture '" + document.distinct + "'");
  } else if (auto added = add(document.select, ""); !added) {
    return std::unexpected(added.error());
  }
  if (const auto* fuzzy = std::get_if<FuzzyKind>(&document.kind))
    out.selections.front().fuzzy = std::make_unique<Fuzzy>(*fuzzy);
  return std::make_shared<const CompiledPattern>(std::move(out));
}

}  // namespace aiops::detection
