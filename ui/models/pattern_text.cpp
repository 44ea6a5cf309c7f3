// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aiops::ui {
namespace {

constexpr size_t kMostBytes = 256 * 1024;

/// Where a field that is new goes: behind the nearest field before it that exists.
constexpr std::array<std::string_view, 22> kOrder{
    "id",     "name",  "description",    "type",      "severity",  "signal",   "service",
    "define", "match", "exclude",        "extract",   "field",     "fields",   "all",
    "any",    "not",   "level_at_least", "condition", "threshold", "group_by", "cooldown_seconds",
    "samples"};

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  size_t first = 0;
  while (first < text.size()) {
    const auto end = std::min(text.find('\n', first), text.size());
    lines.push_back(text.substr(first, end - first));
    first = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

bool isBlankOrComment(const std::string& line) {
  const auto first = line.find_first_not_of(" \t\r");
  return first == std::string::npos || line[first] == '#';
}

size_t orderOf(std::string_view key) {
  return static_cast<size_t>(std::ranges::find(kOrder, key) - kOrder.begin());
}

void addSamples(const YAML::Node& list, bool mustMatch, std::vector<PatternText::Sample>& samples) {
  if (!list.IsDefined() || !list.IsSequence()) return;
  for (const auto& item : list)
    samples.push_back({item.IsScalar() ? item.Scalar() : std::string(), mustMatch, item.Mark().line + 1});
}

/// Where a scalar that begins at `from` could end: what it is written in tells, but for plain text only the
/// place where it stands.
std::vector<size_t> endsOfScalar(const std::string& text, size_t from) {
  if (from >= text.size() || text[from] == '|' || text[from] == '>') return {};
  const char quote = text[from];
  if (quote == '\'' || quote == '"') {
    for (size_t at = from + 1; at < text.size(); ++at) {
      if (quote == '"' && text[at] == '\\')
        ++at;
      else if (text[at] == quote && quote == '\'' && text.substr(at, 2) == "''")
        ++at;
      else if (text[at] == quote)
        return {at + 1};
    }
    return {};
  }
  std::vector<size_t> ends;
  for (const char* stops : {",]}\n", "\n"}) {
    auto end = std::min(text.find_first_of(stops, from), text.size());
    end = std::min(end, text.find(" #", from));
    while (end > from && (text[end - 1] == ' ' || text[end - 1] == '\r')) --end;
    ends.push_back(end);
  }
  return ends;
}

void addName(std::string name, std::vector<std::string>& names) {
  name.resize(std::min(name.size(), name.rfind("__")));
  if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

/// `(?P<name>...)`, `(?<name>...)` and `%{PIECE:name}`.
void addCaptures(const std::string& expression, std::vector<std::string>& names) {
  for (size_t at = 0; at + 2 < expression.size(); ++at) {
    const auto from = std::string_view(expression).substr(at);
    if (from.front() == '\\') {
      ++at;
    } else if (from.starts_with("%{")) {
      const auto piece = from.substr(2, from.find('}') - 2);
      if (const auto colon = piece.find(':');
          colon != std::string_view::npos && piece.size() < from.size() - 2)
        addName(std::string(piece.substr(colon + 1)), names);
    } else if (from.starts_with("(?<") || from.starts_with("(?P<")) {
      const auto first = from.find('<') + 1;
      const auto end = from.find('>');
      if (end != std::string_view::npos) addName(std::string(from.substr(first, end - first)), names);
    }
  }
}

/// All expressions below `node`, which stands at `key`.
void visitExpressions(const PatternNode& node, std::string_view key, std::vector<std::string>& names) {
  if (key == "samples") return;
  if (node.isText() && (key == "match" || key == "extract")) addCaptures(node.text, names);
  for (const auto& item : node.items) visitExpressions(item, key, names);
  for (const auto& member : node.members) visitExpressions(member.value, member.key, names);
}

}  // namespace

PatternText::PatternText(std::string text) : m_text(std::move(text)) {
  if (m_text.size() > kMostBytes) {
    m_problem = "longer than 256 kB";
    return;
  }
  try {
    parse();
  } catch (const YAML::Exception& error) {
    m_fields.clear();
    m_samples.clear();
    m_root = {};
    m_isBlock = false;
    m_problem = error.msg;
    m_problemLine = error.mark.is_null() ? 0 : error.mark.line + 1;
  }
}

void PatternText::parse() {
  const auto root = YAML::Load(m_text);
  m_isBlock = !root.IsDefined() || root.IsNull();
  if (m_isBlock) return;
  if (!root.IsMap()) {
    m_problem = "not one pattern: fields such as `id: my-pattern` are expected";
    m_problemLine = 1;
    return;
  }
  m_root = nodeOf(root);
  size_t at = 0;
  for (const auto& entry : root) {
    m_fields.push_back({.key = m_root.members[at++].key, .line = entry.first.Mark().line});
    if (m_fields.back().key != "samples" || !entry.second.IsMap()) continue;
    addSamples(entry.second["match"], true, m_samples);
    addSamples(entry.second["no_match"], false, m_samples);
  }
  m_isBlock = root.Style() != YAML::EmitterStyle::Flow;
  measure();
}

void PatternText::measure() {
  const auto lines = linesOf(m_text);
  for (size_t i = 0; i < m_fields.size(); ++i) {
    int end = i + 1 < m_fields.size() ? m_fields[i + 1].line : static_cast<int>(lines.size());
    while (end > m_fields[i].line + 1 && isBlankOrComment(lines[static_cast<size_t>(end) - 1])) --end;
    m_fields[i].lines = end - m_fields[i].line;
  }
}

const PatternText::Field* PatternText::field(std::string_view key) const {
  const auto found = std::ranges::find(m_fields, key, &Field::key);
  return found == m_fields.end() ? nullptr : &*found;
}

bool PatternText::has(std::string_view key) const {
  return field(key) != nullptr;
}

int PatternText::lineOf(std::string_view key) const {
  const auto* found = field(key);
  return found ? found->line + 1 : 0;
}

const std::string& PatternText::value(std::string_view key) const {
  return node({std::string(key)}).text;
}

std::vector<std::string> PatternText::captures() const {
  std::vector<std::string> names;
  visitExpressions(m_root, {}, names);
  return names;
}

/// Puts `value` in place of a scalar and leaves every other byte; nothing if that does not give `expected`.
std::optional<PatternText> PatternText::withScalar(const PatternPath& path, const std::string& value,
                                                   const PatternNode& expected) const {
  try {
    std::vector<YAML::Node> way{YAML::Load(m_text)};
    for (const auto& step : path) {
      const auto& at = std::as_const(way.back());
      way.push_back(at.IsSequence() ? at[std::stoul(step)] : at[step]);
    }
    const auto& scalar = way.back();
    if (!scalar.IsScalar() || scalar.Mark().is_null()) return std::nullopt;
    const auto from = static_cast<size_t>(scalar.Mark().pos);
    for (const auto end : endsOfScalar(m_text, from)) {
      PatternText next(m_text.substr(0, from) + quotedScalar(value) + m_text.substr(end));
      if (next.problem().empty() && next.root() == expected) return next;
    }
  } catch (const std::exception&) {  // whatever makes this fail: the whole field is written anew
  }
  return std::nullopt;
}

PatternText PatternText::withLines(std::string_view key, const std::vector<std::string>& added) const {
  auto lines = linesOf(m_text);
  auto place = lines.end();
  if (const auto* old = field(key)) {
    place = lines.erase(lines.begin() + old->line, lines.begin() + old->line + old->lines);
  } else {
    for (const auto& other : m_fields) {
      if (orderOf(other.key) < orderOf(key)) place = lines.begin() + other.line + other.lines;
    }
  }
  lines.insert(place, added.begin(), added.end());
  return PatternText(joined(lines));
}

PatternText PatternText::with(const PatternPath& path, PatternNode value) const {
  if (!m_isBlock || path.empty()) return *this;
  auto root = m_root;
  const bool isText = value.isText() && node(path).isText();
  const auto text = value.text;
  putNode(root, path, std::move(value));
  if (isText) {
    if (auto next = withScalar(path, text, root)) return *std::move(next);
  }
  const auto& changed = nodeAt(root, {path.front()});
  return withLines(path.front(),
                   changed.isNone() ? std::vector<std::string>{} : yamlLines(path.front(), changed));
}

PatternText PatternText::with(std::string_view key, std::string_view value) const {
  return with(PatternPath{std::string(key)},
              value.empty() ? PatternNode{} : PatternNode::ofText(std::string(value)));
}

}  // namespace aiops::ui
