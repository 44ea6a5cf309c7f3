// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/recogniser.h"

#include "detection/detector.h"
#include "detection/sequence.h"

namespace aiops::detection {

std::unique_ptr<Recogniser> makeRecogniser(const PatternDocument& pattern, const DetectorOptions& options) {
  if (std::holds_alternative<SequenceKind>(pattern.kind))
    return std::make_unique<SequenceRecogniser>(pattern, options.lateness, options.maxKeys);
  return nullptr;
}

}  // namespace aiops::detection
