// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/silence_handlers.h"

#include <algorithm>

#include "api/handler_tools.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

using service::Operations;

constexpr size_t kLongestText = 2000;
constexpr size_t kMostNamed = 100;
constexpr uint32_t kMostMinutes = 24 * 60;
constexpr std::string_view kSilenceHint =
    "send {\"services\":[..],\"patterns\":[..],\"reason\":\"...\",\"until\":\"2026-03-29T12:00:00Z\"}";
constexpr std::string_view kMaintenanceHint =
    "send {\"name\":\"...\",\"services\":[..],\"days\":[\"sun\"],\"start\":\"02:30\",\"duration_minutes\":60,"
    "\"zone\":\"Europe/Paris\"}, or \"date\" instead of \"days\"";

/// Reads the members of a body one by one; the first that is wrong decides the answer.
class Body {
 public:
  Body(const RequestContext& request, std::initializer_list<std::string_view> members, std::string_view hint)
      : m_request(request), m_members(members), m_hint(hint) {
    for (const auto& [key, value] : request.body.items()) {
      if (std::ranges::find(m_members, key) == m_members.end())
        m_refused = badRequest("unknown member \"" + key + "\" in the body", hint);
    }
  }

  std::string text(const char* name) {
    const auto found = m_request.body.find(name);
    if (found == m_request.body.end()) return {};
    const auto* value = found->get_ptr<const std::string*>();
    if (value && value->size() <= kLongestText) return *value;
    refuse(std::string("\"") + name + "\" must be a text of at most 2000 bytes");
    return {};
  }
  std::vector<std::string> texts(const char* name) {
    auto list = textsMember(m_request, name, kMostNamed, m_hint, m_members);
    if (list) return *std::move(list);
    if (!m_refused) m_refused = list.error();
    return {};
  }
  base::TimePoint time(const char* name) {
    const auto value = base::fromIso8601(text(name));
    if (!value) refuse(std::string("\"") + name + "\" must be a time in UTC such as 2026-03-29T12:00:00Z");
    return value.value_or(base::TimePoint());
  }
  uint32_t minutes(const char* name) {
    const auto found = m_request.body.find(name);
    const auto* value = found == m_request.body.end() ? nullptr : found->get_ptr<const uint64_t*>();
    if (value && *value <= kMostMinutes) return static_cast<uint32_t>(*value);
    refuse(std::string("\"") + name + "\" must be a number of minutes from 1 to 1440");
    return 0;
  }
  const std::optional<HttpResponse>& refused() const { return m_refused; }

 private:
  void refuse(const std::string& why) {
    if (!m_refused) m_refused = refusal(422, "invalid_input", why, m_hint);
  }

  const RequestContext& m_request;
  const std::vector<std::string_view> m_members;
  const std::string_view m_hint;
  std::optional<HttpResponse> m_refused;
};

template <class T>
service::Reply<std::vector<T>> answerList(const RequestContext& request, Responder respond) {
  return answerWith<std::vector<T>>(request, std::move(respond), [](const std::vector<T>& all) {
    return json{{"items", all}, {"total", all.size()}};
  });
}

}  // namespace

void silences(Operations& operations, const RequestContext& request, Responder respond) {
  operations.silences().listSilences(answerList<model::Silence>(request, std::move(respond)));
}

void addSilence(Operations& operations, const RequestContext& request, Responder respond) {
  Body body(request, {"services", "patterns", "reason", "until"}, kSilenceHint);
  model::Silence silence{.services = body.texts("services"),
                         .patterns = body.texts("patterns"),
                         .reason = body.text("reason"),
                         .until = body.time("until")};
  if (body.refused()) return respond.send(*body.refused());
  operations.silences().addSilence(request.caller, std::move(silence),
                                   answerPlain<model::Silence>(request, std::move(respond)));
}

void removeSilence(Operations& operations, const RequestContext& request, Responder respond) {
  operations.silences().removeSilence(request.caller, request.id,
                                      answerPlain<model::Silence>(request, std::move(respond)));
}

void maintenance(Operations& operations, const RequestContext& request, Responder respond) {
  operations.silences().listMaintenance(answerList<model::MaintenanceWindow>(request, std::move(respond)));
}

void addMaintenance(Operations& operations, const RequestContext& request, Responder respond) {
  Body body(request, {"name", "services", "days", "date", "start", "duration_minutes", "zone"},
            kMaintenanceHint);
  model::MaintenanceWindow window{.name = body.text("name"),
                                  .services = body.texts("services"),
                                  .days = body.texts("days"),
                                  .date = body.text("date"),
                                  .start = body.text("start"),
                                  .durationMinutes = body.minutes("duration_minutes"),
                                  .zone = body.text("zone")};
  if (body.refused()) return respond.send(*body.refused());
  operations.silences().addMaintenance(request.caller, std::move(window),
                                       answerPlain<model::MaintenanceWindow>(request, std::move(respond)));
}

void removeMaintenance(Operations& operations, const RequestContext& request, Responder respond) {
  operations.silences().removeMaintenance(request.caller, request.id,
                                          answerPlain<model::MaintenanceWindow>(request, std::move(respond)));
}

}  // namespace aiops::api::handlers
