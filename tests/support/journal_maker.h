// Real journal files with entries of the test's choice.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QString>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aiops::test {

struct MadeEntry {
  uint64_t realtime = 0;  ///< microseconds since 1970
  std::vector<std::pair<std::string, std::string>> fields;
  std::string bootId = "0123456789abcdef0123456789abcdef";
};

inline const QString kJournalRemote = QStringLiteral("/lib/systemd/systemd-journal-remote");

/// A file under way; written to until it is ended or destroyed. Needs kJournalRemote.
class JournalMaker {
 public:
  static bool isThere() { return QFile::exists(kJournalRemote); }

  /// `file` ends with ".journal".
  explicit JournalMaker(const std::string& file) {
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(kJournalRemote,
                    {QStringLiteral("--output=") + QString::fromStdString(file), QStringLiteral("-")});
    if (!m_process.waitForStarted()) qFatal("no journal can be made");
  }
  ~JournalMaker() { end(); }

  void add(const MadeEntry& entry) {
    std::string text = "__REALTIME_TIMESTAMP=" + std::to_string(entry.realtime) +
                       "\n__MONOTONIC_TIMESTAMP=" + std::to_string(entry.realtime % 1'000'000'000'000) +
                       "\n_BOOT_ID=" + entry.bootId + "\n";
    for (const auto& [name, value] : entry.fields) {
      text += name + "\n";
      for (int i = 0; i < 8; ++i) text += static_cast<char>(value.size() >> (8 * i) & 0xFF);
      text += value + "\n";
    }
    text += "\n";
    m_process.write(text.data(), static_cast<qint64>(text.size()));
    while (m_process.bytesToWrite() > 0 && m_process.waitForBytesWritten()) continue;
  }
  /// All is in the file then.
  void end() {
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished())
      qFatal("the journal does not end");
  }

 private:
  QProcess m_process;
};

}  // namespace aiops::test
