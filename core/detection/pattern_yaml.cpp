// Pattern documents from YAML.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "detection/definitions.h"
#include "detection/pattern.h"
#include "detection/pattern_schema.h"
#include "detection/schema_rows.h"

namespace aiops::detection {
namespace {

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

/// What one file gives to all documents in it.
struct FileContext {
  const std::string& file;
  const SourceText& source;
  Definitions definitions;
};

/// Puts in what the document takes from definitions, its own or its file's, and gives its text, which is
/// whole without the file: what it uses of the file's stands at its end. Empty when that can't be put there.
std::string expandedText(const FileContext& context, const YAML::Node& node, size_t end) {
  auto definitions = context.definitions;
  const bool hasOwn = node.IsMap() && node["define"];
  if (hasOwn) definitions.add(node["define"]);
  auto text = context.source.of(node, end);
  const auto used = definitions.expand(node);
  const auto isOwn = [&](const std::string& name) { return hasOwn && node["define"][name]; };
  if (std::ranges::all_of(used, isOwn)) return text;
  if (hasOwn || node.Style() == YAML::EmitterStyle::Flow) return {};
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "define" << YAML::Value << YAML::BeginMap;
  for (const auto& name : used)
    out << YAML::Key << name << YAML::Value << YAML::SingleQuoted << definitions.textOf(name);
  out << YAML::EndMap << YAML::EndMap;
  return text + out.c_str() + '\n';
}

void readDocument(const YAML::Node& node, const FileContext& context, size_t end,
                  std::vector<PatternDocument>& documents, std::vector<PatternProblem>& problems) {
  const auto& file = context.file;
  PatternDocument document;
  document.file = file;
  document.line = node.Mark().line + 1;
  try {
    if (node.IsMap() && node["id"] && node["id"].IsScalar()) document.id = node["id"].Scalar();
    document.text = expandedText(context, node, end);
    readPattern(document, node);
    if (document.text.empty()) document.text = toYaml(document);
    documents.push_back(std::move(document));
  } catch (const Broken& broken) {
    problems.push_back({file, broken.mark.line + 1, document.id, broken.what()});
  }
}

}  // namespace

std::string scalarOf(const YAML::Node& node, const std::string& key) {
  if (!node.IsScalar()) throw Broken(node, key + " must be text");
  return node.Scalar();
}

int64_t integerOf(const YAML::Node& node, const std::string& key, int64_t least, int64_t most) {
  int64_t value = 0;
  if (!node.IsScalar() || !YAML::convert<int64_t>::decode(node, value) || value < least || value > most) {
    throw Broken(
        node, key + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

double numberOf(const YAML::Node& node, const std::string& key, double least, double most) {
  double value = 0;
  const bool read = node.IsScalar() && YAML::convert<double>::decode(node, value) && std::isfinite(value);
  if (read && value >= least && value <= most) return value;
  const auto bound = [](double number) { return Json(number).dump(); };
  throw Broken(node, key + " must be a number from " + bound(least) + " to " + bound(most));
}

bool flagOf(const YAML::Node& node, const std::string& key) {
  bool value = false;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value))
    throw Broken(node, key + " must be true or false");
  return value;
}

std::vector<std::string> textsOf(const YAML::Node& node, const std::string& key) {
  if (!node.IsSequence()) throw Broken(node, key + " must be a list of lines");
  std::vector<std::string> out;
  for (const auto& item : node) out.push_back(scalarOf(item, key));
  return out;
}

std::string expressionOf(const YAML::Node& node, const std::string& key) {
  if (!node.IsSequence()) return scalarOf(node, key);
  std::string any;
  for (const auto& item : node) any += (any.empty() ? "(?:" : "|(?:") + scalarOf(item, key) + ')';
  return any;
}

std::vector<PatternDocument> parsePatterns(std::string_view yaml, const std::string& file,
                                           std::vector<PatternProblem>& problems) {
  std::vector<PatternDocument> documents;
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    const bool wrapped = root.IsMap() && root["patterns"];
    const YAML::Node list = wrapped ? root["patterns"] : root;
    const SourceText source(yaml);
    FileContext context{file, source, {}};
    if (wrapped && root["define"]) context.definitions.add(root["define"]);
    constexpr auto kToTheEnd = std::string::npos;
    if (list.IsSequence()) {
      for (size_t i = 0; i < list.size(); ++i) {
        const size_t end = i + 1 < list.size() ? static_cast<size_t>(list[i + 1].Mark().line) : kToTheEnd;
        readDocument(list[i], context, end, documents, problems);
      }
    } else if (list.IsMap()) {
      readDocument(list, context, kToTheEnd, documents, problems);
    } else {
      problems.push_back({file, std::max(list.Mark().line + 1, 1), {}, "holds no pattern"});
    }
  } catch (const Broken& broken) {
    problems.push_back({file, broken.mark.line + 1, {}, broken.what()});
  } catch (const YAML::Exception& error) {
    problems.push_back({file, error.mark.line + 1, {}, "not valid YAML: " + error.msg});
  }
  return documents;
}

}  // namespace aiops::detection
