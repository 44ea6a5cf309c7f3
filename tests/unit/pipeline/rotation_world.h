// A writer, its log rotations, and a reader that may be stopped or killed between any two steps. No sleeps:
// the reader's time is the test's. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>

#include "base/fd.h"
#include "pipeline/source_set.h"

namespace aiops::test {

namespace fs = std::filesystem;

/// While it lives the process reads as somebody who owns none of the files, also when the tests run as root.
class OtherReader {
 public:
  OtherReader() : m_changed(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  ~OtherReader() {
    if (m_changed && ::seteuid(0) != 0) std::abort();
  }

 private:
  const bool m_changed;
};

/// The reading side of a lane without its thread: what is committed counts, what is pending dies with a kill.
class Reader {
 public:
  explicit Reader(std::string asked) : m_asked(std::move(asked)) {}

  void start() {
    if (m_set) return;
    const OtherReader other;
    m_set = std::make_unique<pipeline::SourceSet>(m_options);
    std::vector<model::SourcePosition> stored;
    for (const auto& [source, position] : m_positions) stored.push_back(position);
    m_set->add({.path = m_asked, .service = "svc", .startAt = startAt, .history = history}, stored, now,
               base::TimePoint(now));
  }
  /// Reads what there is, in at most so many turns; `commit` false: it is read and lost with kill().
  void read(bool commit = true, int turns = 1'000'000) {
    if (!m_set) return;
    const OtherReader other;
    std::vector<std::unique_ptr<pipeline::SourceLane>> left;
    m_set->scan(now, base::TimePoint(now), left);
    for (bool more = true; more && turns > 0; --turns) {
      more = false;
      for (auto& file : m_set->files()) {
        for (auto& batch : file->read(now, base::TimePoint(now))) {
          more = true;
          file->account(batch, m_output);
        }
        for (auto& batch : file->flush(now)) file->account(batch, m_output);
        file->collect(m_output);
      }
    }
    m_set->collect(base::TimePoint(now), m_output);
    if (commit) this->commit();
  }
  void kill() {
    m_set.reset();
    m_output = {};
  }
  bool running() const { return m_set != nullptr; }

  base::Duration now = std::chrono::hours(1);
  sources::StartAt startAt = sources::StartAt::Beginning;
  bool history = false;
  std::vector<std::string> lines;
  std::vector<model::LogLine> records;  ///< the same with their positions
  std::vector<model::HealthEvent> health;
  pipeline::LaneOptions options() const { return m_options; }
  /// Before start(): smaller pieces, so that a turn can end in the middle of a file.
  void readPieces(size_t bytes) { m_options.tail.limits.readBytes = bytes; }
  std::vector<model::SourceStatus> statuses() const { return m_set->statuses(now); }

 private:
  void commit() {
    for (auto& line : m_output.lines) {
      lines.push_back(line.text);
      records.push_back(std::move(line));
    }
    for (auto& position : m_output.positions) m_positions[position.source] = std::move(position);
    for (auto& event : m_output.health) health.push_back(std::move(event));
    for (auto& file : m_set->files()) file->committed();
    m_output = {};
  }

  const std::string m_asked;
  pipeline::LaneOptions m_options;
  std::unique_ptr<pipeline::SourceSet> m_set;
  std::map<std::string, model::SourcePosition> m_positions;
  pipeline::LaneOutput m_output;
};

/// The writing side: numbered lines into `path()`, in pieces that need not end with a line.
class WritingSide {
 public:
  WritingSide(unsigned seed, std::string name) : m_random(seed), m_name(std::move(name)) {
    fs::permissions(m_dir.path().toStdString(), fs::perms(0755));
    fs::create_directory(directory());
    reopen();
  }

  std::string directory() const { return m_dir.path().toStdString() + "/logs"; }
  std::string path() const { return directory() + "/" + m_name; }
  unsigned random(unsigned below) { return static_cast<unsigned>(m_random() % below); }

  void reopen(int flags = O_APPEND) { reopenAs(path(), flags); }
  void reopenAs(const std::string& file, int flags = O_APPEND) {
    finishLine();
    m_file = base::Fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644));
    ::lseek(m_file.get(), 0, SEEK_END);
  }
  void lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += lineOf(m_next++) + "\n";
    m_left += text;
    put(m_left.size() - random(static_cast<unsigned>(std::min<size_t>(m_left.size(), 30))));
  }
  void finishLine() { put(m_left.size()); }
  /// The number of the next line.
  int next() const { return m_next; }
  static std::string lineOf(int number) {
    return "2026-11-22T20:35:23Z INFO line " + std::to_string(number) + " " +
           std::string(static_cast<size_t>(number % 40), 'x');
  }

  /// Numbers of lines that no reader could be sure to get.
  std::set<int> mayBeLost;
  int rotations = 0;

 private:
  void put(size_t bytes) {
    if (!m_file.valid() || bytes == 0) return;
    if (!base::writeAll(m_file.get(), std::string_view(m_left).substr(0, bytes))) std::abort();
    m_left.erase(0, bytes);
  }

  std::mt19937 m_random;
  const std::string m_name;
  QTemporaryDir m_dir;
  base::Fd m_file;
  std::string m_left;  ///< not written yet
  int m_next = 0;
};

}  // namespace aiops::test
