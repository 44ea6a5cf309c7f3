// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/difference.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "base/line_diff.h"

namespace aiops::sources {
namespace {

constexpr size_t kAround = 3;

using Lines = std::vector<std::string_view>;

/// With their line ends.
Lines linesOf(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto length = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

std::string headOf(const base::DiffHunk& hunk) {
  const auto range = [](size_t first, size_t count) {
    return std::to_string(first) + "," + std::to_string(count);
  };
  return "@@ -" + range(hunk.beforeFirst, hunk.beforeCount) + " +" + range(hunk.afterFirst, hunk.afterCount) +
         " @@\n";
}

std::string lineOf(char sign, std::string_view line) {
  std::string out(1, sign);
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  return out;
}

/// `a` and `b` are shown, line by line as many as those that were compared.
std::string written(const std::vector<base::DiffHunk>& hunks, const Lines& a, const Lines& b,
                    const std::string& head, size_t most) {
  if (hunks.empty()) return {};
  std::string out = head;
  for (const auto& hunk : hunks) {
    std::string text = headOf(hunk);
    for (const auto& line : hunk.lines) {
      const char sign = line.before == 0 ? '+' : line.after == 0 ? '-' : ' ';
      text += lineOf(sign, line.before == 0 ? b[line.after - 1] : a[line.before - 1]);
      if (out.size() + text.size() <= most) continue;
      text.resize(std::min(text.size(), most - std::min(most, out.size())));
      text.resize(text.rfind('\n') + 1);  // npos + 1 is 0
      return out + text + "(the difference is longer; its rest is not kept)\n";
    }
    out += text;
  }
  return out;
}

std::string headText(const std::string& beforeName, const std::string& afterName) {
  return "--- " + beforeName + "\n+++ " + afterName + "\n";
}

bool isText(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos;
}

}  // namespace

std::string unifiedDifference(std::string_view before, std::string_view after, const std::string& beforeName,
                              const std::string& afterName, size_t most) {
  return written(base::lineDiff(before, after, kAround), linesOf(before), linesOf(after),
                 headText(beforeName, afterName), most);
}

/// Secrets are looked for in the whole text, since a key may go over lines. Where that leaves the lines as
/// many as they were, they are compared as they are and shown without their secrets.
std::string shownDifference(std::string_view before, std::string_view after, const std::string& path,
                            const Redact& redact) {
  if (before == after) return {};
  if (!isText(before) || !isText(after)) return "the file is no text; it has other bytes than before\n";
  const auto cleanBefore = base::toValidUtf8(redact(before)), cleanAfter = base::toValidUtf8(redact(after));
  const auto shownA = linesOf(cleanBefore), shownB = linesOf(cleanAfter);
  const auto head = headText(path + " (before)", path);
  if (shownA.size() == linesOf(before).size() && shownB.size() == linesOf(after).size())
    return written(base::lineDiff(before, after, kAround), shownA, shownB, head, kLongestDifference);
  const auto hunks = base::lineDiff(cleanBefore, cleanAfter, kAround);
  const auto text = written(hunks, shownA, shownB, head, kLongestDifference);
  return text.empty() ? "only what is secret is different\n" : text;
}

}  // namespace aiops::sources
