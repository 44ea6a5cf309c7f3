// Sources as front ends see them: what is refused and leaves nothing behind, what is watched, what stays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>

#include <QtTest>
#include <algorithm>

#include "engine_world.h"
#include "service/engine_sources.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;
using model::SourceChoice;
using Statuses = std::vector<model::SourceStatus>;

namespace {

/// The engine's sources, with the world's "logs" as the only place where logs are looked for.
class SourceWorld : public EngineWorld {
 public:
  ~SourceWorld() { end(); }
  base::Result<> openSources() {
    if (auto opened = open(); !opened) return opened;
    m_worker = std::make_unique<base::Worker>("sources");
    m_sources = std::make_unique<service::EngineSources>(*engine, *m_worker,
                                                         std::vector<sources::LogPlace>{{path("logs")}});
    return {};
  }
  void startSources() {
    const auto opened = openSources();
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
    start();
  }
  void end() {
    m_worker.reset();
    m_sources.reset();
    EngineWorld::end();
  }

  base::Result<Statuses> add(std::vector<SourceChoice> choices, service::Caller caller = admin()) {
    return answerOf<Statuses>([&](auto reply) { m_sources->addSources(caller, choices, reply); });
  }
  base::Result<std::string> remove(const std::string& what, service::Caller caller = admin()) {
    return answerOf<std::string>([&](auto reply) { m_sources->removeSource(caller, what, reply); });
  }
  base::Result<std::vector<model::FoundLog>> discover() {
    return answerOf<std::vector<model::FoundLog>>([&](auto reply) { m_sources->discoverLogs(reply); });
  }
  base::Result<model::LogPreview> preview(const std::string& what) {
    return answerOf<model::LogPreview>([&](auto reply) { m_sources->previewLog(what, reply); });
  }

  /// Of the files that are watched, in order.
  std::vector<std::string> watched() const {
    std::vector<std::string> out;
    for (const auto& status : engine->monitor().statuses()) out.push_back(status.source);
    std::ranges::sort(out);
    return out;
  }
  model::SourceStatus statusOf(const std::string& file) const {
    for (auto& status : engine->monitor().statuses()) {
      if (status.source == file) return status;
    }
    return {};
  }
  bool saysWhyNot(const std::string& file) const {
    return statusOf(file).problem.find("ermission") != std::string::npos;
  }
  /// Neither watched now nor after the next start.
  bool nothingIsWatched() const { return watched().empty() && engine->store().addedSources()->empty(); }

 private:
  std::unique_ptr<service::EngineSources> m_sources;
  std::unique_ptr<base::Worker> m_worker;
};

using Paths = std::vector<std::string>;

}  // namespace

class TestServiceSources : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { m_permissionsHold = keepToPermissions(); }

  void whoIsNoAdminChangesNothing() {
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "");
    const service::Caller approver{.name = "bob", .mayOperate = true, .mayApprove = true};
    QVERIFY(world.add({{log, ""}}, approver).error().code == ErrorCode::PermissionDenied);
    QVERIFY(world.nothingIsWatched());
    QVERIFY(world.add({{log, ""}}).has_value());
    QVERIFY(world.remove(log, approver).error().code == ErrorCode::PermissionDenied);
    QCOMPARE(world.watched(), Paths{log});
  }

  void whatCannotBeWatchedIsRefused_data() {
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("service");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& path, ErrorCode code, const char* service = "") {
      QTest::newRow(name) << path << std::string(service) << static_cast<int>(code);
    };
    row("nothing", "", ErrorCode::InvalidInput);
    row("relative", "logs/web.log", ErrorCode::InvalidInput);
    row("upwards", "ROOT/logs/../home/x.log", ErrorCode::InvalidInput);
    row("ends with a slash", "ROOT/logs/", ErrorCode::InvalidInput);
    row("a file of its own", "ROOT/home/ai-ops-core.db", ErrorCode::InvalidInput);
    row("its own by way of a link", "ROOT/link/ai-ops-core.db", ErrorCode::InvalidInput);
    row("all of its own", "ROOT/home/*.log", ErrorCode::InvalidInput);
    row("missing", "ROOT/logs/none.log", ErrorCode::NotFound);
    row("below a file", "ROOT/logs/good.log/x.log", ErrorCode::Io);
    row("no file", "/dev/null", ErrorCode::InvalidInput);
    row("no name of a service", "ROOT/logs/other.log", ErrorCode::InvalidInput, "../web");
  }
  /// All or nothing: neither is the good one before it watched.
  void whatCannotBeWatchedIsRefused() {
    QFETCH(std::string, path);
    QFETCH(std::string, service);
    QFETCH(int, code);
    SourceWorld world;
    world.startSources();
    if (path.starts_with("ROOT")) path.replace(0, 4, world.root().string());
    const auto good = world.write("logs/good.log", "");
    world.write("logs/other.log", "");
    std::filesystem::create_directory_symlink(world.path("home"), world.path("link"));
    const auto refused = world.add({{good, ""}, {path, service}});
    QVERIFY(!refused);
    QCOMPARE(static_cast<int>(refused.error().code), code);
    QCOMPARE(refused.error().where, path);
    QVERIFY(world.nothingIsWatched());
    QVERIFY(world.audited("source.add").empty());
  }

  void noneAndTooManyAreRefused() {
    SourceWorld world;
    world.startSources();
    QVERIFY(world.add({}).error().code == ErrorCode::InvalidInput);
    const auto log = world.write("logs/web.log", "");
    QVERIFY(world.add(std::vector<SourceChoice>(201, {log, ""})).error().code == ErrorCode::InvalidInput);
    QVERIFY(world.nothingIsWatched());
  }

  void nothingIsWatchedTwice() {
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "");
    const auto twice = world.add({{log, ""}, {log, "other"}});
    QVERIFY(twice.error().code == ErrorCode::InvalidInput);
    QCOMPARE(twice.error().where, log);
    QVERIFY(world.nothingIsWatched());
    QVERIFY(world.add({{log, ""}}).has_value());
    QVERIFY(world.add({{log, "other"}}).error().code == ErrorCode::Conflict);
    QCOMPARE(world.watched(), Paths{log});
    QTRY_COMPARE_WITH_TIMEOUT(world.statusOf(log).service, std::string("web"), 30000);
    QCOMPARE(world.audited("source.add").size(), size_t(1));
  }

  void whatCannotBeWrittenDownIsNotDone() {
    SourceWorld world;
    const auto log = world.write("logs/web.log", "");
    world.startSources();
    QVERIFY(world.add({{log, ""}}).has_value());
    world.end();
    QVERIFY(world.openSources().has_value());  // the agents rest: nobody starts the executor again
    world.executor->disconnect();
    const auto other = world.write("logs/other.log", "");
    QVERIFY(world.add({{other, ""}}).error().code == ErrorCode::Unavailable);
    QVERIFY(world.remove(log).error().code == ErrorCode::Unavailable);
    const auto kept = world.engine->store().addedSources();
    QCOMPARE(kept->size(), size_t(1));
    QCOMPARE(kept->front().path, log);
  }

  void beforeReadingBeginsNothingIsKept() {
    SourceWorld world;
    QVERIFY(world.openSources().has_value());
    const auto log = world.write("logs/web.log", "");
    QVERIFY(world.add({{log, ""}}).error().code == ErrorCode::Unavailable);
    QVERIFY(world.nothingIsWatched());
  }

  /// It is no error to name what may not be read yet: the operator sees why, and it is read once it may be.
  void anUnreadableFileIsReadOnceThatIsAllowed() {
    if (!m_permissionsHold) QSKIP("this process may read everything");
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "");
    QCOMPARE(::chmod(log.c_str(), 0000), 0);
    const auto added = world.add({{log, ""}});
    QVERIFY2(added.has_value(), added ? "" : added.error().line().c_str());
    QTRY_VERIFY_WITH_TIMEOUT(world.saysWhyNot(log), 30000);
    QVERIFY(!world.statusOf(log).readable);
    QCOMPARE(::chmod(log.c_str(), 0600), 0);
    QTRY_VERIFY_WITH_TIMEOUT(world.statusOf(log).readable, 30000);
    world.write("logs/web.log", "it works\n");
    QTRY_COMPARE_WITH_TIMEOUT(world.engine->logs().slice(0, 10).lines.size(), size_t(1), 30000);
  }

  void aFileBelowAClosedDirectoryIsAccepted() {
    if (!m_permissionsHold) QSKIP("this process may read everything");
    SourceWorld world;
    world.startSources();
    std::filesystem::create_directory(world.path("closed"));
    const auto log = world.write("closed/web.log", "");
    QCOMPARE(::chmod(world.path("closed").c_str(), 0000), 0);
    const auto added = world.add({{log, ""}});
    if (added) QTRY_VERIFY_WITH_TIMEOUT(world.saysWhyNot(log), 30000);
    QCOMPARE(::chmod(world.path("closed").c_str(), 0700), 0);  // so that it can be removed again
    QVERIFY2(added.has_value(), added ? "" : added.error().line().c_str());
  }

  void onlyWhatWasAddedIsRemoved() {
    SourceWorld world;
    const auto configured = world.write("logs/configured.log", "");
    world.settings.sources = {{.path = configured, .service = "configured"}};
    world.startSources();
    const auto fixed = world.remove(configured);
    QVERIFY(fixed.error().code == ErrorCode::Conflict);
    QVERIFY(fixed.error().remedy.find("config.yaml") != std::string::npos);
    QVERIFY(world.remove(world.path("logs/none.log")).error().code == ErrorCode::NotFound);
    QCOMPARE(world.watched(), Paths{configured});
    QVERIFY(!world.statusOf(configured).removable);
    QVERIFY(world.audited("source.remove").empty());
  }

  void aGlobIsRemovedWholeOrNotAtAll() {
    SourceWorld world;
    world.startSources();
    const Paths files{world.write("logs/api.log", ""), world.write("logs/web.log", "")};
    const auto glob = world.path("logs/*.log");
    const auto added = world.add({{glob, ""}});
    QVERIFY2(added.has_value(), added ? "" : added.error().line().c_str());
    QTRY_COMPARE_WITH_TIMEOUT(world.watched(), files, 30000);
    QCOMPARE(world.statusOf(files[0]).service, std::string("api"));
    QCOMPARE(world.statusOf(files[0]).watchedAs, glob);
    const auto part = world.remove(files[0]);
    QVERIFY(part.error().code == ErrorCode::Conflict);
    QVERIFY(part.error().what.find(glob) != std::string::npos);
    QCOMPARE(world.watched(), files);
    QCOMPARE(world.remove(glob).value(), glob);
    QVERIFY(world.nothingIsWatched());
  }

  void whatWasAddedStaysOverARestartUntilItIsRemoved() {
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "");
    const auto added = world.add({{log, "shop"}});
    QCOMPARE(added->size(), size_t(1));
    QCOMPARE(added->front().source, log);
    QVERIFY(added->front().removable);
    const auto noted = world.audited("source.add");
    QCOMPARE(noted.size(), size_t(1));
    QCOMPARE(noted.front().who, std::string("alice"));
    QCOMPARE(noted.front().target, log);

    world.end();
    world.startSources();
    QCOMPARE(world.watched(), Paths{log});
    QCOMPARE(world.statusOf(log).service, std::string("shop"));
    QVERIFY(world.statusOf(log).removable);
    QCOMPARE(world.remove(log).value(), log);
    QCOMPARE(world.audited("source.remove").front().who, std::string("alice"));
    QVERIFY(world.nothingIsWatched());
    QVERIFY(world.remove(log).error().code == ErrorCode::NotFound);

    world.end();
    world.startSources();
    QVERIFY(world.nothingIsWatched());
  }

  void theSearchTellsWhatIsWatched() {
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "2026-11-22 20:35:23 ERROR failed\n");
    auto found = world.discover();
    QVERIFY2(found.has_value(), found ? "" : found.error().line().c_str());
    QCOMPARE(found->size(), size_t(1));
    QCOMPARE(found->front().path, log);
    QCOMPARE(found->front().service, std::string("web"));
    QVERIFY(!found->front().watched);
    QVERIFY(world.add({{log, ""}}).has_value());
    QVERIFY(world.discover()->front().watched);
    QVERIFY(world.remove(log).has_value());
    QVERIFY(!world.discover()->front().watched);
  }

  void aPreviewWatchesNothing() {
    SourceWorld world;
    world.startSources();
    const auto log = world.write("logs/web.log", "2026-11-22 20:35:23 ERROR failed\n");
    const auto shown = world.preview(log);
    QVERIFY2(shown.has_value(), shown ? "" : shown.error().line().c_str());
    QCOMPARE(shown->lines.size(), size_t(1));
    QVERIFY(shown->lines.front().severity == model::Severity::Error);
    QVERIFY(world.preview("logs/web.log").error().code == ErrorCode::InvalidInput);
    const auto missing = world.preview(world.path("logs/none.log"));
    QVERIFY(!missing || !missing->problem.empty());
    QVERIFY(world.nothingIsWatched());
  }

 private:
  bool m_permissionsHold = false;
};

QTEST_GUILESS_MAIN(TestServiceSources)
#include "tst_service_sources.moc"
