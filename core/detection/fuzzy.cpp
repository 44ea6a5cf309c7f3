// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/fuzzy.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "detection/scanner.h"

namespace aiops::detection {
namespace {

constexpr size_t kMostTextBytes = 64 * 1024;
constexpr size_t kMostTextWords = 4096;
constexpr double kAlike = 0.7;  // words that share less are other words
constexpr std::string_view kNumber = "#";

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
/// Parts of words; letters beyond ASCII are bytes from 0x80.
bool isWord(char c) {
  return isDigit(c) || (folded(c) >= 'a' && folded(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80 ||
         c == '_' || c == '-' || c == '.' || c == '/' || c == '\'';
}

/// Folded, with single spaces, and where each byte stood.
struct Folded {
  std::string text;
  std::vector<uint32_t> at;

  explicit Folded(std::string_view raw) {
    raw = raw.substr(0, kMostTextBytes);
    text.reserve(raw.size());
    at.reserve(raw.size() + 1);
    for (size_t i = 0; i < raw.size(); ++i) {
      if (isSpace(raw[i]) && (text.empty() || text.back() == ' ')) continue;
      text += isSpace(raw[i]) ? ' ' : folded(raw[i]);
      at.push_back(static_cast<uint32_t>(i));
    }
    at.push_back(static_cast<uint32_t>(raw.size()));
  }
};

/// Levenshtein distance, or more than `most` when it is more.
size_t distance(std::string_view a, std::string_view b, size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  std::vector<size_t> row(a.size() + 1);
  for (size_t i = 0; i <= a.size(); ++i) row[i] = i;
  for (size_t j = 1; j <= b.size(); ++j) {
    size_t corner = row[0]++;
    size_t least = row[0];
    for (size_t i = 1; i <= a.size(); ++i) {
      const size_t above = row[i];
      row[i] = std::min({above + 1, row[i - 1] + 1, corner + (a[i - 1] != b[j - 1])});
      corner = above;
      least = std::min(least, row[i]);
    }
    if (least > most) return most + 1;
  }
  return row[a.size()];
}

/// 1 for the same word, 0 for another one, between them for one with a few other letters.
double likeness(std::string_view wanted, std::string_view word) {
  if (wanted == word) return 1;
  const auto longest = std::max(wanted.size(), word.size());
  if (longest < 4) return 0;
  const auto most = static_cast<size_t>(static_cast<double>(longest) * (1 - kAlike));
  const auto edits = distance(wanted, word, most);
  return edits > most ? 0 : 1 - static_cast<double>(edits) / static_cast<double>(longest);
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

/// A stretch of words, by its best share.
struct Fuzzy::Stretch {
  double similarity = 0;
  size_t begin = 0;
  size_t end = 0;  ///< behind the last word
};

Fuzzy::Fuzzy(const FuzzyKind& kind)
    : m_kind(kind), m_text(trimmed(Folded(kind.text).text)), m_words(wordsOf(kind.text, kMostWords)) {
  if (m_kind.maxEdits) {
    piecesOfEdits();
    return;
  }
  const auto count = static_cast<double>(m_words.size());
  const auto least = std::ceil(m_kind.similarity * count / (2 - m_kind.similarity) - 1e-9);
  m_needed = std::max<size_t>(1, static_cast<size_t>(std::ceil(least / 2)));
  m_longest = static_cast<size_t>(count * (2 - m_kind.similarity) / m_kind.similarity + 1e-9);
  piecesOfWords();
}

std::vector<Fuzzy::Word> Fuzzy::wordsOf(std::string_view text, size_t most) {
  std::vector<Word> words;
  for (size_t at = 0; at < text.size() && words.size() < most;) {
    if (!isWord(text[at])) {
      ++at;
      continue;
    }
    const size_t start = at;
    while (at < text.size() && isWord(text[at])) ++at;
    size_t end = at;
    while (end > start && (text[end - 1] == '.' || text[end - 1] == '-' || text[end - 1] == '\'')) --end;
    if (end == start) continue;
    Word word{std::string(text.substr(start, end - start)), start, end - start};
    std::ranges::transform(word.text, word.text.begin(), folded);
    if (std::ranges::any_of(word.text, isDigit)) word.text = kNumber;
    words.push_back(std::move(word));
  }
  return words;
}

/// More edits than there are pieces can't spoil them all.
void Fuzzy::piecesOfEdits() {
  const size_t count = *m_kind.maxEdits + 1;
  for (size_t i = 0; i < count; ++i) {
    const size_t from = i * m_text.size() / count, to = (i + 1) * m_text.size() / count;
    m_pieces.push_back(scannerLiteral(std::string_view(m_text).substr(from, to - from)));
  }
}

/// Of any words - needed + 1 words one is there: the longest say most.
void Fuzzy::piecesOfWords() {
  auto words = m_words;
  std::ranges::stable_sort(words, std::ranges::greater(),
                           [](const Word& word) { return word.text == kNumber ? 0 : word.text.size(); });
  for (size_t i = 0; i + m_needed <= words.size(); ++i) {
    m_pieces.push_back(words[i].text == kNumber ? "[0-9]" : scannerLiteral(words[i].text));
  }
}

bool Fuzzy::matches(std::string_view text) const {
  return match(text).found;
}

Fuzzy::Match Fuzzy::match(std::string_view text) const {
  text = text.substr(0, kMostTextBytes);
  return m_kind.maxEdits ? byEdits(text) : byWords(text);
}

/// Each cell holds the edits of the best stretch that ends here for a beginning of the pattern, and where
/// that stretch starts. Cells beyond the first that needs too many edits are not worked out.
Fuzzy::Match Fuzzy::byEdits(std::string_view text) const {
  struct Cell {
    size_t edits = 0;
    size_t start = 0;
  };
  const size_t most = *m_kind.maxEdits, length = m_text.size();
  const Folded folded(text);
  std::vector<Cell> column(length + 1);
  for (size_t i = 0; i <= length; ++i) column[i] = {i, 0};
  size_t active = std::min(most, length);  // no cell behind this one is worth a look
  Cell best{most + 1, 0};
  size_t bestEnd = 0;
  for (size_t at = 0; at < folded.text.size(); ++at) {
    Cell corner = column[0];
    column[0] = {0, at + 1};
    const size_t last = std::min(active + 1, length);
    if (active < length) column[last].edits = most + 1;
    for (size_t i = 1; i <= last; ++i) {
      const Cell above = column[i];
      Cell cell{corner.edits + (m_text[i - 1] != folded.text[at]), corner.start};
      if (above.edits + 1 < cell.edits) cell = {above.edits + 1, above.start};
      if (column[i - 1].edits + 1 < cell.edits) cell = {column[i - 1].edits + 1, column[i - 1].start};
      corner = above;
      column[i] = cell;
    }
    active = last;
    while (active > 0 && column[active].edits > most) --active;
    if (active == length && column[length].edits < best.edits) {
      best = column[length];
      bestEnd = at + 1;
    }
  }
  Match out;
  if (best.edits > most) return out;
  out.found = true;
  out.similarity = 1 - static_cast<double>(best.edits) / static_cast<double>(std::max<size_t>(length, 1));
  out.start = folded.at[best.start];
  out.length = folded.at[bestEnd] - out.start;
  if (best.edits > 0) out.differs = difference(wordsOf(text.substr(out.start, out.length), kMostTextWords));
  return out;
}

/// The best stretch that begins with word `begin`: longest common subsequence with words weighed by likeness.
Fuzzy::Stretch Fuzzy::bestFrom(const std::vector<Word>& words, size_t begin) const {
  const size_t count = m_words.size();
  std::vector<double> row(count + 1, 0);
  Stretch best{0, begin, begin};
  for (size_t at = begin; at < std::min(words.size(), begin + m_longest); ++at) {
    double corner = 0;
    for (size_t i = 1; i <= count; ++i) {
      const double above = row[i];
      const double alike = likeness(m_words[i - 1].text, words[at].text);
      row[i] = std::max({above, row[i - 1], alike > 0 ? corner + alike : 0});
      corner = above;
    }
    if (at == begin && row[count] == 0) return best;
    const double similarity = 2 * row[count] / static_cast<double>(count + at + 1 - begin);
    if (similarity > best.similarity) best = {similarity, begin, at + 1};
  }
  return best;
}

Fuzzy::Match Fuzzy::byWords(std::string_view text) const {
  Match out;
  const auto words = wordsOf(text, kMostTextWords);
  if (m_words.empty() || words.empty()) return out;
  std::unordered_map<std::string_view, int> missing;  // how often each word of the pattern is still wanted
  for (const auto& word : m_words) ++missing[word.text];
  size_t exact = 0;
  const auto move = [&](const Word& word, int by) {
    const auto found = missing.find(word.text);
    if (found == missing.end()) return;
    if (by > 0 ? found->second > 0 : found->second >= 0) exact += by > 0 ? 1 : size_t(-1);
    found->second -= by;
  };
  Stretch best;
  size_t ahead = 0;
  for (size_t begin = 0; begin < words.size(); ++begin) {
    while (ahead < std::min(words.size(), begin + m_longest)) move(words[ahead++], 1);
    if (exact >= m_needed) {
      const auto stretch = bestFrom(words, begin);
      if (stretch.similarity > best.similarity) best = stretch;
    }
    move(words[begin], -1);
  }
  if (best.similarity + 1e-9 < m_kind.similarity) return out;
  out.found = true;
  out.similarity = std::min(best.similarity, 1.0);
  out.start = words[best.begin].start;
  out.length = words[best.end - 1].start + words[best.end - 1].length - out.start;
  out.differs = difference(
      {words.begin() + static_cast<ptrdiff_t>(best.begin), words.begin() + static_cast<ptrdiff_t>(best.end)});
  return out;
}

/// "'connect' is 'conect', 'server' is missing, 'remote' is new", along the longest common subsequence.
std::string Fuzzy::difference(const std::vector<Word>& found) const {
  const size_t rows = m_words.size(), columns = std::min(found.size(), 4 * kMostWords);
  std::vector<std::vector<double>> best(rows + 1, std::vector<double>(columns + 1, 0));
  for (size_t i = rows; i-- > 0;) {
    for (size_t j = columns; j-- > 0;) {
      const double alike = likeness(m_words[i].text, found[j].text);
      best[i][j] = std::max({best[i + 1][j], best[i][j + 1], alike > 0 ? best[i + 1][j + 1] + alike : 0});
    }
  }
  std::string out;
  const auto say = [&](const std::string& words) { out += (out.empty() ? "" : ", ") + words; };
  size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    const double alike = i < rows && j < columns ? likeness(m_words[i].text, found[j].text) : 0;
    if (alike > 0 && best[i][j] <= best[i + 1][j + 1] + alike + 1e-9) {
      if (alike < 1) say('\'' + m_words[i].text + "' is '" + found[j].text + '\'');
      ++i;
      ++j;
    } else if (j >= columns || (i < rows && best[i + 1][j] >= best[i][j + 1])) {
      say('\'' + m_words[i++].text + "' is missing");
    } else {
      say('\'' + found[j++].text + "' is new");
    }
  }
  return out;
}

}  // namespace aiops::detection
