// The program's own log: one event one line, safe for a terminal, without secrets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryFile>
#include <QtTest>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/logger.h"

using namespace aiops;
using base::LogFormat;
using base::Logger;
using base::LogLevel;
using nlohmann::json;

namespace {

class FixedClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return base::TimePoint(std::chrono::seconds(1767607200)); }
  base::Duration sinceBoot() const override { return {}; }
};

const FixedClock kClock;

/// A logger over a file, and what it has written.
struct Written {
  explicit Written(Logger::Redact redact = {}) : logger(open(file), std::move(redact)) {}
  std::string text() {
    file.seek(0);
    return file.readAll().toStdString();
  }
  std::vector<std::string> lines() {
    std::vector<std::string> out;
    const std::string all = text();
    for (size_t from = 0; from < all.size();) {
      const size_t end = all.find('\n', from);
      out.push_back(all.substr(from, end - from));
      from = end + 1;
    }
    return out;
  }

  QTemporaryFile file;
  struct Opened : Logger {
    Opened(int fd, Redact redact) : Logger(kClock, fd, std::move(redact)) {}
  } logger;

 private:
  static int open(QTemporaryFile& file) {
    file.open();
    return file.handle();
  }
};

const std::vector<std::string> kHostile = {"",
                                           "a\nb\r\n2026-01-05T10:00:00.000Z error x: forged",
                                           "\x1b[31mred\x1b[0m\x07",
                                           std::string("a\0b", 3),
                                           "\xFF\xFE bad \xC3",
                                           "\xC2\x9B"
                                           "31m C1",
                                           "\xE2\x80\xAE"
                                           "bidi \xE2\x81\xA6 \xE2\x80\x8B",
                                           "quote \" backslash \\ equals = end",
                                           "\xC3\xA9\xE6\x97\xA5",
                                           std::string(100000, 'x')};

}  // namespace

class TestLogger : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theTwoForms() {
    Written written;
    written.logger.warning("sources", "can't read the file",
                           {{"path", "/var/log/x"}, {"remedy", "chmod it"}});
    written.logger.setFormat(LogFormat::Json);
    written.logger.warning("sources", "can't read the file", {{"path", "/var/log/x"}});
    const auto lines = written.lines();
    QCOMPARE(lines.size(), size_t{2});
    QCOMPARE(lines[0], std::string("2026-01-05T10:00:00.000Z warning sources: can't read the file "
                                   "path=/var/log/x remedy=\"chmod it\""));
    QCOMPARE(lines[1],
             std::string("{\"time\":\"2026-01-05T10:00:00.000Z\",\"level\":\"warning\",\"part\":\"sources\","
                         "\"message\":\"can't read the file\",\"path\":\"/var/log/x\"}"));
  }

  void onlyWhatIsSevereEnough() {
    for (int level = 0; level < 4; ++level) {
      Written written;
      written.logger.setLevel(LogLevel(level));
      written.logger.debug("p", "m");
      written.logger.info("p", "m");
      written.logger.warning("p", "m");
      written.logger.error("p", "m");
      QCOMPARE(written.lines().size(), size_t(4 - level));
    }
  }

  void hostileTextStaysOneHarmlessLine() {
    for (const LogFormat format : {LogFormat::Text, LogFormat::Json}) {
      for (const auto& text : kHostile) {
        Written written;
        written.logger.setFormat(format);
        written.logger.error("part", text, {{"field", text}});
        const std::string all = written.text();
        QCOMPARE(std::ranges::count(all, '\n'), 1);
        QVERIFY(all.size() < 20000);
        QCOMPARE(QString::fromUtf8(all.c_str()).toStdString() + (all.ends_with('\n') ? "" : "\n"), all);
        for (const char16_t c : QString::fromStdString(all).toStdU16String()) {
          const bool control = (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0);
          const bool invisible =
              (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f);
          QVERIFY(!control && !invisible);
        }
        if (format == LogFormat::Json) {
          const json parsed = json::parse(all);
          QCOMPARE(parsed.size(), size_t{5});
          QCOMPARE(parsed["level"].get<std::string>(), std::string("error"));
        }
      }
    }
  }

  void everythingPassesTheRedactor() {
    Written written([](std::string_view text) {
      return text.find("s3cret") == std::string_view::npos ? std::string(text) : std::string("[redacted]");
    });
    written.logger.error("p", "key s3cret", {{"value", "s3cret"}});
    written.logger.setFormat(LogFormat::Json);
    written.logger.error("p", "key s3cret", {{"value", "s3cret"}});
    QVERIFY(written.text().find("s3cret") == std::string::npos);
    QCOMPARE(written.lines().size(), size_t{2});
  }

  void linesOfThreadsNeverMix() {
    Written written;
    written.logger.setFormat(LogFormat::Json);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&written, i] {
        for (int n = 0; n < 500; ++n) written.logger.info("p", std::string(200, char('a' + i)));
      });
    }
    for (auto& thread : threads) thread.join();
    const auto lines = written.lines();
    QCOMPARE(lines.size(), size_t{2000});
    for (const auto& line : lines) QVERIFY(json::accept(line));
  }

  void aClosedEndIsNoTrouble() {
    const Logger logger(kClock, -1);
    logger.error("p", "nobody hears");
  }
};

QTEST_GUILESS_MAIN(TestLogger)
#include "tst_base_logger.moc"
