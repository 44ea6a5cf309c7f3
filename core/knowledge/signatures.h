// Failure signatures: what a cause looks like, written down as data (resources/signatures/*.yaml).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::knowledge {

/// A cause shows as `causeSignal` in the service at fault and as `effectSignals` there or in services that
/// depend on it, never earlier. `against` signals in the service at fault speak for another cause.
struct Signature {
  std::string id;
  std::string kind;         ///< root-cause kind
  std::string causeSignal;  ///< signal of a pattern
  std::vector<std::string> effectSignals;
  std::vector<std::string> against;
  std::string statement;  ///< "{service}" is replaced
  double weight = 0.7;    ///< probability of the kind when only the cause signal is seen
};

struct SignatureSet {
  std::vector<Signature> signatures;
  std::vector<base::Error> problems;  ///< broken files, named with file and line; the others are loaded
};

/// Loads every *.yaml below the directories, in the order of their names.
SignatureSet loadSignatures(const std::vector<std::filesystem::path>& directories);

}  // namespace aiops::knowledge
