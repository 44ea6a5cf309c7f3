// Templates: what becomes a variable, ids that stay, memory that ends, and how well real messages are
// grouped. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <fstream>
#include <map>
#include <random>
#include <set>

#include "detection/template_miner.h"
#include "support/eval_data.h"

using namespace aiops;

namespace {

std::string typedOf(const std::string& message) {
  detection::TemplateMiner miner;
  return miner.find(miner.add(message).id)->typed;
}

/// Fields of a line of comma separated values.
std::vector<std::string> fieldsOf(const std::string& line) {
  std::vector<std::string> out(1);
  bool inQuotes = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && inQuotes && i + 1 < line.size() && line[i + 1] == '"')
      out.back() += line[++i];
    else if (c == '"')
      inQuotes = !inQuotes;
    else if (c == ',' && !inQuotes)
      out.emplace_back();
    else if (c != '\r')
      out.back() += c;
  }
  return out;
}

/// The share of messages whose group is just the true one.
double groupingAccuracy(const std::vector<uint64_t>& found, const std::vector<std::string>& truth) {
  std::map<uint64_t, std::vector<size_t>> byId;
  std::map<std::string, std::vector<size_t>> byTruth;
  for (size_t i = 0; i < truth.size(); ++i) {
    byId[found[i]].push_back(i);
    byTruth[truth[i]].push_back(i);
  }
  std::set<std::vector<size_t>> right;
  for (const auto& [key, lines] : byTruth) right.insert(lines);
  size_t good = 0;
  for (const auto& [id, lines] : byId) good += right.contains(lines) ? lines.size() : 0;
  return static_cast<double>(good) / static_cast<double>(truth.size());
}

std::vector<uint64_t> mined(const std::vector<std::string>& messages) {
  detection::TemplateMiner miner;
  std::vector<uint64_t> ids;
  for (const auto& message : messages) ids.push_back(miner.add(message).id);
  for (auto& id : ids) id = miner.current(id);
  return ids;
}

std::string textOf(const detection::TemplateMiner& miner) {
  std::string out;
  for (const auto& one : miner.all())
    out += std::to_string(one.id) + ' ' + one.typed + ' ' + std::to_string(one.count) + '\n';
  return out;
}

}  // namespace

class TestTemplates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void variablesHaveTypes_data();
  void variablesHaveTypes();
  void wordsThatVaryBecomeVariables();
  void aChoiceOfTheProgramStays();
  void idsSurviveARestart();
  void theSameMessagesGiveTheSameTemplates();
  void brokenSnapshotsAreRefused();
  void memoryEnds();
  void anyBytesAreTaken();
  void realMessagesAreGrouped();
};

void TestTemplates::variablesHaveTypes_data() {
  QTest::addColumn<QString>("message");
  QTest::addColumn<QString>("typed");
  const auto row = [](const char* message, const char* typed) {
    QTest::newRow(message) << QString::fromUtf8(message) << QString::fromUtf8(typed);
  };
  row("took 30 rows", "took <number> rows");
  row("took 30 ms", "took <duration>");
  row("read 1.5 MB of it", "read <size> of it");
  row("from 192.0.2.7 port 22", "from <ip> port <number>");
  row("from 192.0.2.7:22 on", "from <ip> on");
  row("peer 2001:db8::7:1 left", "peer <ip> left");
  row("addr 0x7fff at", "addr <hex> at");
  row("id 6656c3da-ba79-4e84-9872-642135434bfa done", "id <uuid> done");
  row("open /var/log/messages failed", "open <path> failed");
  row("connect to db.example.org refused", "connect to <host> refused");
  row("at 2026-11-22T20:00:00Z it", "at <time> it");
  row("at Fri Jun 17 07:07:00 2005 it", "at <time> it");
  row("relation \"orders\" does not exist", "relation <quoted> does not exist");
  row("it isn't what it's called", "it isn't what it's called");
  row("got Order(id=7, state=open) back", "got Order<object> back");
  row("got {\"a\": 1, \"b\": [2]} back", "got <object> back");
  row("sent (1.2 KB) now", "sent now");
  row("pid=77 user=root", "pid=<number> user=root");
}

void TestTemplates::variablesHaveTypes() {
  QFETCH(QString, message);
  QTEST(QString::fromStdString(typedOf(message.toStdString())), "typed");
}

void TestTemplates::wordsThatVaryBecomeVariables() {
  detection::TemplateMiner miner;
  const auto first = miner.add("plugin alpha was loaded by the manager");
  QVERIFY(first.isNew);
  for (const auto* name : {"beta", "gamma", "delta", "epsilon", "zeta"})
    miner.add("plugin " + std::string(name) + " was loaded by the manager");
  const auto found = miner.find(first.id);
  QCOMPARE(found->id, first.id);  // the oldest keeps its id
  QCOMPARE(found->text, std::string("plugin <*> was loaded by the manager"));
  QCOMPARE(found->count, uint64_t(6));
  const auto changes = miner.takeChanges();
  QVERIFY(!changes.empty());
  for (const auto& change : changes) QCOMPARE(miner.current(change.from), first.id);
  // From now on a new value is nothing new.
  const auto next = miner.add("plugin omega was loaded by the manager");
  QVERIFY(!next.isNew);
  QCOMPARE(next.id, first.id);
  // One value beside a number is enough.
  const auto number = miner.add("job 17 was started by the timer");
  const auto word = miner.add("job cleanup was started by the timer");
  QCOMPARE(miner.current(word.id), number.id);
}

void TestTemplates::aChoiceOfTheProgramStays() {
  detection::TemplateMiner miner;
  std::set<uint64_t> ids;
  for (const auto* state : {"opened", "closed", "failed"})
    ids.insert(miner.add("session " + std::string(state) + " by the manager").id);
  QCOMPARE(ids.size(), size_t(3));
  for (const auto id : ids) QCOMPARE(miner.current(id), id);
}

void TestTemplates::idsSurviveARestart() {
  std::mt19937 rng(1);
  detection::TemplateMiner whole, second;
  const auto message = [&] {
    static const std::vector<std::string> kWords = {"disk", "node",  "queue", "alpha",
                                                    "beta", "gamma", "delta", "eps"};
    return kWords[rng() % 3] + " is " + kWords[rng() % 8] + " after " + std::to_string(rng() % 9) + " tries";
  };
  for (int i = 0; i < 500; ++i) {
    const auto text = message();
    const auto id = whole.current(whole.add(text).id);
    if (i % 50 == 49) {
      const auto state = second.snapshot();
      second = detection::TemplateMiner();
      QVERIFY(second.restore(state).has_value());
      QCOMPARE(second.snapshot(), state);
    }
    QCOMPARE(second.current(second.add(text).id), id);
  }
  QCOMPARE(textOf(second), textOf(whole));
}

void TestTemplates::theSameMessagesGiveTheSameTemplates() {
  std::mt19937 rng(2);
  std::vector<std::string> messages;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (uint32_t n = 1 + rng() % 6; n-- > 0;) text += static_cast<char>('a' + rng() % 12) + std::string(" ");
    messages.push_back(text);
  }
  QVERIFY(mined(messages) == mined(messages));
}

void TestTemplates::brokenSnapshotsAreRefused() {
  detection::TemplateMiner miner;
  for (int i = 0; i < 20; ++i)
    miner.add("line number " + std::to_string(i) + " of word " + std::string(i % 7 + 1, 'x'));
  const auto good = miner.snapshot();
  std::vector<std::string> broken = {"", "x", good.substr(0, good.size() / 2), good + "x"};
  for (size_t at = 0; at < good.size(); at += 7) {
    broken.push_back(good);
    broken.back()[at] = static_cast<char>(broken.back()[at] ^ 0x40);
  }
  for (const auto& state : broken) {
    detection::TemplateMiner other;
    QVERIFY(!other.restore(state).has_value());
    QCOMPARE(other.size(), size_t(0));
  }
}

void TestTemplates::memoryEnds() {
  std::mt19937 rng(3);
  detection::TemplateMiner miner({.maxTemplates = 500});
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (uint32_t n = 2 + rng() % 8; n-- > 0;) {
      for (uint32_t k = 3 + rng() % 6; k-- > 0;) text += static_cast<char>('a' + rng() % 26);
      text += ' ';
    }
    miner.add(text);
    QVERIFY(miner.size() <= 500);
  }
  QVERIFY(miner.snapshot().size() < 1'000'000);
  const auto old = miner.add("the service is ready now");
  QVERIFY(old.isNew);
  QVERIFY(!miner.add("the service is ready now").isNew);
}

void TestTemplates::anyBytesAreTaken() {
  std::mt19937 rng(4);
  static const std::string kLikely = "(){}[]\"'=:,;<>|/. -0123456789abcdefxT";
  detection::TemplateMiner miner({.maxTemplates = 200});
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (uint32_t n = rng() % 120; n-- > 0;)
      text += rng() % 4 == 0 ? static_cast<char>(rng()) : kLikely[rng() % kLikely.size()];
    if (i % 1000 == 0) text = std::string(100'000, text.empty() ? '(' : text.front());
    QVERIFY(miner.find(miner.add(text).id).has_value());
  }
}

/// Hand-made groupings of eight systems, with no setting for any of them.
void TestTemplates::realMessagesAreGrouped() {
  const auto data = test::evalData("loghub");
  if (!data) QSKIP("the evaluation data is not there (AIOPS_EVAL)");
  double sum = 0, worst = 1;
  int systems = 0;
  for (const auto& folder : std::filesystem::directory_iterator(*data)) {
    if (!folder.is_directory()) continue;
    std::ifstream in(folder.path() / (folder.path().filename().string() + "_2k.log_structured.csv"));
    std::string line;
    std::getline(in, line);
    const auto head = fieldsOf(line);
    const auto content = static_cast<size_t>(std::ranges::find(head, "Content") - head.begin());
    const auto event = static_cast<size_t>(std::ranges::find(head, "EventId") - head.begin());
    QVERIFY(content < head.size() && event < head.size());
    std::vector<std::string> messages, truth;
    while (std::getline(in, line)) {
      const auto fields = fieldsOf(line);
      messages.push_back(fields.at(content));
      truth.push_back(fields.at(event));
    }
    const double accuracy = groupingAccuracy(mined(messages), truth);
    qInfo("%s: %.3f", folder.path().filename().c_str(), accuracy);
    sum += accuracy;
    worst = std::min(worst, accuracy);
    ++systems;
  }
  QVERIFY(systems > 0);
  QVERIFY(sum / systems >= 0.92);
  QVERIFY(worst >= 0.70);
}

QTEST_GUILESS_MAIN(TestTemplates)

#include "tst_detection_templates.moc"
