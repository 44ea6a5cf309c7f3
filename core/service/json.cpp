// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/json.h"

#include "model/json.h"

namespace aiops::service {

void to_json(nlohmann::json& json, const TimelineLane& value) {
  json = {
      {"service", value.service},   {"role", value.role},           {"all", value.all},
      {"warnings", value.warnings}, {"firstSign", value.firstSign}, {"firstSignText", value.firstSignText}};
}

void to_json(nlohmann::json& json, const Timeline& value) {
  json = {{"from", value.from},
          {"to", value.to},
          {"bucketSeconds", value.bucketSeconds},
          {"lanes", value.lanes},
          {"entries", value.entries}};
}

void to_json(nlohmann::json& json, const Investigation& value) {
  json = {{"incident", value.incident}, {"diagnosis", value.diagnosis}, {"events", value.events},
          {"fixes", value.fixes},       {"outcomes", value.outcomes},   {"timeline", value.timeline},
          {"changes", value.changes}};
  auto& similar = json["similar"] = nlohmann::json::array();
  for (const auto& [past, similarity] : value.similar) {
    nlohmann::json entry = past;
    entry.erase("terms");
    entry["similarity"] = similarity;
    similar.push_back(std::move(entry));
  }
}

void to_json(nlohmann::json& json, const InvestigationSummary& value) {
  json = {{"incident", value.incident},
          {"verdict", value.verdict},
          {"confidence", value.confidence},
          {"cause", value.cause}};
}

}  // namespace aiops::service
