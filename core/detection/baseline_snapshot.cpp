// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/bytes.h"
#include "detection/baseline.h"

namespace aiops::detection {
namespace {

const std::string kHead = "aiops-baseline 2 ";
constexpr size_t kCheckLength = 16;

std::string checkOf(std::string_view body) {
  return base::sha256Hex(body).substr(0, kCheckLength);
}

std::unexpected<base::Error> damaged(const std::string& what) {
  return base::fail(base::ErrorCode::Corrupt, what, "baseline", "let it learn anew");
}

template <class Numbers>
bool finite(const Numbers& numbers) {
  return std::ranges::all_of(numbers, [](auto v) { return std::isfinite(v) && std::fabs(v) <= 1e32; });
}

}  // namespace

std::string Baseline::snapshot() const {
  std::string bytes(sizeof m_state, '\0');
  std::memcpy(bytes.data(), &m_state, sizeof m_state);
  const auto body = base::toBase64(bytes);
  return kHead + checkOf(body) + ' ' + body;
}

base::Result<Baseline> Baseline::restore(std::string_view snapshot) {
  if (!snapshot.starts_with(kHead)) return damaged("not a baseline of this version");
  snapshot.remove_prefix(kHead.size());
  if (snapshot.size() <= kCheckLength || snapshot[kCheckLength] != ' ') return damaged("cut off");
  const auto body = snapshot.substr(kCheckLength + 1);
  if (checkOf(body) != snapshot.substr(0, kCheckLength)) return damaged("its check sum does not fit");
  const auto bytes = base::fromBase64(body);
  if (!bytes || bytes->size() != sizeof(State)) return damaged("of another length");
  Baseline out;
  std::memcpy(&out.m_state, bytes->data(), sizeof out.m_state);
  if (!sound(out.m_state)) return damaged("it holds impossible numbers");
  return out;
}

bool Baseline::sound(const State& s) {
  const std::array all{s.interval,     s.last,  s.level,    s.dayShift, s.trendLevel, s.trendStep,
                       s.deviation,    s.step,  s.previous, s.lowest,   s.highest,    s.meanError,
                       s.meanDistance, s.steps, s.season,   s.recent,   s.told,       s.toldLasting};
  const auto natural = [](double v) { return v >= 0; };
  return finite(all) && finite(s.lastDistances) && finite(s.error) && finite(s.errors) && finite(s.day) &&
         finite(s.week) && std::ranges::all_of(s.error, natural) && std::ranges::all_of(s.errors, natural) &&
         std::ranges::all_of(s.tails, &BaselineTail::sound) && s.total.sound();
}

}  // namespace aiops::detection
