#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the suites of the preset windows-x86, which must be built, with a Wine
# for 32 bits. It does not install beside the 64-bit one on every machine, so
# it has a Debian root of its own, made on demand outside the source tree.
# Needs to be root.
#
#   ci/test-windows-x86.sh [CTEST-ARGUMENT...]
#
# Only Wine runs in that root; CTest and the peers of the tests run here. The
# mounts and processes it takes end with this script (ci/root.sh).
set -eu
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/pier
root=$cache/root-i386

ci/root.sh make "$root" i386 wine wine32 netbase
export PIER_WINE_ROOT="$root"
export PIER_WINEPREFIX="$cache/wine-x86"
exec ci/root.sh with "$root" "$PWD" "$cache" /tmp /var/tmp -- \
    ctest --preset windows-x86 "$@"
