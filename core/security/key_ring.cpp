// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/key_ring.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QEventLoop>
#include <QFileInfo>
#include <QThread>
#include <QTimer>
#include <functional>
#include <future>

namespace aiops::security {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const char* const kWhere = "key ring";

QString label() {
  return QStringLiteral("ai-ops-core");
}

/// Asking for a bus that isn't there could start one.
bool hasSessionBus() {
  if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) return true;
  const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
  return !runtime.isEmpty() && QFileInfo::exists(runtime + QLatin1String("/bus"));
}

/// True when `method` of the bus itself lists `service`.
bool listed(const QDBusConnection& bus, const char* method, const QString& service, int boundMs) {
  const auto question = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
      QStringLiteral("org.freedesktop.DBus"), QLatin1String(method));
  const auto answer = bus.call(question, QDBus::Block, boundMs);
  return answer.type() == QDBusMessage::ReplyMessage &&
         answer.arguments().value(0).toStringList().contains(service);
}

base::Error errorOf(const QKeychain::Job& job) {
  const std::string said = job.errorString().toStdString();
  switch (job.error()) {
    case QKeychain::EntryNotFound:
      return {ErrorCode::NotFound, "the key ring has no such entry", kWhere, ""};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
      return {ErrorCode::PermissionDenied, "the key ring refused: " + said, kWhere, "unlock it"};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
      return {ErrorCode::Unavailable, "there is no key ring: " + said, kWhere, ""};
    default:
      return {ErrorCode::Io, "the key ring failed: " + said, kWhere, ""};
  }
}

using Answer = Result<std::string>;

/// Prepares and starts jobs, and waits for what comes. The library behind them keeps its state in the thread
/// of the application, so that is where they run, whichever thread asks. One that does not answer in time is
/// left to itself: the library still points to it.
template <class Job>
class Question {
 public:
  using Prepare = std::function<void(Job&)>;
  using Take = std::function<std::string(Job&)>;

  static Answer ask(std::chrono::milliseconds bound, const Prepare& prepare, const Take& take) {
    const auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    const auto begin = [promise, prepare, take] { return started(promise, prepare, take); };
    auto* application = QCoreApplication::instance();
    if (QThread::currentThread() == application->thread()) {
      QEventLoop loop;
      QTimer::singleShot(bound, &loop, &QEventLoop::quit);
      QObject::connect(begin(), &QKeychain::Job::finished, &loop, &QEventLoop::quit);
      loop.exec();
      bound = std::chrono::milliseconds(0);
    } else {
      QMetaObject::invokeMethod(application, begin, Qt::QueuedConnection);
    }
    if (answer.wait_for(bound) == std::future_status::ready) return answer.get();
    return fail(ErrorCode::Timeout, "the key ring does not answer", kWhere,
                "unlock it, or keep the secret in a file or the environment");
  }

 private:
  static Job* started(const std::shared_ptr<std::promise<Answer>>& promise, const Prepare& prepare,
                      const Take& take) {
    auto* job = new Job(label());  // deletes itself when it has finished
    job->setInsecureFallback(false);
    prepare(*job);
    QObject::connect(job, &QKeychain::Job::finished, job, [promise, take, job] {
      const bool good = job->error() == QKeychain::NoError;
      promise->set_value(good ? Answer(take(*job)) : Answer(std::unexpected(errorOf(*job))));
    });
    job->start();
    return job;
  }
};

Result<> withoutValue(const Answer& answer) {
  return answer ? Result<>() : Result<>(std::unexpected(answer.error()));
}

}  // namespace

Result<> KeyRing::available() const {
  const QString service = QStringLiteral("org.freedesktop.secrets");
  const auto none = [](const char* why) { return fail(ErrorCode::Unavailable, why, kWhere); };
  if (!hasSessionBus()) return none("there is no session bus, so no key ring");
  const QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return none("the session bus can't be reached, so no key ring");
  const int boundMs = static_cast<int>(m_bound.count());
  if (listed(bus, "ListNames", service, boundMs) || listed(bus, "ListActivatableNames", service, boundMs))
    return {};
  return none("no key ring runs on the session bus");
}

Result<std::string> KeyRing::read(const std::string& name) {
  if (auto there = available(); !there) return std::unexpected(there.error());
  return Question<QKeychain::ReadPasswordJob>::ask(
      m_bound, [name](auto& job) { job.setKey(QString::fromStdString(name)); },
      [](auto& job) { return job.textData().toStdString(); });
}

Result<> KeyRing::write(const std::string& name, const std::string& value) {
  if (auto there = available(); !there) return there;
  const auto prepare = [name, value](auto& job) {
    job.setKey(QString::fromStdString(name));
    job.setTextData(QString::fromStdString(value));
  };
  return withoutValue(
      Question<QKeychain::WritePasswordJob>::ask(m_bound, prepare, [](auto&) { return std::string(); }));
}

Result<> KeyRing::remove(const std::string& name) {
  if (auto there = available(); !there) return there;
  return withoutValue(Question<QKeychain::DeletePasswordJob>::ask(
      m_bound, [name](auto& job) { job.setKey(QString::fromStdString(name)); },
      [](auto&) { return std::string(); }));
}

}  // namespace aiops::security
