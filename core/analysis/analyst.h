// One analyst: looks at the events of an incident and makes claims, each with the lines that show it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "correlation/topology.h"
#include "knowledge/signatures.h"
#include "model/event.h"
#include "model/incident.h"

namespace aiops::analysis {

/// What analysts may look at. Event times order everything.
struct CaseFile {
  model::Incident incident;
  std::vector<model::Event> events;
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
  virtual std::vector<Claim> analyse(const CaseFile& file) const = 0;
};

/// Compares the events with the failure signatures.
class SignatureAnalyst final : public Analyst {
 public:
  SignatureAnalyst(std::vector<knowledge::Signature> signatures, const correlation::Topology& topology);
  std::string name() const override { return "Signatures"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  Claim weigh(const knowledge::Signature& signature, const model::Event& cause, const CaseFile& file) const;

  const std::vector<knowledge::Signature> m_signatures;
  const correlation::Topology& m_topology;
};

/// Blames the service whose trouble came first, if it can explain the others.
class OrderInTimeAnalyst final : public Analyst {
 public:
  explicit OrderInTimeAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "Order in time"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

/// Sources differ in resolution (access logs give whole seconds): signs closer than this are simultaneous.
inline constexpr std::chrono::milliseconds kTimeResolution{1000};

}  // namespace aiops::analysis
