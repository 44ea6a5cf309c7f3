// What specialists find beyond a cause: the index that would help, who attacks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "analysis/attack_specialist.h"
#include "analysis/index_specialist.h"
#include "analysis/peak_specialist.h"
#include "analysis/specialists.h"
#include "base/ip_address.h"
#include "support/event_builder.h"

using namespace aiops;
using test::at;
using test::makeEvent;

namespace {

using Findings = std::vector<model::Finding>;

base::Result<std::string> asWritten(const model::EvidenceRef& ref) {
  return ref.text;
}

std::string fieldOf(const model::Finding& finding, const std::string& name) {
  for (const auto& field : finding.fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

model::Diagnosis because(const std::string& service, const std::string& kind) {
  model::Diagnosis out;
  out.hypotheses.push_back({.service = service, .kind = kind, .confidence = 0.9});
  out.at = at(1000);
  return out;
}

model::Event slow(const std::vector<std::string>& entries, uint64_t count = 0) {
  auto event = makeEvent("db", "slow_query", 1, model::Severity::Warning);
  event.patternId = "postgresql-slow-statements";
  const auto ref = event.evidence.front();
  event.evidence.clear();
  for (const auto& entry : entries) {
    event.evidence.push_back(ref);
    event.evidence.back().text = entry;
    event.evidence.back().id = entry;
  }
  event.count = count == 0 ? entries.size() : count;
  return event;
}

std::string statement(double milliseconds, const std::string& sql) {
  return "2026-11-22 20:35:23 UTC [1] LOG:  duration: " + std::to_string(milliseconds) +
         " ms  statement: " + sql;
}

Findings lookedAt(const std::vector<model::Event>& events, const model::Diagnosis& diagnosis,
                  const analysis::Reread& reread = asWritten) {
  return analysis::IndexSpecialist().examine({{}, events, {}}, diagnosis, reread);
}

const std::string kPlan =
    "2026-11-22 20:35:23 UTC [1] LOG:  duration: 1503.250 ms  plan:\n\tQuery Text: SELECT * FROM orders "
    "WHERE customer_id = 42\n"
    "\tSeq Scan on orders  (cost=0.00..24540.00 rows=20 width=20) (actual time=2.0..1502.9 rows=24 loops=1)\n"
    "\t  Filter: (customer_id = 42)\n\t  Rows Removed by Filter: 999976\n";

model::TallyRow row(const std::string& address, uint64_t count, double first, double last,
                    std::vector<std::string> users = {}) {
  return {.value = address,
          .count = count,
          .first = at(first),
          .last = at(last),
          .with = users,
          .withCount = users.size()};
}

model::Event tried(std::vector<model::TallyRow> rows, double first = 0) {
  auto event = makeEvent("sshd", "brute_force", first);
  event.patternId = "ssh-brute-force";
  event.tally = std::move(rows);
  return event;
}

Findings attackers(const std::vector<model::Event>& events, double now = 1000) {
  auto diagnosis = because("sshd", "brute_force");
  diagnosis.at = at(now);
  return analysis::AttackSpecialist().examine({{}, events, {}}, diagnosis, asWritten);
}

}  // namespace

class TestAnalysisFindings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void linesThatAreGoneGiveNoIndex() {
    const auto gone = [](const model::EvidenceRef&) -> base::Result<std::string> {
      return base::fail(base::ErrorCode::NotFound, "gone");
    };
    QVERIFY(lookedAt({slow({kPlan})}, because("db", "missing_index"), gone).empty());
  }
  void otherTroubleGivesNoIndex() {
    QVERIFY(lookedAt({}, because("db", "missing_index")).empty());
    QVERIFY(
        lookedAt({slow({"2026-11-22 ERROR: slow query, 3000 ms"})}, because("db", "missing_index")).empty());
    const auto one = slow({statement(1500, "SELECT * FROM orders WHERE customer_id = 42")});
    QVERIFY(lookedAt({one}, because("db", "lock_contention")).empty());
    QVERIFY(lookedAt({one}, because("web", "missing_index")).empty());
    QVERIFY(lookedAt({one}, {}).empty());
  }
  void hostileNamesGetIntoNoStatement() {
    const auto found =
        lookedAt({slow({statement(1500, "SELECT * FROM \"x\"\" (a); DROP TABLE y; --\" WHERE b = 1")})},
                 because("db", "missing_index"));
    QCOMPARE(found.size(), size_t(1));
    QVERIFY(found[0].text.empty());
    QVERIFY(!fieldOf(found[0], "why").empty());
  }
  void aPlanTellsWhateverTheCauseIs() {
    const auto found = lookedAt({slow({kPlan}, 340)}, because("web", "bad_deploy"));
    QCOMPARE(found.size(), size_t(1));
    QCOMPARE(found[0].type, std::string("missing_index"));
    QCOMPARE(found[0].text, std::string("CREATE INDEX CONCURRENTLY ON \"orders\" (\"customer_id\");"));
    QCOMPARE(fieldOf(found[0], "known"), std::string("from the plan"));
    QCOMPARE(fieldOf(found[0], "statement"), std::string("select * from orders where customer_id = ?"));
    QCOMPARE(fieldOf(found[0], "thrown away"), std::string("99.99 % of 1000000 rows read"));
    QCOMPARE(fieldOf(found[0], "seen"),
             std::string("1 of the 1 slow entry that was read; 340 were counted in all"));
    QCOMPARE(found[0].evidence.size(), size_t(1));
  }
  void statementsOfOneShapeCountTogether() {
    const auto found = lookedAt(
        {slow({statement(1000, "SELECT * FROM orders WHERE customer_id = 1"),
               statement(3000, "SELECT * FROM orders WHERE customer_id = 2"),
               statement(2000, "select id from orders where customer_id = 3"), statement(1100, "COMMIT")})},
        because("db", "missing_index"));
    QCOMPARE(found.size(), size_t(1));  // the COMMIT is not told beside what helps
    QCOMPARE(fieldOf(found[0], "takes"), std::string("median 2.00 s, worst 3.00 s"));
    QCOMPARE(fieldOf(found[0], "known"), std::string("from the statement alone; EXPLAIN decides"));
    QVERIFY(fieldOf(found[0], "seen").starts_with("3 of the 4 "));
  }
  void whatCanNotBeHelpedSaysWhy() {
    const auto found = lookedAt({slow({statement(1000, "SELECT * FROM t WHERE lower(email) = 'x'")})},
                                because("db", "missing_index"));
    QCOMPARE(found.size(), size_t(1));
    QVERIFY(found[0].text.empty());
    QVERIFY(fieldOf(found[0], "why").find("index on that expression") != std::string::npos);
  }
  void mysqlCountsTheRowsItExamined() {
    const std::string head =
        "# Time: 2026-11-22T18:13:25Z\n# User@Host: a[a] @ web [10.0.0.5]  Id:     3\n# Query_time: ";
    const auto vain = head +
                      "3.0  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 2000000\nSELECT * FROM orders WHERE "
                      "customer_id = 7;";
    const auto busy = head +
                      "3.0  Lock_time: 0.0 Rows_sent: 2000000  Rows_examined: 2000000\nSELECT * FROM orders "
                      "WHERE state = 7;";
    const auto found = lookedAt({slow({vain, busy})}, because("web", "cpu_saturation"));
    QCOMPARE(found.size(), size_t(1));
    QCOMPARE(found[0].text,
             std::string("ALTER TABLE `orders` ADD INDEX (`customer_id`), ALGORITHM=INPLACE, LOCK=NONE;"));
  }

  void addressesAreParsedStrictly() {
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "203.0.113.7; rm", "::1%eth0", "fe80::1/64", "localhost", "0x7f.1"})
      QVERIFY2(!base::IpAddress::parse(text), text);
    QCOMPARE(base::IpAddress::parse("::ffff:203.0.113.7")->text(), std::string("203.0.113.7"));
    QCOMPARE(base::IpAddress::parse("2001:DB8:1:2::7")->network(), std::string("2001:db8:1:2::/64"));
    for (const char* text :
         {"10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "127.0.0.1", "::1", "fd00::1", "fe80::1"})
      QVERIFY2(base::IpAddress::parse(text)->isInternal(), text);
    for (const char* text : {"172.32.0.1", "100.128.0.1", "203.0.113.7", "2001:db8::1", "::2"})
      QVERIFY2(!base::IpAddress::parse(text)->isInternal(), text);
  }
  void nothingIsToldWithoutAnAttack() {
    QVERIFY(attackers({}).empty());
    QVERIFY(attackers({makeEvent("web", "requests_failing", 1)}).empty());
    QVERIFY(attackers({tried({})}).empty());
    QVERIFY(attackers({tried({row("not an address", 50, 0, 9), row("203.0.113.7; ls", 9, 0, 9)})}).empty());
    auto guess = makeEvent("sshd", "password_guessing", 1, model::Severity::Warning);
    guess.key = "203.0.113.7";
    QVERIFY(attackers({guess}).empty());  // a warning alone is daily life
  }
  void aRunThatIsToldAgainCountsOnce() {
    const auto found =
        attackers({tried({row("203.0.113.7", 20, 0, 30)}), tried({row("203.0.113.7", 90, 0, 90)}),
                   tried({row("203.0.113.7", 5, 500, 510)}, 500)});
    QCOMPARE(found.size(), size_t(1));
    QVERIFY(fieldOf(found[0], "tries").starts_with("95, "));
    QCOMPARE(found[0].text, std::string("203.0.113.7\n"));
  }
  void patternsThatCountTheSameLinesAreNotAdded() {
    auto guess = makeEvent("sshd", "password_guessing", 1, model::Severity::Warning);
    guess.patternId = "abuse-user-guessing";
    guess.key = "203.0.113.7";
    guess.count = 30;
    const auto found = attackers({tried({row("203.0.113.7", 20, 0, 30, {"root"})}), guess});
    QVERIFY(fieldOf(found[0], "tries").starts_with("30, "));
  }
  void ranksAndListsAddresses() {
    std::vector<model::TallyRow> rows = {row("10.0.0.9", 3, 0, 60, {"backup"})};
    for (int i = 1; i <= 12; ++i)
      rows.push_back(
          row("203.0.113." + std::to_string(i), static_cast<uint64_t>(i), 0, 60, {"u" + std::to_string(i)}));
    const auto found = attackers({tried(rows)});
    QCOMPARE(found.size(), size_t(1));
    QVERIFY(found[0].text.starts_with("203.0.113.12\n203.0.113.11\n"));
    QCOMPARE(std::ranges::count(found[0].text, '\n'), 13);
    QVERIFY(fieldOf(found[0], "kind").find("distributed") != std::string::npos);
    QVERIFY(fieldOf(found[0], "kind").find("spraying") != std::string::npos);
    QCOMPARE(fieldOf(found[0], "from"), std::string("12 from outside, 1 from inside"));
    QCOMPARE(fieldOf(found[0], "networks"), std::string("203.0.113.0/24 (12 addresses, 78 tries)"));
    QVERIFY(fieldOf(found[0], "last").find("goes on") == std::string::npos);
    QVERIFY(fieldOf(attackers({tried(rows)}, 100)[0], "last").find("goes on") != std::string::npos);
  }
  void oneUserIsGuessing() {
    const auto found = attackers({tried({row("203.0.113.7", 200, 0, 60, {"root"})})});
    QCOMPARE(fieldOf(found[0], "kind"), std::string("guessing the password of one user"));
    QCOMPARE(fieldOf(found[0], "users"), std::string("1: root"));
    auto invalid = row("203.0.113.7", 200, 0, 60, {"a", "b", "c", "d", "e", "f"});
    invalid.marked = 180;
    QVERIFY(fieldOf(attackers({tried({invalid})})[0], "kind").find("do not exist") != std::string::npos);
  }
  void aLoginAfterFailuresComesFirst() {
    auto in = makeEvent("sshd", "login_after_failures", 100);
    in.key = "203.0.113.7";
    in.captures = {{"user", "root"}, {"host", "203.0.113.7"}};
    const auto found =
        attackers({tried({row("203.0.113.7", 40, 0, 90), row("203.0.113.8", 400, 0, 90)}), in, in});
    QCOMPARE(found.size(), size_t(2));
    QVERIFY(found[0].title.find("succeeded") != std::string::npos);
    QCOMPARE(fieldOf(found[0], "user"), std::string("root"));
    QCOMPARE(fieldOf(found[0], "before that"), std::string("40 failed tries"));
    QCOMPARE(attackers({in}).size(), size_t(1));
  }

  void aRhythmIsToldForAnyCause() {
    std::vector<base::TimePoint> before;
    for (int day = 1; day <= 6; ++day) before.push_back(at(0) - std::chrono::hours(24 * day));
    const analysis::RateBook rates;
    const auto found = [&](std::vector<base::TimePoint> starts) {
      const analysis::PeakSpecialist specialist([starts](const auto&, const auto&) { return starts; }, rates);
      analysis::CaseFile file{{.startedAt = at(0)}, {makeEvent("web", "requests_failing", 0)}, {}};
      return specialist.examine(file, because("web", "bad_deploy"), asWritten);
    };
    QVERIFY(found({}).empty());
    const auto told = found(before);
    QCOMPARE(told.size(), size_t(1));
    QVERIFY(told[0].title.starts_with("It comes again each day at about "));
    QCOMPARE(fieldOf(told[0], "came"), std::string("7 of 7 times"));
    QCOMPARE(told[0].evidence.size(), size_t(1));
  }
  void aPeakIsForeseenUnderLoadAlone() {
    analysis::RateBook rates;
    const auto midnight = std::chrono::floor<std::chrono::days>(at(0));
    for (int slot = 0; slot < 6 * 96; ++slot) {
      const auto time = midnight - std::chrono::hours(6 * 24) + std::chrono::minutes(15) * slot;
      rates.add("web", time, slot % 96 >= 36 && slot % 96 < 40 ? 5000 : 300);
    }
    const analysis::PeakSpecialist specialist({}, rates);
    const auto examine = [&](const std::string& service, const std::string& kind) {
      auto diagnosis = because(service, kind);
      diagnosis.at = midnight;
      analysis::CaseFile file{
          {.services = {service}, .startedAt = midnight}, {makeEvent(service, "cpu_saturated", 0)}, {}};
      return specialist.examine(file, diagnosis, asWritten);
    };
    QVERIFY(examine("web", "bad_deploy").empty());
    const auto told = examine("web", "cpu_saturation");
    QCOMPARE(told.size(), size_t(1));
    QVERIFY(told[0].title.find(" 09:") != std::string::npos);
    const auto no = examine("db", "cpu_saturation");
    QCOMPARE(no.size(), size_t(1));
    QVERIFY(fieldOf(no[0], "why").find("three past days") != std::string::npos);
  }
  void ratesAreBounded() {
    analysis::RateBook rates;
    rates.add("web", at(0), 1);
    rates.add("web", at(0) - std::chrono::hours(24 * 365), 9);  // too old
    rates.add("web", at(0) - std::chrono::hours(1), 2);
    QCOMPARE(rates.linesOf("web").size(), size_t(5));
    QCOMPARE(rates.linesOf("web").front().value, 2.0);
    rates.add("web", at(0) + std::chrono::hours(24 * 30), 3);
    rates.add("web", at(0) + std::chrono::hours(24 * 60), 4);
    QVERIFY(rates.linesOf("web").size() <= size_t(5 * 7 * 96));
    QCOMPARE(rates.linesOf("web").back().value, 4.0);
    rates.add("web", at(0) + std::chrono::hours(24 * 3650), 5);  // the clock was wrong: it begins anew
    QCOMPARE(rates.linesOf("web").size(), size_t(1));
    for (int i = 0; i < 1000; ++i) rates.add("s" + std::to_string(i), at(0), 1);
    QVERIFY(rates.linesOf("s999").empty());
    QVERIFY(rates.linesOf("nobody").empty());
  }
};

QTEST_GUILESS_MAIN(TestAnalysisFindings)
#include "tst_analysis_findings.moc"
