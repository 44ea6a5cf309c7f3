// Checks requests for a model as strictly as the documented interfaces do, so that what passes here passes
// there. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "integrations/model_provider.h"
#include "support/http_script.h"

namespace aiops::test {

using integrations::ModelApi;

/// What a server would object to; `status` 200: nothing.
struct Objection {
  int status = 200;
  std::string kind;
  std::string what;
};

class RequestCheck {
 public:
  RequestCheck(ModelApi api, std::string key, std::string model)
      : m_api(api), m_key(std::move(key)), m_model(std::move(model)) {}

  Objection check(const SeenRequest& request) const {
    if (request.line != "POST " + path() + " HTTP/1.1")
      return {404, "not_found_error", "path " + request.line};
    if (auto wrong = checkHeaders(request); wrong.status != 200) return wrong;
    const auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (!body.is_object()) return invalid("body is no JSON object");
    if (auto wrong = checkBody(body); !wrong.empty()) return invalid(wrong);
    if (body["model"] != m_model) return {404, "not_found_error", "model " + body["model"].dump()};
    return {};
  }

 private:
  using Json = nlohmann::json;

  static Objection invalid(std::string what) { return {400, "invalid_request_error", std::move(what)}; }

  std::string path() const {
    switch (m_api) {
      case ModelApi::Anthropic:
        return "/v1/messages";
      case ModelApi::Ollama:
        return "/api/chat";
      default:
        return "/v1/chat/completions";
    }
  }

  Objection checkHeaders(const SeenRequest& request) const {
    if (request.header("content-type") != "application/json") return invalid("content-type");
    if (request.count("content-length") != 1 || request.count("host") != 1) return invalid("framing");
    const bool own = m_api == ModelApi::Anthropic;
    const std::string wanted = own ? m_key : m_key.empty() ? "" : "Bearer " + m_key;
    if (request.header(own ? "x-api-key" : "authorization") != wanted)
      return {401, "authentication_error", "key"};
    if (own && request.header("anthropic-version") != "2023-06-01") return invalid("anthropic-version");
    if (own && request.count("authorization") != 0) return invalid("two keys");
    return {};
  }

  /// Empty: nothing is wrong.
  std::string checkBody(const Json& body) const {
    static const std::map<ModelApi, std::set<std::string>> allowed = {
        {ModelApi::OpenAi,
         {"model", "messages", "max_completion_tokens", "stream", "stream_options", "response_format",
          "temperature"}},
        {ModelApi::OpenAiCompatible,
         {"model", "messages", "max_tokens", "stream", "stream_options", "response_format", "temperature"}},
        {ModelApi::Anthropic,
         {"model", "messages", "max_tokens", "stream", "system", "temperature", "tools", "tool_choice"}},
        {ModelApi::Ollama, {"model", "messages", "stream", "format", "options"}},
    };
    for (const auto& [key, value] : body.items()) {
      if (!allowed.at(m_api).contains(key)) return "unknown field " + key;
    }
    if (!body.value("model", Json()).is_string()) return "model";
    if (body.value("stream", Json()) != true) return "stream";
    if (auto wrong = checkMessages(body.value("messages", Json())); !wrong.empty()) return wrong;
    switch (m_api) {
      case ModelApi::Anthropic:
        return checkAnthropic(body);
      case ModelApi::Ollama:
        return checkOllama(body);
      default:
        return checkOpenAi(body);
    }
  }

  std::string checkMessages(const Json& messages) const {
    if (!messages.is_array() || messages.empty()) return "messages";
    std::string last = m_api == ModelApi::Anthropic ? "assistant" : "";
    for (const auto& message : messages) {
      if (!message.is_object() || message.size() != 2) return "message";
      const auto role = message.value("role", ""), content = message.value("content", "");
      if (content.empty()) return "empty content";
      const bool first = last.empty();
      if (first ? role != "system" : role != "user" && role != "assistant") return "role " + role;
      if (role == last || (last == "system" && role != "user")) return "order of roles";
      last = role;
    }
    return last == "user" ? "" : "the last message is not the user's";
  }

  static bool count(const Json& value) { return value.is_number_integer() && value > 0; }
  static bool within(const Json& value, double least, double most) {
    return value.is_number() && value >= least && value <= most;
  }
  static bool isName(const std::string& name) {
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
  }

  /// What strict structured outputs ask of a schema.
  static std::string checkSchema(const Json& schema) {
    static const std::set<std::string> known = {"type",  "properties", "required",   "additionalProperties",
                                                "items", "enum",       "description"};
    if (!schema.is_object()) return "schema";
    for (const auto& [key, value] : schema.items()) {
      if (!known.contains(key)) return "schema keyword " + key;
    }
    if (schema.value("type", Json()) == "object") {
      if (schema.value("additionalProperties", Json()) != false) return "additionalProperties";
      std::set<std::string> required;
      for (const auto& name : schema.value("required", Json::array()))
        required.insert(name.get<std::string>());
      if (required.size() != schema["properties"].size()) return "every property is required";
      for (const auto& [name, property] : schema["properties"].items()) {
        if (!required.contains(name)) return "not required: " + name;
        if (auto wrong = checkSchema(property); !wrong.empty()) return wrong;
      }
    }
    if (schema.value("type", Json()) == "array") return checkSchema(schema.value("items", Json()));
    return {};
  }

  std::string checkOpenAi(const Json& body) const {
    if (!count(body.value(m_api == ModelApi::OpenAi ? "max_completion_tokens" : "max_tokens", Json())))
      return "max tokens";
    if (body.contains("temperature") && !within(body["temperature"], 0, 2)) return "temperature";
    if (body.value("stream_options", Json()) != Json({{"include_usage", true}})) return "stream_options";
    const auto format = body.value("response_format", Json());
    if (!format.is_object() || format.size() != 2 || format.value("type", "") != "json_schema")
      return "response_format";
    const auto& schema = format["json_schema"];
    if (!schema.is_object() || schema.size() != 3 || schema.value("strict", false) != true)
      return "json_schema";
    if (!isName(schema.value("name", ""))) return "json_schema.name";
    return checkSchema(schema["schema"]);
  }

  static std::string checkAnthropic(const Json& body) {
    if (!count(body.value("max_tokens", Json()))) return "max_tokens: Field required";
    if (!within(body.value("temperature", Json()), 0, 1)) return "temperature";
    if (!body.value("system", Json()).is_string()) return "system";
    const auto tools = body.value("tools", Json());
    if (!tools.is_array() || tools.size() != 1) return "tools";
    const auto& tool = tools[0];
    if (tool.size() != 3 || !isName(tool.value("name", "")) || !tool["description"].is_string())
      return "tool";
    const auto choice = body.value("tool_choice", Json());
    if (choice != Json({{"type", "tool"}, {"name", tool["name"]}, {"disable_parallel_tool_use", true}}))
      return "tool_choice";
    if (tool["input_schema"].value("type", "") != "object") return "input_schema.type";
    return checkSchema(tool["input_schema"]);
  }

  static std::string checkOllama(const Json& body) {
    const auto options = body.value("options", Json());
    if (!options.is_object() || options.size() != 2) return "options";
    if (!within(options.value("temperature", Json()), 0, 2) || !count(options.value("num_predict", Json())))
      return "options";
    return checkSchema(body.value("format", Json()));
  }

  const ModelApi m_api;
  const std::string m_key;
  const std::string m_model;
};

}  // namespace aiops::test
