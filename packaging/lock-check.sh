#!/bin/bash
# Clang's check of the lock annotations, with the compile commands of the preset headless: over the sources of core
# and app that name a mutex, or whose header does.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u -o pipefail
. "$(dirname "$0")/lib.sh"

commands=$root/build/headless/compile_commands.json
[ -f "$commands" ] || fail "no $commands; run: cmake --preset headless && cmake --build --preset headless"
command -v clang++-19 > /dev/null || fail "clang++-19 is missing; install the package clang-19"

# One line a source: its compiler arguments without launcher, compiler, output and the files of GCC.
check_one() {
  local words source=$1
  read -r -a words <<< "$2"
  clang++-19 -fsyntax-only -Wno-everything -Wthread-safety -Werror=thread-safety "${words[@]}" "$source"
}
export -f check_one

stems=$(cd "$root" && git grep --untracked -lE '\b(Mutex|MutexLock|AIOPS_GUARDED_BY|AIOPS_REQUIRES)\b' -- core app |
  sed 's/\.[a-z]*$//' | sort -u | tr '\n' ' ')

# CMake writes each entry's "command" and "file" on a line of its own.
awk -v root="$root/" -v stems=" $stems" '
  /^ *"command":/ {
    flags = ""
    count = split($0, words, " ")
    for (i = 1; i <= count; ++i) {
      if (words[i] ~ /^-(D|I|std=)/) flags = flags " " words[i]
      if (words[i] == "-isystem") flags = flags " -isystem " words[++i]
    }
    gsub(/\\\\\\"/, "\"", flags)
  }
  /^ *"file":/ {
    file = $2
    gsub(/[",]/, "", file)
    stem = substr(file, length(root) + 1)
    sub(/\.cpp$/, "", stem)
    if (index(file, root) == 1 && index(stems, " " stem " ") > 0) printf "%s%c%s%c", file, 0, flags, 0
  }' "$commands" |
  xargs -0 -r -n 2 -P 2 bash -c 'cd "$0" && check_one "$1" "$2"' "$root/build/headless"
