// Building blocks for the JSON mapping of the values; include it in .cpp files only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/id.h"
#include "base/time.h"

/// Defines to_json and from_json of `Type` over the named members. A member that is missing keeps its
/// default. Use it where the functions are declared in the header (nlohmann's own macro makes them inline).
#define AIOPS_DEFINE_JSON(Type, ...)                                                        \
  void to_json(nlohmann::json& nlohmann_json_j, const Type& nlohmann_json_t) {              \
    nlohmann_json_j = nlohmann::json::object();                                             \
    NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(NLOHMANN_JSON_TO, __VA_ARGS__))                \
  }                                                                                         \
  void from_json(const nlohmann::json& nlohmann_json_j, Type& nlohmann_json_t) {            \
    const Type nlohmann_json_default_obj{};                                                 \
    NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(NLOHMANN_JSON_FROM_WITH_DEFAULT, __VA_ARGS__)) \
  }

/// Maps an enum through its toString(); an unknown name is an error. `last` is the enum's last value.
#define AIOPS_DEFINE_ENUM_JSON(Type, last)                                                    \
  void to_json(nlohmann::json& json, const Type& value) {                                     \
    json = std::string(toString(value));                                                      \
  }                                                                                           \
  void from_json(const nlohmann::json& json, Type& value) {                                   \
    const auto& text = json.get_ref<const std::string&>();                                    \
    for (int i = 0; i <= static_cast<int>(last); ++i) {                                       \
      if (toString(static_cast<Type>(i)) == text) {                                           \
        value = static_cast<Type>(i);                                                         \
        return;                                                                               \
      }                                                                                       \
    }                                                                                         \
    throw nlohmann::json::type_error::create(302, "unknown " #Type " '" + text + "'", &json); \
  }

namespace nlohmann {

template <class Tag>
struct adl_serializer<aiops::base::Id<Tag>> {
  static void to_json(json& j, const aiops::base::Id<Tag>& id) { j = id.str(); }
  static void from_json(const json& j, aiops::base::Id<Tag>& id) {
    id = aiops::base::Id<Tag>(j.get<std::string>());
  }
};

template <>
struct adl_serializer<aiops::base::TimePoint> {
  static void to_json(json& j, const aiops::base::TimePoint& time) { j = aiops::base::toIso8601(time); }
  static void from_json(const json& j, aiops::base::TimePoint& time) {
    const auto parsed = aiops::base::fromIso8601(j.get_ref<const std::string&>());
    if (!parsed) throw json::type_error::create(302, "not an ISO 8601 UTC time", &j);
    time = *parsed;
  }
};

template <>
struct adl_serializer<std::chrono::milliseconds> {
  static void to_json(json& j, const std::chrono::milliseconds& value) { j = value.count(); }
  static void from_json(const json& j, std::chrono::milliseconds& value) {
    value = std::chrono::milliseconds(j.get<int64_t>());
  }
};

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& j, const std::optional<T>& value) {
    if (value) {
      j = *value;
    } else {
      j = nullptr;
    }
  }
  static void from_json(const json& j, std::optional<T>& value) {
    if (j.is_null()) {
      value.reset();
    } else {
      value = j.get<T>();
    }
  }
};

}  // namespace nlohmann
