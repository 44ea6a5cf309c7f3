// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>

namespace aiops::ui {
namespace {

constexpr size_t kMostBytes = 256 * 1024;

/// Where a field that is new goes: behind the nearest field before it that exists.
constexpr std::array<std::string_view, 14> kOrder{
    "id",    "name",    "description",    "type",      "severity", "signal",           "match",
    "field", "service", "level_at_least", "threshold", "group_by", "cooldown_seconds", "samples"};

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

std::string scalarOf(const YAML::Node& node) {
  return node.IsScalar() ? node.Scalar() : std::string();
}

/// Whether YAML reads `value` back as the same plain text.
bool isPlain(const std::string& value) {
  try {
    const auto node = YAML::Load("a: " + value + "\nb: x\n");
    return node.IsMap() && node["a"].IsScalar() && node["a"].Scalar() == value && node["b"].IsDefined();
  } catch (const YAML::Exception&) {
    return false;
  }
}

std::string quoted(const std::string& value) {
  if (!value.empty() && isPlain(value) && value.find_first_of("#\n\\{}[],") == std::string::npos)
    return value;
  const bool oneLine = std::all_of(value.begin(), value.end(),
                                   [](char byte) { return static_cast<unsigned char>(byte) >= 0x20; });
  if (oneLine) {
    std::string result = "'";
    for (const char byte : value) result += byte == '\'' ? std::string("''") : std::string(1, byte);
    return result + '\'';
  }
  YAML::Emitter out;
  out << YAML::DoubleQuoted << value;
  return out.c_str();
}

size_t orderOf(std::string_view key) {
  return static_cast<size_t>(std::find(kOrder.begin(), kOrder.end(), key) - kOrder.begin());
}

void addSamples(const YAML::Node& list, bool mustMatch, std::vector<PatternText::Sample>& samples) {
  if (!list.IsDefined() || !list.IsSequence()) return;
  for (const auto& item : list) samples.push_back({scalarOf(item), mustMatch, item.Mark().line + 1});
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
  for (const auto& entry : root) {
    Field field{.key = scalarOf(entry.first),
                .line = entry.first.Mark().line,
                .isText = entry.second.IsScalar() || entry.second.IsNull(),
                .scalar = scalarOf(entry.second)};
    if (entry.second.IsMap()) {
      for (const auto& inner : entry.second)
        field.pairs.emplace_back(scalarOf(inner.first), scalarOf(inner.second));
    }
    if (field.key == "samples" && entry.second.IsMap()) {
      addSamples(entry.second["match"], true, field.samples);
      addSamples(entry.second["no_match"], false, field.samples);
    }
    m_fields.push_back(std::move(field));
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
  const auto found =
      std::find_if(m_fields.begin(), m_fields.end(), [key](const auto& row) { return row.key == key; });
  return found == m_fields.end() ? nullptr : &*found;
}

bool PatternText::has(std::string_view key) const {
  return field(key) != nullptr;
}

bool PatternText::isText(std::string_view key) const {
  const auto* found = field(key);
  return found == nullptr || found->isText;
}

int PatternText::lineOf(std::string_view key) const {
  const auto* found = field(key);
  return found ? found->line + 1 : 0;
}

std::string PatternText::value(std::string_view key, std::string_view inner) const {
  const auto* found = field(key);
  if (!found) return {};
  if (inner.empty()) return found->scalar;
  for (const auto& [name, text] : found->pairs) {
    if (name == inner) return text;
  }
  return {};
}

std::vector<PatternText::Sample> PatternText::samples() const {
  const auto* found = field("samples");
  return found ? found->samples : std::vector<Sample>{};
}

std::vector<std::string> PatternText::captures() const {
  const std::string expression = value("match");
  std::vector<std::string> names;
  for (size_t at = expression.find("(?"); at != std::string::npos; at = expression.find("(?", at + 1)) {
    if (at > 0 && expression[at - 1] == '\\') continue;
    size_t first = at + 2;
    if (first < expression.size() && expression[first] == 'P') ++first;
    if (first >= expression.size() || expression[first] != '<') continue;
    const auto end = expression.find('>', first);
    if (end != std::string::npos) names.push_back(expression.substr(first + 1, end - first - 1));
  }
  return names;
}

PatternText PatternText::withLine(std::string_view key, const std::string& line) const {
  if (!m_isBlock) return *this;
  auto lines = linesOf(m_text);
  auto place = lines.end();
  if (const auto* old = field(key)) {
    place = lines.erase(lines.begin() + old->line, lines.begin() + old->line + old->lines);
  } else {
    for (const auto& other : m_fields) {
      if (orderOf(other.key) < orderOf(key)) place = lines.begin() + other.line + other.lines;
    }
  }
  if (!line.empty()) lines.insert(place, line);
  return PatternText(joined(lines));
}

PatternText PatternText::with(std::string_view key, std::string_view value) const {
  if (value.empty()) return withLine(key, {});
  return withLine(key, std::string(key) + ": " + quoted(std::string(value)));
}

PatternText PatternText::with(std::string_view key, const Pairs& pairs) const {
  const auto* found = field(key);
  Pairs all = found ? found->pairs : Pairs{};
  for (const auto& [name, value] : pairs) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&name](const auto& row) { return row.first == name; });
    if (known != all.end()) {
      known->second = value;
    } else {
      all.emplace_back(name, value);
    }
  }
  std::string inner;
  for (const auto& [name, value] : all) {
    if (!value.empty()) inner += (inner.empty() ? "" : ", ") + name + ": " + quoted(value);
  }
  return withLine(key, inner.empty() ? std::string() : std::string(key) + ": {" + inner + "}");
}

}  // namespace aiops::ui
