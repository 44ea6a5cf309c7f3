// What a language model says about an incident, and how little that may change.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/evidence_gate.h"
#include "model/incident.h"

namespace aiops::analysis {

/// What exists, and may therefore be named.
struct ModelCatalogue {
  std::set<std::string> kinds;      ///< root-cause kinds of the signatures and playbooks
  std::set<std::string> playbooks;  ///< ids
};

/// What one answer may name: all by the names that the model was told.
struct ModelTerms {
  std::map<std::string, std::string> services;  ///< name in the brief -> service
  std::set<std::string> kinds;
  std::set<std::string> playbooks;
  std::map<std::string, model::EvidenceRef> evidence;  ///< id in the brief -> line
  std::set<std::string> tools;
};

/// Something the model wants to see before it makes up its mind.
struct ModelLookUp {
  std::string tool;
  std::string service;
};

/// Every part of it exists in the case; nothing of it is true for that.
struct ModelOpinion {
  std::string service;
  std::string kind;
  double confidence = 0;
  std::vector<model::EvidenceRef> evidence;
  std::string playbook;  ///< the id of one that exists, or empty. It is shown and never run for that.
  std::string reason;    ///< the model's words: hostile, at most 600 bytes
  std::optional<ModelLookUp> lookUp;
};

/// The JSON Schema of an answer in these terms.
std::string opinionSchema(const ModelTerms& terms);

/// Reads an answer strictly: one JSON object of at most 64 KiB, 16 levels, with exactly the members of the
/// schema, none twice, each of its type and in its terms. It takes no parameters for a playbook: those come
/// from validated evidence alone. InvalidInput or LimitExceeded says what is wrong without repeating what the
/// model wrote.
base::Result<ModelOpinion> readOpinion(std::string_view answer, const ModelTerms& terms);

inline constexpr const char* kModelAnalyst = "Language model";
/// The most log-odds that a model can add to one hypothesis.
inline constexpr double kModelCap = 0.5;

/// The diagnosis with the opinion noted, and counted where a built-in analyst already holds the same: then at
/// most kModelCap of log-odds are added. No hypothesis comes, goes, changes its place or its verdict, and the
/// model counts as no analyst for whatever asks how many agree. An opinion none of whose lines hold counts
/// nothing.
model::Diagnosis withOpinion(model::Diagnosis diagnosis, const ModelOpinion& opinion, EvidenceGate& gate);
/// Says why there is none.
model::Diagnosis withoutOpinion(model::Diagnosis diagnosis, const std::string& why);

}  // namespace aiops::analysis
