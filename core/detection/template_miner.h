// Finds the templates behind messages while they come.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace aiops::detection {

struct MinerOptions {
  size_t maxTemplates = 100'000;  ///< the least recently seen leave first
};

struct Mined {
  uint64_t id = 0;
  bool isNew = false;    ///< no message before had this template
  bool changed = false;  ///< takeChanges() has something to tell
};

/// Templates became one, or one became several.
struct TemplateChange {
  uint64_t from = 0;
  uint64_t into = 0;
  bool isSplit = false;  ///< else `from` is part of `into` from now on, and no template any more
  double share = 1;      ///< of the messages of `from` that belong to `into` from now on
};

struct Template {
  uint64_t id = 0;
  std::string text;   ///< variables as <*>
  std::string typed;  ///< variables as <number>, <ip> ...
  uint64_t count = 0;
  base::TimePoint first;
  base::TimePoint last;
  /// Of each variable in order, up to three values as they stood in messages, cut to 40 bytes. Of the first
  /// eight variables; not kept over restarts. Tainted, and maybe secret, like the messages.
  std::vector<std::vector<std::string>> examples;
};

/// One pass, no settings, no knowledge of who writes. A message is cut into words and variables
/// (template_tokens.h); messages of one such shape have one template. Templates become one
/// * when they differ in one word, and that word takes more values than a choice of the program would: a
/// place
///   that others fill with a variable needs one more value, behind `user` and the like two, behind a colon
///   two or three, at the beginning twelve, elsewhere five;
/// * when they differ in several words at once, as template_groups.h says.
/// After Drain (He et al., ICWS 2017), IPLoM (Makanju et al., KDD 2009) and Brain (Yu et al., TSC 2023).
///
/// A place that became a variable with fewer than five values, and had no fifth one in ten thousand messages,
/// was a choice after all: the template is split, and these words stay words for good.
///
/// An id is made of the first message's shape: the same over restarts. When templates become one, the oldest
/// keeps its id; when one is split, one part keeps it. takeChanges() tells. Memory is bounded by the options:
/// some 1.2 KB for a template of 500 bytes. The time for a message does not depend on the number of
/// templates. The same messages in the same order give the same templates. Not thread safe.
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
  /// What was merged and split since this was last asked, in order; the newest, when nobody asks for long.
  std::vector<TemplateChange> takeChanges();

  /// Everything, as bytes.
  std::string snapshot() const;
  /// Goes on from a snapshot. On failure (Corrupt) it is as new.
  base::Result<> restore(std::string_view snapshot);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::detection
