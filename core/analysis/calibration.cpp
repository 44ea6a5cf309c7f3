// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/calibration.h"

#include <algorithm>
#include <array>

#include "analysis/odds.h"

namespace aiops::analysis {
namespace {

using model::JudgedDiagnosis;

// A hypothesis told in vain counts as what it is, and the first three are what an operator looks at.
constexpr size_t kHypothesesCounted = 3;
constexpr double kUndoneWeight = 0.5;  // a fix may fail though its cause was right

// Standard deviations of the priors.
constexpr double kSlopeSpread = 0.35;
constexpr double kOffsetSpread = 0.6;
constexpr double kReliabilitySpread = 0.2;
constexpr double kLeastSlope = 0.25, kMostSlope = 3;
constexpr double kLeastReliability = 0.15, kMostReliability = 1.25;

constexpr int kMostSteps = 50;
constexpr double kSettled = 1e-9;
constexpr size_t kBins = 10;
constexpr double kIntervalZ = 1.645;  // 90 %

/// Said with log-odds x, and whether it was so.
struct Said {
  double x = 0;
  bool right = false;
  double weight = 1;
};

double weightOf(const JudgedDiagnosis& judged) {
  return judged.by == model::Judge::UndoneFix ? kUndoneWeight : 1;
}

/// Newton's method on the negative log posterior of slope and offset, which is convex. Steps are halved while
/// they would make it worse.
class CurveFit {
 public:
  CurveFit(const std::vector<Said>& said, bool withOffset, double slope, double slopeSpread)
      : m_said(said), m_withOffset(withOffset), m_prior(slope), m_spread(slopeSpread), m_slope(slope) {}

  void run() {
    for (int i = 0; i < kMostSteps; ++i) {
      if (step() < kSettled) return;
    }
  }
  double slope() const { return m_slope; }
  double offset() const { return m_offset; }

 private:
  double cost(double slope, double offset) const {
    double sum = square((slope - m_prior) / m_spread) / 2 + square(offset / kOffsetSpread) / 2;
    for (const auto& said : m_said) {
      const double odds = slope * said.x + offset;
      sum += said.weight *
             (std::log1p(std::exp(-std::abs(odds))) + std::max(odds, 0.0) - (said.right ? odds : 0));
    }
    return sum;
  }

  double step() {
    double g0 = (m_slope - m_prior) / square(m_spread), g1 = m_offset / square(kOffsetSpread);
    double h00 = 1 / square(m_spread), h01 = 0, h11 = 1 / square(kOffsetSpread);
    for (const auto& said : m_said) {
      const double p = probability(m_slope * said.x + m_offset);
      const double miss = said.weight * (p - (said.right ? 1 : 0));
      const double bend = said.weight * p * (1 - p);
      g0 += miss * said.x;
      h00 += bend * square(said.x);
      if (!m_withOffset) continue;
      g1 += miss;
      h01 += bend * said.x;
      h11 += bend;
    }
    const double determinant = h00 * h11 - square(h01);
    double bySlope = (h11 * g0 - h01 * g1) / determinant, byOffset = (h00 * g1 - h01 * g0) / determinant;
    if (!m_withOffset) byOffset = 0;
    const double before = cost(m_slope, m_offset);
    while (cost(m_slope - bySlope, m_offset - byOffset) > before &&
           std::abs(bySlope) + std::abs(byOffset) > kSettled) {
      bySlope /= 2;
      byOffset /= 2;
    }
    m_slope -= bySlope;
    m_offset -= byOffset;
    return std::abs(bySlope) + std::abs(byOffset);
  }

  static double square(double value) { return value * value; }

  const std::vector<Said>& m_said;
  const bool m_withOffset;
  const double m_prior, m_spread;
  double m_slope, m_offset = 0;
};

std::vector<Said> ofHypotheses(const std::deque<JudgedDiagnosis>& judged) {
  std::vector<Said> said;
  for (const auto& diagnosis : judged) {
    const auto count = std::min(kHypothesesCounted, diagnosis.hypotheses.size());
    for (size_t i = 0; i < count; ++i) {
      const auto& hypothesis = diagnosis.hypotheses[i];
      said.push_back({logit(hypothesis.pooled), hypothesis.right, weightOf(diagnosis)});
    }
  }
  return said;
}

std::map<std::string, std::vector<Said>> ofAnalysts(const std::deque<JudgedDiagnosis>& judged) {
  std::map<std::string, std::vector<Said>> said;
  for (const auto& diagnosis : judged) {
    for (const auto& opinion : diagnosis.opinions)
      said[opinion.analyst].push_back({logit(opinion.confidence), opinion.right, weightOf(diagnosis)});
  }
  return said;
}

/// Wilson's interval of a share: honest with few cases, and never outside of 0 to 1.
void setInterval(model::ReliabilityBin& bin) {
  const double n = bin.cases, zz = kIntervalZ * kIntervalZ;
  const double middle = (bin.right + zz / (2 * n)) / (1 + zz / n);
  const double half =
      kIntervalZ * std::sqrt(bin.right * (1 - bin.right) / n + zz / (4 * n * n)) / (1 + zz / n);
  bin.low = std::max(0.0, middle - half);
  bin.high = std::min(1.0, middle + half);
}

void addBins(model::CalibrationReport& report, const std::deque<JudgedDiagnosis>& judged) {
  std::array<model::ReliabilityBin, kBins> bins;
  for (const auto& diagnosis : judged) {
    const auto& best = diagnosis.hypotheses.front();
    auto& bin = bins[std::min(kBins - 1, static_cast<size_t>(best.confidence * kBins))];
    bin.told += best.confidence;
    bin.right += best.right ? 1 : 0;
    ++bin.cases;
  }
  double error = 0;
  for (size_t i = 0; i < kBins; ++i) {
    auto& bin = bins[i];
    if (bin.cases == 0) continue;
    bin.from = static_cast<double>(i) / kBins;
    bin.to = static_cast<double>(i + 1) / kBins;
    error += std::abs(bin.told - bin.right);
    bin.told /= bin.cases;
    bin.right /= bin.cases;
    setInterval(bin);
    report.bins.push_back(bin);
  }
  if (report.cases > 0) report.error = error / report.cases;
}

bool earlier(const JudgedDiagnosis& a, const JudgedDiagnosis& b) {
  return std::pair(a.at, a.incident.str()) < std::pair(b.at, b.incident.str());
}

}  // namespace

double Calibration::told(double pooled) const {
  if (slope == 1 && offset == 0) return pooled;  // to the last bit
  return probability(slope * logit(pooled) + offset);
}

double Calibration::reliabilityOf(const std::string& analyst) const {
  const auto known = reliability.find(analyst);
  return known == reliability.end() ? kReliability : known->second;
}

Calibration learnCalibration(const std::deque<JudgedDiagnosis>& judged) {
  Calibration out;
  const auto hypotheses = ofHypotheses(judged);
  CurveFit told(hypotheses, true, 1, kSlopeSpread);
  told.run();
  out.slope = std::clamp(told.slope(), kLeastSlope, kMostSlope);
  out.offset = told.offset();
  for (const auto& [analyst, said] : ofAnalysts(judged)) {
    CurveFit word(said, false, kReliability, kReliabilitySpread);
    word.run();
    out.reliability[analyst] = std::clamp(word.slope(), kLeastReliability, kMostReliability);
  }
  return out;
}

model::CalibrationReport calibrationReport(const std::deque<JudgedDiagnosis>& judged,
                                           const Calibration& inForce) {
  model::CalibrationReport report{.slope = inForce.slope, .offset = inForce.offset};
  double told = 0, pooled = 0;
  std::map<std::string, model::AnalystRecord> analysts;
  for (const auto& diagnosis : judged) {
    const auto& best = diagnosis.hypotheses.front();
    const double was = best.right ? 1 : 0;
    ++report.cases;
    report.right += best.right ? 1 : 0;
    told += (best.confidence - was) * (best.confidence - was);
    pooled += (best.pooled - was) * (best.pooled - was);
    for (const auto& opinion : diagnosis.opinions) {
      auto& record = analysts[opinion.analyst];
      ++record.opinions;
      record.right += opinion.right ? 1 : 0;
    }
  }
  if (report.cases > 0) report.brier = told / report.cases;
  if (report.cases > 0) report.brierPooled = pooled / report.cases;
  addBins(report, judged);
  for (auto& [name, record] : analysts) {
    record.analyst = name;
    record.reliability = inForce.reliabilityOf(name);
    report.analysts.push_back(std::move(record));
  }
  return report;
}

void CalibrationBook::load(std::vector<JudgedDiagnosis> judged) {
  const base::MutexLock lock(m_mutex);
  std::ranges::sort(judged, earlier);
  m_judged.clear();
  for (auto& one : judged) {
    if (!one.hypotheses.empty()) m_judged.push_back(std::move(one));
  }
  learn();
}

void CalibrationBook::judge(JudgedDiagnosis judged) {
  const base::MutexLock lock(m_mutex);
  drop(judged.incident);
  if (judged.hypotheses.empty()) return learn();
  m_judged.insert(std::ranges::upper_bound(m_judged, judged, earlier), std::move(judged));
  learn();
}

void CalibrationBook::forget(const model::IncidentId& incident) {
  const base::MutexLock lock(m_mutex);
  drop(incident);
  learn();
}

bool CalibrationBook::knows(const model::IncidentId& incident) const {
  const base::MutexLock lock(m_mutex);
  return std::ranges::find(m_judged, incident, &JudgedDiagnosis::incident) != m_judged.end();
}

Calibration CalibrationBook::inForce() const {
  const base::MutexLock lock(m_mutex);
  return m_inForce;
}

model::CalibrationReport CalibrationBook::report() const {
  const base::MutexLock lock(m_mutex);
  return calibrationReport(m_judged, m_inForce);
}

void CalibrationBook::drop(const model::IncidentId& incident) {
  std::erase_if(m_judged, [&](const JudgedDiagnosis& known) { return known.incident == incident; });
}

void CalibrationBook::learn() {
  while (m_judged.size() > model::kMostJudged) m_judged.pop_front();
  m_inForce = learnCalibration(m_judged);
}

}  // namespace aiops::analysis
