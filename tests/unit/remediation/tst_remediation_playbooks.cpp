// Every playbook that ships loads, and plans against a service that offers what its comment asks for.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <set>

#include "base/bytes.h"
#include "remediation/host_verb.h"
#include "remediation/plan_codec.h"
#include "remediation/planner.h"

using namespace aiops;
using namespace aiops::remediation;

namespace {

const std::set<std::string> kCauses{
    "process_killed",      "memory_limit_reached", "connection_leak", "missing_index",  "deadlock",
    "disk_full",           "memory_leak",          "bad_config",      "bad_deploy",     "connection_limit",
    "certificate_expired", "dns_failure",          "brute_force",     "cpu_saturation", "fd_exhaustion",
    "third_party_slow",    "unresponsive",         "lock_contention", "process_crash",  "crash_loop",
    "worker_down",         "permission_denied",    "cache_flushed",   "retry_storm",    "software_fault",
    "config_drift"};
const std::set<std::string> kFixKinds{
    "restart_service", "raise_limit",       "rollback_deploy",    "revert_config",  "create_index",
    "free_disk",       "renew_certificate", "restore_dns_record", "block_ip",       "stop_job",
    "contact_vendor",  "kill_blocker",      "investigate_crash",  "remove_backend", "fix_permissions",
    "warm_cache",      "shed_load",         "scale_out"};

/// A service with a manager, a config file and every command that a playbook names.
struct Shop {
  explicit Shop(const Playbook& playbook) {
    const std::string file = directory.path().toStdString() + "/service.conf";
    std::ofstream(file) << (playbook.id == "raise-memory-limit" ? "memory_limit_mb = 64\n"
                            : playbook.id == "raise-connection-limit"
                                ? "max_connections = 100 # restart\n"
                                : "[Service]\nLimitNOFILE=1024\nMemoryMax=1048576\n");
    model::ServiceEntry service{.name = "web", .configFile = file, .healthUrl = "http://127.0.0.1:9/health"};
    service.manager = "systemd";
    service.unit = "web.service";
    service.logs = {directory.path().toStdString() + "/web.log"};
    std::ofstream(service.logs.front()) << "a line\n";
    service.writablePaths = {directory.path().toStdString()};
    for (const auto& condition : playbook.preconditions) {
      if (condition.kind == Precondition::Kind::Command)
        service.commands[condition.name] = {"/usr/bin/tool", condition.name};
    }
    service.commands["check_config"] = {"/usr/bin/tool", "check", "{file}"};
    inventory.services = {service};
    policy.allowedCommands = {"/usr/bin/tool"};
    policy.writableRoots = {directory.path().toStdString()};
    hypothesis.service = "web";
    hypothesis.kind = playbook.cures.front();
    hypothesis.confidence = 0.95;
    incident.id = model::IncidentId::create();
    events.push_back({.patternId = "trouble", .service = "web", .severity = model::Severity::Error});
    events.back().tally = {{.value = "203.0.113.9", .count = 7}, {.value = "203.0.113.7", .count = 90}};
    events.push_back({.patternId = "other", .service = "db", .severity = model::Severity::Error});
    world = systemWorld(policy);
    world.observe = [](const model::ServiceEntry& entry) -> base::Result<model::UnitState> {
      return model::UnitState{.unit = entry.unit, .active = true, .state = "active (running)"};
    };
    // Files are looked at as they are; the firewall of the machine is none of this test's business.
    world.bind = [this](const model::ServiceEntry& entry, const std::string& verb,
                        const model::Facts& arguments,
                        std::chrono::milliseconds timeout) -> base::Result<model::HostAct> {
      if (verb == "block")
        return model::HostAct{.verb = verb, .arguments = arguments, .line = {"nft"}, .undoLine = {"nft"}};
      return findHostVerb(verb)->bind(arguments, timeout, {entry, policy});
    };
  }
  base::Result<PlannedFix> plan(const Playbook& playbook) const {
    return makePlan({playbook, incident, hypothesis, events, inventory, policy}, world);
  }

  QTemporaryDir directory;
  model::Inventory inventory;
  model::ExecutionPolicy policy;
  model::Incident incident;
  model::Hypothesis hypothesis;
  std::vector<model::Event> events;
  PlanningWorld world;
};

}  // namespace

class TestPlaybooks : public QObject {
  Q_OBJECT

  PlaybookSet m_set = loadPlaybooks({AIOPS_SOURCE_DIR "/resources/playbooks"});

 private Q_SLOTS:
  void allLoad() {
    for (const auto& problem : m_set.problems) qWarning("%s", problem.line().c_str());
    QVERIFY(m_set.problems.empty());
    QVERIFY(m_set.playbooks.size() >= 10);
  }

  void eachIsNamedAndPlaced() {
    std::set<std::string> cured, kinds;
    for (const auto& playbook : m_set.playbooks) {
      QCOMPARE(playbook.id + ".yaml", std::filesystem::path(playbook.file).filename().string());
      QVERIFY2(kFixKinds.contains(playbook.fixKind), playbook.id.c_str());
      kinds.insert(playbook.fixKind);
      for (const auto& cause : playbook.cures) {
        QVERIFY2(kCauses.contains(cause), cause.c_str());
        cured.insert(cause);
      }
    }
    QVERIFY(kinds == kFixKinds);
  }

  /// They name the service, whether or not it is ours, and never become a plan.
  void whatIsDoneByHandIsOnlyTold() {
    size_t count = 0;
    for (const auto& playbook : m_set.playbooks) {
      if (!playbook.isByHand()) continue;
      ++count;
      const auto advice = adviceOf(playbook, "bank");
      QVERIFY2(advice.title.find("bank") != std::string::npos, playbook.id.c_str());
      QVERIFY(advice.text().find('{') == std::string::npos);
      QVERIFY(advice.steps.size() == playbook.byHand.size() && !advice.steps.empty());
      QVERIFY(Shop(playbook).plan(playbook).error().code == base::ErrorCode::Conflict);
    }
    QVERIFY(count >= 5);
    const model::Hypothesis overloaded{.service = "web", .kind = "cpu_saturation"};
    const auto offered = playbooksFor(m_set, overloaded);
    QVERIFY(offered.size() >= 2);
    QVERIFY(!offered.front()->isByHand() && offered.back()->isByHand());
  }

  void eachPlans_data() {
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < m_set.playbooks.size(); ++i) {
      if (!m_set.playbooks[i].isByHand()) QTest::newRow(m_set.playbooks[i].id.c_str()) << static_cast<int>(i);
    }
  }
  void eachPlans() {
    QFETCH(int, index);
    const auto& playbook = m_set.playbooks[static_cast<size_t>(index)];
    QVERIFY(!playbook.unsure.empty() && !playbook.reaches.empty());
    const Shop shop(playbook);
    const auto planned = shop.plan(playbook);
    QVERIFY2(planned.has_value(), planned ? "" : planned.error().line().c_str());
    QVERIFY(parsePlan(model::canonicalBytes(planned->plan)).has_value());
    QVERIFY(planned->plan.risk >= model::Risk::Medium);
    QVERIFY(!planned->plan.validators.empty());
    for (const auto& validator : planned->plan.validators)
      QVERIFY(validator.patternId != "evidence" && validator.patternId != "other");
    const bool undoable = std::ranges::all_of(planned->plan.steps, &model::PlanStep::hasUndo);
    QCOMPARE(planned->plan.irreversible, !undoable);
    if (!undoable) QVERIFY(planned->plan.risk == model::Risk::High);
  }

  /// What a service does not offer is said, and no half plan is made.
  void eachNeedsWhatItSays_data() { eachPlans_data(); }
  void eachNeedsWhatItSays() {
    QFETCH(int, index);
    const auto& playbook = m_set.playbooks[static_cast<size_t>(index)];
    Shop shop(playbook);
    auto& service = shop.inventory.services[0];
    service.commands.clear();
    service.manager.clear();
    service.healthUrl.clear();
    service.logs.clear();
    shop.events.front().tally.clear();
    QVERIFY(shop.plan(playbook).error().code == base::ErrorCode::NotFound);
  }

  void whatIsEditedIsOneValue() {
    const auto* playbook = m_set.find("raise-connection-limit");
    const Shop shop(*playbook);
    const auto planned = shop.plan(*playbook);
    const auto& edit = *planned->plan.steps[0].edit;
    QCOMPARE(edit.after, std::string("max_connections = 200 # restart\n"));
    const std::vector<std::string> check{"/usr/bin/tool", "check", "{file}"};
    QCOMPARE(edit.check->argv, check);
    QVERIFY(planned->plan.steps[1].inverseDeferred);
    QCOMPARE(planned->plan.steps[1].action->undoVerb, std::string("restart"));
  }

  void aFileThatTheLensCannotReadIsRefused() {
    const auto* playbook = m_set.find("raise-connection-limit");
    const Shop shop(*playbook);
    std::ofstream(shop.inventory.services[0].configFile) << "max_connections = 'half\n";
    const auto planned = shop.plan(*playbook);
    QVERIFY(!planned);
    QVERIFY2(planned.error().line().find("lens Postgresql") != std::string::npos,
             planned.error().line().c_str());
  }
};

QTEST_GUILESS_MAIN(TestPlaybooks)
#include "tst_remediation_playbooks.moc"
