// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/attack_specialist.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "analysis/finding_words.h"
#include "base/ip_address.h"

namespace aiops::analysis {
namespace {

constexpr const char* kTried = "brute_force";
constexpr const char* kGotIn = "login_after_failures";
constexpr const char* kGuessed = "password_guessing";
constexpr const char* kOtherSign = "attack_sign";

constexpr size_t kMostListed = 200;  // addresses in the text
constexpr size_t kMostShown = 5;     // with their figures
constexpr size_t kMostCited = 5;
constexpr size_t kManyUsers = 6;
constexpr size_t kManyAddresses = 8;
constexpr size_t kCrowded = 4;  // addresses that make a network worth telling
constexpr std::chrono::minutes kStillGoesOn{2};

/// What one address did, as one pattern counted it or as all of them did.
struct Deeds {
  uint64_t tries = 0;
  uint64_t invalid = 0;  ///< of users that do not exist
  uint64_t userCount = 0;
  base::TimePoint first = base::TimePoint::max();
  base::TimePoint last = base::TimePoint::min();
  std::set<std::string> users;

  void cover(base::TimePoint from, base::TimePoint to) {
    first = std::min(first, from);
    last = std::max(last, to);
  }
};

using ByAddress = std::map<base::IpAddress, Deeds>;

/// A run of one pattern on one key begins with its first record; the same run counts on.
void addRun(std::map<base::TimePoint, Deeds>& runs, const Deeds& deeds) {
  auto& run = runs[deeds.first];
  if (deeds.tries >= run.tries) run = deeds;
}

Deeds deedsOf(const model::TallyRow& row) {
  Deeds deeds{.tries = row.count, .invalid = row.marked, .userCount = row.withCount};
  deeds.cover(row.first, row.last);
  deeds.users.insert(row.with.begin(), row.with.end());
  return deeds;
}

/// One after another.
void append(Deeds& to, const Deeds& run) {
  to.tries += run.tries;
  to.invalid += run.invalid;
  to.userCount = std::max(to.userCount, run.userCount);
  to.cover(run.first, run.last);
  to.users.insert(run.users.begin(), run.users.end());
}

/// As another pattern saw it: the same lines may have been counted by both.
void complete(Deeds& to, const Deeds& other) {
  to.tries = std::max(to.tries, other.tries);
  to.invalid = std::max(to.invalid, other.invalid);
  to.userCount = std::max(to.userCount, other.userCount);
  to.cover(other.first, other.last);
  to.users.insert(other.users.begin(), other.users.end());
}

/// The failed logins at one service.
class Attack {
 public:
  Attack(const CaseFile& file, std::string service) : m_service(std::move(service)) {
    std::map<std::pair<std::string, base::IpAddress>, std::map<base::TimePoint, Deeds>> runs;  // by pattern
    for (const auto& event : file.events) {
      if (event.service != m_service) continue;
      take(event, runs);
    }
    for (const auto& [key, all] : runs) {
      Deeds sum;
      for (const auto& [first, run] : all) append(sum, run);
      complete(m_deeds[key.second], sum);
    }
    for (auto& [address, deeds] : m_deeds)
      deeds.userCount = std::max<uint64_t>(deeds.userCount, deeds.users.size());
  }

  bool empty() const { return m_deeds.empty(); }
  const std::string& service() const { return m_service; }
  const ByAddress& deeds() const { return m_deeds; }
  const std::vector<const model::Event*>& events() const { return m_events; }
  const std::vector<const model::Event*>& entries() const { return m_entries; }
  const std::set<std::string>& otherSigns() const { return m_signs; }
  uint64_t leftOut() const { return m_leftOut; }

  /// The busiest first.
  std::vector<base::IpAddress> ranked() const {
    std::vector<base::IpAddress> all;
    for (const auto& [address, deeds] : m_deeds) all.push_back(address);
    std::ranges::stable_sort(all, std::greater(), [&](const auto& a) { return m_deeds.at(a).tries; });
    return all;
  }

 private:
  template <class Runs>
  void take(const model::Event& event, Runs& runs) {
    if (event.signal == kOtherSign) {
      m_signs.insert(event.patternName);
      return;
    }
    if (event.signal == kGotIn) m_entries.push_back(&event);
    if (event.signal != kTried && event.signal != kGuessed) return;
    m_events.push_back(&event);
    for (const auto& row : event.tally) {
      if (const auto address = base::IpAddress::parse(row.value))
        addRun(runs[{event.patternId, *address}], deedsOf(row));
    }
    m_leftOut = std::max(m_leftOut, event.tallyOthers);
    if (!event.tally.empty()) return;
    const auto address = addressOf(event);
    if (!address) return;
    Deeds deeds{.tries = base::IpAddress::parse(event.key) ? event.count : 1};
    deeds.cover(event.first, event.last);
    for (const char* name : {"user", "tried"}) {
      const auto user = event.captures.find(name);
      if (user != event.captures.end() && !user->second.empty()) deeds.users.insert(user->second);
    }
    addRun(runs[{event.patternId, *address}], deeds);
  }

 public:
  static std::optional<base::IpAddress> addressOf(const model::Event& event) {
    if (auto address = base::IpAddress::parse(event.key)) return address;
    for (const char* name : {"host", "source", "from", "client", "address"}) {
      const auto found = event.captures.find(name);
      if (found == event.captures.end()) continue;
      if (auto address = base::IpAddress::parse(found->second)) return address;
    }
    return std::nullopt;
  }

 private:
  const std::string m_service;
  ByAddress m_deeds;
  std::vector<const model::Event*> m_events;
  std::vector<const model::Event*> m_entries;  ///< somebody got in
  std::set<std::string> m_signs;
  uint64_t m_leftOut = 0;  ///< tries of addresses that are not listed
};

std::string counted(uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string listed(const std::set<std::string>& names, uint64_t all) {
  std::string text;
  size_t told = 0;
  for (const auto& name : names) {
    if (told++ >= 8) break;
    text += (text.empty() ? "" : ", ") + name;
  }
  if (all > std::min<size_t>(names.size(), 8)) text += " and more";
  return text;
}

std::string usersText(const Deeds& deeds) {
  constexpr uint64_t kMostCounted = 32;
  if (deeds.users.empty()) return {};
  auto count = std::to_string(deeds.userCount);
  if (deeds.userCount >= kMostCounted) count += " or more";
  return count + ": " + listed(deeds.users, deeds.userCount);
}

/// Over at least a minute, so that a burst is no rate.
std::string rateText(const Deeds& deeds) {
  const auto minutes =
      std::max(1.0, std::chrono::duration<double, std::ratio<60>>(deeds.last - deeds.first).count());
  char text[48];
  std::snprintf(text, sizeof text, "%.*f a minute", static_cast<double>(deeds.tries) / minutes < 10 ? 1 : 0,
                static_cast<double>(deeds.tries) / minutes);
  return text;
}

Deeds together(const Attack& attack) {
  Deeds all;
  for (const auto& [address, deeds] : attack.deeds()) append(all, deeds);
  all.userCount = std::max<uint64_t>(all.userCount, all.users.size());
  return all;
}

/// What sort of attack it is, in the words that operators use.
std::string kindText(const Attack& attack, const Deeds& all) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  const auto addresses = attack.deeds().size();
  const bool thin = all.tries < addresses * 20;
  if (addresses >= kManyAddresses && thin) add("distributed: many addresses, few tries each");
  if (all.userCount >= kManyUsers)
    add("spraying: many users are tried");
  else if (all.users.size() == 1)
    add("guessing the password of one user");
  else if (!all.users.empty())
    add("guessing passwords of few users");
  if (all.invalid * 2 > all.tries) add("most of the users do not exist");
  for (const auto& sign : attack.otherSigns()) add("also: " + sign);
  return text;
}

std::string placeText(const Attack& attack) {
  const auto inside = static_cast<size_t>(
      std::ranges::count_if(attack.deeds(), [](const auto& entry) { return entry.first.isInternal(); }));
  const auto outside = attack.deeds().size() - inside;
  if (inside == 0) return "from outside";
  if (outside == 0)
    return "from inside: a machine of your own network may have been taken over, or holds an old password";
  return std::to_string(outside) + " from outside, " + std::to_string(inside) + " from inside";
}

std::string networksText(const Attack& attack) {
  std::map<std::string, std::pair<size_t, uint64_t>> networks;
  for (const auto& [address, deeds] : attack.deeds()) {
    auto& [addresses, tries] = networks[address.network()];
    ++addresses;
    tries += deeds.tries;
  }
  std::vector<std::pair<std::string, std::pair<size_t, uint64_t>>> crowded;
  for (const auto& network : networks) {
    if (network.second.first >= kCrowded) crowded.push_back(network);
  }
  std::ranges::stable_sort(crowded, std::greater(),
                           [](const auto& network) { return network.second.second; });
  std::string text;
  for (size_t i = 0; i < std::min(kMostShown, crowded.size()); ++i) {
    text += (text.empty() ? "" : ", ") + crowded[i].first + " (" +
            counted(crowded[i].second.first, "address, ", "addresses, ") +
            counted(crowded[i].second.second, "try)", "tries)");
  }
  return text;
}

bool names(const std::string& line, const std::string& address) {
  const auto found = line.find(address);
  if (found == std::string::npos) return false;
  const auto after = found + address.size();  // 10.0.0.1 is not 10.0.0.12
  return after >= line.size() || std::isxdigit(static_cast<unsigned char>(line[after])) == 0;
}

/// For each of the busiest addresses a line, then any other.
std::vector<model::Citation> citations(const Attack& attack, const std::vector<base::IpAddress>& ranked) {
  std::vector<model::Citation> out;
  const auto cite = [&](const model::EvidenceRef& ref, const std::string& why) {
    const bool known = std::ranges::any_of(out, [&](const auto& c) { return c.evidence.id == ref.id; });
    if (!known && out.size() < kMostCited) out.push_back({.evidence = ref, .reason = why});
    return !known;
  };
  const auto firstOf = [&](const std::string& address, const std::string& why) {
    for (const auto* event : attack.events()) {
      for (const auto& ref : event->evidence) {
        if ((address.empty() || names(ref.text, address)) && cite(ref, why)) return;
      }
    }
  };
  for (size_t i = 0; i < std::min(kMostCited, ranked.size()); ++i)
    firstOf(ranked[i].text(), "a try of " + ranked[i].text());
  if (out.empty()) firstOf({}, "a failed login");
  return out;
}

model::Finding overview(const Attack& attack, base::TimePoint now) {
  const auto ranked = attack.ranked();
  const auto all = together(attack);
  model::Finding out{.type = "attack", .service = attack.service()};
  out.title = counted(ranked.size(), "address tries", "addresses try") + " passwords on " + attack.service();
  const auto field = [&](std::string name, std::string value) {
    if (!value.empty()) out.fields.push_back({std::move(name), std::move(value)});
  };
  field("kind", kindText(attack, all));
  field("tries", std::to_string(all.tries) + ", " + rateText(all));
  if (attack.leftOut() > 0)
    field("not listed", counted(attack.leftOut(), "try", "tries") + " of further addresses");
  field("users", usersText(all));
  field("from", placeText(attack));
  field("networks", networksText(attack));
  field("first", minuteText(all.first));
  const bool goesOn = now - all.last < kStillGoesOn;
  field("last", minuteText(all.last) + (goesOn ? ", it still goes on" : ""));
  for (size_t i = 0; i < std::min(kMostShown, ranked.size()); ++i) {
    const auto& deeds = attack.deeds().at(ranked[i]);
    auto text = counted(deeds.tries, "try", "tries");
    if (!deeds.users.empty()) text += ", users " + usersText(deeds);
    field(ranked[i].text(), text);
  }
  for (size_t i = 0; i < std::min(kMostListed, ranked.size()); ++i) out.text += ranked[i].text() + '\n';
  out.evidence = citations(attack, ranked);
  return out;
}

/// Somebody got in.
model::Finding entryOf(const Attack& attack, const model::Event& event, const base::IpAddress& address) {
  model::Finding out{.type = "attack", .service = attack.service()};
  out.title = "A login on " + attack.service() + " succeeded after many failures, from " + address.text();
  const auto user = event.captures.find("user");
  if (user != event.captures.end()) out.fields.push_back({"user", user->second});
  out.fields.push_back({"at", minuteText(event.last)});
  out.fields.push_back({"from", address.isInternal() ? "inside" : "outside"});
  if (const auto deeds = attack.deeds().find(address); deeds != attack.deeds().end())
    out.fields.push_back({"before that", counted(deeds->second.tries, "failed try", "failed tries")});
  out.fields.push_back({"then",
                        "treat the account as taken over until its owner says otherwise: lock it, end its "
                        "sessions, look at what it did"});
  out.text = address.text() + '\n';
  if (event.evidence.empty()) return out;
  out.evidence.push_back({.evidence = event.evidence.back(), .reason = "the login that succeeded"});
  if (event.evidence.size() > 1)
    out.evidence.push_back({.evidence = event.evidence.front(), .reason = "a failure before it"});
  return out;
}

}  // namespace

std::vector<model::Finding> AttackSpecialist::examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                                      const Reread&) const {
  std::set<std::string> services;
  for (const auto& event : file.events) {
    if (event.signal == kTried || event.signal == kGotIn) services.insert(event.service);
  }
  std::vector<model::Finding> entries, overviews;
  for (const auto& service : services) {
    const Attack attack(file, service);
    std::set<base::IpAddress> told;
    for (const auto* event : attack.entries()) {
      const auto address = Attack::addressOf(*event);
      if (address && told.insert(*address).second) entries.push_back(entryOf(attack, *event, *address));
    }
    if (!attack.empty()) overviews.push_back(overview(attack, diagnosis.at));
  }
  std::ranges::move(overviews, std::back_inserter(entries));
  return entries;
}

}  // namespace aiops::analysis
