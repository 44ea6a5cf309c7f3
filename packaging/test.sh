#!/bin/bash
# Installs what is missing, builds with tests (warnings are errors), and runs all tests.
#   packaging/test.sh [CTEST ARGUMENTS]    for example -R tst_storage
# SPDX-License-Identifier: GPL-3.0-or-later
set -u -o pipefail
. "$(dirname "$0")/lib.sh"

ensure_packages build run test
announce_build dev
build dev

say "Running the tests"
cd "$root" && exec ctest --preset dev -j 2 "$@"
