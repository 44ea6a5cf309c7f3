// A damaged database either gives back what was stored or an error: never a crash, never other data, never
// nothing. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <random>

#include <nlohmann/json.hpp>

#include "samples.h"

using namespace aiops;
using namespace samples;
using storage::Store;

namespace {

// Everything that is guarded, as one text in an order of its own.
class Dump {
 public:
  template <class T>
  void add(const base::Result<T>& values) {
    if (!values) {
      m_failed = true;
      return;
    }
    if constexpr (requires { values->items; }) {
      for (const auto& value : values->items) m_lines.push_back(line(value));
    } else if constexpr (requires { values->begin(); }) {
      for (const auto& value : *values) m_lines.push_back(line(value));
    } else {
      m_lines.push_back(line(*values));
    }
  }
  /// Nothing when any part was an error.
  std::optional<std::vector<std::string>> take() {
    if (m_failed) return std::nullopt;
    std::sort(m_lines.begin(), m_lines.end());
    return m_lines;
  }

 private:
  template <class T>
  static std::string line(const T& value) {
    return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  static std::string line(const security::ApiKeyRecord& key) { return key.id + key.name + key.hash; }
  static std::string line(const std::optional<security::AuditHead>& head) {
    return head ? head->hash : "none";
  }
  static std::string line(char value) { return std::string(1, value); }

  bool m_failed = false;
  std::vector<std::string> m_lines;
};

std::optional<std::vector<std::string>> dump(Store& store) {
  Dump dump;
  const auto incidents = store.incidents({.limit = 500});
  dump.add(incidents);
  for (const auto& item : incidents ? incidents->items : std::vector<model::Incident>()) {
    dump.add(store.eventsOf(item.id));
    dump.add(store.diagnosis(item.id));
    dump.add(store.timeline(item.id));
    dump.add(store.fixesOf(item.id));
  }
  dump.add(store.fixes({.limit = 500}));
  dump.add(store.outcomes({.limit = 500}));
  dump.add(store.apiKeys());
  dump.add(store.positions());
  dump.add(store.auditHead());
  dump.add(store.healthEvents(200));
  return dump.take();
}

base::Result<> fillOne(storage::Writer& writer, int i) {
  const std::string n = std::to_string(i);
  storage::IngestBatch batch;
  batch.events = {makeEvent("e" + n), makeEvent("g" + n)};
  batch.positions = {position("/var/log/" + n + ".log", 10)};
  batch.health = {{at(i), model::Severity::Warning, "source", "unreadable", "chmod"}};
  model::Diagnosis diagnosis;
  diagnosis.incident = model::IncidentId("i" + n);
  base::Result<> done = writer.commitIngest(batch);
  const auto keep = [&](const auto& result) {
    if (done && !result) done = std::unexpected(result.error());
  };
  keep(writer.saveIncident(incident("i" + n)));
  keep(writer.assignEvents(diagnosis.incident, {model::EventId("e" + n), model::EventId("g" + n)}));
  keep(writer.saveDiagnosis(diagnosis));
  keep(writer.appendTimeline(diagnosis.incident, {at(i), "opened", "web", "it began"}));
  keep(writer.saveFix(fix("f" + n, "i" + n, "hash" + n)));
  keep(writer.saveOutcome(outcome("f" + n, model::OutcomeResult::Worked)));
  keep(writer.saveApiKey({"0000000" + n.substr(0, 1), "ci", security::Scope::Read, "hash", at(1), {}}));
  keep(writer.noteAuditHead(static_cast<uint64_t>(i), "head" + n));
  return done;
}

}  // namespace

class TestCorruption : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    auto store = Store::open(fileIn(m_dir), m_clock, {.ballastBytes = 0});
    REQUIRE_OK(store);
    for (int i = 1; i <= 30; ++i) {
      REQUIRE_OK((*store)->transact([&](storage::Writer& writer) { return fillOne(writer, i); }));
    }
    const auto all = dump(**store);
    QVERIFY(all.has_value());
    m_expected = *all;
    QVERIFY(m_expected.size() > 200);
    store->reset();
    QFile file(QString::fromStdString(fileIn(m_dir).string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_whole = file.readAll();
  }

  void theCopyIsReadInFull() { QVERIFY(readsWholeOrFails(m_whole) == Answer::Whole); }

  void oneByteChanged() {
    for (int round = 0; round < 150; ++round) {
      QByteArray bytes = m_whole;
      // Every third round hits the header or the schema, where a byte does most harm.
      const qsizetype end = round % 3 == 0 ? 4096 : bytes.size();
      const auto where = static_cast<qsizetype>(m_random() % static_cast<uint64_t>(end));
      bytes[where] = static_cast<char>(bytes[where] ^ static_cast<char>(1 + m_random() % 255));
      QVERIFY2(readsWholeOrFails(bytes) != Answer::Wrong, qPrintable(QStringLiteral("byte %1").arg(where)));
    }
  }

  void onePageZeroed() {
    for (qsizetype page = 0; page * 4096 < m_whole.size(); ++page) {
      QByteArray bytes = m_whole;
      std::fill_n(bytes.begin() + page * 4096, 4096, '\0');
      QVERIFY2(readsWholeOrFails(bytes) != Answer::Wrong, qPrintable(QStringLiteral("page %1").arg(page)));
    }
  }

  void cutOff() {
    for (qsizetype page = 0; page * 4096 < m_whole.size(); ++page) {
      const qsizetype ragged = page * 4096 + static_cast<qsizetype>(m_random() % 4096);
      for (const qsizetype length : {page * 4096, ragged}) {
        QVERIFY2(readsWholeOrFails(m_whole.left(length)) == Answer::Failed,
                 qPrintable(QStringLiteral("length %1").arg(length)));
      }
    }
  }

 private:
  enum class Answer { Whole, Failed, Wrong };

  Answer readsWholeOrFails(const QByteArray& bytes) {
    const QTemporaryDir dir(quickTemplate());
    {
      QFile file(QString::fromStdString(fileIn(dir).string()));
      if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return Answer::Wrong;
    }
    auto store = Store::open(fileIn(dir), m_clock, {.ballastBytes = 0});
    if (!store) return store.error().what.empty() ? Answer::Wrong : Answer::Failed;
    const auto found = dump(**store);
    if (!found) return Answer::Failed;
    return *found == m_expected ? Answer::Whole : Answer::Wrong;
  }

  FixedClock m_clock;
  QTemporaryDir m_dir{quickTemplate()};
  QByteArray m_whole;
  std::vector<std::string> m_expected;
  std::mt19937_64 m_random{20261122};
};

QTEST_GUILESS_MAIN(TestCorruption)
#include "tst_storage_corruption.moc"
