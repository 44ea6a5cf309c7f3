// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/container_path.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/bytes.h"

namespace aiops::config {
namespace {

namespace fs = std::filesystem;

constexpr size_t kIdLength = 64, kShortId = 12;
constexpr size_t kMostConfig = 4u << 20;

bool isId(std::string_view text) {
  return text.size() == kIdLength &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// NAMESPACE_POD_UID / CONTAINER / number.log
std::optional<ContainerPath> ofPod(const fs::path& path) {
  const auto container = path.parent_path().filename().string();
  const auto pod = path.parent_path().parent_path().filename().string();
  if (path.parent_path().parent_path().parent_path().filename() != "pods") return std::nullopt;
  const auto first = pod.find('_'), last = pod.rfind('_');
  if (first == std::string::npos || last == first || container.empty()) return std::nullopt;
  return ContainerPath{container, pod.substr(first + 1, last - first - 1), pod.substr(0, first), {}};
}

/// POD_NAMESPACE_CONTAINER-ID.log
std::optional<ContainerPath> ofLink(const fs::path& path) {
  if (path.parent_path().filename() != "containers") return std::nullopt;
  const auto stem = path.stem().string();
  const auto first = stem.find('_'), second = stem.find('_', first + 1), dash = stem.rfind('-');
  if (first == std::string::npos || second == std::string::npos || dash == std::string::npos || dash < second)
    return std::nullopt;
  auto id = stem.substr(dash + 1);
  if (!isId(id)) return std::nullopt;
  return ContainerPath{stem.substr(second + 1, dash - second - 1), stem.substr(0, first),
                       stem.substr(first + 1, second - first - 1), std::move(id)};
}

std::string nameIn(const fs::path& file) {
  const auto text = base::readFile(file, kMostConfig);
  if (!text) return {};
  const auto config = nlohmann::json::parse(*text, nullptr, false);
  if (!config.is_object() || !config.contains("Name") || !config["Name"].is_string()) return {};
  const auto name = config["Name"].get<std::string>();
  return name.starts_with('/') ? name.substr(1) : name;
}

/// ID / ID-json.log
std::optional<ContainerPath> ofDocker(const fs::path& path) {
  const auto id = path.parent_path().filename().string();
  if (!isId(id) || !path.filename().string().starts_with(id + "-json.log")) return std::nullopt;
  auto name = nameIn(path.parent_path() / "config.v2.json");
  return ContainerPath{name.empty() ? id.substr(0, kShortId) : std::move(name), {}, {}, id};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ContainerPath::fields() const {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.emplace_back(name, value);
  };
  add("container", container);
  add("pod", pod);
  add("namespace", kubernetesNamespace);
  add("container_id", id);
  return out;
}

std::optional<ContainerPath> containerPath(const std::string& path) {
  const fs::path file(path);
  if (auto found = ofPod(file)) return found;
  if (auto found = ofLink(file)) return found;
  return ofDocker(file);
}

}  // namespace aiops::config
