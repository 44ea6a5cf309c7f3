// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/spending_file.h"

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "model/strict_json.h"

namespace aiops::integrations {
namespace {

constexpr size_t kMostBytes = 4096;

bool isAmount(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned();
}

bool isSpending(const nlohmann::json& json) {
  return json.contains("day") && json["day"].is_string() &&
         json["day"].get_ref<const std::string&>().size() == 10 && isAmount(json, "calls") &&
         isAmount(json, "input") && isAmount(json, "output") && json.contains("cost") &&
         json["cost"].is_number() && json["cost"].get<double>() >= 0;
}

}  // namespace

base::Result<Spending> SpendingFile::load() {
  const auto text = base::readFile(m_path, kMostBytes);
  if (!text) return std::unexpected(text.error());
  const auto json = model::parseStrictJson(*text, m_path.string(), {.depth = 4, .bytes = kMostBytes});
  if (!json || !isSpending(*json)) {
    return base::fail(base::ErrorCode::Corrupt, "the file is damaged", m_path.string(),
                      "remove it: the day's count then begins anew");
  }
  return Spending{.day = (*json)["day"].get<std::string>(),
                  .calls = (*json)["calls"].get<uint64_t>(),
                  .tokens = {(*json)["input"].get<uint64_t>(), (*json)["output"].get<uint64_t>()},
                  .cost = (*json)["cost"].get<double>()};
}

base::Result<> SpendingFile::save(const Spending& spending) {
  const nlohmann::json json = {{"day", spending.day},
                               {"calls", spending.calls},
                               {"input", spending.tokens.input},
                               {"output", spending.tokens.output},
                               {"cost", spending.cost}};
  return base::writeFileAtomic(m_path, json.dump() + "\n", 0600);
}

}  // namespace aiops::integrations
