// What was read off this host of a resource that a service needs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace aiops::model {

enum class Resource : uint8_t { Disk, Inodes, Memory, Descriptors, Processor };

struct Reading {
  std::string service;
  Resource resource = Resource::Disk;
  std::string where;  ///< the directory, the unit, "this host"
  double used = 0;    ///< bytes, files, descriptors; of the processor the share of time waited for it, 0 to 1
  double limit = 0;   ///< in the same unit; 0 is no reading
  base::TimePoint at;
};

}  // namespace aiops::model
