// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_window.h"

#include <QStringList>

namespace aiops::app::demo {
namespace {

constexpr int kStartMs = 2000, kEndMs = 10'000;

QString text(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

}  // namespace

DemoWindow::DemoWindow(std::filesystem::path program, std::filesystem::path home)
    : m_program(std::move(program)), m_home(std::move(home)) {
  m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  m_process.setStandardOutputFile(QProcess::nullDevice());
  m_process.setStandardInputFile(QProcess::nullDevice());
}

DemoWindow::~DemoWindow() {
  if (m_process.state() == QProcess::NotRunning) return;
  m_process.terminate();
  if (!m_process.waitForFinished(kEndMs)) m_process.kill();
}

base::Result<> DemoWindow::start() {
  if (m_process.state() != QProcess::NotRunning) {
    return base::fail(base::ErrorCode::Conflict, "the demo runs already", "", "look for its window");
  }
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("AIOPS_HOME"), text(m_home));
  m_process.setProcessEnvironment(environment);
  m_process.start(text(m_program),
                  {QStringLiteral("demo"), QStringLiteral("web-503"), QStringLiteral("--gui")});
  if (m_process.waitForStarted(kStartMs)) return {};
  return base::fail(base::ErrorCode::Unavailable, "the demo could not be started",
                    text(m_program).toStdString(), m_process.errorString().toStdString());
}

}  // namespace aiops::app::demo
