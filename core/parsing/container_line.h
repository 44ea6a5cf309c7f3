// Lines as container runtimes write them: Kubernetes' CRI format and Docker's json-file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiops::parsing {

/// What a container wrote, and how the runtime wrapped it.
struct ContainerLine {
  std::string_view time;
  std::string_view stream;   ///< stdout or stderr
  std::string_view content;  ///< of Docker: as JSON writes it, without the quotes
  bool partial = false;      ///< the container's line goes on in the next one
  bool isJson = false;

  /// The content as the container wrote it.
  std::string text() const;
};

/// Told from the head of the line; cheap for all others.
std::optional<ContainerLine> containerLine(std::string_view line);

/// Several lines of one stream as one entry: "TIME STREAM F content", where the parts of a line are put
/// together. Nothing when `text` is one line, or no container's.
std::optional<std::string> joinedContainerLines(std::string_view text);

}  // namespace aiops::parsing
