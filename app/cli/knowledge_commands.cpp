// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/knowledge_commands.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/connection.h"
#include "app/cli/print.h"
#include "base/bytes.h"
#include "model/strict_json.h"

namespace aiops::app {
namespace {

using nlohmann::json;

constexpr size_t kLargestFile = 2 * 1024 * 1024;
constexpr int kIndent = 1;

int exportTo(const Connection& connection, const std::string& file) {
  const auto answer = connection.client.get("/knowledge/export");
  if (!answer) return complain(answer.error());
  const std::string text = answer->dump(kIndent, ' ', false, json::error_handler_t::replace) + "\n";
  if (file == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return std::fflush(stdout) == 0 ? kDone : kCouldNotRun;
  }
  if (auto written = base::writeFileAtomic(file, text, 0600); !written) return complain(written.error());
  std::fprintf(stderr, "%zu facts written to %s\n", answer->at("facts").size(), safe(file).c_str());
  const auto leftOut = answer->at("left_out").get<uint64_t>();
  if (leftOut > 0)
    std::fprintf(stderr, "the %llu weakest were left out\n", static_cast<unsigned long long>(leftOut));
  return kDone;
}

int printReport(const json& report) {
  const auto taken = report.at("taken").get<uint64_t>(), skipped = report.at("skipped").get<uint64_t>();
  std::printf("%llu taken, %llu skipped\n", static_cast<unsigned long long>(taken),
              static_cast<unsigned long long>(skipped));
  for (const auto& reason : report.at("reasons")) {
    std::printf("  %s: %s\n", safe(reason.at("fact").get<std::string>()).c_str(),
                safe(reason.at("why").get<std::string>()).c_str());
  }
  return taken == 0 && skipped > 0 ? kNegative : kDone;
}

int importFrom(const Connection& connection, const Invocation& invocation) {
  const auto text = base::readFile(invocation.file, kLargestFile);
  if (!text) return complain(text.error());
  const auto document = model::parseStrictJson(*text, invocation.file, {.depth = 8, .bytes = kLargestFile});
  if (!document) return complain(document.error());
  const auto answer = connection.client.post("/knowledge/import", *document);
  if (!answer) {
    const bool refused = answer.error().code == base::ErrorCode::InvalidInput;
    return complain(answer.error(), refused ? kNegative : kCouldNotRun);
  }
  return invocation.json ? printJson(*answer) : printReport(*answer);
}

}  // namespace

int runKnowledge(const Invocation& invocation) {
  const auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  if (!*connection) {
    return complain({base::ErrorCode::Unavailable, "no instance of this home is running", "",
                     "start `ai-ops-core` or `ai-ops-core --server` first"});
  }
  try {
    return invocation.verb == "export" ? exportTo(**connection, invocation.file)
                                       : importFrom(**connection, invocation);
  } catch (const json::exception& error) {
    return complain({base::ErrorCode::Corrupt, std::string("the answer is not understood: ") + error.what(),
                     "", "are both programs of one version?"});
  }
}

}  // namespace aiops::app
