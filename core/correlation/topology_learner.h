// Learns who depends on whom from what services write.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "correlation/service_names.h"
#include "correlation/topology.h"
#include "model/event.h"
#include "model/log_line.h"

namespace aiops::correlation {

/// What shows that one service depends on another.
enum class DependencySign : uint8_t {
  Address,  ///< its lines name the other's host or port as the other side
  Account,  ///< a database, cache or queue names it as its user
  Request,  ///< both write the same request or trace id, and their roles tell who asks
  Config,   ///< its configuration names the other
};
std::string_view toString(DependencySign sign);

struct LearntDependency {
  std::string service;
  std::string dependsOn;
  DependencySign sign = DependencySign::Address;  ///< the one seen most
  uint64_t count = 0;                             ///< of lines, all signs together
  std::string source;                             ///< where it was seen last
  uint64_t line = 0;
};

/// Only general knowledge: names of services, ports they were seen to listen on and customary ones, roles
/// that names tell. A dependency is believed when it was seen `kLeastSigns` times, a configuration counting
/// as that often; and if it was seen both ways, the one that was seen much more often. Who keeps data for
/// others (databases, caches, queues, name servers) depends on none of those that it serves: what its lines
/// name are its clients.
///
/// Bounded: at most `kMostPairs` pairs and `kMostIds` ids are kept. Not thread safe; the topology must
/// outlive it.
class TopologyLearner {
 public:
  static constexpr uint64_t kLeastSigns = 3;
  static constexpr size_t kMostPairs = 20'000;
  static constexpr size_t kMostIds = 20'000;

  explicit TopologyLearner(const Topology& topology) : m_names(topology), m_topology(topology) {}

  /// From a line of the log; those without a service teach nothing.
  void observe(const model::LogLine& line);
  /// From the configuration file of a service, whole.
  void observeConfig(const std::string& service, const std::string& path, std::string_view text);
  /// Which ports services listen on.
  void learn(const model::Event& event) { m_names.learn(event); }

  /// What is believed, by service and what it depends on.
  std::vector<LearntDependency> dependencies() const;
  /// Grows when dependencies() may have changed.
  uint64_t version() const { return m_version; }

 private:
  struct Seen {
    std::map<DependencySign, uint64_t> signs;
    std::string source;
    uint64_t line = 0;
    uint64_t count() const;
  };
  using Pair = std::pair<std::string, std::string>;

  void note(const std::string& service, const std::string& dependsOn, DependencySign sign, uint64_t times,
            const std::string& source, uint64_t line);
  void lookForAddresses(const model::LogLine& line);
  void lookForAccounts(const model::LogLine& line);
  void lookForIds(const model::LogLine& line);
  std::string serviceOfAccount(std::string_view account) const;

  ServiceNames m_names;
  const Topology& m_topology;
  std::map<Pair, Seen> m_seen;
  std::map<std::string, std::vector<std::string>, std::less<>> m_writers;  ///< id -> services
  std::deque<std::string> m_order;                                         ///< ids, oldest first
  uint64_t m_version = 0;
};

}  // namespace aiops::correlation
