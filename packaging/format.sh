#!/bin/bash
# Formats all C++ sources in place; with --check only says which ones differ and fails.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u -o pipefail
. "$(dirname "$0")/lib.sh"

cd "$root" || exit 3
command -v clang-format-19 > /dev/null || fail "clang-format-19 is missing; install the package of that name"
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run -Werror)
git ls-files -z '*.h' '*.cpp' | xargs -0 -r -n 40 -P 2 clang-format-19 "${mode[@]}"
