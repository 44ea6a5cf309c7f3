// Finds the templates behind messages while they come.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace aiops::detection {

struct MinerOptions {
  size_t maxTemplates = 100'000;  ///< the least recently seen leave first
};

struct Mined {
  uint64_t id = 0;
  bool isNew = false;  ///< no message before had this template
};

struct Template {
  uint64_t id = 0;
  std::string text;   ///< variables as <*>
  std::string typed;  ///< variables as <number>, <ip> ...
  uint64_t count = 0;
  base::TimePoint first;
  base::TimePoint last;
};

/// One pass, no settings, no knowledge of who writes. A message is cut into words and variables
/// (template_tokens.h); messages of one such shape have one template. Templates of the same length that
/// differ in one word become one when that word takes more values than a choice of the program would: a place
/// that others fill with a variable needs one more value, behind `user` and the like two, behind a colon two
/// or three, at the beginning twelve, elsewhere five. After Drain (He et al., ICWS 2017) and Brain (Yu et
/// al., TSC 2023), which decide by similarity and by frequency.
///
/// An id is made of the first message's shape: the same over restarts. When templates become one, the oldest
/// keeps its id and the others are told by takeMerges(). Memory is bounded by the options. The same messages
/// in the same order give the same templates. Not thread safe.
class TemplateMiner {
 public:
  explicit TemplateMiner(MinerOptions options = {});
  ~TemplateMiner();
  TemplateMiner(TemplateMiner&&) noexcept;
  TemplateMiner& operator=(TemplateMiner&&) noexcept;

  Mined add(std::string_view message, base::TimePoint time = {});

  /// The template that `id` has become part of; `id` itself when it stands, or was never there.
  uint64_t current(uint64_t id) const;
  /// Nothing when it is not there (any more).
  std::optional<Template> find(uint64_t id) const;
  size_t size() const;
  /// In order of their first message.
  std::vector<Template> all() const;
  /// Since this was last asked: a template, and the one that it is part of from now on.
  std::vector<std::pair<uint64_t, uint64_t>> takeMerges();

  /// Everything, as bytes.
  std::string snapshot() const;
  /// Goes on from a snapshot. On failure (Corrupt) it is as new.
  base::Result<> restore(std::string_view snapshot);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::detection
