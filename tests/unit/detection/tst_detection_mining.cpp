// Templates of generated streams whose statements are known: words that vary at several places, identifiers,
// places that turn out to be choices, snapshots in the middle and forged ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <array>
#include <map>
#include <random>
#include <set>

#include "base/bytes.h"
#include "detection/template_miner.h"

using namespace aiops;

namespace {

using Rng = std::mt19937;

std::string letters(Rng& rng, uint32_t least, uint32_t most) {
  std::string out;
  for (uint32_t n = least + rng() % (most - least + 1); n-- > 0;) out += static_cast<char>('a' + rng() % 26);
  return out;
}

/// A statement of a program: constant words, of which all statements have the same to choose from, and places
/// that it fills from a vocabulary of its own.
class Statement {
 public:
  Statement(Rng& rng, size_t freeWords, const std::vector<std::string>& words) {
    const size_t length = 2 * freeWords + 2 + rng() % 5;
    for (size_t i = 0; i < length; ++i) m_words.push_back(words[rng() % words.size()]);
    while (m_free.size() < freeWords) m_free.try_emplace(rng() % length);
    for (auto& [place, vocabulary] : m_free) {
      static constexpr std::array<size_t, 4> kSizes = {12, 60, 400, 20'000};
      const auto size = kSizes[rng() % kSizes.size()];
      for (size_t i = 0; i < size; ++i) vocabulary.push_back(letters(rng, 3, 10));
    }
    m_mark = rng() % 2 == 0 ? rng() % length : length;
  }

  std::string message(Rng& rng) const {
    std::string out;
    for (size_t i = 0; i < m_words.size(); ++i) {
      const auto free = m_free.find(i);
      out += free == m_free.end() ? m_words[i] : free->second[rng() % free->second.size()];
      out += i == m_mark ? ", " : " ";
    }
    return out;
  }

 private:
  std::vector<std::string> m_words;
  std::map<size_t, std::vector<std::string>> m_free;
  size_t m_mark = 0;
};

struct Stream {
  std::vector<std::string> messages;
  std::vector<size_t> truth;
};

Stream generated(uint32_t seed, size_t statements, size_t lines) {
  Rng rng(seed);
  std::vector<std::string> words;
  for (int i = 0; i < 60; ++i) words.push_back(letters(rng, 3, 9));
  std::vector<Statement> all;
  for (size_t i = 0; i < statements; ++i) all.emplace_back(rng, 1 + i % 4, words);
  Stream out;
  for (size_t i = 0; i < lines; ++i) {
    out.truth.push_back(rng() % statements);
    out.messages.push_back(all[out.truth.back()].message(rng));
  }
  return out;
}

/// The share of messages whose group is just the true one.
double groupingAccuracy(const std::vector<uint64_t>& found, const std::vector<size_t>& truth) {
  std::map<uint64_t, std::vector<size_t>> byId;
  std::map<size_t, std::vector<size_t>> byTruth;
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

std::vector<uint64_t> mined(detection::TemplateMiner& miner, const std::vector<std::string>& messages) {
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

uint64_t countOf(const detection::TemplateMiner& miner) {
  uint64_t count = 0;
  for (const auto& one : miner.all()) count += one.count;
  return count;
}

/// A snapshot whose digest fits whatever is in it.
std::string forged(std::string state) {
  constexpr size_t kMagic = 10, kHead = kMagic + 16;
  if (state.size() >= kHead) state.replace(kMagic, 16, base::sha256Hex(state.substr(kHead)).substr(0, 16));
  return state;
}

/// Some of everything that a miner remembers.
std::vector<std::string> variedMessages(uint32_t seed, size_t count) {
  Rng rng(seed);
  static const std::vector<std::string> kStates = {"open", "closed", "half"};
  std::vector<std::string> out;
  for (size_t i = 0; i < count; ++i) {
    switch (rng() % 4) {
      case 0:
        out.push_back("link state: " + kStates[rng() % 3] + " on port " + std::to_string(rng() % 48));
        break;
      case 1:
        out.push_back("job " + letters(rng, 2, 5) + " for " + letters(rng, 2, 5) + " finished well");
        break;
      case 2:
        out.push_back("user " + letters(rng, 1, 1) + " has left the building");
        break;
      default:
        out.push_back(letters(rng, 1, 2) + " and " + letters(rng, 1, 2) + " are " + letters(rng, 1, 2));
    }
  }
  return out;
}

}  // namespace

class TestMining : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void severalWordsVaryAtOnce();
  void statementsOfOneFormStayApart();
  void generatedStatementsAreFound_data();
  void generatedStatementsAreFound();
  void identifiersAreVariables();
  void aChoiceIsSplitAgain();
  void aSplitIsForGood();
  void manyValuesAreNotSplit();
  void aSnapshotInTheMiddleChangesNothing();
  void forgedSnapshotsDoNoHarm();
  void forgettingKeepsWhatIsUsed();
  void examplesOfVariables();
};

void TestMining::severalWordsVaryAtOnce() {
  Rng rng(1);
  detection::TemplateMiner miner;
  size_t fresh = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto mine = miner.add("job " + letters(rng, 6, 9) + " for " + letters(rng, 6, 9) + " finished");
    fresh += mine.isNew;
  }
  QCOMPARE(miner.size(), size_t(1));
  QCOMPARE(miner.all().front().text, std::string("job <*> for <*> finished"));
  QCOMPARE(miner.all().front().count, uint64_t(20'000));
  QVERIFY(fresh <= 24);
}

/// Each is a statement of its own, seen again and again.
void TestMining::statementsOfOneFormStayApart() {
  static const std::vector<std::string> kStatements = {
      "user logged in",         "disk got full",          "cache was flushed",      "session has expired",
      "server started up",      "worker went away",       "token is invalid",       "queue ran empty",
      "lock was lost",          "config got reloaded",    "peer hung up",           "index is corrupt",
      "backup has finished",    "node became ready",      "request timed out",      "buffer ran over",
      "loading the plugins",    "starting all workers",   "stopping all workers",   "opening the socket",
      "closing the socket",     "reading the journal",    "writing the journal",    "flushing dirty pages",
      "waiting for quorum",     "electing a leader",      "leader was elected",     "follower fell behind",
      "snapshot was taken",     "snapshot got restored",  "replaying old events",   "events were replayed",
      "failed to open socket",  "failed to load module",  "failed to read config",  "failed to bind address",
      "failed to parse header", "failed to elect leader", "failed to flush cache",  "failed to renew lease",
      "failed to verify token", "failed to mount volume", "failed to resolve name", "failed to fork child",
      "failed to grow heap",    "failed to drop index"};
  Rng rng(2);
  detection::TemplateMiner miner;
  std::vector<std::string> messages;
  for (int i = 0; i < 5000; ++i) messages.push_back(kStatements[rng() % kStatements.size()]);
  const auto ids = mined(miner, messages);
  QCOMPARE(miner.size(), kStatements.size());
  QCOMPARE(std::set<uint64_t>(ids.begin(), ids.end()).size(), kStatements.size());
}

void TestMining::generatedStatementsAreFound_data() {
  QTest::addColumn<uint32_t>("seed");
  for (uint32_t seed = 1; seed <= 8; ++seed) QTest::addRow("%u", seed) << seed;
}

void TestMining::generatedStatementsAreFound() {
  QFETCH(uint32_t, seed);
  const auto stream = generated(seed, 30, 15'000);
  detection::TemplateMiner miner;
  const auto accuracy = groupingAccuracy(mined(miner, stream.messages), stream.truth);
  qInfo("accuracy %.4f, %zu templates of 30 statements", accuracy, miner.size());
  QVERIFY(accuracy >= 0.99);
  QCOMPARE(countOf(miner), uint64_t(15'000));
}

void TestMining::identifiersAreVariables() {
  Rng rng(3);
  const auto hex = [&](size_t count) {
    std::string out;
    while (count-- > 0) out += "0123456789abcdef"[rng() % 16];
    return out;
  };
  detection::TemplateMiner miner;
  size_t fresh = 0;
  for (int i = 0; i < 20'000; ++i) {
    for (const auto& message :
         {"worker-" + hex(4) + " has started", "request req_" + hex(12) + " was served by pod web-" + hex(5),
          "closing session " + hex(8) + " of the client", hex(16) + " committed"})
      fresh += miner.add(message).isNew;
  }
  // Those without a digit look like words until the place is known for taking words.
  QVERIFY2(miner.size() <= 4, textOf(miner).c_str());
  QVERIFY(fresh <= 10);
}

/// Merged early behind a colon, but never more than three values.
void TestMining::aChoiceIsSplitAgain() {
  detection::TemplateMiner miner;
  const auto line = [](int i) {
    static const std::array<std::string, 3> kStates = {"up", "down", "testing"};
    return "link state: " + kStates[static_cast<size_t>(i) % 10 < 7 ? 0 : static_cast<size_t>(i) % 2 + 1] +
           " on port " + std::to_string(i % 48);
  };
  for (int i = 0; i < 10; ++i) miner.add(line(i));
  QCOMPARE(miner.size(), size_t(1));
  const auto id = miner.all().front().id;
  miner.takeChanges();
  int isNew = 0, last = 10;
  while (miner.size() == 1 && last < 50'000) isNew += miner.add(line(last++)).isNew;
  QCOMPARE(isNew, 0);
  QCOMPARE(miner.size(), size_t(3));
  QVERIFY(last >= 10'000 && last < 10'100);
  QCOMPARE(countOf(miner), uint64_t(last));
  QCOMPARE(miner.find(id)->text, std::string("link state: up on port <*>"));
  const auto changes = miner.takeChanges();
  QCOMPARE(changes.size(), size_t(2));
  for (const auto& change : changes) {
    QVERIFY(change.isSplit);
    QCOMPARE(change.from, id);
    QVERIFY(change.share > 0.1 && change.share < 0.4);
    QVERIFY(miner.find(change.into).has_value());
  }
  for (int i = 0; i < 30; ++i) QVERIFY(!miner.add(line(i)).isNew);
  QCOMPARE(miner.size(), size_t(3));
}

void TestMining::aSplitIsForGood() {
  Rng rng(4);
  detection::TemplateMiner miner;
  static const std::array<std::string, 2> kStates = {"up", "down"};
  const auto usual = [&] {
    return "(link: " + kStates[rng() % 2] + ") after " + std::to_string(rng() % 99) + " tries";
  };
  std::set<uint64_t> ids;
  for (int i = 0; i < 12'000; ++i) ids.insert(miner.add(usual()).id);
  QCOMPARE(miner.size(), size_t(2));
  // New words make a template of their own, and then a variable, but take nothing of the two.
  size_t changed = 0;
  miner.takeChanges();
  for (int i = 0; i < 60'000; ++i) {
    miner.add(i % 3 == 0 ? "(link: " + letters(rng, 4, 8) + ") after 7 tries" : usual());
    changed += miner.takeChanges().size();
  }
  QCOMPARE(miner.size(), size_t(3));
  QVERIFY(changed <= 4);
}

void TestMining::manyValuesAreNotSplit() {
  Rng rng(5);
  detection::TemplateMiner miner;
  for (int i = 0; i < 40'000; ++i) {
    // One value in most messages, but others keep coming.
    const auto word = rng() % 100 == 0 ? letters(rng, 4, 6) : "root";
    miner.add("session (owner: " + word + ") was opened");
    miner.add("login of user " + std::string(rng() % 2 == 0 ? "alice" : "bob") + " was accepted");
  }
  QCOMPARE(miner.size(), size_t(2));
}

void TestMining::aSnapshotInTheMiddleChangesNothing() {
  for (const size_t most : {size_t(100'000), size_t(300)}) {
    const auto messages = variedMessages(6, 45'000);
    detection::TemplateMiner whole({.maxTemplates = most}), second({.maxTemplates = most});
    for (size_t i = 0; i < messages.size(); ++i) {
      if (i % 997 == 996) {
        const auto state = second.snapshot();
        second = detection::TemplateMiner({.maxTemplates = most});
        QVERIFY(second.restore(state).has_value());
        QCOMPARE(second.snapshot(), state);
      }
      const auto a = whole.add(messages[i]), b = second.add(messages[i]);
      QCOMPARE(b.id, a.id);
      QCOMPARE(b.isNew, a.isNew);
      QVERIFY(whole.size() <= most);
    }
    QCOMPARE(textOf(second), textOf(whole));
  }
}

/// Whoever can write the file can make the digest fit: what is in it must still do no harm.
void TestMining::forgedSnapshotsDoNoHarm() {
  const auto messages = variedMessages(7, 13'000);
  detection::TemplateMiner miner({.maxTemplates = 60});
  mined(miner, messages);
  const auto good = miner.snapshot();
  QCOMPARE(forged(good), good);
  Rng rng(8);
  size_t taken = 0;
  for (int i = 0; i < 2000; ++i) {
    auto state = good;
    for (uint32_t n = 1 + rng() % 3; n-- > 0;) {
      const auto at = 26 + rng() % (state.size() - 26);
      if (rng() % 4 == 0)
        state.replace(at, std::min<size_t>(8, state.size() - at), std::string(8, rng() % 2 ? '\xff' : '\0'));
      else
        state[at] = static_cast<char>(rng());
    }
    if (rng() % 8 == 0) state.resize(26 + rng() % (state.size() - 26));
    detection::TemplateMiner other({.maxTemplates = 60});
    const bool works = other.restore(forged(state)).has_value();
    taken += works;
    QVERIFY(works || other.size() == 0);
    for (size_t at = rng() % 1000, end = at + 200; at < end; ++at) {
      const auto mine = other.add(messages[at]);
      QVERIFY(other.find(mine.id).has_value());
    }
    QVERIFY(other.size() <= 60);
  }
  QVERIFY(taken > 0);
}

void TestMining::forgettingKeepsWhatIsUsed() {
  Rng rng(9);
  detection::TemplateMiner miner({.maxTemplates = 1000});
  const auto id = miner.add("the service is ready now").id;
  for (int i = 0; i < 50'000; ++i) {
    std::string noise;
    for (uint32_t n = 3 + rng() % 5; n-- > 0;) noise += letters(rng, 5, 9) + ' ';
    miner.add(noise);
    QVERIFY(miner.size() <= 1000);
    if (i % 300 == 0) {
      const auto again = miner.add("the service is ready now");
      QVERIFY(!again.isNew);
      QCOMPARE(again.id, id);
    }
  }
  QVERIFY(miner.size() >= 900);
}

void TestMining::examplesOfVariables() {
  detection::TemplateMiner miner;
  uint64_t id = 0;
  for (const auto* name : {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"})
    id = miner.add("plugin " + std::string(name) + " took 30 ms in all").id;
  for (int i = 0; i < 100; ++i)
    miner.add("plugin iota took " + std::string(100, '7') + std::to_string(i) + " ms in all");
  const auto found = miner.find(id);
  QCOMPARE(found->text, std::string("plugin <*> took <*> in all"));
  QCOMPARE(found->examples.size(), size_t(2));
  for (const auto& values : found->examples) {
    QVERIFY(!values.empty() && values.size() <= 3);
    for (const auto& value : values) QVERIFY(!value.empty() && value.size() <= 40);
  }
  QCOMPARE(found->examples[0][0], std::string("alpha"));
}

QTEST_GUILESS_MAIN(TestMining)

#include "tst_detection_mining.moc"
