// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/json_line.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace aiops::parsing {
namespace {

namespace ondemand = simdjson::ondemand;

/// Brackets outside strings, before anything is built.
bool withinDepth(std::string_view text, size_t maxDepth) {
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > maxDepth) return false;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return true;
}

std::string_view trimRight(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

}  // namespace

struct JsonLine::Impl {
  ondemand::parser parser;
  std::string padded;

  /// The same bytes in the caller's text.
  std::string_view mapped(std::string_view part, std::string_view text) const {
    const auto at = static_cast<size_t>(part.data() - padded.data());
    return at + part.size() <= text.size() ? text.substr(at, part.size()) : std::string_view();
  }

  std::optional<std::string_view> keyOf(ondemand::field& field, std::string_view text,
                                        std::vector<std::unique_ptr<std::string>>& scratch) const {
    const char* raw = field.key().raw();
    const auto rest = std::string_view(padded).substr(static_cast<size_t>(raw - padded.data()));
    const size_t end = rest.find_first_of("\"\\");
    if (end == std::string_view::npos) return std::nullopt;
    if (rest[end] == '"') return mapped(rest.substr(0, end), text);
    std::string_view key;
    if (field.unescaped_key().get(key)) return std::nullopt;
    return *scratch.emplace_back(std::make_unique<std::string>(key));
  }

  bool addMember(ondemand::field& field, std::string_view text,
                 std::vector<std::unique_ptr<std::string>>& scratch, Fields& fields) {
    const auto key = keyOf(field, text, scratch);
    if (!key) return false;
    ondemand::json_type type;
    if (field.value().type().get(type)) return false;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) return true;
    const auto token = trimRight(field.value().raw_json_token());
    if (type == ondemand::json_type::null) return token == "null";
    if (type != ondemand::json_type::string) {
      if (type == ondemand::json_type::boolean && token != "true" && token != "false") return false;
      fields.emplace_back(*key, mapped(token, text));
      return true;
    }
    if (token.size() >= 2 && token.find('\\') == std::string_view::npos) {
      fields.emplace_back(*key, mapped(token.substr(1, token.size() - 2), text));
      return true;
    }
    std::string_view value;
    if (field.value().get_string().get(value)) return false;
    fields.emplace_back(*key, *scratch.emplace_back(std::make_unique<std::string>(value)));
    return true;
  }
};

JsonLine::JsonLine() : m_impl(std::make_unique<Impl>()) {}
JsonLine::~JsonLine() = default;

bool JsonLine::parse(std::string_view text, size_t maxDepth, size_t maxFields,
                     std::vector<std::unique_ptr<std::string>>& scratch, Fields& fields) {
  if (!withinDepth(text, maxDepth)) return false;
  auto& padded = m_impl->padded;
  padded.assign(text);
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  ondemand::document document;
  const simdjson::padded_string_view view(padded.data(), text.size(), padded.size());
  if (m_impl->parser.iterate(view).get(document)) return false;
  ondemand::object object;
  if (document.get_object().get(object)) return false;
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field)) return false;
    if (fields.size() < maxFields && !m_impl->addMember(field, text, scratch, fields)) return false;
  }
  const char* trailing = nullptr;
  return document.current_location().get(trailing) == simdjson::OUT_OF_BOUNDS;
}

std::optional<base::TimePoint> timeFromEpoch(std::string_view number) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || !(value >= 1e8) || value > 1e19)
    return std::nullopt;
  double micros = value * 1e6;
  if (value > 1e17) {
    micros = value / 1e3;
  } else if (value > 1e14) {
    micros = value;
  } else if (value > 1e11) {
    micros = value * 1e3;
  }
  return base::TimePoint(base::Duration(static_cast<int64_t>(std::llround(micros))));
}

}  // namespace aiops::parsing
