// Keeps the topology up to date with what logs and configuration files show, and with what people say of
// that. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "agents/bus.h"
#include "agents/log_buffer.h"
#include "base/worker.h"
#include "correlation/topology_learner.h"
#include "knowledge/graph.h"

namespace aiops::agents {

/// Looks at a bounded share of the lines, once a second, on a thread of its own: in a flood most are passed
/// over, for dependencies show in ordinary lines again and again. What they show becomes facts of the graph,
/// and the topology is what the graph then holds: a dependency that a person added counts, one that was
/// judged wrong or forgotten does not. Where the configuration says who depends on whom it learns nothing.
/// The parts outlive it.
class TopologyWatch {
 public:
  struct Parts {
    Bus& bus;
    const LogBuffer& logs;
    knowledge::Graph& graph;
    correlation::Topology& topology;
    const model::Inventory& inventory;
  };
  /// Subscribes to the bus.
  explicit TopologyWatch(Parts parts);

  void start();
  void stop() { m_worker.reset(); }

 private:
  void tick();
  void readConfigurations();
  void readLines();
  void observe();
  void takeOver();

  const Parts m_parts;
  correlation::TopologyLearner m_learner;  ///< the worker's
  uint64_t m_next = 0;                     ///< line to look at
  uint64_t m_version = 0;                  ///< of the learner, as the graph has it
  bool m_configurationsRead = false;
  std::unique_ptr<base::Worker> m_worker;
};

}  // namespace aiops::agents
