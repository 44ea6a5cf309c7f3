// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/recogniser.h"

#include "detection/anomaly_condition.h"
#include "detection/detector.h"
#include "detection/sequence.h"
#include "detection/series_recogniser.h"
#include "detection/template_recogniser.h"

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

std::unique_ptr<Recogniser> anomaly(const PatternDocument& pattern, const DetectorOptions& options) {
  const auto& kind = std::get<AnomalyKind>(pattern.kind);
  const double sensitivity = kind.sensitivity.value_or(options.sensitivity);
  if (kind.of == AnomalyOf::NewTemplate) return std::make_unique<NewTemplateRecogniser>();
  if (kind.of == AnomalyOf::TemplateShare) return std::make_unique<TemplateShareRecogniser>(sensitivity);
  using Of = SeriesRecogniser::Of;
  const auto of = kind.of == AnomalyOf::Value ? Of::Field : Of::Records;
  return std::make_unique<SeriesRecogniser>(
      SeriesRecogniser::Options{of, kind.value, options.lateness, options.maxKeys},
      [kind, sensitivity, lateness = options.lateness] {
        return makeAnomalyCondition(kind, sensitivity, lateness);
      });
}

}  // namespace

bool asksForTemplates(const PatternDocument& pattern) {
  const auto* anomaly = std::get_if<AnomalyKind>(&pattern.kind);
  return anomaly != nullptr &&
         (anomaly->of == AnomalyOf::NewTemplate || anomaly->of == AnomalyOf::TemplateShare);
}

std::unique_ptr<Recogniser> makeRecogniser(const PatternDocument& pattern, const DetectorOptions& options) {
  if (std::holds_alternative<SequenceKind>(pattern.kind))
    return std::make_unique<SequenceRecogniser>(pattern, options.lateness, options.maxKeys);
  if (std::holds_alternative<TemporalKind>(pattern.kind)) return temporal(pattern, options);
  if (std::holds_alternative<AnomalyKind>(pattern.kind)) return anomaly(pattern, options);
  return nullptr;
}

}  // namespace aiops::detection
