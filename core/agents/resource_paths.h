// Where the data that ships with the program lies.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

namespace aiops::agents {

struct ResourcePaths {
  std::filesystem::path root;
  std::vector<std::filesystem::path>
      ownPatterns{};  ///< the operator's folders, the later one stands over the earlier
  std::filesystem::path patterns() const { return root / "patterns"; }
  std::filesystem::path signatures() const { return root / "signatures"; }
  std::filesystem::path playbooks() const { return root / "playbooks"; }
};

}  // namespace aiops::agents
