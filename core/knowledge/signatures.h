// Failure signatures: what a cause looks like, written down as data (resources/signatures/*.yaml).
//
//   - id: dependency-stopped-listening
//     kind: process_killed                 # root-cause kind
//     cause: [connection_refused]          # one signal, or a list of which any: the sign that it is about
//     blames: target                       # whose fault: self | target | dependency | silent; default self
//     role: [database, cache]              # optional: the service at fault is one of these
//     external: false                      # optional: it has no logs of its own, or it has
//     needs: [[config_reloaded, version_changed]]   # optional: of each list one is seen at the fault, before
//     with: [service_silent]               # each seen at the service at fault makes it likelier
//     against: [disk_full]                 # each seen there speaks for another cause
//     against_anywhere: [..]               # each seen in any service of the incident does
//     effects: [requests_failing]          # what services that depend on it show, never earlier
//     statement: "{service} no longer accepts connections"
//     weight: 0.7                          # probability of the kind when only the cause is seen
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::knowledge {

/// Which service a signature blames for a sign that is seen in some service.
enum class Blames : uint8_t {
  Self,        ///< the service that shows the sign
  Target,      ///< the services that its lines point at
  Dependency,  ///< what it depends on, directly or not
  Silent,      ///< a service that fell silent
};

struct Signature {
  std::string id;
  std::string kind;                       ///< root-cause kind
  std::vector<std::string> causeSignals;  ///< signals of patterns; any of them
  std::vector<std::string> effectSignals;
  std::vector<std::string> against;
  std::string statement;  ///< "{service}" is replaced
  double weight = 0.7;
  Blames blames = Blames::Self;
  std::vector<std::string> roles;
  std::optional<bool> external;
  std::vector<std::vector<std::string>> needs;
  std::vector<std::string> with;
  std::vector<std::string> againstAnywhere;
};

struct SignatureSet {
  std::vector<Signature> signatures;
  std::vector<base::Error> problems;  ///< broken files, named with file and line; the others are loaded
};

/// Loads every *.yaml below the directories, in the order of their names.
SignatureSet loadSignatures(const std::vector<std::filesystem::path>& directories);

}  // namespace aiops::knowledge
