// Messages never seen before, and messages that come more or less often than they used to. Internal to
// detection. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "detection/baseline.h"
#include "detection/novelty.h"
#include "detection/recogniser.h"

namespace aiops::detection {

/// Tells the first message of each template in a service, once what the service writes is known; see Novelty.
class NewTemplateRecogniser final : public Recogniser {
 public:
  void add(const Selected& selected, std::vector<Occurrence>& out) override;
  void advance(const std::string&, base::TimePoint, std::vector<Occurrence>&) override {}
  void merge(uint64_t from, uint64_t into) override;
  void split(uint64_t from, uint64_t into, double share) override;
  nlohmann::json snapshot() const override;
  void restore(const nlohmann::json& state,
               const std::function<bool(const std::string& source)>& watched) override;

 private:
  std::map<std::string, Novelty> m_services;
};

/// Compares which templates a service writes, block by block of two hundred records, with what it wrote
/// before (Jensen-Shannon divergence), and tells when that differs more than it uses to.
class TemplateShareRecogniser final : public Recogniser {
 public:
  explicit TemplateShareRecogniser(double sensitivity) : m_threshold(alarmThreshold(sensitivity)) {}

  void add(const Selected& selected, std::vector<Occurrence>& out) override;
  void advance(const std::string&, base::TimePoint, std::vector<Occurrence>&) override {}
  void merge(uint64_t from, uint64_t into) override;
  void split(uint64_t from, uint64_t into, double share) override;
  nlohmann::json snapshot() const override;
  void restore(const nlohmann::json& state,
               const std::function<bool(const std::string& source)>& watched) override;

 private:
  static constexpr uint64_t kBlock = 200;
  static constexpr double kForget = 0.1;                    ///< of the usual shares, with each block
  static constexpr double kLeast = 1e-6;                    ///< of a usual share that is kept
  using Shares = std::vector<std::pair<uint64_t, double>>;  ///< by template, in order of id

  struct Service {
    Shares usual;
    std::unordered_map<uint64_t, double> now;  ///< counts of the block under way
    uint64_t records = 0;
    Baseline divergence;
  };

  std::optional<std::map<std::string, std::string>> judge(Service& service, const Selected& selected);

  const double m_threshold;
  std::map<std::string, Service> m_services;
};

}  // namespace aiops::detection
