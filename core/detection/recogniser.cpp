// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/recogniser.h"

#include "detection/detector.h"
#include "detection/sequence.h"
#include "detection/series_recogniser.h"

namespace aiops::detection {

namespace {

std::unique_ptr<Recogniser> temporal(const PatternDocument& pattern, const DetectorOptions& options) {
  auto kind = std::get<TemporalKind>(pattern.kind);
  if (kind.window.count() == 0) kind.window = options.temporalWindow;
  using Of = SeriesRecogniser::Of;
  const auto of = kind.everySeries ? Of::EveryField : kind.value.empty() ? Of::Records : Of::Field;
  return std::make_unique<SeriesRecogniser>(
      SeriesRecogniser::Options{of, kind.value, options.lateness, options.maxKeys},
      [kind, of, lateness = options.lateness] {
        return makeTimeCondition(kind, of != Of::Records, lateness);
      });
}

}  // namespace

std::unique_ptr<Recogniser> makeRecogniser(const PatternDocument& pattern, const DetectorOptions& options) {
  if (std::holds_alternative<SequenceKind>(pattern.kind))
    return std::make_unique<SequenceRecogniser>(pattern, options.lateness, options.maxKeys);
  if (std::holds_alternative<TemporalKind>(pattern.kind)) return temporal(pattern, options);
  return nullptr;
}

}  // namespace aiops::detection
