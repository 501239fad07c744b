#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds cmocka for another target from Debian's source package, once, outside
# the source tree. The source comes through apt with directories of its own,
# so nothing of the system's package configuration changes.
#
#   ci/cmocka.sh [TOOLCHAIN]            build when missing, print where it is
#   ci/cmocka.sh --where [TOOLCHAIN]    only print where it is or would be
#
# TOOLCHAIN is the name of a file in toolchains/, windows-x64 by default.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
version=1.1.5
cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/pier
where=""
if [ "${1:-}" = --where ]; then
    where=yes
    shift
fi
toolchain=${1:-windows-x64}
root=$cache/cmocka-$version-$toolchain
source=$cache/cmocka-$version-source

if [ -n "$where" ] || [ -f "$root/lib/libcmocka.a" ]; then
    echo "$root"
    exit 0
fi

# The binary archives that the machine already uses, asked for their sources.
source_list() {
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
        'Component: main' --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
        sort -u | sed "s|^|deb-src [signed-by=$key] |"
}

fetch() { # fetch DIRECTORY
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    source_list >"$1/sources.list"
    # Images come without the lists.
    [ -s "$1/sources.list" ] || {
        apt-get -q update >&2 || true
        source_list >"$1/sources.list"
    }
    [ -s "$1/sources.list" ] || {
        echo "cmocka.sh: no Debian archive known; run apt-get update" >&2
        exit 1
    }
    set -- "$1" -q -o "Dir::Etc::sourcelist=$1/sources.list" \
        -o Dir::Etc::sourceparts=/nonexistent \
        -o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1/cache" \
        -o APT::Sandbox::User= -o Acquire::Languages=none \
        -o Acquire::Retries=3
    dir=$1
    shift
    (cd "$dir" && apt-get "$@" update && apt-get "$@" source cmocka) >&2
    mv "$dir/cmocka-$version" "$source" || {
        echo "cmocka.sh: Debian's cmocka is not $version" >&2
        exit 1
    }
}

build() { # build DIRECTORY
    cmake -S "$source" -B "$1/build" -G Ninja \
        -DCMAKE_TOOLCHAIN_FILE="$top/toolchains/$toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$1/out" \
        -DCMAKE_INSTALL_LIBDIR=lib \
        -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF -DUNIT_TESTING=OFF &&
        cmake --build "$1/build" && cmake --install "$1/build"
}

mkdir -p "$cache"
exec 9>"$cache/cmocka.lock"
flock 9
if [ ! -f "$root/lib/libcmocka.a" ]; then
    work=$(mktemp -d "$cache/cmocka.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    [ -d "$source" ] || fetch "$work"
    build "$work" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
    # Only the static library: the test programs carry their own.
    mkdir -p "$work/root/lib"
    mv "$work/out/lib/libcmocka-static.a" "$work/root/lib/libcmocka.a"
    mv "$work/out/include" "$work/root/include"
    rm -rf "$root"
    mv "$work/root" "$root"
fi
echo "$root"
