// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "remediation/playbook.h"

using aiops::base::readFile;
using namespace aiops::remediation;

namespace {

const char* const kShipped = AIOPS_SOURCE_DIR "/resources/playbooks/raise-memory-limit.yaml";

std::string shipped() {
  return readFile(kShipped).value_or("");
}

/// The shipped playbook with the first `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = shipped();
  const size_t at = text.find(from);
  if (at == std::string::npos) qFatal("the playbook has no '%s'", from.c_str());
  return text.replace(at, from.size(), to);
}

/// 1-based line of the first occurrence of `needle`.
size_t lineOf(const std::string& text, const std::string& needle) {
  const size_t at = text.find(needle);
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

}  // namespace

class TestPlaybook : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void readsTheShippedOnes() {
    const auto set = loadPlaybooks({AIOPS_SOURCE_DIR "/resources/playbooks"});
    for (const auto& problem : set.problems) qWarning("%s", problem.line().c_str());
    QVERIFY(set.problems.empty());
    const Playbook* playbook = set.find("raise-memory-limit");
    QVERIFY(playbook);
    QCOMPARE(playbook->digest, aiops::base::sha256Hex(shipped()));
    QCOMPARE(playbook->fixKind, std::string("raise_limit"));
    QCOMPARE(playbook->steps.size(), size_t(2));
    QVERIFY(playbook->steps[1].inverse && playbook->steps[1].inverseDeferred &&
            playbook->steps[1].idempotent);
    QCOMPARE(playbook->steps[1].inverseEffectCheck->with.at("new_limit"), std::string("old_limit"));
    QCOMPARE(playbook->validators.size(), size_t(2));
    QCOMPARE(playbook->validators[0].settle.count(), 2000);
    QCOMPARE(playbook->validators[0].below, 0.98);
  }

  void namesTheLineOfEachMistake_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* from, const char* to, const char* says) {
      QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(says);
    };
    row("unknown key", "fix_kind: raise_limit", "fix_knd: raise_limit", "unknown key 'fix_knd'");
    row("unknown key deep", "deferred: true", "defered: true", "unknown key 'defered'");
    row("twice", "reaches:", "unsure: [x]\nreaches:", "given twice");
    row("wrong type", "idempotent: true", "idempotent: maybe", "true or false");
    row("list instead of text", "fix_kind: raise_limit", "fix_kind: [raise_limit]", "single value");
    row("text instead of list", "cures: [memory_limit_reached]", "cures: memory_limit_reached",
        "must be a list");
    row("empty list", "cures: [memory_limit_reached]", "cures: []", "no root-cause kind");
    row("number", "max: 524288", "max: lots", "whole number");
    row("overflow", "max: 524288", "max: 99999999999999999999", "whole number");
    row("no bound", ", min: 1, max: 524288", "", "lacks 'max'");
    row("min above max", "min: 1, max: 524288", "min: 9, max: 5", "min is above max");
    row("parameter type", "type: integer, from: config", "type: float, from: config",
        "unknown parameter type");
    row("source", "from: target}", "from: log}", "unknown source");
    row("later parameter", "from: parameter.old_limit", "from: parameter.nothing",
        "not a parameter given before");
    row("file from text", "from: target.config_file", "default: /etc/passwd", "service_file");
    row("file from a capture", "from: target.config_file", "from: capture.path", "service_file");
    row("placeholder", "Restart {service}\"", "Restart {host}\"", "'{host}' is not a parameter");
    row("edit key type", "key: limit_key,", "key: new_limit,", "wrong type");
    row("format", "format: keyvalue", "format: regex", "unknown format");
    row("precondition", "- service_known", "- service_happy", "unknown precondition");
    row("validator", "- http:", "- ping:", "unknown key 'ping'");
    row("pointer", "json_pointer: /memory", "json_pointer: memory", "begins with '/'");
    row("duration", "settle: 2s", "settle: 2", "must be a time");
    row("probes", "probes: 9", "probes: 0", "probes must be");
    row("risk", "base: medium", "base: mild", "low, medium or high");
    row("tag", "version: \"1\"", "version: !!int \"1\"", "tag");
    row("syntax", "cures: [memory_limit_reached]", "cures: [memory_limit_reached", "");
  }
  void namesTheLineOfEachMistake() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, says);
    const std::string text = changed(from.toStdString(), to.toStdString());
    const auto playbook = parsePlaybook(text, "/books/x.yaml");
    QVERIFY(!playbook);
    const auto where = playbook.error().where;
    QVERIFY2(where.starts_with("/books/x.yaml:"), where.c_str());
    QVERIFY2(playbook.error().what.find(says.toStdString()) != std::string::npos,
             playbook.error().what.c_str());
    if (!says.startsWith(QStringLiteral("unknown key"))) return;
    const auto key = to.left(to.indexOf(QLatin1Char(':'))).remove(QStringLiteral("- ")).toStdString();
    QCOMPARE(where, "/books/x.yaml:" + std::to_string(lineOf(text, key + ":")));
  }

  void missingPartsAreNamed() {
    for (const char* key :
         {"id", "version", "title", "fix_kind", "cures", "parameters", "steps", "validators", "risk"}) {
      const auto playbook = parsePlaybook(changed(std::string("\n") + key + ":", "\nzzz:"), "x.yaml");
      QVERIFY(!playbook);
    }
    QVERIFY(!parsePlaybook("", "x.yaml"));
    QVERIFY(!parsePlaybook("- a\n- b\n", "x.yaml"));
    QVERIFY(!parsePlaybook("id: \xff\n", "x.yaml"));
  }

  void whatIsDoneByHandHasNoSteps() {
    const std::string text =
        "id: call\nversion: '1'\ntitle: Call {service}\nfix_kind: contact_vendor\ncures: [third_party_slow]\n"
        "by_hand: [\"tell them of {service}\"]\nrisk: {base: low}\n";
    const auto playbook = parsePlaybook(text, "x.yaml");
    QVERIFY2(playbook.has_value(), playbook ? "" : playbook.error().line().c_str());
    QVERIFY(playbook->isByHand() && playbook->steps.empty());
    const auto says = [](const std::string& broken, const std::string& what) {
      const auto read = parsePlaybook(broken, "x.yaml");
      return !read && read.error().what.find(what) != std::string::npos;
    };
    QVERIFY(says(text + "steps: []\n", "unknown key 'steps'"));
    QVERIFY(says(text + "parameters: {}\n", "unknown key 'parameters'"));
    const auto with = [&](const std::string& from, const std::string& to) {
      return std::string(text).replace(text.find(from), from.size(), to);
    };
    QVERIFY(says(with("[\"tell them of {service}\"]", "[]"), "says nothing"));
    QVERIFY(says(with("of {service}", "of {host}"), "'{host}' is not a parameter"));
  }

  void aBrokenFileDoesNotHideTheOthers() {
    QTemporaryDir directory;
    const std::filesystem::path path = directory.path().toStdString();
    std::ofstream(path / "a-broken.yaml") << "id: [\n";
    std::ofstream(path / "b-good.yaml") << shipped();
    std::ofstream(path / "c-twin.yaml") << shipped();
    std::ofstream(path / "notes.txt") << "not a playbook";
    const auto set = loadPlaybooks({path, path / "missing"});
    QCOMPARE(set.playbooks.size(), size_t(1));
    QCOMPARE(set.problems.size(), size_t(3));
    QVERIFY(set.problems[0].where.find("a-broken.yaml:") != std::string::npos);
    QVERIFY(set.problems[1].what.find("already given by") != std::string::npos);
    QVERIFY(set.problems[2].where.find("missing") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestPlaybook)
#include "tst_remediation_playbook.moc"
