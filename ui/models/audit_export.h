// The audit into a file of JSON lines, oldest entry first, so that it can be verified from the top.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSaveFile>

#include "models/audit_model.h"

namespace aiops::ui {

/// Writes page after page and puts the file in its place only when all of it is on disk: a cancelled or
/// failed export leaves what was there before. Readable by the owner alone. UI thread only.
class AuditExport final : public QObject {
  Q_OBJECT
 public:
  /// Entries that match `filter`, up to number `newest` of the chain.
  AuditExport(AskAudit ask, const QString& path, AuditFilter filter, uint64_t newest,
              QObject* parent = nullptr);

  void start();
  void cancel();
  bool isRunning() const { return m_running; }

 Q_SIGNALS:
  void progressed(qulonglong looked, qulonglong of);
  /// `problem` is empty when the file stands.
  void ended(const QString& problem, qulonglong written);

 private:
  void ask();
  void take(base::Result<service::Page<model::AuditEntry>> answer);
  void end(const QString& problem);

  AskAudit m_ask;
  QSaveFile m_file;
  const AuditFilter m_filter;
  const uint64_t m_newest;
  uint64_t m_done = 0;  ///< every entry up to this number was looked at
  uint64_t m_written = 0;
  bool m_running = false;
};

}  // namespace aiops::ui
