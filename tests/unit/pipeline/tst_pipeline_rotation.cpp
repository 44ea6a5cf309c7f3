// Every way a log is rotated, with the reader running, stopped, and killed: no line lost, none twice. Lines
// that a copying rotation or a deletion takes from everybody are counted apart.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "unit/pipeline/rotation_world.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

constexpr int kRounds = 12;
constexpr unsigned kMostLinesAtOnce = 190;

struct Rotator {
  const char* name;
  std::function<void(WritingSide&)> rotate;
  const char* file = "app.log";
  const char* watched = nullptr;  ///< a glob below the directory; none: the file
  bool stamped = false;           ///< the writer's files carry a date, there is no "app.log"
};

void shift(WritingSide& w, int keep = 9) {
  const auto name = [&](int n) { return w.path() + (n == 0 ? "" : "." + std::to_string(n)); };
  for (int n = keep; n > 0; --n) {
    if (fs::exists(name(n - 1))) fs::rename(name(n - 1), name(n));
  }
}

void copyTo(const std::string& from, const std::string& to) {
  fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

void renameAndCreate(WritingSide& w) {
  w.finishLine();
  shift(w);
  w.reopen();
}

void renameAndReopenLate(WritingSide& w) {
  shift(w);
  w.lines(5);  // still into the renamed file
  w.reopen();
}

void renameInMidLine(WritingSide& w) {
  shift(w);
  w.reopen();  // the rest of the line goes to the old file first
}

void copyTruncate(WritingSide& w, bool window) {
  w.finishLine();
  for (int n = 8; n > 0; --n) {
    const auto from = w.path() + "." + std::to_string(n);
    if (fs::exists(from)) fs::rename(from, w.path() + "." + std::to_string(n + 1));
  }
  copyTo(w.path(), w.path() + ".1");
  if (window) {
    for (int i = 0; i < 3; ++i) w.mayBeLost.insert(w.next() + i);
    w.lines(3);
    w.finishLine();
  }
  fs::resize_file(w.path(), 0);
}

void copyTruncateOverAHole(WritingSide& w) {
  if (w.rotations == 1) w.reopen(0);  // a writer without O_APPEND keeps its offset
  copyTruncate(w, false);
}

void truncateAndGrowBeyond(WritingSide& w) {
  if (w.rotations % 2 == 0) return copyTruncate(w, false);
  w.finishLine();
  copyTo(w.path(), w.path() + "-2026112" + std::to_string(w.rotations % 10) + std::to_string(w.rotations));
  const auto before = fs::file_size(w.path());
  fs::resize_file(w.path(), 0);
  while (fs::file_size(w.path()) <= before) w.lines(50);
}

void linkAndUnlink(WritingSide& w) {
  w.finishLine();
  fs::create_hard_link(w.path(), w.path() + "." + std::to_string(100000 + w.rotations));
  fs::remove(w.path());
  w.reopen();
}

void datedByExtension(WritingSide& w) {
  w.finishLine();
  fs::rename(w.path(), w.directory() + "/app-" + std::to_string(20261100 + w.rotations) + ".log");
  w.reopen();
}

void compressLater(WritingSide& w) {
  shift(w);
  for (int n = 2; n < 10; ++n) {
    const auto old = w.path() + "." + std::to_string(n);
    if (fs::exists(old)) fs::rename(old, old + ".gz");  // to a reader any other bytes under another name
    if (fs::exists(old + ".gz")) std::ofstream(old + ".gz.new") << "\x1f\x8b compressed";
    if (fs::exists(old + ".gz.new")) fs::rename(old + ".gz.new", old + ".gz");
  }
  w.reopen();
}

void switchLink(WritingSide& w) {
  const auto target = w.directory() + "/run-" + std::to_string(w.rotations) + ".txt";
  w.reopenAs(target);
  const auto fresh = w.path() + ".new";
  fs::create_symlink(target, fresh);
  fs::rename(fresh, w.path());
}

void nextDate(WritingSide& w) {
  w.reopenAs(w.directory() + "/app-" + std::to_string(20261100 + w.rotations) + ".log");
}

void recreateDirectory(WritingSide& w) {
  w.finishLine();
  const auto aside = w.directory() + ".old" + std::to_string(w.rotations);
  fs::rename(w.directory(), aside);
  fs::create_directory(w.directory());
  for (const auto& entry : fs::directory_iterator(aside)) {
    const auto name = entry.path().filename().string();
    fs::rename(
        entry.path(),
        w.directory() + "/" + (name == "app.log" ? name + "." + std::to_string(1000 - w.rotations) : name));
  }
  w.reopen();
}

void losePermission(WritingSide& w) {
  renameAndCreate(w);
  ::chmod(w.path().c_str(), ::geteuid() == 0 ? 0600 : 0000);
}

const std::vector<Rotator>& rotators() {
  static const std::vector<Rotator> all = {
      {"rename and create", renameAndCreate},
      {"rename and late reopen", renameAndReopenLate},
      {"rename in mid-line", renameInMidLine},
      {"copytruncate", [](WritingSide& w) { copyTruncate(w, false); }},
      {"copytruncate, written to in between", [](WritingSide& w) { copyTruncate(w, true); }},
      {"copytruncate over a hole", copyTruncateOverAHole},
      {"truncate and grow beyond", truncateAndGrowBeyond},
      {"two renames at once",
       [](WritingSide& w) {
         renameAndCreate(w);
         w.lines(20);
         renameAndCreate(w);
       }},
      {"hard link and unlink", linkAndUnlink},
      {"renamed with a date before the extension", datedByExtension, "app.log", "*.log"},
      {"compressed one rotation later", compressLater},
      {"symbolic link switched", switchLink, "current.txt"},
      {"a new dated file each time", nextDate, "app-20261100.log", "*.log", true},
      {"directory replaced", recreateDirectory},
      {"permission lost and regained", losePermission, "a\n\xff*b.log"},
  };
  return all;
}

enum class State { Running, Stopped, Killed };

}  // namespace

class TestRotation : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void noLineLostNoneTwice_data();
  void noLineLostNoneTwice();
  void aDeletedFileIsTheOnlyLoss();

 private:
  static void settle(Reader& reader);
};

void TestRotation::noLineLostNoneTwice_data() {
  QTest::addColumn<int>("rotator");
  QTest::addColumn<int>("state");
  const char* names[] = {"running", "stopped", "killed"};
  for (size_t i = 0; i < rotators().size(); ++i) {
    for (int state = 0; state < 3; ++state) {
      QTest::addRow("%s, %s", rotators()[i].name, names[state]) << static_cast<int>(i) << state;
    }
  }
}

/// Until everything that waits for time has come.
void TestRotation::settle(Reader& reader) {
  for (int i = 0; i < 40; ++i) {
    reader.now += 3s;
    reader.read();
  }
}

void TestRotation::noLineLostNoneTwice() {
  QFETCH(int, rotator);
  QFETCH(int, state);
  const auto& kind = rotators()[static_cast<size_t>(rotator)];
  const auto mode = static_cast<State>(state);
  WritingSide writer(static_cast<unsigned>(rotator * 3 + state + 1), kind.file);
  if (std::string_view(kind.file) == "current.txt") {
    fs::remove(writer.path());
    switchLink(writer);
  }
  Reader reader(kind.watched ? writer.directory() + "/" + kind.watched : writer.path());
  reader.start();
  writer.lines(10);
  reader.read();
  reader.now += 1s;
  reader.read();

  for (int round = 0; round < kRounds; ++round) {
    writer.lines(static_cast<int>(writer.random(kMostLinesAtOnce)) + 1);
    if (writer.random(2) == 0) reader.read();
    if (mode == State::Killed) {
      writer.lines(20);
      reader.read(false);
      reader.kill();
    }
    if (mode == State::Stopped) {
      reader.read();
      reader.kill();
    }
    writer.lines(static_cast<int>(writer.random(30)) + 1);
    ++writer.rotations;
    kind.rotate(writer);
    writer.lines(static_cast<int>(writer.random(30)) + 5);
    reader.start();
    for (unsigned reads = writer.random(4); reads > 0; --reads) {
      reader.now += base::Duration(writer.random(1'500'000));
      reader.read();
    }
    ::chmod(writer.path().c_str(), 0644);
    // A file that was gone before anybody saw it is nobody's: let the reader come to the newest one. (Half a
    // line would leave as it is after a while.)
    writer.finishLine();
    settle(reader);
    writer.lines(static_cast<int>(writer.random(kMostLinesAtOnce)) + 1);
  }
  writer.finishLine();
  settle(reader);

  std::set<std::string> seen(reader.lines.begin(), reader.lines.end());
  QCOMPARE(seen.size(), reader.lines.size());
  std::vector<std::string> expected;
  for (int i = 0; i < writer.next(); ++i) {
    const auto line = WritingSide::lineOf(i);
    if (seen.contains(line) || !writer.mayBeLost.contains(i)) expected.push_back(line);
  }
  if (kind.stamped) {  // two files are read side by side: only the order within each is kept
    std::ranges::sort(expected);
    std::ranges::sort(reader.lines);
  }
  for (size_t i = 0; i < std::min(expected.size(), reader.lines.size()); ++i)
    QCOMPARE(reader.lines[i], expected[i]);
  QCOMPARE(reader.lines.size(), expected.size());
}

/// The file system gives the inode back at once; the head tells the files apart.
void TestRotation::aDeletedFileIsTheOnlyLoss() {
  WritingSide writer(99, "app.log");
  Reader reader(writer.path());
  reader.start();
  writer.lines(50);
  writer.finishLine();
  reader.read();
  settle(reader);
  QCOMPARE(reader.lines.size(), size_t(50));
  reader.kill();
  const auto health = reader.health.size();
  fs::remove(writer.path());
  writer.reopen();
  writer.lines(80);
  writer.finishLine();
  reader.start();
  settle(reader);
  QCOMPARE(reader.lines.size(), size_t(130));
  QCOMPARE(reader.lines.back(), WritingSide::lineOf(129));
  QCOMPARE(reader.health.size(), health + 1);
  QVERIFY(reader.health.back().what.find("replaced or truncated") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestRotation)
#include "tst_pipeline_rotation.moc"
