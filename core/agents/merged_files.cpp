// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/merged_files.h"

namespace aiops::agents {

base::Result<std::unique_ptr<MergedFiles>> MergedFiles::open(const std::vector<OfflineFile>& files,
                                                             const OfflineZones& zones) {
  std::unique_ptr<MergedFiles> merged(new MergedFiles());
  for (const auto& file : files) {
    auto reader =
        pipeline::FileReader::open(file.path, file.service, zones.parserFor(file), zones.reference());
    if (!reader) return std::unexpected(reader.error());
    merged->m_paths.push_back(file.path);
    merged->m_readers.push_back(std::move(*reader));
    auto& opened = *merged->m_readers.back();
    if (opened.next()) merged->m_heads.emplace(opened.record().eventTime, merged->m_readers.size() - 1);
  }
  return merged;
}

const model::LogBatch* MergedFiles::next() {
  if (m_current) {
    auto& reader = *m_readers[*m_current];
    if (!reader.next()) {
      m_current.reset();
    } else if (const Head head{reader.record().eventTime, *m_current};
               !m_heads.empty() && head > m_heads.top()) {
      m_heads.push(head);
      m_current.reset();
    }
  }
  if (!m_current) {
    if (m_heads.empty()) return nullptr;
    m_current = m_heads.top().second;
    m_heads.pop();
  }
  return &m_readers[*m_current]->current();
}

uint64_t MergedFiles::lines() const {
  uint64_t all = 0;
  for (const auto& reader : m_readers) all += reader->lines();
  return all;
}

uint64_t MergedFiles::bytes() const {
  uint64_t all = 0;
  for (const auto& reader : m_readers) all += reader->bytes();
  return all;
}

std::vector<std::pair<std::string, std::string>> MergedFiles::problems() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t i = 0; i < m_readers.size(); ++i) {
    if (!m_readers[i]->problem().empty()) out.emplace_back(m_paths[i], m_readers[i]->problem());
  }
  return out;
}

}  // namespace aiops::agents
