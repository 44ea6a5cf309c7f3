// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_recogniser.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "detection/detector.h"
#include "detection/evidence.h"
#include "detection/matcher.h"
#include "detection/template_miner.h"

namespace aiops::detection {
namespace {

using nlohmann::json;

constexpr size_t kShown = 256;

std::string templateText(const Selected& selected, uint64_t id) {
  const auto found = selected.templates->find(id);
  return found ? base::validUtf8Prefix(found->typed, kShown) : std::string();
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", share * 100);
  return text;
}

template <class Map>
auto sorted(const Map& map) {
  std::vector<std::pair<uint64_t, double>> out(map.begin(), map.end());
  std::ranges::sort(out);
  return out;
}

void move(std::unordered_map<uint64_t, double>& shares, uint64_t from, uint64_t into, double share = 1) {
  const auto found = shares.find(from);
  if (found == shares.end()) return;
  const double moved = found->second * share;
  found->second -= moved;
  if (share >= 1) shares.erase(found);
  shares[into] += moved;  // may move the others
}

using Shares = std::vector<std::pair<uint64_t, double>>;

auto placeOf(Shares& shares, uint64_t id) {
  return std::ranges::lower_bound(shares, id, {}, &Shares::value_type::first);
}

void moveShare(Shares& shares, uint64_t from, uint64_t into, double share = 1) {
  const auto found = placeOf(shares, from);
  if (found == shares.end() || found->first != from) return;
  const double moved = found->second * share;
  found->second -= moved;
  if (share >= 1) shares.erase(found);
  const auto place = placeOf(shares, into);
  if (place != shares.end() && place->first == into)
    place->second += moved;
  else
    shares.insert(place, {into, moved});
}

}  // namespace

void NewTemplateRecogniser::add(const Selected& selected, std::vector<Occurrence>& out) {
  auto& novelty = m_services[selected.batch.service];
  if (novelty.add(selected.templateId) != Novelty::Seen::News) return;
  auto captures = selected.captures;
  captures["template"] = templateText(selected, selected.templateId);
  captures["explanation"] =
      "never seen among " + std::to_string(novelty.records() - 1) + " records of the service";
  out.push_back({selected.record.eventTime,
                 selected.batch.service,
                 selected.group,
                 std::move(captures),
                 {makeEvidence(selected.batch, selected.record)}});
}

void NewTemplateRecogniser::merge(uint64_t from, uint64_t into) {
  for (auto& [name, novelty] : m_services) novelty.merge(from, into);
}

void NewTemplateRecogniser::split(uint64_t from, uint64_t into, double) {
  for (auto& [name, novelty] : m_services) novelty.split(from, into);
}

json NewTemplateRecogniser::snapshot() const {
  json all = json::array();
  for (const auto& [name, novelty] : m_services) {
    auto entry = novelty.snapshot();
    entry.insert(entry.begin(), name);
    all.push_back(std::move(entry));
  }
  return all;
}

void NewTemplateRecogniser::restore(const json& state, const std::function<bool(const std::string&)>&) {
  for (const auto& stored : state) {
    auto entry = stored;
    entry.erase(0);
    m_services[stored.at(0).get<std::string>()].restore(entry);
  }
}

/// At the end of a block: what has changed most, when the whole differs more than it uses to. Goes once
/// through the templates of both, in order of their ids: there may be many.
std::optional<std::map<std::string, std::string>> TemplateShareRecogniser::judge(Service& service,
                                                                                 const Selected& selected) {
  const bool first = service.usual.empty();
  const auto counts = sorted(service.now);
  double divergence = 0, nowShare = 0, usualShare = 0;
  uint64_t which = 0;
  Shares next;
  next.reserve(service.usual.size() + counts.size());
  auto usualAt = service.usual.begin();
  for (auto nowAt = counts.begin(); usualAt != service.usual.end() || nowAt != counts.end();) {
    const bool inUsual =
        nowAt == counts.end() || (usualAt != service.usual.end() && usualAt->first <= nowAt->first);
    const bool inNow =
        usualAt == service.usual.end() || (nowAt != counts.end() && nowAt->first <= usualAt->first);
    const auto id = inUsual ? usualAt->first : nowAt->first;
    const double usual = inUsual ? (usualAt++)->second : 0;
    const double now = (inNow ? (nowAt++)->second : 0) / kBlock, mean = (now + usual) / 2;
    if (now > 0) divergence += now / 2 * std::log2(now / mean);
    if (usual > 0) divergence += usual / 2 * std::log2(usual / mean);
    if (std::abs(now - usual) > std::abs(nowShare - usualShare)) {
      nowShare = now;
      usualShare = usual;
      which = id;
    }
    const double updated = usual + (now - usual) * (first ? 1 : kForget);
    if (updated >= kLeast) next.emplace_back(id, updated);
  }
  service.usual = std::move(next);
  service.now.clear();
  if (first) return std::nullopt;
  const auto score = service.divergence.add(selected.record.eventTime, divergence);
  const bool above = score.direction == BaselineScore::Direction::Above;
  if (!score.warm || score.alarm < m_threshold || !above) return std::nullopt;
  return std::map<std::string, std::string>{
      {"template", templateText(selected, which)},
      {"value", percent(nowShare)},
      {"usual", percent(usualShare)},
      {"explanation", percent(nowShare) + " of the records, where " + percent(usualShare) + " are usual"}};
}

void TemplateShareRecogniser::add(const Selected& selected, std::vector<Occurrence>& out) {
  auto& service = m_services[selected.batch.service];
  service.now[selected.templateId] += 1;
  if (++service.records % kBlock != 0) return;
  auto told = judge(service, selected);
  if (!told) return;
  out.push_back({selected.record.eventTime,
                 selected.batch.service,
                 selected.group,
                 *std::move(told),
                 {makeEvidence(selected.batch, selected.record)}});
}

void TemplateShareRecogniser::merge(uint64_t from, uint64_t into) {
  for (auto& [name, service] : m_services) {
    moveShare(service.usual, from, into);
    move(service.now, from, into);
  }
}

void TemplateShareRecogniser::split(uint64_t from, uint64_t into, double share) {
  for (auto& [name, service] : m_services) {
    moveShare(service.usual, from, into, share);
    move(service.now, from, into, share);
  }
}

json TemplateShareRecogniser::snapshot() const {
  json all = json::array();
  for (const auto& [name, service] : m_services) {
    all.push_back({name, service.records, service.usual, sorted(service.now), service.divergence.snapshot()});
  }
  return all;
}

void TemplateShareRecogniser::restore(const json& state, const std::function<bool(const std::string&)>&) {
  for (const auto& stored : state) {
    auto& service = m_services[stored.at(0).get<std::string>()];
    service.records = stored.at(1);
    service.usual = stored.at(2).get<Shares>();
    std::ranges::sort(service.usual);
    for (const auto& [id, count] : stored.at(3).get<std::vector<std::pair<uint64_t, double>>>())
      service.now[id] = count;
    if (auto baseline = Baseline::restore(stored.at(4).get_ref<const std::string&>()))
      service.divergence = *baseline;
  }
}

}  // namespace aiops::detection
