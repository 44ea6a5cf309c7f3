// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "remediation/parameters.h"
#include "unit/remediation/remediation_world.h"

using aiops::base::ErrorCode;
using namespace aiops;
using namespace aiops::remediation;
using test::World;

namespace {

/// Values that an attacker may write into a log line.
std::vector<std::string> hostileValues() {
  std::vector<std::string> out{"",
                               "-1",
                               "+1",
                               " 1",
                               "1 ",
                               "01",
                               "1e3",
                               "0x10",
                               "1.5",
                               "1\n",
                               "1;rm",
                               "$(id)",
                               "`id`",
                               "1|2",
                               "../../x",
                               "/etc/passwd",
                               "--help",
                               "-x",
                               "\xe2\x80\xae"
                               "1",
                               "1\xff",
                               "99999999999999999999",
                               "9223372036854775808",
                               "NaN",
                               "{web}",
                               "web\nfront",
                               "web ",
                               "Web",
                               "*",
                               "%s",
                               "\x1b[31m1"};
  out.emplace_back(
      "1\0"
      "2",
      3);
  out.emplace_back(65536, '1');
  out.emplace_back(65536, 'a');
  return out;
}

}  // namespace

class TestPlanner : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void plansExactlyWhatRuns() {
    const World world;
    const auto planned = world.plan();
    QVERIFY2(planned, planned ? "" : planned.error().line().c_str());
    const model::Plan& plan = planned->plan;
    QCOMPARE(plan.parameters.at("old_limit"), std::string("64"));
    QCOMPARE(plan.parameters.at("new_limit"), std::string("128"));
    QCOMPARE(plan.steps.size(), size_t(2));
    QCOMPARE(plan.steps[0].edit->before, test::kConfigBefore);
    QCOMPARE(plan.steps[0].edit->after,
             std::string("# web\r\nworkers = 4\r\n\r\n  memory_limit_mb=128 ; MB\r\nname = web"));
    QCOMPARE(plan.steps[0].edit->mode, 0640u);
    QCOMPARE(plan.steps[1].effectCheck->argv.back(), std::string("128"));
    QCOMPARE(plan.steps[1].inverseEffectCheck->argv.back(), std::string("64"));
    QVERIFY(plan.steps[1].inverseDeferred);
    QCOMPARE(plan.validators[1].service, std::string("web"));
    QCOMPARE(plan.validators[0].url, std::string("http://127.0.0.1:9/health"));
    QVERIFY(plan.risk == model::Risk::Medium);
    QVERIFY(!plan.irreversible && !planned->unsure.empty() && !planned->reaches.empty());
    QCOMPARE(planned->planHash, model::canonicalHash(plan));
    QCOMPARE(planned->title, std::string("Raise the memory limit of web from 64 to 128 MB and restart it"));
  }

  void isDeterministic() {
    const World world;
    QCOMPARE(world.plan()->planHash, world.plan()->planHash);
  }

  void riskFollowsFromWhatIsDone() {
    World world;
    world.hypothesis.confidence = 0.4;
    QVERIFY(world.plan()->plan.risk == model::Risk::High);
    const auto reasons = world.plan()->plan.riskReasons;
    QVERIFY(
        std::ranges::any_of(reasons, [](const auto& r) { return r.raises && r.text == "used by front"; }));
    QVERIFY(reasons.front().raises && !reasons.back().raises);
  }

  void saysWhyItDoesNotFit_data() {
    QTest::addColumn<int>("change");
    QTest::addColumn<int>("code");
    QTest::newRow("unknown service") << 0 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("no config file") << 1 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("file missing") << 2 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("outside the writable roots") << 3 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("forbidden path") << 4 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("symbolic link") << 5 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("hard link") << 6 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("key missing") << 7 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("key twice") << 8 << static_cast<int>(ErrorCode::Conflict);
    QTest::newRow("not an integer") << 9 << static_cast<int>(ErrorCode::InvalidInput);
    QTest::newRow("above the maximum") << 10 << static_cast<int>(ErrorCode::InvalidInput);
    QTest::newRow("no restart command") << 11 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("command not allowed") << 12 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("placeholder without parameter") << 13 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("no health address") << 14 << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("path with ..") << 15 << static_cast<int>(ErrorCode::PermissionDenied);
    QTest::newRow("directory") << 16 << static_cast<int>(ErrorCode::PermissionDenied);
  }
  void saysWhyItDoesNotFit() {
    QFETCH(int, change);
    QFETCH(int, code);
    World world;
    model::ServiceEntry& web = world.config.inventory.services[0];
    const auto link = world.root() / "etc/link.conf";
    switch (change) {
      case 0:
        world.hypothesis.service = "db";
        break;
      case 1:
        web.configFile.clear();
        break;
      case 2:
        std::filesystem::remove(web.configFile);
        break;
      case 3:
        world.config.policy.writableRoots = {(world.root() / "et").string()};
        break;
      case 4:
        world.config.policy.forbiddenPaths = {web.configFile};
        break;
      case 5:
        std::filesystem::create_symlink(web.configFile, link);
        web.configFile = link.string();
        break;
      case 6:
        std::filesystem::create_hard_link(web.configFile, link);
        break;
      case 7:
        world.writeConfig("a = 1\n");
        break;
      case 8:
        world.writeConfig("memory_limit_mb = 1\nmemory_limit_mb = 1\n");
        break;
      case 9:
        world.writeConfig("memory_limit_mb = 64M\n");
        break;
      case 10:
        world.writeConfig("memory_limit_mb = 524289\n");
        break;
      case 11:
        web.commands.erase("restart");
        break;
      case 12:
        world.config.policy.allowedCommands = {"/bin/false"};
        break;
      case 13:
        web.commands["status"].push_back("{unknown}");
        break;
      case 14:
        web.healthUrl.clear();
        break;
      case 15:
        web.configFile = (world.root() / "etc/../etc/web.conf").string();
        break;
      case 16:
        web.configFile = (world.root() / "etc").string();
        break;
      default:
        break;
    }
    const auto planned = world.plan();
    QVERIFY(!planned);
    QVERIFY2(static_cast<int>(planned.error().code) == code, planned.error().line().c_str());
  }

  /// Whatever a log line says, a captured value is in its grammar or there is no plan.
  void hostileCapturesStayOut() {
    World world;
    Parameter number{
        .name = "n", .type = ParameterType::Integer, .source = ParameterSource::Capture, .sourceName = "v"};
    number.min = 1;
    number.max = 1000;
    Parameter name = number;
    name.type = ParameterType::ServiceName;
    Parameter command = number;
    command.type = ParameterType::ServiceCommand;
    Parameter word = number;
    word.type = ParameterType::Identifier;
    const auto& web = world.config.inventory.services[0];
    const ParameterWorld values{web, world.config.inventory, world.events, {}};
    for (const auto& text : hostileValues()) {
      QVERIFY2(!validateValue(number, text, values), text.substr(0, 40).c_str());
      QVERIFY2(!validateValue(name, text, values), text.substr(0, 40).c_str());
      QVERIFY2(!validateValue(command, text, values), text.substr(0, 40).c_str());
    }
    QVERIFY(validateValue(number, "1000", values) && !validateValue(number, "1001", values));
    QVERIFY(validateValue(name, "front", values) && validateValue(command, "restart", values));
    std::mt19937 random(3);
    for (int round = 0; round < 20000; ++round) {
      std::string text;
      for (size_t i = random() % 8; i-- > 0;) text += static_cast<char>(random() % 256);
      const auto accepted = validateValue(word, text, values);
      if (!accepted) continue;
      QVERIFY(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
              std::string::npos);
      QVERIFY(std::isalpha(static_cast<unsigned char>(text[0])));
    }
  }

  void capturesComeFromTheTargetAndAgree() {
    World world;
    Playbook playbook;
    playbook.parameters.push_back({.name = "n",
                                   .type = ParameterType::Integer,
                                   .source = ParameterSource::Capture,
                                   .sourceName = "v",
                                   .min = 0,
                                   .max = 100,
                                   .scale = 3});
    model::Event event;
    event.service = "front";
    event.captures["v"] = "9";
    world.events = {event};
    const ParameterWorld values{world.config.inventory.services[0], world.config.inventory, world.events, {}};
    QCOMPARE(static_cast<int>(resolveParameters(playbook, values).error().code),
             static_cast<int>(ErrorCode::NotFound));
    event.service = "web";
    world.events = {event, event};
    QCOMPARE(resolveParameters(playbook, values)->at("n"), std::string("27"));
    event.captures["v"] = "8";
    world.events.push_back(event);
    QVERIFY(!resolveParameters(playbook, values));
  }

  void onlyWholeArgumentsAreReplaced() {
    const ParameterValues values{{"x", "--evil"}, {"y", "2"}};
    const auto argv = fillArguments({"/bin/a", "{x}", "p{x}", "{}", "{y}"}, {{"y", "x"}}, values);
    QVERIFY((*argv == std::vector<std::string>{"/bin/a", "--evil", "p{x}", "{}", "--evil"}));
    QVERIFY(!fillArguments({"{x}"}, {}, values));
    QVERIFY(!fillArguments({}, {}, values));
  }
};

QTEST_GUILESS_MAIN(TestPlanner)
#include "tst_remediation_planner.moc"
