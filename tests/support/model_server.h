// A model's server: strict with what it is asked, and as bad in its answers as it is told to be.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

#include "support/model_checks.h"

namespace aiops::test {

enum class Fault : uint8_t {
  None,
  HangBeforeHead,
  HangAfterHead,
  OneByteASecond,
  Endless,
  InvalidJson,
  DeepJson,
  NaN,
  DuplicateKeys,
  Html,
  WrongTypes,
  ToolCall,
  Redirect,
  RateLimited,
  StallInStream,
  WrongModel,
  ServerError,
  EarlyClose,
  TruncatedChunk,
  BadLength,
  NoEnd,
  WrongOrder,
  UnknownEvent,
  ErrorInStream,
  Filtered,
  CutOff,
  HugeAnswer,
  KeyEcho,
};

struct FaultName {
  Fault fault;
  const char* name;
};
inline constexpr FaultName kFaults[] = {
    {Fault::HangBeforeHead, "hang before the head"},
    {Fault::HangAfterHead, "hang after the head"},
    {Fault::OneByteASecond, "drips"},
    {Fault::Endless, "endless answer"},
    {Fault::InvalidJson, "invalid JSON"},
    {Fault::DeepJson, "JSON 100,000 deep"},
    {Fault::NaN, "NaN"},
    {Fault::DuplicateKeys, "duplicate keys"},
    {Fault::Html, "HTML"},
    {Fault::WrongTypes, "wrong types"},
    {Fault::ToolCall, "calls a tool that removes all"},
    {Fault::Redirect, "redirect to the metadata service"},
    {Fault::RateLimited, "429 for 30 years"},
    {Fault::StallInStream, "stalls in the stream"},
    {Fault::WrongModel, "unknown model"},
    {Fault::ServerError, "500"},
    {Fault::EarlyClose, "closes early"},
    {Fault::TruncatedChunk, "truncated chunk"},
    {Fault::BadLength, "bad length"},
    {Fault::NoEnd, "stream without end"},
    {Fault::WrongOrder, "events in the wrong order"},
    {Fault::ErrorInStream, "error in the stream"},
    {Fault::Filtered, "filtered"},
    {Fault::CutOff, "cut off"},
    {Fault::HugeAnswer, "answer above 64 KiB"},
    {Fault::KeyEcho, "error that echoes the key"},
};

/// What each interface calls the reason for which an answer ended.
struct Ends {
  const char* openAi = "stop";
  const char* anthropic = "tool_use";
  const char* ollama = "stop";
};

class ModelServer {
 public:
  ModelServer(ModelApi api, std::string key, std::string model, TlsIdentity identity = {})
      : m_api(api),
        m_key(key),
        m_check(api, std::move(key), std::move(model)),
        m_server([this](const SeenRequest& request) { return answer(request); }, std::move(identity)) {}

  /// What the model says from now on, as text, in turn; the last again and again.
  void say(std::vector<std::string> answers) {
    std::lock_guard lock(m_mutex);
    m_answers = std::move(answers);
  }
  /// How the server behaves from now on; after `times` answers well.
  void misbehave(Fault fault, int times = 1000) {
    std::lock_guard lock(m_mutex);
    m_fault = fault;
    m_times = times;
  }
  std::vector<SeenRequest> requests() const { return m_server.requests(); }
  /// What was wrong with the requests so far, the first of it.
  std::string objection() const {
    std::lock_guard lock(m_mutex);
    return m_objection;
  }
  std::string url() const { return m_server.url(); }
  quint16 port() const { return m_server.port(); }

 private:
  using Json = nlohmann::json;

  ScriptedAnswer answer(const SeenRequest& request) {
    const auto wrong = m_check.check(request);
    std::lock_guard lock(m_mutex);
    if (wrong.status != 200) {
      if (m_objection.empty()) m_objection = wrong.what;
      return refusal(wrong.status, wrong.kind, wrong.what);
    }
    const auto fault = m_times > 0 ? m_fault : Fault::None;
    if (m_times > 0) --m_times;
    const auto said =
        m_answers.size() > 1 ? m_answers[std::min(m_turn++, m_answers.size() - 1)] : m_answers.front();
    return misbehaving(fault, said);
  }

  /// In the documented shape of each.
  ScriptedAnswer refusal(int status, const std::string& kind, const std::string& what,
                         const std::string& headers = {}) const {
    Json body;
    switch (m_api) {
      case ModelApi::Anthropic:
        body = {{"type", "error"}, {"error", {{"type", kind}, {"message", what}}}, {"request_id", "req_1"}};
        break;
      case ModelApi::Ollama:
        body = {{"error", what}};
        break;
      default:
        body = {{"error", {{"message", what}, {"type", kind}, {"param", nullptr}, {"code", nullptr}}}};
    }
    return answerWith(status, "application/json", body.dump(), headers);
  }

  ScriptedAnswer misbehaving(Fault fault, const std::string& said) const {
    auto all = events(said);
    switch (fault) {
      case Fault::HangBeforeHead:
        return {.bytes = "", .close = false};
      case Fault::HangAfterHead:
        return {.bytes = head(), .close = false};
      case Fault::OneByteASecond:
        return {
            .bytes = head() + stream(all), .close = false, .endlessly = {}, .drip = std::chrono::seconds(1)};
      case Fault::Endless:
        return {.bytes = head(),
                .close = false,
                .endlessly = chunk(std::string(60'000, m_api == ModelApi::Ollama ? ' ' : ':') + "\n")};
      case Fault::InvalidJson:
        return broken("{\"choices\": [");
      case Fault::DeepJson:
        return broken("{\"a\":" + std::string(60'000, '['));
      case Fault::NaN:
        return broken("{\"a\": NaN}");
      case Fault::DuplicateKeys:
        return broken("{\"type\":\"ping\",\"type\":\"ping\",\"done\":false,\"done\":false}");
      case Fault::Html:
        return answerWith(200, "text/html", "<html><script>alert(1)</script></html>");
      case Fault::WrongTypes:
        return broken(wrongTypes());
      case Fault::ToolCall:
        return whole(toolCall());
      case Fault::Redirect:
        return answerWith(307, "text/plain", "", "Location: http://169.254.169.254/latest/meta-data/\r\n");
      case Fault::RateLimited:
        return refusal(429, "rate_limit_error", "slow down", "Retry-After: 1000000000\r\n");
      case Fault::StallInStream:
        return {.bytes = head() + chunk(all.front()), .close = false};
      case Fault::WrongModel:
        return refusal(404, "not_found_error", "no such model");
      case Fault::ServerError:
        return refusal(500, "api_error", "oops");
      case Fault::EarlyClose:
        return {.bytes = "HTTP/1.1 200 OK\r\n"};
      case Fault::TruncatedChunk:
        return {.bytes = head() + "fff\r\n" + all.front()};
      case Fault::BadLength:
        return {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 12x\r\n\r\n" + all.front()};
      case Fault::NoEnd:
        all.pop_back();
        return {.bytes = head() + stream(all),
                .close = false,
                .endlessly = chunk(m_api == ModelApi::Ollama ? "\n" : ": ping\n\n")};
      case Fault::WrongOrder:
        std::swap(all.front(), all.back());
        return whole(all);
      case Fault::UnknownEvent:
        if (m_api == ModelApi::Anthropic) all.insert(all.begin() + 1, event("news", {{"type", "news"}}));
        if (m_api == ModelApi::Anthropic) all.insert(all.begin(), event("ping", {{"type", "ping"}}));
        return whole(all);
      case Fault::ErrorInStream:
        all.resize(1);
        all.push_back(m_api == ModelApi::Ollama
                          ? event("", {{"error", "out of memory " + m_key}})
                          : event("error", {{"type", "error"},
                                            {"error", {{"type", "overloaded_error"}, {"message", m_key}}}}));
        return whole(all);
      case Fault::Filtered:
        return whole(events(said, {"content_filter", "refusal", "length"}));
      case Fault::CutOff:
        return whole(events(said, {"length", "max_tokens", "length"}));
      case Fault::HugeAnswer:
        return whole(events(std::string(70'000, 'x')));
      case Fault::KeyEcho:
        return refusal(401, "Incorrect API key provided: " + m_key, "Incorrect API key provided: " + m_key);
      case Fault::None:
        break;
    }
    return whole(all);
  }

  std::string type() const {
    return m_api == ModelApi::Ollama ? "application/x-ndjson" : "text/event-stream";
  }
  std::string head() const {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type() + "\r\nTransfer-Encoding: chunked\r\n\r\n";
  }
  static std::string chunk(const std::string& text) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
  }
  static std::string stream(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += chunk(one);
    return out;
  }
  ScriptedAnswer whole(const std::vector<std::string>& all) const {
    return {.bytes = head() + stream(all) + chunk("")};
  }
  std::string event(const std::string& name, const Json& data) const { return raw(name, data.dump()); }
  std::string raw(const std::string& name, const std::string& data) const {
    if (m_api == ModelApi::Ollama) return data + "\n";
    return (name.empty() || m_api != ModelApi::Anthropic ? "" : "event: " + name + "\n") + "data: " + data +
           "\n\n";
  }
  /// A good beginning, then an event that is not.
  ScriptedAnswer broken(const std::string& data) const {
    auto all = events("{}");
    all.resize(1);
    all.push_back(raw("", data));
    return whole(all);
  }
  std::string wrongTypes() const {
    switch (m_api) {
      case ModelApi::Anthropic:
        return R"({"type":"content_block_start","index":"0","content_block":["text"]})";
      case ModelApi::Ollama:
        return R"({"message":"text","done":"yes"})";
      default:
        return R"({"choices":{"0":{"delta":"text"}}})";
    }
  }
  std::vector<std::string> toolCall() const {
    auto all = events("{}");
    const Json rm = {{"command", "rm -rf /"}};
    switch (m_api) {
      case ModelApi::Anthropic:
        all[1] =
            event("content_block_start",
                  {{"type", "content_block_start"},
                   {"index", 0},
                   {"content_block", {{"type", "tool_use"}, {"id", "t"}, {"name", "shell"}, {"input", rm}}}});
        break;
      case ModelApi::Ollama:
        all[0] = event("", {{"message",
                             {{"role", "assistant"},
                              {"content", ""},
                              {"tool_calls", {{{"function", {{"name", "shell"}, {"arguments", rm}}}}}}}},
                            {"done", false}});
        break;
      default:
        all[0] = event("", {{"choices",
                             {{{"index", 0},
                               {"delta",
                                {{"tool_calls",
                                  {{{"index", 0},
                                    {"id", "c"},
                                    {"type", "function"},
                                    {"function", {{"name", "shell"}, {"arguments", rm.dump()}}}}}}}},
                               {"finish_reason", nullptr}}}}});
    }
    return all;
  }

  /// A whole good answer, in pieces.
  std::vector<std::string> events(const std::string& said, Ends ends = {}) const {
    std::vector<std::string> parts;
    for (size_t at = 0; at < said.size(); at += 7'001) parts.push_back(said.substr(at, 7'001));
    if (m_api == ModelApi::Anthropic) return anthropicEvents(parts, ends.anthropic);
    std::vector<std::string> all;
    if (m_api == ModelApi::Ollama) {
      for (const auto& part : parts)
        all.push_back(event(
            "", {{"model", "m"}, {"message", {{"role", "assistant"}, {"content", part}}}, {"done", false}}));
      all.push_back(event("", {{"model", "m"},
                               {"message", {{"role", "assistant"}, {"content", ""}}},
                               {"done", true},
                               {"done_reason", ends.ollama},
                               {"prompt_eval_count", 100},
                               {"eval_count", 20}}));
      return all;
    }
    const auto choice = [&](const Json& delta, const Json& reason) {
      return event("", {{"id", "c"},
                        {"object", "chat.completion.chunk"},
                        {"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", reason}}}},
                        {"usage", nullptr}});
    };
    for (const auto& part : parts) all.push_back(choice({{"content", part}}, nullptr));
    all.push_back(choice(Json::object(), ends.openAi));
    all.push_back(
        event("", {{"choices", Json::array()},
                   {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 20}, {"total_tokens", 120}}}}));
    all.push_back(raw("", "[DONE]"));
    return all;
  }

  std::vector<std::string> anthropicEvents(const std::vector<std::string>& parts, const char* reason) const {
    const auto typed = [&](const char* type, Json data) {
      data["type"] = type;
      return event(type, data);
    };
    std::vector<std::string> all = {
        typed("message_start", {{"message",
                                 {{"id", "msg"},
                                  {"role", "assistant"},
                                  {"content", Json::array()},
                                  {"usage", {{"input_tokens", 100}, {"output_tokens", 1}}}}}}),
        typed("content_block_start",
              {{"index", 0},
               {"content_block",
                {{"type", "tool_use"}, {"id", "t"}, {"name", "give_opinion"}, {"input", Json::object()}}}}),
        typed("ping", Json::object())};
    for (const auto& part : parts)
      all.push_back(typed("content_block_delta",
                          {{"index", 0}, {"delta", {{"type", "input_json_delta"}, {"partial_json", part}}}}));
    all.push_back(typed("content_block_stop", {{"index", 0}}));
    all.push_back(
        typed("message_delta", {{"delta", {{"stop_reason", reason}}}, {"usage", {{"output_tokens", 20}}}}));
    all.push_back(typed("message_stop", Json::object()));
    return all;
  }

  const ModelApi m_api;
  const std::string m_key;
  const RequestCheck m_check;
  mutable std::mutex m_mutex;
  std::vector<std::string> m_answers{"{}"};
  size_t m_turn = 0;
  Fault m_fault = Fault::None;
  int m_times = 0;
  std::string m_objection;
  HttpScript m_server;  ///< the last: its thread uses the others
};

}  // namespace aiops::test
