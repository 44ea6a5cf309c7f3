// One analyst: looks at the events of an incident and makes claims, each with the lines that show it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "correlation/topology.h"
#include "knowledge/signatures.h"
#include "model/change.h"
#include "model/event.h"
#include "model/incident.h"
#include "model/log_line.h"
#include "model/reading.h"

namespace aiops::analysis {

/// Which services the lines of each event point at.
using Blame = std::map<model::EventId, std::vector<std::string>>;

inline constexpr std::chrono::minutes kCountedBefore{15};

/// What analysts may look at. Event times order everything.
struct CaseFile {
  model::Incident incident;
  std::vector<model::Event> events;
  Blame blame;  ///< of the correlator; events that it lacks are read by the analysts themselves
  /// Of the services concerned and of what they depend on, from a day before the first sign on, by time.
  std::vector<model::Change> changes = {};
  /// What the same services wrote in each second, from kCountedBefore before the first sign on, by time.
  std::vector<model::LineCount> counts = {};
  std::vector<model::Reading> readings = {};  ///< off this host, now; of another host's logs none
};

/// "`service` failed in the way of `kind`", with probability and evidence. An empty kind is no opinion on it.
struct Claim {
  std::string service;
  std::string kind;
  std::string statement;
  double confidence = 0;  ///< 0 to 1
  std::vector<model::Citation> evidence;
  std::vector<model::Citation> against;
  std::string note;
};

/// Stateless and thread safe.
class Analyst {
 public:
  virtual ~Analyst() = default;
  virtual std::string name() const = 0;
  /// Speaks of past incidents instead of what this one shows. All that do count as one voice.
  virtual bool remembers() const { return false; }
  virtual std::vector<Claim> analyse(const CaseFile& file) const = 0;
};

class CaseView;

/// Compares the events with the failure signatures.
class SignatureAnalyst final : public Analyst {
 public:
  SignatureAnalyst(std::vector<knowledge::Signature> signatures, const correlation::Topology& topology);
  std::string name() const override { return "Signatures"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  /// The events that show a signature's cause, the earliest first, by the service that it blames.
  using Suspects = std::map<std::string, std::vector<const model::Event*>>;

  Suspects suspects(const knowledge::Signature& signature, const CaseView& view) const;
  std::vector<std::string> accused(const knowledge::Signature& signature, const model::Event& event,
                                   const CaseView& view) const;
  bool mayBe(const knowledge::Signature& signature, const std::string& service) const;
  Claim weigh(const knowledge::Signature& signature, const std::string& service,
              const std::vector<const model::Event*>& causes, const CaseView& view) const;
  double echo(const knowledge::Signature& signature, const std::string& service, const model::Event& cause,
              const CaseView& view, Claim& claim) const;

  const std::vector<knowledge::Signature> m_signatures;
  const correlation::Topology& m_topology;
};

/// Blames the service whose trouble came first, if it can explain the others. Trouble that points at another
/// service counts as that one's.
class OrderInTimeAnalyst final : public Analyst {
 public:
  explicit OrderInTimeAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "Order in time"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

/// Follows who complains of whom to the services that complain of nobody.
class DependencyAnalyst final : public Analyst {
 public:
  explicit DependencyAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "Dependencies"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

/// The analysts that come with the program.
std::vector<std::unique_ptr<Analyst>> builtInAnalysts(std::vector<knowledge::Signature> signatures,
                                                      const correlation::Topology& topology);

/// Sources differ in resolution (access logs give whole seconds): signs closer than this are simultaneous.
inline constexpr std::chrono::milliseconds kTimeResolution{1000};

}  // namespace aiops::analysis
