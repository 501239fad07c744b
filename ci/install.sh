#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that the build and the tests need and that are
# missing. Asks nothing of the network when none is.
#
#   ci/install.sh         what ci/test.sh and ci/demo.sh need
#   ci/install.sh full    and what ci/full.sh needs beyond that
set -eu

packages="gcc g++ cmake ninja-build git python3 dpkg-dev binutils netbase
    libcmocka-dev gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32
    wine wine64 valgrind libc6-dbg strace clang-format clang-tidy
    netcat-openbsd socat mandoc iproute2 gcovr
    python3-dev libpython3.11-testsuite"
case ${1:-} in
"") ;;
full)
    packages="$packages clang libclang-rt-dev musl-tools qemu-user debootstrap
        gcc-i686-linux-gnu g++-i686-linux-gnu
        gcc-aarch64-linux-gnu g++-aarch64-linux-gnu
        gcc-s390x-linux-gnu g++-s390x-linux-gnu
        gcc-mingw-w64-i686-win32 g++-mingw-w64-i686-win32 python3.11-dbg"
    ;;
*)
    echo "usage: ci/install.sh [full]" >&2
    exit 2
    ;;
esac

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) ||
        state=absent
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
    echo "install.sh: not root, and these packages are missing:$missing" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086
    apt-get install -y -q --no-install-recommends $missing >&2
}

echo "install.sh: installing$missing" >&2
install || {
    apt-get update -q >&2
    install
} || {
    echo "install.sh: apt-get could not install:$missing" >&2
    exit 1
}
