// The diff of two texts beside what it was made of.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "base/line_diff.h"

using namespace aiops;

class TestLineDiff : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void diffShowsEveryChange();
};

void TestLineDiff::diffShowsEveryChange() {
  const std::string before = "a\nb\nc\nd\ne\nf\n", after = "a\nB\nc\nd\ne\nf\ng";
  const auto hunks = base::lineDiff(before, after, 1);
  QCOMPARE(hunks.size(), size_t{2});
  // The oracle: dropping what is added gives lines of the old file, dropping what is removed those of the new
  // one.
  std::string removed, added;
  for (const auto& hunk : hunks) {
    for (const auto& line : hunk.lines) {
      if (line.kind == base::DiffLine::Kind::Removed) removed += line.text;
      if (line.kind == base::DiffLine::Kind::Added) added += line.text;
    }
  }
  QCOMPARE(removed, std::string("b"));
  QCOMPARE(added, std::string("Bg"));
  QVERIFY(hunks.back().lines.back().endsWithoutNewline);
  QVERIFY(base::lineDiff(before, before, 3).empty());
  QCOMPARE(base::lineDiff("", "x\n", 3).size(), size_t{1});
  QCOMPARE(base::lineDiff("x", "x\n", 3).front().lines.size(), size_t{2});
}

QTEST_GUILESS_MAIN(TestLineDiff)
#include "tst_base_line_diff.moc"
