// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/stop_control.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/fd.h"
#include "model/json.h"

namespace aiops::remediation {

bool StopControl::stopped() const {
  struct stat info{};
  return m_held || ::lstat(m_file.c_str(), &info) == 0 || errno != ENOENT;
}

StopNote StopControl::note() const {
  StopNote note;
  const auto bytes = base::readFile(m_file, 64 * 1024);
  const auto json = nlohmann::json::parse(bytes.value_or(""), nullptr, false);
  if (!json.is_object()) return note;
  const auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
  };
  note.by = text("by");
  note.reason = text("reason");
  note.since = base::fromIso8601(text("since"));
  return note;
}

base::Result<> StopControl::stop(const StopNote& note) {
  m_held = true;
  nlohmann::json json{{"by", base::toValidUtf8(note.by)}, {"reason", base::toValidUtf8(note.reason)}};
  if (note.since) json["since"] = base::toIso8601(*note.since);
  return base::writeFileAtomic(m_file, json.dump() + '\n');
}

base::Result<> StopControl::resume() {
  if (::unlink(m_file.c_str()) != 0 && errno != ENOENT) {
    return base::failErrno(errno, "can't remove the stop file", m_file.string());
  }
  const base::Fd directory(::open(m_file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || ::fsync(directory.get()) != 0) {
    return base::failErrno(errno, "can't sync the home", m_file.string());
  }
  m_held = false;
  return {};
}

}  // namespace aiops::remediation
