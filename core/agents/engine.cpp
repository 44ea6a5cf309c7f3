// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/engine.h"

#include <algorithm>
#include <cstdio>

#include "analysis/history_analyst.h"
#include "analysis/knowledge_analyst.h"
#include "analysis/specialists.h"
#include "integrations/http_probe.h"
#include "model/labels.h"
#include "security/audit_chain.h"
#include "sources/evidence_reader.h"

namespace aiops::agents {
namespace {

constexpr size_t kHealthShown = 50;
constexpr uint32_t kOpenIncidents = 500;

std::string sizeText(uint64_t bytes) {
  char text[48];
  std::snprintf(text, sizeof text, "SQLite, %.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

}  // namespace

remediation::ExecutorConfig executorConfig(const config::Settings& settings, const ResourcePaths& resources) {
  return {.home = settings.home,
          .playbookDirectories = {resources.playbooks()},
          .policy = settings.execution,
          .inventory = settings.inventory};
}

Engine::Engine(Parts parts)
    : m_parts(std::move(parts)),
      m_startedAt(m_parts.clock.now()),
      m_health(m_parts.clock),
      m_topology(correlation::Topology::fromInventory(m_parts.settings.inventory)) {
  m_health.setLogger(m_parts.settingsParts.logger);
}

Engine::~Engine() {
  stop();
}

base::Result<std::unique_ptr<Engine>> Engine::create(Parts parts) {
  std::unique_ptr<Engine> engine(new Engine(std::move(parts)));
  if (auto opened = engine->open(); !opened) return std::unexpected(opened.error());
  return engine;
}

void Engine::noteProblem(const std::string& part, const std::string& text) {
  m_health.report(model::Severity::Warning, part, text, "it is left out; mend the file and start again");
}

base::Result<> Engine::open() {
  auto store = storage::Store::open(m_parts.settings.database, m_parts.clock);
  if (!store) return std::unexpected(store.error());
  m_store = *std::move(store);
  m_health.setStore(m_store.get());
  for (const auto& notice : m_parts.settings.notices) {
    m_health.report(model::Severity::Warning, "settings", notice, "see `ai-ops-core settings`");
  }

  if (auto opened = openPatterns(); !opened) return opened;
  m_playbooks = remediation::loadPlaybooks({m_parts.resources.playbooks()});
  for (const auto& problem : m_playbooks.problems) noteProblem("playbooks", problem.line());
  auto signatures = knowledge::loadSignatures({m_parts.resources.signatures()});
  for (const auto& problem : signatures.problems) noteProblem("signatures", problem.line());

  listKinds(signatures.signatures);
  openModel();
  if (auto loaded = loadMemory(); !loaded) return loaded;
  if (auto opened = openKnowledge(); !opened) return opened;
  auto analysts = analysis::builtInAnalysts(std::move(signatures.signatures), m_topology);
  analysts.push_back(std::make_unique<analysis::HistoryAnalyst>(m_memory));
  analysts.push_back(std::make_unique<analysis::KnowledgeAnalyst>(m_graph));
  m_diagnostician = std::make_unique<analysis::Diagnostician>(
      std::move(analysts), m_topology,
      [](const model::EvidenceRef& ref) { return sources::EvidenceReader().reread(ref); },
      analysis::builtInSpecialists(analysis::startsOfSimilar(m_memory), m_rates, m_topology), &m_calibration);

  if (auto opened = openSilences(); !opened) return opened;
  if (auto opened = openChanges(); !opened) return opened;
  m_monitor = std::make_unique<LogMonitorAgent>(
      LogMonitorAgent::Parts{*m_store, m_bus, m_logs, m_patterns->inForce(), laneSources(), laneOptions(),
                             [this] { m_patterns->lookForChanges(); },
                             [this](const std::string& service) { m_topology.addName(service); },
                             [this](const model::LineCount& count) {
                               m_rates.add(count.service, base::TimePoint(std::chrono::seconds(count.second)),
                                           count.all);
                             }},
      m_parts.clock, m_health);
  m_rootCause = std::make_unique<RootCauseAgent>(
      RootCauseAgent::Parts{*m_store, m_bus, *m_diagnostician, m_topology, *m_silences, *m_changes,
                            [this](const auto& services) { return readingsOf(services); }},
      m_parts.clock, m_health);
  m_fixes = std::make_unique<FixAgent>(
      FixAgent::Parts{*m_store, m_bus, m_parts.executor, m_playbooks, m_parts.settings.inventory,
                      m_parts.settings.execution, validationWorld(),
                      remediation::stopFile(m_parts.settings.home), *m_silences},
      m_parts.clock, m_health);
  m_incidents = std::make_unique<IncidentDesk>(
      IncidentDesk::Parts{*m_store, m_bus, m_catalogue, m_topology, m_parts.clock,
                          [this](model::AuditEntry entry) { return m_fixes->audit(std::move(entry)); }});
  m_learning = std::make_unique<LearningAgent>(
      LearningAgent::Parts{*m_store, m_bus, m_memory, m_calibration, m_graph}, m_parts.clock, m_health);

  if (auto restored = restoreChoices(); !restored) return restored;
  m_topologyWatch = std::make_unique<TopologyWatch>(
      TopologyWatch::Parts{m_bus, m_logs, m_graph, m_topology, m_parts.settings.inventory});
  m_housekeeper = std::make_unique<Housekeeper>(*m_store, retentionOptions(), m_parts.clock, m_health);

  m_stopped = false;
  m_monitor->open();
  m_rootCause->open();
  m_fixes->open();
  m_learning->open();
  const auto executor = m_parts.executor.connect(m_fixes->executorCallbacks());
  if (!executor) return std::unexpected(executor.error());
  m_fixes->setExecutorStatus(*executor);
  return {};
}

std::vector<model::Reading> Engine::readingsOf(const std::set<std::string>& services) const {
  std::vector<model::Reading> readings;
  for (const auto& entry : m_parts.settings.inventory.services) {
    if (!services.contains(entry.name)) continue;
    sources::ResourceUser user{entry.name, entry.writablePaths, {}};
    for (const auto& log : entry.logs)
      user.paths.push_back(std::filesystem::path(log).parent_path().string());
    if (entry.manager == "systemd") user.unit = entry.unit;
    std::ranges::move(m_resources.read(user, m_parts.clock.now()), std::back_inserter(readings));
  }
  return readings;
}

base::Result<> Engine::loadMemory() {
  return m_store->read([this](storage::Reader& reader) -> base::Result<> {
    auto past = reader.pastIncidents();
    if (!past) return std::unexpected(past.error());
    for (auto& incident : *past) {
      m_graph.learn(incident);
      m_memory.remember(std::move(incident));
    }
    auto judged = reader.judgedDiagnoses();
    if (!judged) return std::unexpected(judged.error());
    m_calibration.load(std::move(*judged));
    return {};
  });
}

base::Result<> Engine::openKnowledge() {
  m_knowledge = std::make_unique<KnowledgeBook>(
      KnowledgeBook::Parts{*m_store, m_graph, m_parts.clock,
                           [this](model::AuditEntry entry) { return m_fixes->audit(std::move(entry)); },
                           [this] { m_bus.publish(KnowledgeChanged{}); }});
  return m_knowledge->load(m_parts.settings.inventory);
}

base::Result<> Engine::openPatterns() {
  const auto use = [this](const PatternLibrary::Set& patterns) {
    if (!m_monitor) return;
    m_monitor->usePatterns(patterns);
    m_bus.publish(PatternsChanged{});
  };
  m_patterns = std::make_unique<PatternLibrary>(
      PatternLibrary::Parts{*m_store, m_parts.resources.patterns(), m_parts.resources.ownPatterns, use},
      m_parts.clock, m_health);
  const auto problems = m_patterns->load();
  if (!problems) return std::unexpected(problems.error());
  for (const auto& problem : *problems) noteProblem("patterns", problem);
  return {};
}

base::Result<> Engine::openSilences() {
  const auto services = [this] {
    auto names = *m_topology.names();
    for (auto& name : serviceNames()) names.insert(std::move(name));
    return names;
  };
  const auto patterns = [this] {
    std::set<std::string> ids;
    const auto all = m_patterns->list();
    for (const auto& pattern : all ? *all : std::vector<model::PatternInfo>{}) ids.insert(pattern.id);
    return ids;
  };
  m_silences = std::make_unique<SilenceBook>(SilenceBook::Parts{
      *m_store, m_parts.clock, [this](model::AuditEntry entry) { return m_fixes->audit(std::move(entry)); },
      services, patterns});
  return m_silences->load();
}

base::Result<> Engine::openChanges() {
  m_changes =
      std::make_unique<ChangeBook>(ChangeBook::Parts{*m_store, m_parts.clock, m_topology, m_parts.redact});
  m_scout = std::make_unique<ChangeScout>(ChangeScout::Parts{
      *m_store, m_bus, *m_changes, m_parts.settings.inventory, m_parts.clock, m_health, m_parts.redact,
      [this](model::AuditEntry entry) { return m_fixes->audit(std::move(entry)); }, m_parts.changePlaces});
  return m_changes->load();
}

void Engine::listKinds(const std::vector<knowledge::Signature>& signatures) {
  for (const auto& signature : signatures) m_catalogue.kinds.insert(signature.kind);
  for (const auto& playbook : m_playbooks.playbooks) {
    m_catalogue.playbooks.insert(playbook.id);
    m_catalogue.kinds.insert(playbook.cures.begin(), playbook.cures.end());
  }
}

void Engine::openModel() {
  if (m_parts.settings.ai.provider == config::AiProvider::None) return;
  m_model = std::make_unique<ModelAgent>(
      m_parts.settings,
      ModelAgent::Parts{m_bus, m_topology, m_catalogue, m_parts.redact, m_parts.clock, m_health});
}

base::Result<> Engine::restoreChoices() {
  const auto choices = m_store->agentChoices();
  if (!choices) return std::unexpected(choices.error());
  for (const auto& choice : *choices) {
    if (auto* which = agent(choice.id)) which->restoreChoice(choice);
  }
  return {};
}

std::array<Agent*, 4> Engine::agents() {
  return {m_monitor.get(), m_rootCause.get(), m_fixes.get(), m_learning.get()};
}

Agent* Engine::agent(const std::string& id) {
  for (auto* which : agents()) {
    if (which->id() == id) return which;
  }
  return nullptr;
}

std::vector<pipeline::LaneSource> Engine::laneSources() const {
  std::vector<pipeline::LaneSource> out;
  for (const auto& source : m_parts.settings.sources) {
    // A service that was worked out from a glob is worked out again from each of its files.
    const bool given = source.service != config::serviceFor(source.path, m_parts.settings.inventory);
    out.push_back({.path = source.path,
                   .service = given ? source.service : "",
                   .startAt = sources::StartAt::End,
                   .history = source.history,
                   .zone = base::zoneFromText(source.zone)});
  }
  return out;
}

storage::RetentionOptions Engine::retentionOptions() const {
  const auto& kept = m_parts.settings.retention;
  return {.maxAge = kept.maxAge, .maxBytes = kept.maxBytes};
}

pipeline::LaneOptions Engine::laneOptions() const {
  pipeline::LaneOptions options;
  options.serviceOf = [inventory = m_parts.settings.inventory](const std::string& path) {
    return config::serviceFor(path, inventory);
  };
  options.detector.temporalWindow = m_parts.settings.detection.temporalWindow;
  options.detector.sensitivity = m_parts.settings.detection.patternSensitivity;
  options.inputFile = m_parts.settings.home + "/input/stdin.log";
  options.looksAhead = true;
  return options;
}

remediation::ValidationWorld Engine::validationWorld() {
  return {.httpGet = [](const std::string& url) -> base::Result<remediation::HttpAnswer> {
            auto reply = integrations::httpGet(url);
            if (!reply) return std::unexpected(reply.error());
            return remediation::HttpAnswer{reply->status, std::move(reply->body)};
          },
          .matchesSince = [this](const std::string& pattern, const std::string& service,
                                 base::TimePoint since) -> base::Result<uint64_t> {
            const auto last = m_monitor->lastMatch(pattern, service);
            return last && last->eventTime >= since ? 1 : 0;
          },
          .unitState = [this](const std::string& service) { return m_parts.executor.observe(service); }};
}

void Engine::start() {
  if (m_model) m_model->start();
  m_topologyWatch->start();
  m_learning->start();
  m_fixes->start();
  m_rootCause->start();
  m_scout->start();
  m_monitor->start();
  m_housekeeper->start();
}

void Engine::stop() {
  if (std::exchange(m_stopped, true)) return;
  m_housekeeper->stop();
  if (m_model) m_model->stop();
  m_monitor->stopReading();
  m_monitor->stop();
  m_scout->stop();
  m_fixes->stop();
  m_learning->stop();
  m_rootCause->stop();
  m_topologyWatch->stop();        // until now it may have been told of events
  m_parts.executor.disconnect();  // its callbacks lead here
}

std::filesystem::path Engine::auditDirectory() const {
  return remediation::executorDirectory(m_parts.settings.home);
}

std::vector<std::string> Engine::serviceNames() const {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const auto& service : m_parts.settings.inventory.services) add(service.name);
  for (const auto& source : m_monitor->statuses()) {
    if (!source.service.empty()) add(source.service);
  }
  return names;
}

/// What is not in the configuration, but known: by lines, or because somebody said so since.
void Engine::addLearnt(model::ServiceStatus& service) const {
  if (m_topology.known()) return;
  const model::NodeKey source{model::NodeType::Service, service.name};
  for (auto& other : m_graph.dependsOn(service.name)) {
    const auto id = model::factId(source, model::Relation::DependsOn, {model::NodeType::Service, other});
    const auto fact = m_graph.edge(id, clock().now());
    if (fact && fact->origin == model::FactOrigin::Log) service.learnt.push_back(other);
    service.dependsOn.push_back(std::move(other));
  }
}

base::Result<model::EngineStatus> Engine::status() {
  const auto counters = m_store->counters();
  if (!counters) return std::unexpected(counters.error());
  model::EngineStatus out{.version = AIOPS_VERSION,
                          .startedAt = m_startedAt,
                          .home = m_parts.settings.home,
                          .database = sizeText(m_store->sizeBytes()),
                          .sources = m_monitor->statuses(),
                          .automation = m_fixes->automation(),
                          .health = m_health.newest(kHealthShown),
                          .openIncidents = counters->openIncidents,
                          .pendingFixes = counters->pendingFixes,
                          .outcomes = counters->outcomes,
                          .worked = counters->worked,
                          .patternsLoaded = m_patterns->inForce()->size(),
                          .retention = m_housekeeper->status()};
  for (const auto& name : serviceNames()) {
    const auto* entry = m_parts.settings.inventory.find(name);
    out.services.push_back({name, entry == nullptr ? std::vector<std::string>{} : entry->dependsOn, {}});
    addLearnt(out.services.back());
  }
  for (const auto* which : agents()) out.agents.push_back(which->status());
  for (const auto& silence : m_silences->silences()) out.activeSilences += silence.active;
  for (const auto& window : m_silences->windows()) out.activeMaintenance += window.active;
  const auto& policy = m_parts.settings.execution;
  out.limits = {policy.writableRoots, policy.forbiddenPaths, policy.maxExecutionTime};
  return out;
}

base::Result<> Engine::dismissIncidentsOf(const std::filesystem::path& directory, const std::string& why) {
  const auto open = m_store->incidents({.limit = kOpenIncidents, .openOnly = true});
  if (!open) return std::unexpected(open.error());
  const auto below = [&](const model::EvidenceRef& ref) {
    return ref.source.starts_with(directory.string() + "/");
  };
  for (const auto& incident : open->items) {
    const auto events = m_store->eventsOf(incident.id);
    if (!events) return std::unexpected(events.error());
    const bool all = std::ranges::all_of(
        *events, [&](const auto& event) { return std::ranges::all_of(event.evidence, below); });
    if (!all) continue;
    const auto audited = m_fixes->audit({.who = "engine",
                                         .what = "incident.dismiss",
                                         .target = incident.title,
                                         .why = why,
                                         .result = "dismissed",
                                         .incident = incident.id.str()});
    if (!audited) return audited;
    m_bus.publish(
        MoveIncident{incident.id, model::IncidentState::Dismissed, {clock().now(), "dismissed", "", why}});
  }
  return {};
}

base::Result<model::Incident> Engine::dismissIncident(const std::string& who, const std::string& id,
                                                      const std::string& reason) {
  using model::IncidentState;
  auto incident = m_store->incident(id);
  if (!incident) return incident;
  const auto state = incident->state;
  if (model::isClosed(state) || state == IncidentState::Fixing || state == IncidentState::Validating) {
    return base::fail(base::ErrorCode::Conflict, "the incident is " + std::string(toString(state)),
                      model::incidentLabel(incident->number),
                      "only an open one without a running fix is dismissed");
  }
  const auto audited = m_fixes->audit({.who = who,
                                       .what = "incident.dismiss",
                                       .target = incident->title,
                                       .why = reason,
                                       .result = "false positive",
                                       .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  const auto now = clock().now();
  m_bus.publish(MoveIncident{incident->id,
                             IncidentState::Dismissed,
                             {now, "dismissed", "", who + " dismissed it as a false alarm: " + reason},
                             true});
  incident->state = IncidentState::Dismissed;
  incident->endedAt = now;
  incident->falsePositive = true;
  return incident;
}

base::Result<model::Incident> Engine::acknowledgeIncident(const std::string& who, const std::string& id) {
  auto incident = m_store->incident(id);
  if (!incident) return incident;
  if (model::isClosed(incident->state)) {
    return base::fail(base::ErrorCode::Conflict, "the incident is " + std::string(toString(incident->state)),
                      model::incidentLabel(incident->number), "only an open one is acknowledged");
  }
  if (incident->owner == who) return incident;
  const auto audited = m_fixes->audit(
      {.who = who,
       .what = "incident.acknowledge",
       .target = incident->title,
       .why = incident->owner.empty() ? "nobody saw to it" : "taken over from " + incident->owner,
       .result = "acknowledged",
       .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  incident->owner = who;
  incident->acknowledgedAt = clock().now();
  m_bus.publish(AcknowledgeIncident{incident->id, who, *incident->acknowledgedAt});
  return incident;
}

base::Result<model::AuditVerification> Engine::verifyAudit() {
  const auto head = m_store->auditHead();
  if (!head) return std::unexpected(head.error());
  return security::verifyAudit(auditDirectory(), *head);
}

}  // namespace aiops::agents
