// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/validators.h"

#include <algorithm>
#include <optional>

#include "model/json.h"
#include "remediation/plan_codec.h"

namespace aiops::remediation {
namespace {

constexpr base::Duration kClockStep = std::chrono::seconds(1);

using base::ErrorCode;
using base::fail;
using std::chrono::steady_clock;

constexpr int kMaxJsonDepth = 32;

std::string numberText(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// The number at `pointer` in `body`.
base::Result<double> numberAt(const std::string& body, const std::string& pointer) {
  if (nestsDeeperThan(body, kMaxJsonDepth)) return fail(ErrorCode::InvalidInput, "the answer nests too deep");
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::InvalidInput, "the answer is not JSON");
  try {
    const auto& value = json.at(nlohmann::json::json_pointer(pointer));
    if (!value.is_number()) return fail(ErrorCode::InvalidInput, pointer + " is not a number");
    return value.get<double>();
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorCode::NotFound, "the answer has no " + pointer);
  }
}

}  // namespace

/// One validator on its way.
struct Validation::Check {
  model::ValidatorSpec spec;
  model::CheckProgress progress;
  steady_clock::time_point due;
  std::optional<model::UnitState> first = {};  ///< service: as found by the first probe

  bool done() const { return progress.passed >= progress.needed; }
};

Validation::Validation(std::vector<model::ValidatorSpec> specs, ValidationWorld world,
                       const base::Clock& clock)
    : m_specs(std::move(specs)), m_world(std::move(world)), m_clock(clock) {}

void Validation::cancel() {
  m_cancel.close();
}

ValidationVerdict Validation::run(
    const std::function<void(const std::vector<model::CheckProgress>&)>& onProgress) {
  m_since = m_clock.now();
  m_sinceBoot = m_clock.sinceBoot();
  const auto start = steady_clock::now();
  std::vector<Check> checks;
  for (const auto& spec : m_specs) {
    model::CheckProgress progress;
    progress.title = spec.title;
    progress.needed = spec.probes;
    checks.push_back({.spec = spec, .progress = progress, .due = start + spec.settle});
  }
  ValidationVerdict verdict;
  int passed = 0;
  const auto report = [&] {
    verdict.checks.clear();
    for (const auto& check : checks) verdict.checks.push_back(check.progress);
    if (onProgress) onProgress(verdict.checks);
  };
  report();
  if (checks.empty()) {
    verdict.detail = "there is no check that could prove success";
    return verdict;
  }
  for (;;) {
    const auto next = std::ranges::min_element(checks, {}, [](const Check& check) {
      return check.done() ? steady_clock::time_point::max() : check.due;
    });
    if (next->done()) break;
    (void)m_cancel.popUntil(next->due);
    if (m_cancel.closed()) {
      verdict.cancelled = true;
      verdict.detail = "cancelled";
      return verdict;
    }
    const auto good = probe(*next);
    next->due += next->spec.interval;
    next->progress.failed = !good;
    next->progress.passed += good ? 1 : 0;
    next->progress.detail = good ? "" : good.error().line();
    report();
    if (!good) {
      verdict.detail = next->spec.title + ": " + good.error().line();
      return verdict;
    }
    ++passed;
  }
  verdict.ok = true;
  verdict.detail = std::to_string(passed) + " of " + std::to_string(passed) + " checks passed";
  return verdict;
}

base::Result<> Validation::probe(Check& check) const {
  const auto& spec = check.spec;
  if (spec.kind == "service") return probeService(check);
  if (spec.kind == "http") return probeHttp(spec);
  if (spec.kind == "log_quiet") return probeQuiet(spec);
  return fail(ErrorCode::InvalidInput, "unknown kind of check '" + spec.kind + "'");
}

base::Result<> Validation::probeHttp(const model::ValidatorSpec& spec) const {
  const auto answer = m_world.httpGet(spec.url);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != spec.expectedStatus) {
    return fail(ErrorCode::Conflict, "status " + std::to_string(answer->status) + " instead of " +
                                         std::to_string(spec.expectedStatus));
  }
  if (spec.jsonPointer.empty()) return {};
  const auto number = numberAt(answer->body, spec.jsonPointer);
  if (!number) return std::unexpected(number.error());
  if (*number < spec.below) return {};
  return fail(ErrorCode::Conflict,
              spec.jsonPointer + " is " + numberText(*number) + ", not below " + numberText(spec.below));
}

/// Active, and the same running instance as at the first look.
base::Result<> Validation::probeService(Check& check) const {
  if (!m_world.unitState) return fail(ErrorCode::Unavailable, "the unit's state can't be seen");
  const auto now = m_world.unitState(check.spec.service);
  if (!now) return std::unexpected(now.error());
  if (!now->active)
    return fail(ErrorCode::Conflict,
                now->unit + " is " + now->state + (now->note.empty() ? "" : ", " + now->note));
  if (!check.first) check.first = *now;
  const bool same = now->invocation == check.first->invocation && now->restarts == check.first->restarts;
  return same ? base::Result<>() : fail(ErrorCode::Conflict, now->unit + " was started again meanwhile");
}

/// When it began, as lines are stamped. When the clock was put back since, that is earlier than it was:
/// rather one match too many than one overlooked.
base::TimePoint Validation::since() const {
  const auto byClock = m_clock.now() - (m_clock.sinceBoot() - m_sinceBoot);
  return byClock < m_since - kClockStep ? byClock : m_since;
}

base::Result<> Validation::probeQuiet(const model::ValidatorSpec& spec) const {
  const auto count = m_world.matchesSince(spec.patternId, spec.service, since());
  if (!count) return std::unexpected(count.error());
  if (*count == 0) return {};
  return fail(ErrorCode::Conflict, "pattern " + spec.patternId + " matched " + std::to_string(*count) +
                                       (*count == 1 ? " time" : " times") + " since the fix");
}

}  // namespace aiops::remediation
