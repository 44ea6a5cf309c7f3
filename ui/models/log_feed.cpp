// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_feed.h"

#include "models/log_model.h"

namespace aiops::ui {
namespace {

LogFeed::Batch batchOf(model::LogSlice slice, uint64_t from, uint32_t limit) {
  LogFeed::Batch batch{.next = slice.next, .missed = slice.missed, .more = slice.lines.size() >= limit};
  std::erase_if(slice.lines, [from](const auto& line) { return line.sequence < from; });
  batch.packed = LogModel::pack(slice);
  return batch;
}

}  // namespace

void LogFeed::ask(uint64_t from, uint32_t limit, Took took) {
  auto& operations = m_bridge.operations();
  auto reply = m_bridge.onUiThread<Batch>(std::move(took));
  const bool posted = m_worker.post([&operations, from, limit, reply] {
    operations.tailLogs(from, limit, [reply, from, limit](base::Result<model::LogSlice> slice) {
      if (!slice) return reply(std::unexpected(slice.error()));
      reply(batchOf(*std::move(slice), from, limit));
    });
  });
  if (!posted) reply(base::fail(base::ErrorCode::Unavailable, "earlier questions are not answered yet"));
}

}  // namespace aiops::ui
