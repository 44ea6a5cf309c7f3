// The store under kill -9, a full disk and a foreign lock. The program starts itself again for the first two:
// `--writer FILE` commits numbered batches, `--full DIR` fills a small disk of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QtTest>
#include <csignal>
#include <filesystem>
#include <random>
#include <set>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "samples.h"

using namespace aiops;
using namespace samples;
using storage::IngestBatch;
using storage::Store;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSource = "/var/log/web.log";
constexpr int kNoMount = 77;

IngestBatch batchNumber(uint64_t number) {
  IngestBatch batch;
  batch.events = {makeEvent("e" + std::to_string(number))};
  batch.positions = {position(kSource, number)};
  batch.detectorStates = {{"lane-0", std::to_string(number)}};
  batch.lineCounts = {{"web", 1000, 1, 0}};
  return batch;
}

// Goes on after the last committed batch and says each number once it is acknowledged, until it is killed.
int writeForEver(const fs::path& file) {
  FixedClock clock;
  auto store = Store::open(file, clock, {.ballastBytes = 0});
  if (!store) return 2;
  const auto positions = (*store)->positions();
  if (!positions) return 3;
  for (uint64_t number = positions->empty() ? 1 : positions->front().offset + 1;; ++number) {
    if (!(*store)->commitIngest(batchNumber(number))) return 4;
    if (!base::writeAll(STDOUT_FILENO, std::to_string(number) + "\n")) return 5;
  }
}

// Starts this program with two arguments; its standard output goes to `out`, if given.
pid_t startSelf(const char* mode, const std::string& argument, int out = -1) {
  const pid_t child = fork();
  if (child != 0) return child;
  if (out >= 0) dup2(out, STDOUT_FILENO);
  execl("/proc/self/exe", "tst_storage_faults", mode, argument.c_str(), nullptr);
  _exit(126);
}

// Reads numbers, one a line; returns the last.
uint64_t readAcknowledged(int fd, int lines) {
  std::string text;
  char c = 0;
  uint64_t last = 0;
  while (lines != 0 && read(fd, &c, 1) == 1) {
    if (c != '\n') {
      text += c;
      continue;
    }
    last = std::stoull(text);
    text.clear();
    --lines;
  }
  return last;
}

// The scenario of a full disk; 0, or the line of the step that went wrong.
#define STEP(condition)                                       \
  do {                                                        \
    if (!(condition)) {                                       \
      fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
      return __LINE__ % 70 + 1;                               \
    }                                                         \
  } while (false)

bool isFull(const base::Result<>& result) {
  return !result && result.error().code == base::ErrorCode::LimitExceeded;
}

int fillUp(Store& store, int& stored) {
  auto large = incident("large");
  large.title = std::string(20'000, 'x');
  for (;;) {
    large.id = model::IncidentId("i" + std::to_string(stored + 1));
    const auto saved = store.saveIncident(large);
    if (!saved)
      return saved.error().code == base::ErrorCode::LimitExceeded || saved.error().code == base::ErrorCode::Io
                 ? 0
                 : 1;
    STEP(++stored < 1000);
  }
}

int checkStored(Store& store, int stored) {
  for (int i = 1; i <= stored; ++i) STEP(store.incident("i" + std::to_string(i)).has_value());
  return 0;
}

int fillSmallDisk(const fs::path& directory) {
  const int who = geteuid() == 0 ? 0 : CLONE_NEWUSER;
  if (unshare(CLONE_NEWNS | who) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("small", directory.c_str(), "tmpfs", 0, "size=3m") != 0) {
    return kNoMount;
  }
  FixedClock clock;
  const storage::StoreOptions options{.ballastBytes = 512 << 10};
  const fs::path file = directory / "x.db", ballast = directory / "x.db.ballast";
  auto store = Store::open(file, clock, options);
  STEP(store.has_value() && fs::exists(ballast));
  int stored = 0;
  STEP(fillUp(**store, stored) == 0);
  STEP(stored > 10 && !fs::exists(ballast));
  STEP(isFull((*store)->commitIngest(batchNumber(1))));  // ingest must not eat what the ballast gave back
  const auto small = (*store)->saveIncident(incident("small"));
  if (!small) fprintf(stderr, "%s\n", small.error().line().c_str());
  STEP(small.has_value());  // what matters still fits
  STEP(checkStored(**store, stored) == 0);

  STEP(mount("small", directory.c_str(), "tmpfs", MS_REMOUNT, "size=12m") == 0);
  STEP((*store)->commitIngest(batchNumber(1)).has_value());
  STEP(fs::exists(ballast));
  store->reset();
  auto again = Store::open(file, clock, options);
  STEP(again.has_value());
  STEP((*again)->incident("small").has_value() && checkStored(**again, stored) == 0);
  STEP((*again)->positions()->size() == 1);
  return 0;
}

// For those who may not mount: the kernel refuses to let a file grow instead.
int fillWithinLimit(const fs::path& directory) {
  signal(SIGXFSZ, SIG_IGN);
  FixedClock clock;
  auto store = Store::open(directory / "x.db", clock, {.ballastBytes = 0});
  STEP(store.has_value());
  const rlimit small{1 << 20, RLIM_INFINITY}, none{RLIM_INFINITY, RLIM_INFINITY};
  STEP(setrlimit(RLIMIT_FSIZE, &small) == 0);
  int stored = 0;
  STEP(fillUp(**store, stored) == 0);
  STEP(stored > 10);
  STEP(setrlimit(RLIMIT_FSIZE, &none) == 0);
  STEP((*store)->commitIngest(batchNumber(1)).has_value());
  STEP(checkStored(**store, stored) == 0);
  return 0;
}

}  // namespace

class TestFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void killedWritersLoseAndDoubleNothing() {
    const QTemporaryDir dir(quickTemplate());
    const fs::path file = fileIn(dir);
    std::mt19937 random(20261122);
    for (int round = 0; round < 30; ++round) {
      int ends[2];
      QCOMPARE(pipe2(ends, O_CLOEXEC), 0);
      const base::Fd out(ends[0]);
      const pid_t child = startSelf("--writer", file.string(), ends[1]);
      close(ends[1]);
      const uint64_t first = readAcknowledged(out.get(), 1 + static_cast<int>(random() % 20));
      usleep(random() % 3000);  // anywhere within a commit
      kill(child, SIGKILL);
      const uint64_t acknowledged = std::max(first, readAcknowledged(out.get(), -1));
      int status = 0;
      waitpid(child, &status, 0);
      QVERIFY2(WIFSIGNALED(status),
               qPrintable(QStringLiteral("writer ended with %1").arg(WEXITSTATUS(status))));
      verifyBatches(file, acknowledged);
    }
  }

  void aFullDiskIsSurvived() {
    const QTemporaryDir dir(quickTemplate());
    QCOMPARE(exitCodeOf("--limit", dir.path().toStdString()), 0);
    const QTemporaryDir mountPoint;
    const int code = exitCodeOf("--full", mountPoint.path().toStdString());
    if (code == kNoMount) QSKIP("no right to mount a small disk; the file size limit was tested instead");
    QCOMPARE(code, 0);
  }

  void aForeignLockIsATimeoutAndThenOver() {
    const QTemporaryDir dir;
    FixedClock clock;
    auto store = Store::open(fileIn(dir), clock, {.ballastBytes = 0});
    REQUIRE_OK(store);
    {
      auto db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("foreign"));
      db.setDatabaseName(QString::fromStdString(fileIn(dir).string()));
      QVERIFY(db.open());
      QSqlQuery query(db);
      QVERIFY(query.exec(QStringLiteral("BEGIN IMMEDIATE")));
      REQUIRE_ERROR((*store)->saveIncident(incident("i1")), Timeout);
      REQUIRE_OK((*store)->incidents());  // reading goes on
      QVERIFY(query.exec(QStringLiteral("ROLLBACK")));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("foreign"));
    REQUIRE_OK((*store)->saveIncident(incident("i1")));
  }

 private:
  void verifyBatches(const fs::path& file, uint64_t acknowledged) {
    FixedClock clock;
    auto store = Store::open(file, clock, {.ballastBytes = 0});
    REQUIRE_OK(store);
    const auto positions = (*store)->positions();
    REQUIRE_OK(positions);
    const uint64_t committed = positions->empty() ? 0 : positions->front().offset;
    QVERIFY2(committed >= acknowledged, "an acknowledged batch is lost");
    QVERIFY2(committed <= acknowledged + 1, "more was committed than can have been sent");
    std::set<std::string> expected, found;
    for (uint64_t i = 1; i <= committed; ++i) expected.insert("e" + std::to_string(i));
    const auto events = (*store)->unassignedEvents();
    REQUIRE_OK(events);
    for (const auto& event : *events) found.insert(event.id.str());
    QCOMPARE(found, expected);
    if (committed == 0) return;
    QCOMPARE(*(*store)->detectorState("lane-0"), std::to_string(committed));
    QCOMPARE(uint64_t{(*store)->lineCounts({"web"}, at(1000), at(1001))->at(0).all}, committed);
  }

  int exitCodeOf(const char* mode, const std::string& argument) {
    const pid_t child = startSelf(mode, argument);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

int main(int argc, char** argv) {
  const std::string mode = argc == 3 ? argv[1] : "";
  QCoreApplication app(argc, argv);
  if (mode == "--writer") return writeForEver(argv[2]);
  if (mode == "--full") return fillSmallDisk(argv[2]);
  if (mode == "--limit") return fillWithinLimit(argv[2]);
  TestFaults test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_storage_faults.moc"
