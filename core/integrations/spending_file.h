// The day's spending in a small file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "integrations/spending.h"

namespace aiops::integrations {

/// JSON, mode 0600, replaced as a whole at each change. A file that can't be understood is Corrupt: then
/// nothing is spent until it is mended or removed.
class SpendingFile final : public SpendingStore {
 public:
  explicit SpendingFile(std::filesystem::path path) : m_path(std::move(path)) {}

  base::Result<Spending> load() override;
  base::Result<> save(const Spending& spending) override;

 private:
  const std::filesystem::path m_path;
};

}  // namespace aiops::integrations
