#!/bin/bash
# Installs what is missing, builds, and starts ai-ops-core.
#   packaging/start.sh              the demo: in a window if there is a display, else on this terminal
#   packaging/start.sh ARGUMENTS    ai-ops-core with these arguments, for example --server
# SPDX-License-Identifier: GPL-3.0-or-later
set -u -o pipefail
. "$(dirname "$0")/lib.sh"

ensure_packages build run
announce_build release
build release

program=$root/build/release/bin/ai-ops-core
if [ $# -gt 0 ]; then
  exec "$program" "$@"
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  say "Opening the console on the demo web-503"
  exec "$program" demo web-503 --gui
else
  say "No display: the demo web-503 on this terminal, its fix approved without asking"
  exec "$program" demo web-503 --approve
fi
