// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/audit_export.h"

#include <QPointer>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/shown_text.h"

namespace aiops::ui {

AuditExport::AuditExport(AskAudit ask, const QString& path, AuditFilter filter, uint64_t newest,
                         QObject* parent)
    : QObject(parent), m_ask(std::move(ask)), m_file(path), m_filter(std::move(filter)), m_newest(newest) {}

void AuditExport::start() {
  m_running = true;
  if (!m_file.open(QIODevice::WriteOnly)) return end(m_file.errorString());
  m_file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
  ask();
}

void AuditExport::cancel() {
  if (m_running) end(tr("Stopped; nothing was written."));
}

void AuditExport::ask() {
  if (m_done >= m_newest) return end({});
  // The pages run newest first: one that ends below the next 500 holds just these.
  const uint64_t upTo = std::min(m_done + AuditModel::kPage, m_newest);
  m_ask({.limit = AuditModel::kPage, .before = upTo + 1}, [self = QPointer(this)](auto answer) {
    if (self && self->m_running) self->take(std::move(answer));
  });
}

void AuditExport::take(base::Result<service::Page<model::AuditEntry>> answer) {
  if (!answer) return end(shownString(answer.error().line()));
  auto& page = answer->items;
  std::reverse(page.begin(), page.end());
  for (const auto& entry : page) {
    if (entry.sequence <= m_done || !m_filter.matches(entry)) continue;
    const std::string line =
        nlohmann::json(entry).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    if (m_file.write(line.data(), static_cast<qint64>(line.size())) < 0) return end(m_file.errorString());
    ++m_written;
  }
  m_done = std::min(m_done + AuditModel::kPage, m_newest);
  Q_EMIT progressed(m_done, m_newest);
  ask();
}

void AuditExport::end(const QString& problem) {
  m_running = false;
  QString why = problem;
  if (why.isEmpty() && !m_file.commit()) why = m_file.errorString();
  if (!why.isEmpty()) m_file.cancelWriting();
  Q_EMIT ended(why, why.isEmpty() ? m_written : 0);
}

}  // namespace aiops::ui
