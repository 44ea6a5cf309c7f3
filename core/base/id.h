// Strong identifiers: a UUID string that can't be mixed up with another kind's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace aiops::base {

/// A random (version 4) UUID, lower case with dashes. Thread safe.
std::string newUuid();

/// An identifier of the kind `Tag`. Empty means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : m_value(std::move(value)) {}
  static Id create() { return Id(newUuid()); }

  const std::string& str() const { return m_value; }
  bool empty() const { return m_value.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string m_value;
};

}  // namespace aiops::base

template <class Tag>
struct std::hash<aiops::base::Id<Tag>> {
  size_t operator()(const aiops::base::Id<Tag>& id) const { return std::hash<std::string>()(id.str()); }
};
