// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/topology_learner.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"

namespace aiops::correlation {
namespace {

constexpr uint64_t kTimesOtherWay = 4;  // as often the other way is chance
constexpr size_t kMostWriters = 8;      // an id that more services write is none of a request
constexpr size_t kMostLineBytes = 2000;
constexpr size_t kMostIdsOfLine = 4;
constexpr size_t kMostConfigLines = 5000;

/// Serves others and asks none of them.
bool keepsData(Role role) {
  return role == Role::Database || role == Role::Cache || role == Role::Queue || role == Role::NameServer;
}

/// What a name consists of beside the service it stands for.
constexpr std::array<std::string_view, 12> kAccountTails = {
    "service", "server", "svc", "app", "api", "user", "client", "rw", "ro", "db", "role", "prod"};

/// "orders" of "orders_app", "Orders-Service" and "orders".
std::string stemOf(std::string_view name) {
  auto stem = base::asciiLower(name);
  for (bool cut = true; cut;) {
    cut = false;
    const auto at = stem.find_last_of("_-.");
    if (at == std::string::npos || at == 0) break;
    if (std::ranges::find(kAccountTails, std::string_view(stem).substr(at + 1)) == kAccountTails.end()) break;
    stem.resize(at);
    cut = true;
  }
  return stem;
}

const re2::RE2& accountExpression() {
  static const re2::RE2 expression(
      R"((?i)\b(?:user(?:name)?|role|login)[=: ]+["']?([a-z][a-z0-9_.-]{1,62})|\b([a-z][a-z0-9_-]{1,62})@[a-z0-9_-]{1,63}(?:$|[^a-z0-9_.-]))");
  return expression;
}

const re2::RE2& idExpression() {
  static const re2::RE2 expression(
      R"((?i)\b(?:x-)?(?:request|req|trace|correlation|transaction)[-_ ]?id["']?\s*[=:]\s*["']?([0-9a-z][0-9a-z-]{7,63})|\btraceparent["']?\s*[=:]\s*["']?[0-9a-f]{2}-([0-9a-f]{32})-)");
  return expression;
}

/// Both alternatives of an expression, at most `most` times.
template <class Found>
void eachMatch(const re2::RE2& expression, std::string_view text, size_t most, const Found& found) {
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece first, second;
  for (size_t i = 0; i < most && re2::RE2::FindAndConsume(&rest, expression, &first, &second); ++i) {
    const auto& value = first.empty() ? second : first;
    found(std::string_view(value.data(), value.size()));
  }
}

}  // namespace

std::string_view toString(DependencySign sign) {
  switch (sign) {
    case DependencySign::Address:
      return "address";
    case DependencySign::Account:
      return "account";
    case DependencySign::Request:
      return "request";
    case DependencySign::Config:
      break;
  }
  return "config";
}

uint64_t TopologyLearner::Seen::count() const {
  uint64_t all = 0;
  for (const auto& [sign, times] : signs) all += times;
  return all;
}

void TopologyLearner::note(const std::string& service, const std::string& dependsOn, DependencySign sign,
                           uint64_t times, const std::string& source, uint64_t line) {
  if (service.empty() || dependsOn.empty() || service == dependsOn) return;
  if (keepsData(roleOf(service)) && !keepsData(roleOf(dependsOn))) return;
  const auto known = m_seen.find({service, dependsOn});
  if (known == m_seen.end() && m_seen.size() >= kMostPairs) return;
  auto& seen = known == m_seen.end() ? m_seen[{service, dependsOn}] : known->second;
  const auto before = seen.count();
  seen.signs[sign] += times;
  seen.source = source;
  seen.line = line;
  // What is believed can change until it has been seen often enough either way.
  if (before < kLeastSigns || m_seen.contains({dependsOn, service})) ++m_version;
}

void TopologyLearner::observe(const model::LogLine& line) {
  if (line.service.empty()) return;
  if (line.text.size() > kMostLineBytes) {
    auto cut = line;
    cut.text.resize(kMostLineBytes);
    return observe(cut);
  }
  lookForAddresses(line);
  lookForAccounts(line);
  lookForIds(line);
}

void TopologyLearner::lookForAddresses(const model::LogLine& line) {
  for (const auto& other : m_names.pointedAt(line.text, line.service)) {
    note(line.service, other, DependencySign::Address, 1, line.source, line.position.line);
  }
}

void TopologyLearner::lookForAccounts(const model::LogLine& line) {
  if (!keepsData(roleOf(line.service))) return;
  eachMatch(accountExpression(), line.text, kMostIdsOfLine, [&](std::string_view account) {
    note(serviceOfAccount(account), line.service, DependencySign::Account, 1, line.source,
         line.position.line);
  });
}

/// The only service of that name; empty: none, or several.
std::string TopologyLearner::serviceOfAccount(std::string_view account) const {
  const auto wanted = stemOf(account);
  std::string only;
  const auto names = m_topology.names();
  for (const auto& name : *names) {
    if (keepsData(roleOf(name)) || stemOf(name) != wanted) continue;
    if (!only.empty()) return {};
    only = name;
  }
  return only;
}

void TopologyLearner::lookForIds(const model::LogLine& line) {
  eachMatch(idExpression(), line.text, kMostIdsOfLine, [&](std::string_view id) {
    auto known = m_writers.find(id);
    if (known == m_writers.end()) {
      if (m_order.size() >= kMostIds) {
        m_writers.erase(m_order.front());
        m_order.pop_front();
      }
      m_order.emplace_back(id);
      known = m_writers.emplace(std::string(id), std::vector<std::string>{}).first;
    }
    auto& writers = known->second;
    if (writers.size() >= kMostWriters || std::ranges::find(writers, line.service) != writers.end()) return;
    const auto role = roleOf(line.service);
    for (const auto& other : writers) {
      const auto otherRole = roleOf(other);
      const bool asks =
          (role == Role::Proxy && otherRole != Role::Proxy) || (!keepsData(role) && keepsData(otherRole));
      const bool asked =
          (otherRole == Role::Proxy && role != Role::Proxy) || (!keepsData(otherRole) && keepsData(role));
      if (asks == asked) continue;
      note(asks ? line.service : other, asks ? other : line.service, DependencySign::Request, 1, line.source,
           line.position.line);
    }
    writers.push_back(line.service);
  });
}

void TopologyLearner::observeConfig(const std::string& service, const std::string& path,
                                    std::string_view text) {
  uint64_t number = 0;
  while (!text.empty() && number < kMostConfigLines) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, std::min(end, kMostLineBytes));
    ++number;
    const auto first = line.find_first_not_of(" \t");
    const bool comment = first == std::string_view::npos || line[first] == '#' || line[first] == ';';
    if (!comment) {
      for (const auto& other : m_names.pointedAt(line, service))
        note(service, other, DependencySign::Config, kLeastSigns, path, number);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::vector<LearntDependency> TopologyLearner::dependencies() const {
  std::vector<LearntDependency> out;
  for (const auto& [pair, seen] : m_seen) {
    const auto count = seen.count();
    if (count < kLeastSigns) continue;
    const auto back = m_seen.find({pair.second, pair.first});
    if (back != m_seen.end() && count < kTimesOtherWay * back->second.count()) continue;
    const auto most = std::ranges::max_element(seen.signs, {}, [](const auto& sign) { return sign.second; });
    out.push_back({pair.first, pair.second, most->first, count, seen.source, seen.line});
  }
  return out;
}

}  // namespace aiops::correlation
