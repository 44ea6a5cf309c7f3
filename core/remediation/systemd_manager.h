// A unit of the host's systemd, over the system bus (libsystemd: no thread, no event loop, so the executor
// stays single-threaded). The interface: org.freedesktop.systemd1(5).
//
// A verb is a job: it succeeds when systemd says JobRemoved "done". A start-limit budget that is used up is
// told before asking; reset-failed is never done here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remediation/service_manager.h"

namespace aiops::remediation {

std::unique_ptr<ServiceManager> makeSystemdManager(const model::ServiceAction& action);

}  // namespace aiops::remediation
