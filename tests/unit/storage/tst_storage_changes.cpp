// Changes and baselines in the store.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "samples.h"
#include "storage/retention.h"

using namespace aiops;
using namespace std::chrono_literals;

class TestStoredChanges : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  samples::FixedClock m_clock;
  std::unique_ptr<storage::Store> m_store;

  bool add(const model::Change& change) {
    bool isNew = false;
    const auto done = m_store->transact([&](storage::Writer& writer) -> base::Result<> {
      const auto added = writer.addChange(change);
      if (!added) return std::unexpected(added.error());
      isNew = *added;
      return {};
    });
    return done && isNew;
  }
  std::vector<model::Change> changes(const storage::ChangeQuery& query = {}) {
    std::vector<model::Change> out;
    const auto done = m_store->read([&](storage::Reader& reader) -> base::Result<> {
      auto found = reader.changes(query);
      if (!found) return std::unexpected(found.error());
      out = *std::move(found);
      return {};
    });
    if (!done) qFatal("%s", done.error().line().c_str());
    return out;
  }
  std::vector<storage::StoredBaseline> baselines() {
    std::vector<storage::StoredBaseline> out;
    const auto done = m_store->read([&](storage::Reader& reader) -> base::Result<> {
      auto found = reader.baselines();
      if (!found) return std::unexpected(found.error());
      out = *std::move(found);
      return {};
    });
    if (!done) qFatal("%s", done.error().line().c_str());
    return out;
  }
  void open() {
    m_store.reset();
    auto store = storage::Store::open(m_dir->path().toStdString() + "/db", m_clock, {.ballastBytes = 0});
    QVERIFY2(store.has_value(), store ? "" : store.error().line().c_str());
    m_store = *std::move(store);
  }
  static model::Change change(const std::string& id, const std::string& service, int64_t second) {
    return {.id = id,
            .at = samples::at(second),
            .service = service,
            .kind = model::ChangeKind::Package,
            .what = "had a package upgraded",
            .from = "1",
            .to = "2"};
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_clock.set(samples::at(1'800'000'000));
    open();
  }
  void cleanup() { m_store.reset(); }

  void theSameIsKeptOnce() {
    QVERIFY(add(change("a", "web", 100)));
    auto again = change("a", "db", 200);
    QVERIFY(!add(again));
    QCOMPARE(changes().size(), size_t(1));
    QCOMPARE(changes().front().service, std::string("web"));
  }

  void theNewestOfAServiceSinceATime() {
    for (int i = 1; i <= 6; ++i) QVERIFY(add(change("c" + std::to_string(i), i % 2 ? "web" : "db", i * 100)));
    const auto all = changes();
    QVERIFY(all.size() == 6 && all.front().id == "c6" && all.back().id == "c1");
    QCOMPARE(changes({.service = "web"}).size(), size_t(3));
    QCOMPARE(changes({.since = samples::at(300)}).size(), size_t(4));
    QCOMPARE(changes({.limit = 2}).back().id, std::string("c5"));
    QVERIFY(changes({.service = "mail"}).empty());
  }

  void everyMemberIsKept() {
    auto whole = change("a", "web", 100);
    whole.kind = model::ChangeKind::ConfigFile;
    whole.host = "h";
    whole.source = "/etc/web.conf";
    whole.difference = "-a\n+b\n";
    whole.drift = "-c\n+b\n";
    whole.goodSince = samples::at(50);
    whole.evidence = samples::makeEvent("e").evidence.front();
    whole.foretold = true;
    QVERIFY(add(whole));
    open();
    const auto kept = changes().front();
    QVERIFY(kept.kind == whole.kind && kept.goodSince == whole.goodSince && kept.foretold);
    QCOMPARE(kept.host + kept.source + kept.difference + kept.drift,
             whole.host + whole.source + whole.difference + whole.drift);
    QCOMPARE(kept.evidence->text, whole.evidence->text);
    QCOMPARE(kept.evidence->position.line, whole.evidence->position.line);
  }

  void baselinesKeepTheirBytes() {
    const auto save = [&](const std::string& role, const std::string& bytes) {
      return m_store->transact([&](storage::Writer& writer) {
        return writer.saveBaseline({.path = "/etc/web.conf",
                                    .role = role,
                                    .digest = "d",
                                    .at = samples::at(5),
                                    .bytes = bytes,
                                    .by = "alice"});
      });
    };
    const std::string odd("a\0\xff\n", 4);
    QVERIFY(save("good", "old").has_value() && save("good", odd).has_value() &&
            save("seen", "new").has_value());
    open();
    const auto kept = baselines();
    QCOMPARE(kept.size(), size_t(2));
    QCOMPARE(kept[0].role + " " + kept[1].role, std::string("good seen"));
    QCOMPARE(kept[0].bytes, odd);
    QVERIFY(kept[0].at == samples::at(5) && kept[0].by == "alice");
    const auto dropped =
        m_store->transact([](storage::Writer& writer) { return writer.dropBaselines("/etc/web.conf"); });
    QVERIFY(dropped.has_value() && baselines().empty());
  }

  void oldChangesLeave() {
    QVERIFY(add(change("old", "web", 100)));
    m_clock.set(m_clock.now() + 24h * 100);
    QVERIFY(add(change("new", "web", 100)));
    storage::Retention retention(*m_store, {});
    while (retention.step(m_clock.now())) {
    }
    QCOMPARE(changes().size(), size_t(1));
    QCOMPARE(changes().front().id, std::string("new"));
  }
};

QTEST_GUILESS_MAIN(TestStoredChanges)
#include "tst_storage_changes.moc"
