// A stack trace is one record, in whatever language; what only looks like one is not swallowed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "line_feeder.h"
#include "parsing/record_assembler.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kIngest{1795379723s};

/// The records of `text`.
std::vector<std::string> recordsOf(const std::string& text) {
  parsing::RecordAssembler assembler("/log", "svc");
  test::LineFeeder feeder;
  auto records = test::texts(assembler.add(feeder.chunk(text), kIngest, 0s));
  for (auto& last : test::texts(assembler.flush(0s, true))) records.push_back(std::move(last));
  return records;
}

}  // namespace

class TestTraces : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void othersAreNotSwallowed_data();
  void othersAreNotSwallowed();
  void oneTraceIsOneRecord_data();
  void oneTraceIsOneRecord();
  void postgresLinesJoinTheirRecord();
  void aLevelLineJoinsItsStamp();
};

void TestTraces::othersAreNotSwallowed_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<int>("records");
  const auto row = [](const char* name, const char* text, int records) {
    QTest::newRow(name) << QString::fromLatin1(text) << records;
  };
  row("plain lines", "one\ntwo\nthree", 3);
  row("a hash", "2026-11-22 20:35:23 INFO x\n#1 is not a frame of anything", 2);
  row("errors in a row", "ValueError: a\nValueError: b", 2);
  row("two tracebacks",
      "Traceback (most recent call last):\n  File x\nValueError: a\nTraceback (most recent call last):\n  "
      "File x\nValueError: b",
      2);
  row("after a traceback", "Traceback (most recent call last):\n  File x\nValueError: a\nback to work", 2);
  row("a stamp in a traceback",
      "Traceback (most recent call last):\n  File x\n2026-11-22 20:35:23 INFO other writer", 2);
  row("after a goroutine", "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1\nstarted again",
      2);
  row("slow queries",
      "# Time: 261122 20:35:23\n# User@Host: app[app] @ web [192.0.2.5]\n# Query_time: 2  Lock_time: 0\n"
      "SELECT a\nFROM b;\n# User@Host: app[app] @ web [192.0.2.5]\nSELECT 2;\n"
      "# Time: 261122 20:35:24\n# User@Host: app[app] @ web []\nSELECT 3;\n2026-11-22 20:35:25 INFO other",
      4);
  row("a request", "1.1.1.1 - - [22/Nov/2026:20:35:23 +0000] \"GET / HTTP/1.1\" 200 1\n  at x", 2);
}

void TestTraces::othersAreNotSwallowed() {
  QFETCH(QString, text);
  QFETCH(int, records);
  QCOMPARE(static_cast<int>(recordsOf(text.toStdString()).size()), records);
}

void TestTraces::oneTraceIsOneRecord_data() {
  QTest::addColumn<QString>("trace");
  const auto row = [](const char* name, const char* trace) {
    QTest::newRow(name) << QString::fromLatin1(trace);
  };
  row("Java",
      "java.lang.IllegalStateException: no pool\n\tat shop.Db.get(Db.java:7)\n\tSuppressed: "
      "java.io.IOException: "
      "closed\n\t\tat shop.Db.close(Db.java:9)\nCaused by: java.net.ConnectException: refused\n\tat "
      "java.net.Socket.connect(Socket.java:1)\n\t... 12 more");
  row("Java nested",
      "shop.MailException: a;\n  nested exception is:\ncom.mail.SmtpException: 550 no\n\n\tat "
      "a.B.c(B.java:1)");
  row("Python chained",
      "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nKeyError: 'x'\n\nDuring "
      "handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  "
      "File \"a.py\", line 3, in <module>\n    h()\nRuntimeError: no x");
  row("Python cause",
      "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n\nThe above exception was "
      "the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"a.py\", "
      "line 3\nRuntimeError");
  row("Node",
      "/srv/app.js:12\n    throw new Error('no');\n    ^\n\nError: no\n    at Object.<anonymous> "
      "(/srv/app.js:12:11)\n    at node:internal/main:17:47\n\nNode.js v18.13.0");
  row("Go",
      "panic: assignment to entry in nil map\n\ngoroutine 1 "
      "[running]:\nmain.(*Cart).add(...)\n\t/srv/cart.go:12\nmain.main()\n\t/srv/main.go:8 "
      "+0x2c\n\ngoroutine 7 [chan receive]:\nmain.worker(0xc0000)\n\t/srv/w.go:3 +0x1\ncreated by main.main "
      "in goroutine 1\n\t/srv/main.go:5 +0x2");
  row("Go signal",
      "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: "
      "segmentation violation code=0x1 addr=0x0 pc=0x1]\n\ngoroutine 5 [running]:\nmain.f()\n\t/a.go:1 +0x1");
  row("Ruby",
      "app/cart.rb:12:in `total': undefined method `+' for nil (NoMethodError)\n\tfrom app/cart.rb:3:in "
      "`show'\n\tfrom main.rb:1:in `<main>'");
  row("Ruby without indent",
      "NoMethodError (undefined method `x'):\n  \napp/cart.rb:12:in `total'\napp/cart.rb:3:in `show'");
  row("PHP",
      "PHP Fatal error:  Uncaught Exception: no in /srv/a.php:6\nStack trace:\n#0 /srv/a.php(20): f()\n#1 "
      "{main}\n  thrown in /srv/a.php on line 6");
  row(".NET",
      "System.InvalidOperationException: outer ---> System.Exception: inner\n   at Shop.Cart.Add() in "
      "/srv/Cart.cs:line 3\n   --- End of inner exception stack trace ---\n   at Shop.Main()\n--- End of "
      "stack trace from previous location ---\n   at Shop.Task.Run()");
  row("Dart",
      "Unhandled exception:\nNoSuchMethodError: The getter 'x' was called on null.\nReceiver: null\nTried "
      "calling: x\n#0      main (file:///srv/a.dart:7:3)\n<asynchronous suspension>\n#1      _start "
      "(dart:isolate:2)");
  row("Rust",
      "thread 'main' panicked at src/main.rs:4:5\nstack backtrace:\n   0: rust_begin_unwind\n   1: "
      "shop::main\nnote: run with `RUST_BACKTRACE=full` for a verbose backtrace.");
}

void TestTraces::oneTraceIsOneRecord() {
  QFETCH(QString, trace);
  const auto text = trace.toStdString();
  QCOMPARE(recordsOf(text).size(), size_t(1));
  QCOMPARE(recordsOf(text + "\n2026-11-22 20:35:24 INFO next").size(), size_t(2));
  QCOMPARE(recordsOf("2026-11-22 20:35:22 INFO before\n2026-11-22 20:35:23 INFO y\n" + text +
                     "\n2026-11-22 20:35:24 INFO z")
                   .size() >= 3,
           true);
}

void TestTraces::postgresLinesJoinTheirRecord() {
  const std::string head = "2026-11-22 20:35:23.195 UTC ";
  QCOMPARE(
      recordsOf(head + "[64] ERROR:  deadlock detected\n" + head +
                "[64] DETAIL:  Process 64 waits.\n\tProcess 7 waits.\n" + head + "[64] HINT:  See log.\n" +
                head + "[64] STATEMENT:  UPDATE t\n" + head + "[65] LOG:  other")
          .size(),
      size_t(2));
  QCOMPARE(recordsOf(head + "[64] ERROR:  a\n" + head + "[65] DETAIL:  of another process").size(),
           size_t(2));
}

void TestTraces::aLevelLineJoinsItsStamp() {
  QCOMPARE(recordsOf("Nov 22, 2026 8:35:23 PM shop.Cart add\nSEVERE: no stock\nshop.StockException: x\n\tat "
                     "a.B.c(B.java:1)\n"
                     "Nov 22, 2026 8:35:24 PM shop.Cart add\nINFO: fine")
               .size(),
           size_t(2));
}

QTEST_GUILESS_MAIN(TestTraces)
#include "tst_parsing_traces.moc"
