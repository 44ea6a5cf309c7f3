// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/pattern.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "detection/matcher.h"
#include "detection/pattern_schema.h"

namespace aiops::detection {
namespace {

/// Text that differs where the parts do.
class Digest {
 public:
  void add(std::string_view part) { m_text += std::to_string(part.size()) + ':' + std::string(part); }
  /// Only when used, so that the state kept of documents without it stays theirs.
  void addIf(bool used, std::string_view name, std::string_view part) {
    if (!used) return;
    m_text += name;
    add(part);
  }
  void add(const Selection& selection) {
    m_text += selection.levelAtLeast ? model::toString(*selection.levelAtLeast) : "";
    addIf(!selection.exclude.empty(), "exclude", selection.exclude);
    for (const auto& [name, expression] : selection.fields) {
      addIf(true, "field", name);
      add(expression);
    }
    for (const auto& condition : selection.where) add(condition);
    for (const auto& expression : selection.extract) addIf(true, "extract", expression);
  }
  void add(const Condition& condition) {
    addIf(true, "condition", std::to_string(static_cast<int>(condition.kind)));
    const auto& test = condition.test;
    for (const auto& part : {test.field, test.match, test.equals.value_or("")}) add(part);
    add(test.above ? std::to_string(*test.above) : "");
    add(test.below ? std::to_string(*test.below) : "");
    for (const auto& part : condition.parts) add(part);
    m_text += ';';
  }
  std::string result() const { return base::sha256Hex(m_text); }

 private:
  std::string m_text;
};

/// What detection depends on; name, description and samples are left out.
std::string digestOf(const PatternDocument& document) {
  Digest digest;
  for (const auto& part :
       {document.id, document.type, document.service, document.select.match, document.select.field,
        document.groupBy, std::to_string(document.count), std::to_string(document.window.count()),
        std::to_string(document.cooldown.count())}) {
    digest.add(part);
  }
  digest.add(document.select);
  digest.addIf(document.first, "first", "true");
  digest.addIf(!document.distinct.empty(), "distinct", document.distinct);
  digest.addIf(!document.tallyBy.empty(), "tally", document.tallyBy);
  digest.addIf(!document.tallyWith.empty(), "tally with", document.tallyWith);
  digest.addIf(!document.tallyMark.empty(), "tally mark", document.tallyMark);
  if (!std::holds_alternative<RegexKind>(document.kind)) digest.add(kindText(document));
  return digest.result();
}

using Shared = std::shared_ptr<const CompiledPattern>;

/// By digest.
std::map<std::string, Shared> known(const std::vector<const PatternSet*>& sets) {
  std::map<std::string, Shared> out;
  for (const auto* set : sets) {
    if (!set) continue;
    for (const auto& pattern : set->matcher().patterns()) out.emplace(pattern->digest, pattern);
  }
  return out;
}

/// The files of a directory, or the path itself; sorted by name.
std::vector<std::filesystem::path> filesOf(const std::filesystem::path& path,
                                           std::vector<PatternProblem>& problems) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    if (std::filesystem::exists(path, error)) return {path};
    problems.push_back({path.string(), 0, {}, "no such file or directory"});
    return {};
  }
  static const std::set<std::string> kExtensions = {".yaml", ".yml", ".json"};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (kExtensions.contains(entry.path().extension().string())) files.push_back(entry.path());
  }
  if (error) problems.push_back({path.string(), 0, {}, "can't be listed: " + error.message()});
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string PatternProblem::text() const {
  std::string out = file;
  if (line > 0) out += ':' + std::to_string(line);
  if (!pattern.empty()) out += ": pattern '" + pattern + '\'';
  return out + ": " + reason;
}

PatternSet::PatternSet() : m_impl(std::make_unique<Impl>()) {}
PatternSet::~PatternSet() = default;

std::shared_ptr<const PatternSet> PatternSet::compile(std::vector<PatternDocument> documents,
                                                      std::vector<PatternProblem> problems,
                                                      const std::vector<const PatternSet*>& others) {
  std::shared_ptr<PatternSet> set(new PatternSet());
  std::stable_sort(documents.begin(), documents.end(),
                   [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto compiled = known(others);
  std::vector<Shared> patterns;
  for (auto& document : documents) {
    const auto reject = [&](std::string reason) {
      problems.push_back({document.file, document.line, document.id, std::move(reason)});
    };
    if (!set->m_documents.empty() && set->m_documents.back().id == document.id) {
      const auto& first = set->m_documents.back();
      reject("the id is already used in " + first.file + ':' + std::to_string(first.line));
      continue;
    }
    auto digest = digestOf(document);
    const auto same = compiled.find(digest);
    auto pattern = same != compiled.end() ? base::Result<Shared>(same->second)
                                          : compilePattern(document, std::move(digest));
    if (!pattern) {
      reject(pattern.error().what);
      continue;
    }
    patterns.push_back(std::move(*pattern));
    set->m_documents.push_back(std::move(document));
  }
  set->m_problems = std::move(problems);
  set->m_impl->matcher = std::make_unique<Matcher>(std::move(patterns));
  return set;
}

const PatternDocument* PatternSet::find(std::string_view id) const {
  const auto at = std::lower_bound(
      m_documents.begin(), m_documents.end(), id,
      [](const PatternDocument& document, std::string_view key) { return document.id < key; });
  return at != m_documents.end() && at->id == id ? &*at : nullptr;
}

void PatternSet::prepare() const {
  m_impl->matcher->prepare();
}

const Matcher& PatternSet::matcher() const {
  return *m_impl->matcher;
}

std::shared_ptr<const PatternSet> loadPatterns(const std::vector<std::filesystem::path>& paths) {
  std::vector<PatternProblem> problems;
  std::vector<PatternDocument> all;
  for (const auto& path : paths) {
    std::vector<PatternDocument> here;
    for (const auto& file : filesOf(path, problems)) {
      const auto text = base::readFile(file, 1u << 20);
      if (!text) {
        problems.push_back({file.string(), 0, {}, text.error().what});
        continue;
      }
      for (auto& document : parsePatterns(*text, file.string(), problems))
        here.push_back(std::move(document));
    }
    std::set<std::string> replaced;
    for (const auto& document : here) replaced.insert(document.id);
    std::erase_if(all, [&](const PatternDocument& document) { return replaced.contains(document.id); });
    std::move(here.begin(), here.end(), std::back_inserter(all));
  }
  return PatternSet::compile(std::move(all), std::move(problems));
}

namespace {

bool counts(const Matcher& matcher, size_t index, const std::string& sample, const ReadLine& read) {
  model::LogBatch batch;
  batch.bytes = std::make_unique<std::string>(sample);
  const auto record = read(*batch.bytes, batch);
  const auto first = matcher.firstSelector(index);
  for (size_t i = 0; i < matcher.patterns()[index]->selections.size(); ++i) {
    if (matcher.takes(first + i, record)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> checkSamples(const PatternSet& patterns, const ReadLine& read) {
  std::vector<std::string> wrong;
  const auto& matcher = patterns.matcher();
  for (size_t i = 0; i < patterns.size(); ++i) {
    const auto& document = patterns.documents()[i];
    for (const auto& sample : document.samplesMatch) {
      if (!counts(matcher, i, sample, read)) wrong.push_back(document.id + ": should match: " + sample);
    }
    for (const auto& sample : document.samplesNoMatch) {
      if (counts(matcher, i, sample, read)) wrong.push_back(document.id + ": should not match: " + sample);
    }
  }
  return wrong;
}

bool serviceFits(std::string_view glob, std::string_view service) {
  if (glob.empty()) return true;
  size_t g = 0, s = 0, star = std::string_view::npos, mark = 0;
  while (s < service.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      mark = s;
    } else if (g < glob.size() && glob[g] == service[s]) {
      ++g;
      ++s;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      s = ++mark;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace aiops::detection
