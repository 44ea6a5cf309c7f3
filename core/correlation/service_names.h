// Finds out which other services a log line speaks of: "connecting to db.example:5432 failed" points at db.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "correlation/topology.h"
#include "model/event.h"

namespace aiops::correlation {

/// What a service is for, told from its name: "postgres" and "orders-db" are databases.
enum class Role : uint8_t { Other, Database, Cache, Proxy, Queue, NameServer, Login, Worker };
Role roleOf(std::string_view service);
/// "database", "cache", "proxy", "queue", "name_server", "login", "worker"; Other for other words.
Role roleFromString(std::string_view text);

/// Only general knowledge: the names that the topology has, ports that services were seen to listen on and
/// the customary ones, host names whose first label is a service, and words such as "database" when exactly
/// one dependency is one. Not thread safe. The topology must outlive it.
///
/// With a topology only services that the speaker depends on are believed. Without one only mentions that
/// look like an address or stand behind words such as "upstream" count, since service names are often common
/// words. Sentences that a client has sent (a user agent, a query) are not looked at.
class ServiceNames {
 public:
  explicit ServiceNames(const Topology& topology) : m_topology(topology) {}
  /// What `other` has learned, over another topology.
  ServiceNames(const ServiceNames& other, const Topology& topology)
      : m_topology(topology), m_ports(other.m_ports) {}
  ServiceNames(const ServiceNames&) = delete;
  ServiceNames& operator=(const ServiceNames&) = delete;
  void takeOver(const ServiceNames& other) { m_ports = other.m_ports; }

  /// Learns the port that an event with the signal "service_listening" or "service_started" captured.
  void learn(const model::Event& event);
  /// The services that a line of `speaker` points at, in the order of the line.
  std::vector<std::string> pointedAt(std::string_view text, const std::string& speaker) const {
    return mentioned(text, speaker);
  }
  /// The services other than the event's own that its lines point at, the most often named first.
  std::vector<std::string> blamedBy(const model::Event& event) const;

 private:
  std::vector<std::string> mentioned(std::string_view line, const std::string& speaker) const;
  std::string byHost(std::string_view token, const std::string& speaker) const;
  std::string byPort(std::string_view token, const std::string& speaker) const;
  std::string byRole(std::string_view text, const std::string& speaker) const;
  std::string onlyExternal(const std::string& speaker) const;
  bool believed(const std::string& service, const std::string& speaker, bool strong) const;

  const Topology& m_topology;
  std::map<std::string, std::set<std::string>, std::less<>>
      m_ports;  ///< port -> services seen to listen on it
};

/// True when every cited line of the event calls itself a warning: whoever wrote it coped.
bool onlyWarns(const model::Event& event);

}  // namespace aiops::correlation
