// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handler_tools.h"

#include <algorithm>

namespace aiops::api::handlers {
namespace {

constexpr size_t kLongestItem = 256;

}  // namespace

std::expected<std::string, HttpResponse> textMember(const RequestContext& request, const char* name,
                                                    size_t longest, bool required, std::string_view hint,
                                                    std::string_view besideIt) {
  for (const auto& [key, value] : request.body.items()) {
    if (key != name && key != besideIt)
      return std::unexpected(badRequest("unknown member \"" + key + "\" in the body", hint));
  }
  const std::string member = std::string("\"") + name + "\"";
  const auto found = request.body.find(name);
  if (found == request.body.end()) {
    if (!required) return std::string();
    return std::unexpected(badRequest(member + " is missing in the body", hint));
  }
  const auto* text = found->get_ptr<const std::string*>();
  if (!text || text->size() > longest || (required && text->empty())) {
    return std::unexpected(
        refusal(422, "invalid_input",
                member + " must be a text of at most " + std::to_string(longest) + " bytes", hint));
  }
  return *text;
}

std::expected<std::vector<std::string>, HttpResponse> textsMember(
    const RequestContext& request, std::string_view name, size_t most, std::string_view hint,
    const std::vector<std::string_view>& beside) {
  for (const auto& [key, value] : request.body.items()) {
    if (key != name && std::ranges::find(beside, key) == beside.end())
      return std::unexpected(badRequest("unknown member \"" + key + "\" in the body", hint));
  }
  const auto found = request.body.find(std::string(name));
  std::vector<std::string> out;
  if (found == request.body.end()) return out;
  const bool good =
      found->is_array() && found->size() <= most && std::ranges::all_of(*found, [](const json& item) {
        return item.is_string() && item.get_ref<const std::string&>().size() <= kLongestItem;
      });
  if (!good) {
    return std::unexpected(refusal(
        422, "invalid_input",
        "\"" + std::string(name) + "\" must be a list of at most " + std::to_string(most) + " texts", hint));
  }
  for (const auto& item : *found) out.push_back(item.get<std::string>());
  return out;
}

}  // namespace aiops::api::handlers
