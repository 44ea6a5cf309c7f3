// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/index_specialist.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

#include "analysis/finding_words.h"
#include "knowledge/index_need.h"
#include "knowledge/slow_statement.h"

namespace aiops::analysis {
namespace {

using knowledge::IndexNeed;
using knowledge::SlowStatement;

constexpr size_t kMostRead = 64;
constexpr size_t kMostFindings = 3;
constexpr size_t kMostCited = 4;
constexpr double kExaminedInVain = 100;  // rows that MySQL examined for each that it sent

constexpr std::array<std::string_view, 3> kSignals = {"slow_query", "query_timeout", "statement_logged"};

/// One slow statement with the line that tells of it.
struct Told {
  const model::EvidenceRef* ref = nullptr;
  std::string service;
  SlowStatement statement;
  std::string shape;
};

/// Statements that lack the same index.
struct Lack {
  IndexNeed need;
  bool fromPlan = false;
  std::vector<const Told*> told;
};

std::vector<Told> read(const CaseFile& file, const Reread& reread) {
  std::vector<Told> all;
  std::set<std::string> seen;
  for (const auto& event : file.events) {
    if (std::ranges::find(kSignals, event.signal) == kSignals.end()) continue;
    for (const auto& ref : event.evidence) {
      if (seen.size() >= kMostRead || !seen.insert(ref.id).second) continue;
      const auto entry = reread(ref);
      auto statement = entry ? knowledge::readSlowStatement(*entry) : std::nullopt;
      if (!statement) continue;
      auto shape = knowledge::sqlFingerprint(statement->sql);
      all.push_back({&ref, event.service, *std::move(statement), std::move(shape)});
    }
  }
  return all;
}

bool suspected(const model::Diagnosis& diagnosis, const std::string& service) {
  if (diagnosis.hypotheses.empty()) return false;
  const auto& best = diagnosis.hypotheses.front();
  return best.kind == "missing_index" && best.service == service;
}

/// MySQL says how many rows it looked at: it tells as much as a plan whether most were looked at in vain.
bool examinedInVain(const SlowStatement& statement) {
  return statement.rowsExamined && *statement.rowsExamined >= knowledge::kManyRows &&
         *statement.rowsExamined >= kExaminedInVain * std::max(1.0, statement.rowsSent.value_or(0));
}

std::string keyOf(const std::string& service, const IndexNeed& need) {
  auto key = service + '\n' + need.table.schema + '\n' + need.table.name;
  for (const auto& column : need.columns) key += '\n' + column.name + (column.descending ? "-" : "");
  return key + '\n' + need.refusal;
}

class Lacks {
 public:
  void add(const Told& told, const IndexNeed& need, bool fromPlan) {
    auto& lack = m_lacks[keyOf(told.service, need)];
    if (lack.told.empty()) {
      lack.need = need;
      lack.fromPlan = fromPlan;
    } else {
      lack.need.rowsRead += need.rowsRead;
      lack.need.rowsThrownAway += need.rowsThrownAway;
    }
    if (lack.told.empty() || lack.told.back() != &told) lack.told.push_back(&told);
  }
  /// An index first, then what was counted, then what took longest.
  std::vector<const Lack*> ranked() const {
    std::vector<const Lack*> all;
    for (const auto& [key, lack] : m_lacks) all.push_back(&lack);
    const auto time = [](const Lack* lack) {
      double sum = 0;
      for (const auto* told : lack->told) sum += told->statement.milliseconds;
      return sum;
    };
    std::ranges::stable_sort(all, [&](const Lack* a, const Lack* b) {
      const auto rank = [&](const Lack* lack) {
        return std::tuple(lack->need.refusal.empty(), lack->fromPlan, time(lack));
      };
      return rank(a) > rank(b);
    });
    return all;
  }

 private:
  std::map<std::string, Lack> m_lacks;
};

Lacks lacksOf(const std::vector<Told>& all, const model::Diagnosis& diagnosis) {
  Lacks lacks;
  for (const auto& told : all) {
    const auto& statement = told.statement;
    if (statement.plan) {
      for (const auto& need : knowledge::needsOfPlan(*statement.plan)) lacks.add(told, need, true);
      continue;
    }
    const bool counted = examinedInVain(statement);
    if (statement.sql.empty() || (statement.rowsExamined && !counted)) continue;
    if (!counted && !suspected(diagnosis, told.service)) continue;
    auto need = knowledge::needOfStatement(knowledge::readStatement(statement.sql));
    need.rowsRead = counted ? *statement.rowsExamined : 0;
    need.rowsThrownAway = counted ? *statement.rowsExamined - statement.rowsSent.value_or(0) : 0;
    lacks.add(told, need, false);
  }
  return lacks;
}

const char* useText(knowledge::ColumnUse use) {
  switch (use) {
    case knowledge::ColumnUse::Equal:
      return "equal";
    case knowledge::ColumnUse::Range:
      return "range";
    case knowledge::ColumnUse::Prefix:
      return "beginning of a text";
    case knowledge::ColumnUse::Sort:
      return "order";
  }
  return "";
}

std::string columnsText(const IndexNeed& need) {
  std::string text;
  for (const auto& column : need.columns)
    text += (text.empty() ? "" : ", ") + column.name + " (" + useText(column.use) +
            (column.descending ? ", falling)" : ")");
  return text;
}

std::string tableText(const IndexNeed& need) {
  return need.table.schema.empty() ? need.table.name : need.table.schema + '.' + need.table.name;
}

std::string timesText(const Lack& lack) {
  std::vector<double> times;
  for (const auto* told : lack.told) times.push_back(told->statement.milliseconds / 1000);
  std::ranges::sort(times);
  if (times.size() == 1) return secondsText(times.front());
  return "median " + secondsText(times[times.size() / 2]) + ", worst " + secondsText(times.back());
}

/// Of the lines that are kept; the events count all.
std::string countText(const Lack& lack, size_t read, uint64_t all) {
  auto text = std::to_string(lack.told.size()) + " of the " + std::to_string(read) +
              (read == 1 ? " slow entry that was read" : " slow entries that were read");
  if (all > read) text += "; " + std::to_string(all) + " were counted in all";
  return text;
}

/// Of each pattern and key the highest count: an episode counts on. Two patterns may count the same lines.
uint64_t slowEntries(const CaseFile& file, const std::string& service) {
  std::map<std::string, std::map<base::TimePoint, uint64_t>> episodes;
  for (const auto& event : file.events) {
    if (event.service != service || event.signal != "slow_query") continue;
    auto& count = episodes[event.patternId + '\n' + event.key][event.first];
    count = std::max(count, event.count);
  }
  uint64_t most = 0;
  for (const auto& [pattern, counts] : episodes) {
    uint64_t sum = 0;
    for (const auto& [first, count] : counts) sum += count;
    most = std::max(most, sum);
  }
  return most;
}

std::string knownText(const Lack& lack) {
  if (lack.fromPlan) return "from the plan";
  if (lack.need.rowsRead > 0) return "from the statement and the rows that it examined; EXPLAIN decides";
  return "from the statement alone; EXPLAIN decides";
}

std::string rowsText(const IndexNeed& need) {
  char text[96];
  const double share = 100 * need.rowsThrownAway / need.rowsRead;
  std::snprintf(text, sizeof text, "%.*f %% of %.0f rows read", share > 99 && share < 100 ? 2 : 0,
                std::min(share, share < 100 ? 99.99 : 100.0), need.rowsRead);
  return text;
}

model::Finding findingOf(const Lack& lack, size_t read, uint64_t all) {
  const auto& first = *lack.told.front();
  const auto& need = lack.need;
  const auto proposal = need.refusal.empty()
                            ? knowledge::createIndex(need, first.statement.dialect, first.statement.database)
                            : std::nullopt;
  model::Finding out{.type = "missing_index", .service = first.service};
  const auto table = need.table.name.empty() ? std::string("a slow statement") : "table " + tableText(need);
  out.title = proposal ? "An index would help " + table : "No index can be proposed for " + table;
  const auto field = [&](const char* name, std::string value) {
    if (!value.empty()) out.fields.push_back({name, std::move(value)});
  };
  if (!proposal) {
    field("why", need.refusal.empty() ? "a name in it is no plain identifier, so it is not written into SQL"
                                      : need.refusal);
  }
  field("columns", columnsText(need));
  field("known", knownText(lack));
  field("statement", first.shape);
  field("condition", need.condition);
  field("seen", countText(lack, read, all));
  field("takes", timesText(lack));
  if (need.rowsRead > 0) field("thrown away", rowsText(need));
  field("used index", need.usedIndex);
  for (const auto& note : need.notes) field("note", note);
  out.text = proposal.value_or("");
  for (const auto* told : lack.told) {
    if (out.evidence.size() >= kMostCited) break;
    out.evidence.push_back(
        {.evidence = *told->ref, .reason = "took " + secondsText(told->statement.milliseconds / 1000)});
  }
  return out;
}

}  // namespace

std::vector<model::Finding> IndexSpecialist::examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                                     const Reread& reread) const {
  const auto told = read(file, reread);
  const auto lacks = lacksOf(told, diagnosis);
  std::vector<model::Finding> findings;
  bool proposed = false;
  for (const auto* lack : lacks.ranked()) {
    // What can't be helped is told only when nothing else is, or a plan has shown it.
    if (!lack->need.refusal.empty() && !lack->fromPlan && proposed) continue;
    if (findings.size() >= kMostFindings) break;
    const auto& service = lack->told.front()->service;
    const auto read = std::ranges::count(told, service, &Told::service);
    findings.push_back(findingOf(*lack, static_cast<size_t>(read), slowEntries(file, service)));
    proposed = proposed || !findings.back().text.empty();
  }
  return findings;
}

}  // namespace aiops::analysis
