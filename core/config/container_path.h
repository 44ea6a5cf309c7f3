// Who a container's log belongs to, by its path.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aiops::config {

/// What Kubernetes and Docker say in the names of log files:
/// /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log, /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log,
/// .../containers/ID/ID-json.log (whose name stands in config.v2.json beside it).
struct ContainerPath {
  std::string container;  ///< its name; of Docker without a name the beginning of the id
  std::string pod;
  std::string kubernetesNamespace;
  std::string id;

  /// Fields of its records: container, pod, namespace, container_id; those that are known.
  std::vector<std::pair<std::string, std::string>> fields() const;
};

std::optional<ContainerPath> containerPath(const std::string& path);

}  // namespace aiops::config
