// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/file_check.h"

#include <algorithm>

#include "base/bytes.h"
#include "sandbox/command_runner.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kShownOutput = 500;

}  // namespace

base::Result<> checkNewFile(const model::CommandSpec& check, const std::string& newFile,
                            const model::ExecutionPolicy& policy, const std::function<bool()>& cancelled) {
  auto argv = check.argv;
  std::ranges::replace(argv, std::string("{file}"), newFile);
  sandbox::Confinement confinement;
  confinement.forbiddenPaths = policy.forbiddenPaths;
  confinement.writablePaths = check.writablePaths;
  confinement.timeout = std::min<std::chrono::milliseconds>(check.timeout, policy.maxExecutionTime);
  confinement.grace = std::chrono::milliseconds(500);
  sandbox::RunHooks hooks;
  hooks.cancelled = cancelled;
  const auto result = sandbox::run(argv, confinement, hooks);
  if (!result) return std::unexpected(result.error());
  if (result->succeeded()) return {};
  const bool exited = result->end == sandbox::CommandResult::End::Exited;
  const std::string how =
      exited ? "exit status " + std::to_string(result->exitCode) : std::string("did not end by itself");
  const std::string words = base::toValidUtf8(result->output.substr(0, kShownOutput));
  return fail(ErrorCode::Conflict, "the checker refuses the new file (" + how + "): " + words, argv.front());
}

}  // namespace aiops::remediation
