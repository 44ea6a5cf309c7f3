// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/model_agent.h"

#include "base/bytes.h"

namespace aiops::agents {
namespace {

using integrations::ModelApi;

constexpr size_t kDelimiterBytes = 12;

std::string secretOf(const config::Settings& settings, const char* key) {
  const auto found = settings.secrets.find(key);
  return found == settings.secrets.end() ? std::string() : found->second.value;
}

/// Ollama listens at an address without a path; OpenAI's interface has one.
bool hasPath(const std::string& url) {
  const auto host = url.find("://");
  const auto path = host == std::string::npos ? host : url.find('/', host + 3);
  return path != std::string::npos && path + 1 < url.size() && !url.ends_with("/api/chat");
}

integrations::ModelOptions optionsOf(const config::Settings& settings) {
  const auto& ai = settings.ai;
  integrations::ModelOptions out{.endpoint = ai.endpoint,
                                 .model = ai.model,
                                 .key = {},
                                 .temperature = ai.temperature,
                                 .maxTokens = ai.maxTokens};
  switch (ai.provider) {
    case config::AiProvider::Anthropic:
      out.api = ModelApi::Anthropic;
      out.key = secretOf(settings, "ai.anthropic_api_key");
      break;
    case config::AiProvider::OpenAi:
      out.api = ModelApi::OpenAi;
      out.key = secretOf(settings, "ai.openai_api_key");
      break;
    default:
      out.api = hasPath(ai.endpoint) ? ModelApi::OpenAiCompatible : ModelApi::Ollama;
      out.key = secretOf(settings, "ai.local_api_key");
  }
  return out;
}

integrations::CallLimits limitsOf(const config::AiSettings& ai) {
  integrations::CallLimits out;
  out.spending = {.callsPerIncident = ai.callsPerIncident,
                  .tokensPerDay = ai.tokensPerDay,
                  .costPerDay = ai.costPerDay,
                  .inputPrice = ai.inputPrice,
                  .outputPrice = ai.outputPrice};
  return out;
}

}  // namespace

ModelAgent::ModelAgent(const config::Settings& settings, Parts parts)
    : m_parts(std::move(parts)),
      m_spending(std::filesystem::path(settings.home) / "model_spending.json"),
      m_provider(
          integrations::makeModelProvider(optionsOf(settings), integrations::HttpClient(m_parts.limits))) {
  if (m_provider) {
    m_guard = std::make_unique<integrations::CallGuard>(**m_provider, limitsOf(settings.ai), m_parts.clock,
                                                        &m_spending);
    m_analyst = std::make_unique<analysis::ModelAnalyst>(
        *m_guard, m_parts.topology, m_parts.catalogue, m_parts.redact,
        [] { return base::toHex(base::randomBytes(kDelimiterBytes)); });
  }
  m_parts.bus.subscribe([this](const Message& message) {
    if (const auto* diagnosed = std::get_if<Diagnosed>(&message)) onDiagnosed(*diagnosed);
  });
}

ModelAgent::~ModelAgent() {
  stop();
}

void ModelAgent::start() {
  m_worker = std::make_unique<base::Worker>("model", kMostWaiting);
}

void ModelAgent::stop() {
  m_cancel.cancel();
  if (m_worker) m_worker->stop();
}

void ModelAgent::onDiagnosed(const Diagnosed& diagnosed) {
  if (!m_worker || m_cancel.cancelled() || diagnosed.diagnosis.verdict == model::Verdict::Healthy) return;
  const auto& id = diagnosed.incident.id;
  {
    base::MutexLock lock(m_mutex);
    if (!m_waiting.insert_or_assign(id, diagnosed).second) return;  // its turn will come
  }
  if (m_worker->post([this, id] { askNext(id); })) return;
  {
    base::MutexLock lock(m_mutex);
    m_waiting.erase(id);
  }
  m_parts.bus.publish(ModelSpoke{id, std::nullopt, "too many questions wait for the model"});
}

void ModelAgent::askNext(const model::IncidentId& incident) {
  std::optional<Diagnosed> asked;
  {
    base::MutexLock lock(m_mutex);
    const auto found = m_waiting.find(incident);
    if (found != m_waiting.end()) asked = std::move(found->second);
    m_waiting.erase(incident);
  }
  if (!asked || m_cancel.cancelled()) return;
  if (!m_analyst) return answer(incident, std::unexpected(m_provider.error()));
  answer(incident, m_analyst->consult({asked->incident, asked->events, {}}, asked->diagnosis, m_cancel));
}

void ModelAgent::answer(const model::IncidentId& incident,
                        const base::Result<analysis::ModelOpinion>& opinion) {
  if (m_cancel.cancelled()) return;
  note(opinion);
  if (opinion) return m_parts.bus.publish(ModelSpoke{incident, *opinion, {}});
  m_parts.bus.publish(ModelSpoke{incident, std::nullopt, opinion.error().line()});
}

void ModelAgent::note(const base::Result<analysis::ModelOpinion>& opinion) {
  const auto code = opinion ? std::nullopt : std::optional(opinion.error().code);
  if (code == m_told) return;
  m_told = code;
  if (opinion) return;
  const auto& error = opinion.error();
  m_parts.health.report(
      model::Severity::Warning, "language model",
      "no model opinion: " + error.what + (error.where.empty() ? "" : " (" + error.where + ")"),
      error.remedy.empty() ? "diagnoses go on without it" : error.remedy);
}

}  // namespace aiops::agents
