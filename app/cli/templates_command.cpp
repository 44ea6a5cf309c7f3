// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/templates_command.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "base/bytes.h"
#include "base/time.h"
#include "detection/template_miner.h"
#include "pipeline/file_reader.h"
#include "security/safe_text.h"

namespace aiops::app {
namespace {

/// The template of each line, from 1; 0 for a blank one.
using Rows = std::vector<uint64_t>;

/// Each line is a message.
base::Result<Rows> mineMessages(const std::string& path, detection::TemplateMiner& miner) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail(base::ErrorCode::NotFound, "can't read the file", path);
  Rows rows;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    rows.push_back(miner.add(line).id);
  }
  return rows;
}

/// Messages of the records; the lines of one record have one template.
base::Result<Rows> mineRecords(const std::string& path, detection::TemplateMiner& miner) {
  auto reader = pipeline::FileReader::open(path, "file", {}, base::SystemClock().now());
  if (!reader) return std::unexpected(reader.error());
  Rows rows;
  while ((*reader)->next()) {
    const auto& record = (*reader)->record();
    const auto message = record.message.substr(0, record.message.find('\n'));
    const auto id = miner.add(message, record.eventTime).id;
    const auto more = static_cast<size_t>(std::ranges::count(record.text, '\n'));
    rows.resize(std::max<size_t>(rows.size(), record.position.line + more));
    std::fill_n(rows.begin() + static_cast<ptrdiff_t>(record.position.line) - 1, more + 1, id);
  }
  if (!(*reader)->problem().empty())
    complain({base::ErrorCode::Unavailable, "not read to its end: " + (*reader)->problem(), path, ""});
  return rows;
}

std::string idText(uint64_t id) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(id));
  return text;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

void printCsv(const Rows& rows, const detection::TemplateMiner& miner) {
  std::printf("line,template_id,template\n");
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto found = miner.find(rows[i]);
    std::printf(
        "%zu,%s,%s\n", i + 1, found ? idText(found->id).c_str() : "",
        found ? quoted(security::SafeText::from(found->text, found->text.size()).text()).c_str() : "");
  }
}

void printJson(const Rows& rows, const detection::TemplateMiner& miner) {
  nlohmann::ordered_json templates = nlohmann::ordered_json::array(), lines = templates;
  for (const auto& one : miner.all()) {
    nlohmann::ordered_json examples = nlohmann::ordered_json::array();
    for (const auto& values : one.examples) {
      auto& shown = examples.emplace_back(nlohmann::ordered_json::array());
      for (const auto& value : values) shown.push_back(base::toValidUtf8(value));
    }
    templates.push_back({{"id", idText(one.id)},
                         {"template", base::toValidUtf8(one.text)},
                         {"typed", base::toValidUtf8(one.typed)},
                         {"count", one.count},
                         {"examples", std::move(examples)}});
  }
  for (const auto id : rows) lines.push_back(id == 0 ? "" : idText(miner.current(id)));
  const nlohmann::ordered_json all = {{"templates", std::move(templates)}, {"lines", std::move(lines)}};
  std::printf("%s\n", all.dump(2).c_str());
}

}  // namespace

int runTemplates(const Invocation& invocation) {
  const auto& path = invocation.paths.front();
  detection::TemplateMiner miner;
  const auto rows = invocation.contentOnly ? mineMessages(path, miner) : mineRecords(path, miner);
  if (!rows) return complain(rows.error());
  invocation.format == "json" ? printJson(*rows, miner) : printCsv(*rows, miner);
  return kDone;
}

}  // namespace aiops::app
