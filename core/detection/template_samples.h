// A few values of the variables of a template, to show them. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::detection {

/// The first three different values of each of the first eight places that are given, cut to 40 bytes. At
/// most a kilobyte in one text, empty at the beginning.
class TemplateSamples {
 public:
  void add(size_t place, std::string_view value) {
    value = value.substr(0, kBytes);
    const auto known = of(place);
    if (place >= 64 || value.empty() || known.size() >= kValues) return;
    if (std::ranges::find(known, value) != known.end()) return;
    if (known.empty() && places() >= kPlaces) return;
    m_packed += static_cast<char>(place);
    m_packed += static_cast<char>(value.size());
    m_packed += value;
  }
  std::vector<std::string> of(size_t place) const {
    std::vector<std::string> out;
    forEach([&](size_t at, std::string_view value) {
      if (at == place) out.emplace_back(value);
    });
    return out;
  }

 private:
  static constexpr size_t kBytes = 40, kValues = 3, kPlaces = 8;

  template <class Use>
  void forEach(const Use& use) const {
    for (size_t at = 0; at < m_packed.size();) {
      const auto length = static_cast<size_t>(m_packed[at + 1]);
      use(static_cast<size_t>(m_packed[at]), std::string_view(m_packed).substr(at + 2, length));
      at += 2 + length;
    }
  }
  size_t places() const {
    uint64_t seen = 0;
    size_t count = 0;
    forEach([&](size_t place, std::string_view) {
      count += (seen >> place & 1) == 0;
      seen |= uint64_t(1) << place;
    });
    return count;
  }

  std::string m_packed;
};

}  // namespace aiops::detection
