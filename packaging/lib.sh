# Shared by packaging/start.sh and packaging/test.sh; sourced, not run.
# SPDX-License-Identifier: GPL-3.0-or-later

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

# fail REASON [EXIT STATUS]
fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-3}"
}

# packages_for PURPOSE...: the packages that these purposes (build, run, test) need
packages_for() {
  local purpose
  for purpose in "$@"; do
    awk -v purpose="$purpose" '$1 == purpose { print $2 }' "$root/packaging/dependencies.txt"
  done
}

# missing_of PACKAGE...: those that are not installed
missing_of() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      awk '$1 == "installed" { print $2 }' | sort -u)
}

is_debian_12() {
  [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

# ensure_packages PURPOSE...: installs what is missing, or says what to install and ends with status 3
ensure_packages() {
  local wanted missing as_root=()
  wanted=$(packages_for "$@")
  if ! is_debian_12; then
    ensure_elsewhere "$wanted"
    return
  fi
  missing=$(missing_of $wanted)
  [ -z "$missing" ] && return
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null ||
      fail "can't install packages: not root, and there is no sudo. As root: apt-get install ${missing//$'\n'/ }"
    as_root=(sudo)
  fi
  say "Installing" $missing
  install_packages $missing
}

install_packages() {
  local log
  log=$(mktemp)
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
      apt-get -q update -o APT::Update::Error-Mode=any > "$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "can't reach the package servers (no network?). Needed packages: $*"
  fi
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
      apt-get -q -y --no-install-recommends install "$@" > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "the packages could not be installed: $*"
  fi
  rm -f "$log"
}

# Not Debian 12: nothing is installed here. Builds if the tools are there, else lists the packages.
ensure_elsewhere() {
  local tool absent=()
  for tool in cmake ninja c++ pkg-config; do
    command -v "$tool" > /dev/null || absent+=("$tool")
  done
  [ ${#absent[@]} -eq 0 ] && return
  fail "this is not Debian 12, and ${absent[*]} can't be found. Install what these Debian packages hold: ${1//$'\n'/ }"
}

# build PRESET [TARGET...]: configures when needed and builds; shows the output only of a failure
build() {
  local preset=$1 log
  shift
  log=$root/build/$preset/build.log
  mkdir -p "$root/build/$preset"
  if ! build_steps "$preset" "$@" > "$log" 2>&1; then
    grep -E -A 8 'error|FAILED|Error' "$log" | tail -n 60 >&2 || tail -n 60 "$log" >&2
    fail "the build of preset $preset failed; all of its output is in $log"
  fi
}

build_steps() {
  local preset=$1 targets=()
  shift
  [ $# -gt 0 ] && targets=(--target "$@")
  cd "$root" || return
  if [ ! -f "build/$preset/build.ninja" ]; then cmake --preset "$preset" || return; fi
  cmake --build --preset "$preset" "${targets[@]}"
}

# announce_build PRESET: says so only when there is something to build
announce_build() {
  local preset=$1
  if [ ! -f "$root/build/$preset/build.ninja" ]; then
    say "Building (preset $preset); the first time takes some minutes"
  elif ! ninja -C "$root/build/$preset" -n 2>/dev/null | grep -q 'no work to do'; then
    say "Building what has changed (preset $preset)"
  fi
}
