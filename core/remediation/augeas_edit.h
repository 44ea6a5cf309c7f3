// Edits of configuration files by Augeas: a lens (Nginx, Sshd, Postgresql, Systemd ...) makes a tree of the
// bytes, single nodes are changed, and the lens writes the bytes again with all else as it was. All of it in
// memory: Augeas never reads or writes a file of the host but its own lenses.
// https://augeas.net
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::remediation {

/// One node, by its path below the file's root: "max_connections", "Service/LimitNOFILE/value".
struct NodeChange {
  std::string path;
  std::optional<std::string> value;  ///< nothing: the node is removed, with what is below it
  bool create = false;               ///< a node that is not there may be made
};

/// A letter, then letters, digits and '_': the name of a lens' module.
bool isLensName(const std::string& text);

/// The value of the one node at `path`. InvalidInput: the lens is not there or can't read the bytes (with the
/// line); NotFound: no such node; Conflict: several.
base::Result<std::string> readNode(const std::string& bytes, const std::string& lens,
                                   const std::string& path);

/// `bytes` with the changes made, in order. Fails as readNode does; InvalidInput also when the lens would not
/// write unchanged bytes as they were, or can't write the changed tree.
base::Result<std::string> changeNodes(const std::string& bytes, const std::string& lens,
                                      const std::vector<NodeChange>& changes);

}  // namespace aiops::remediation
