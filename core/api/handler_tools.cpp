// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handler_tools.h"

namespace aiops::api::handlers {

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

}  // namespace aiops::api::handlers
