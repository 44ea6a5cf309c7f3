// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/container_line.h"

#include "parsing/scan.h"

namespace aiops::parsing {
namespace {

constexpr std::string_view kDockerHead = "{\"log\":\"";
constexpr size_t kLongestStamp = 40;

std::optional<ContainerLine> criLine(std::string_view line) {
  if (line.size() < 25 || !isDigit(line.front()) || line[4] != '-' || line[10] != 'T') return std::nullopt;
  ContainerLine out;
  const auto space = line.substr(0, kLongestStamp).find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  out.time = line.substr(0, space);
  auto rest = line.substr(space);
  if (!rest.starts_with(" stdout ") && !rest.starts_with(" stderr ")) return std::nullopt;
  out.stream = rest.substr(1, 6);
  rest.remove_prefix(8);
  if (!rest.starts_with("F ") && !rest.starts_with("P ") && rest != "F" && rest != "P") return std::nullopt;
  out.partial = rest.front() == 'P';
  out.content = rest.substr(std::min<size_t>(2, rest.size()));
  return out;
}

/// The value of `"name":"` behind `from`.
std::string_view member(std::string_view line, std::string_view name, size_t from) {
  const auto at = line.find(name, from);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

std::optional<ContainerLine> dockerLine(std::string_view line) {
  if (!line.starts_with(kDockerHead)) return std::nullopt;
  size_t end = kDockerHead.size();
  while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  if (end >= line.size()) return std::nullopt;
  ContainerLine out;
  out.isJson = true;
  out.content = line.substr(kDockerHead.size(), end - kDockerHead.size());
  out.partial = !out.content.ends_with("\\n");
  if (!out.partial) out.content.remove_suffix(2);
  out.stream = member(line, "\"stream\":\"", end);
  out.time = member(line, "\"time\":\"", end);
  if (out.stream.empty() || out.time.empty()) return std::nullopt;
  return out;
}

void appendUtf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

int hexValue(char c) {
  if (isDigit(c)) return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// Four hexadecimal digits at `at`; -1: they are none.
int32_t hexCode(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return -1;
  int32_t code = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = hexValue(text[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

}  // namespace

std::string ContainerLine::text() const {
  if (!isJson || content.find('\\') == std::string_view::npos) return std::string(content);
  std::string out;
  for (size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\' || i + 1 >= content.size()) {
      out += content[i];
      continue;
    }
    const char c = content[++i];
    const auto code = c == 'u' ? hexCode(content, i + 1) : -1;
    if (code >= 0) {
      appendUtf8(out, static_cast<uint32_t>(code));
      i += 4;
      continue;
    }
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return out;
}

std::optional<ContainerLine> containerLine(std::string_view line) {
  if (line.empty()) return std::nullopt;
  return line.front() == '{' ? dockerLine(line) : criLine(line);
}

std::optional<std::string> joinedContainerLines(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return std::nullopt;
  const auto first = containerLine(firstLine(text));
  if (!first) return std::nullopt;
  std::string out = std::string(first->time) + ' ' + std::string(first->stream) + " F ";
  bool open = true;  // the line under way has not ended
  while (!text.empty()) {
    const auto line = firstLine(text);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto part = containerLine(line);
    if (!open) out += '\n';
    out += part ? part->text() : std::string(line);
    open = part && part->partial;
  }
  return out;
}

}  // namespace aiops::parsing
