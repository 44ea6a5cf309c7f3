// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/topology_watch.h"

#include "base/bytes.h"

namespace aiops::agents {
namespace {

constexpr std::chrono::seconds kEvery{1};
constexpr uint32_t kLinesATime = 400;
constexpr size_t kMostConfigBytes = 256u << 10;

constexpr double kSure = 0.5;  // nobody said so

model::FactDraft factOf(const correlation::LearntDependency& learnt) {
  return {.source = {model::NodeType::Service, learnt.service},
          .relation = model::Relation::DependsOn,
          .target = {model::NodeType::Service, learnt.dependsOn},
          .against = false,
          .weight = kSure,
          .note = std::string(toString(learnt.sign)) + ", seen " + std::to_string(learnt.count) +
                  " times, last at " + learnt.source + ":" + std::to_string(learnt.line)};
}

bool tellsAPort(const model::Event& event) {
  return event.captures.contains("port");
}

}  // namespace

TopologyWatch::TopologyWatch(Parts parts) : m_parts(parts), m_learner(parts.topology) {
  m_parts.bus.subscribe([this](const Message& message) {
    if (!m_worker) return;
    if (std::holds_alternative<KnowledgeChanged>(message)) m_worker->post([this] { takeOver(); });
    const auto* stored = std::get_if<EventsStored>(&message);
    if (stored == nullptr) return;
    for (const auto& event : stored->events) {
      if (tellsAPort(event)) m_worker->post([this, event] { m_learner.learn(event); });
    }
  });
}

void TopologyWatch::start() {
  if (m_parts.topology.known()) return;
  m_worker = std::make_unique<base::Worker>("topology", 256, [this] { tick(); }, kEvery);
}

void TopologyWatch::tick() {
  if (!std::exchange(m_configurationsRead, true)) readConfigurations();
  readLines();
  if (m_learner.version() != m_version) observe();
}

void TopologyWatch::readConfigurations() {
  for (const auto& service : m_parts.inventory.services) {
    if (service.configFile.empty()) continue;
    if (const auto text = base::readFile(service.configFile, kMostConfigBytes))
      m_learner.observeConfig(service.name, service.configFile, *text);
  }
}

void TopologyWatch::readLines() {
  const auto slice = m_parts.logs.slice(m_next, kLinesATime);
  for (const auto& line : slice.lines) m_learner.observe(line);
  m_next = slice.next;  // who is too slow misses some, and sees none twice
}

void TopologyWatch::observe() {
  m_version = m_learner.version();
  std::vector<model::FactDraft> facts;
  for (const auto& one : m_learner.dependencies()) facts.push_back(factOf(one));
  m_parts.graph.observe(facts);
  takeOver();
}

void TopologyWatch::takeOver() {
  correlation::Dependencies all;
  const auto names = m_parts.topology.names();
  for (const auto& service : *names) {
    const auto needs = m_parts.graph.dependsOn(service);
    if (!needs.empty()) all[service].insert(needs.begin(), needs.end());
  }
  m_parts.topology.learn(all);
}

}  // namespace aiops::agents
