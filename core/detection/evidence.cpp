// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/evidence.h"

#include "base/bytes.h"
#include "detection/key_map.h"

namespace aiops::detection {
namespace {

constexpr size_t kText = 500;  // as EvidenceRef::text says

}  // namespace

std::string uuidOf(std::string_view content) {
  auto hex = base::sha256Hex(content).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[(hex[16] < 'a' ? hex[16] - '0' : hex[16] - 'a' + 10) & 3];
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

model::EvidenceRef makeEvidence(const model::LogBatch& batch, const model::LogRecord& record) {
  model::EvidenceRef ref;
  ref.source = batch.source;
  ref.service = batch.service;
  ref.position = record.position;
  ref.text = base::validUtf8Prefix(record.text, kText);
  ref.sha256 = base::sha256Hex(record.text);
  ref.time = record.eventTime;
  ref.id = uuidOf(joinedKey(
      {ref.source, std::to_string(ref.position.inode), std::to_string(ref.position.offset), ref.sha256}));
  return ref;
}

}  // namespace aiops::detection
