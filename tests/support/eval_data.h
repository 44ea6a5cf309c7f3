// Finds the evaluation data beside the checkout. It is no part of the repository.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace aiops::test {

/// `part` of the folder that AIOPS_EVAL names, else of ../shared/eval beside the checkout; empty if not
/// there.
inline std::optional<std::filesystem::path> evalData(const std::string& part) {
  const char* named = std::getenv("AIOPS_EVAL");
  const auto root = named && *named ? std::filesystem::path(named)
                                    : std::filesystem::path(AIOPS_SOURCE_DIR) / ".." / "shared" / "eval";
  auto path = root / part;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  return path;
}

}  // namespace aiops::test
