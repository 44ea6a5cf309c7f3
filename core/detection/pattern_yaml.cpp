// Pattern documents from YAML.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

#include "detection/pattern.h"

namespace aiops::detection {
namespace {

/// Thrown and caught in this file only: yaml-cpp throws in any case.
struct Broken : std::runtime_error {
  Broken(const YAML::Node& node, const std::string& reason) : std::runtime_error(reason), mark(node.Mark()) {}
  YAML::Mark mark;
};

std::string scalar(const YAML::Node& node, const std::string& key) {
  if (!node.IsScalar()) throw Broken(node, key + " must be text");
  return node.Scalar();
}

int64_t number(const YAML::Node& node, const std::string& key, int64_t least, int64_t most) {
  int64_t value = 0;
  if (!node.IsScalar() || !YAML::convert<int64_t>::decode(node, value) || value < least || value > most) {
    throw Broken(
        node, key + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

model::Severity severity(const YAML::Node& node, const std::string& key) {
  const auto value = model::severityFromString(scalar(node, key));
  if (!value) throw Broken(node, key + " must be debug, info, warning, error or critical");
  return *value;
}

std::vector<std::string> texts(const YAML::Node& node, const std::string& key) {
  if (!node.IsSequence()) throw Broken(node, key + " must be a list of lines");
  std::vector<std::string> out;
  for (const auto& item : node) out.push_back(scalar(item, key));
  return out;
}

/// One expression, or a list of which any may match.
std::string expression(const YAML::Node& node, const std::string& key) {
  if (!node.IsSequence()) return scalar(node, key);
  std::string any;
  for (const auto& item : node) any += (any.empty() ? "(?:" : "|(?:") + scalar(item, key) + ')';
  return any;
}

std::vector<std::pair<std::string, std::string>> fieldExpressions(const YAML::Node& node) {
  if (!node.IsMap()) throw Broken(node, "fields must be a map of field: expression");
  std::map<std::string, std::string> fields;
  for (const auto& member : node) {
    const auto name = scalar(member.first, "a field");
    auto text = expression(member.second, "fields." + name);
    if (text.empty()) throw Broken(member.second, "fields." + name + " must be an expression");
    if (!fields.emplace(name, std::move(text)).second)
      throw Broken(member.first, "field '" + name + "' is given twice");
  }
  return {fields.begin(), fields.end()};
}

using Setter = std::function<void(PatternDocument&, const YAML::Node&)>;
using Keys = std::map<std::string, Setter>;

constexpr int64_t kDay = 86'400;

Setter text(std::string PatternDocument::* member, const char* key) {
  return [=](PatternDocument& document, const YAML::Node& node) { document.*member = scalar(node, key); };
}

void readKeys(PatternDocument& document, const YAML::Node& map, const Keys& keys, const std::string& what) {
  if (!map.IsMap()) throw Broken(map, what + " must be a map of keys");
  std::map<std::string, bool> seen;
  for (const auto& member : map) {
    const auto key = scalar(member.first, "a key");
    const auto setter = keys.find(key);
    if (setter == keys.end()) throw Broken(member.first, "unknown key '" + key + "' in " + what);
    if (!seen.emplace(key, true).second) throw Broken(member.first, "key '" + key + "' is given twice");
    setter->second(document, member.second);
  }
}

Keys thresholdKeys() {
  return {
      {"count", [](auto& d, const auto& n) { d.count = static_cast<uint32_t>(number(n, "count", 1, 1000)); }},
      {"window_seconds",
       [](auto& d, const auto& n) { d.window = std::chrono::seconds(number(n, "window_seconds", 1, kDay)); }},
  };
}

Keys sampleKeys() {
  return {
      {"match", [](auto& d, const auto& n) { d.samplesMatch = texts(n, "samples.match"); }},
      {"no_match", [](auto& d, const auto& n) { d.samplesNoMatch = texts(n, "samples.no_match"); }},
  };
}

Keys documentKeys() {
  using D = PatternDocument;
  return {
      {"id", text(&D::id, "id")},
      {"name", text(&D::name, "name")},
      {"description", text(&D::description, "description")},
      {"type", text(&D::type, "type")},
      {"severity", [](auto& d, const auto& n) { d.severity = severity(n, "severity"); }},
      {"signal", text(&D::signal, "signal")},
      {"service", text(&D::service, "service")},
      {"match", [](auto& d, const auto& n) { d.match = expression(n, "match"); }},
      {"exclude", [](auto& d, const auto& n) { d.exclude = expression(n, "exclude"); }},
      {"fields", [](auto& d, const auto& n) { d.fields = fieldExpressions(n); }},
      {"field", text(&D::field, "field")},
      {"level_at_least", [](auto& d, const auto& n) { d.levelAtLeast = severity(n, "level_at_least"); }},
      {"threshold", [](auto& d, const auto& n) { readKeys(d, n, thresholdKeys(), "threshold"); }},
      {"group_by", text(&D::groupBy, "group_by")},
      {"cooldown_seconds",
       [](auto& d, const auto& n) {
         d.cooldown = std::chrono::seconds(number(n, "cooldown_seconds", 1, kDay));
       }},
      {"samples", [](auto& d, const auto& n) { readKeys(d, n, sampleKeys(), "samples"); }},
  };
}

bool isIdentifier(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
}

void checkWhole(const PatternDocument& document, const YAML::Node& node) {
  if (!isIdentifier(document.id))
    throw Broken(node, "id must be 1 to 64 lower-case letters, digits, '-' or '_'");
  if (document.match.empty() && !document.levelAtLeast && document.fields.empty())
    throw Broken(node, "match is missing");
  if (!isIdentifier(document.signal)) throw Broken(node, "signal must be a lower-case name");
}

/// First of all, since the type decides which keys there are.
void checkType(const YAML::Node& node) {
  if (!node.IsMap() || !node["type"]) return;
  const auto type = scalar(node["type"], "type");
  if (type != "regex") throw Broken(node["type"], "there is no type '" + type + "'; the types are: regex");
}

/// A file's text by lines, to give each document back as it was written.
class SourceText {
 public:
  explicit SourceText(std::string_view yaml) {
    for (size_t at = 0; at < yaml.size();) {
      const auto end = std::min(yaml.find('\n', at), yaml.size() - 1) + 1;
      m_lines.push_back(yaml.substr(at, end - at));
      at = end;
    }
    // A document with an alias is not whole without its anchor elsewhere.
    static const RE2 kAnchor(R"((^|\s)&\w)");
    m_selfContained = !RE2::PartialMatch(re2::StringPiece(yaml.data(), yaml.size()), kAnchor);
  }

  /// The block that begins where `node` does and ends before line `end` (from 0); written anew when it can't
  /// be cut out.
  std::string of(const YAML::Node& node, size_t end) const {
    const auto mark = node.Mark();
    const auto column = static_cast<size_t>(mark.column);
    std::string out;
    size_t kept = 0;
    for (auto line = static_cast<size_t>(mark.line); line < std::min(end, m_lines.size()); ++line) {
      const auto text = m_lines[line];
      const auto first = std::min(text.find_first_not_of(' '), text.size() - 1);
      const bool isNote =
          text[first] == '\n' || text[first] == '\r' || (text[first] == '#' && first < column);
      const bool begins = line == static_cast<size_t>(mark.line);
      if (!begins && !isNote && first < column) return YAML::Dump(node) + "\n";
      out += begins || !isNote ? text.substr(std::min(column, text.size())) : text.substr(first);
      if (!isNote) kept = out.size();
    }
    out.resize(kept);  // what follows the last line of its own belongs to the next one
    const bool usable = m_selfContained && node.Style() != YAML::EmitterStyle::Flow && kept > 0;
    if (!usable) return YAML::Dump(node) + "\n";
    return out.ends_with('\n') ? out : out + "\n";
  }

 private:
  std::vector<std::string_view> m_lines;
  bool m_selfContained = true;
};

void readDocument(const YAML::Node& node, const SourceText& source, size_t end, const std::string& file,
                  std::vector<PatternDocument>& documents, std::vector<PatternProblem>& problems) {
  static const Keys kKeys = documentKeys();
  PatternDocument document;
  document.file = file;
  document.line = node.Mark().line + 1;
  try {
    if (node.IsMap() && node["id"] && node["id"].IsScalar()) document.id = node["id"].Scalar();
    checkType(node);
    readKeys(document, node, kKeys, "the pattern");
    checkWhole(document, node);
    if (document.name.empty()) document.name = document.id;
    document.text = source.of(node, end);
    documents.push_back(std::move(document));
  } catch (const Broken& broken) {
    problems.push_back({file, broken.mark.line + 1, document.id, broken.what()});
  }
}

}  // namespace

std::vector<PatternDocument> parsePatterns(std::string_view yaml, const std::string& file,
                                           std::vector<PatternProblem>& problems) {
  std::vector<PatternDocument> documents;
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    const bool wrapped = root.IsMap() && root["patterns"];
    const YAML::Node list = wrapped ? root["patterns"] : root;
    const SourceText source(yaml);
    constexpr auto kToTheEnd = std::string::npos;
    if (list.IsSequence()) {
      for (size_t i = 0; i < list.size(); ++i) {
        const size_t end = i + 1 < list.size() ? static_cast<size_t>(list[i + 1].Mark().line) : kToTheEnd;
        readDocument(list[i], source, end, file, documents, problems);
      }
    } else if (list.IsMap()) {
      readDocument(list, source, kToTheEnd, file, documents, problems);
    } else {
      problems.push_back({file, std::max(list.Mark().line + 1, 1), {}, "holds no pattern"});
    }
  } catch (const YAML::Exception& error) {
    problems.push_back({file, error.mark.line + 1, {}, "not valid YAML: " + error.msg});
  }
  return documents;
}

}  // namespace aiops::detection
