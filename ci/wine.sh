#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a Windows program in the project's own Wine prefix; CMake's emulator.
#
#   ci/wine.sh PROGRAM.exe ARGUMENT...
#   ci/wine.sh --start      make the prefix and a server that stays
#   ci/wine.sh --stop       end the server, unless another user of it is left
#
# One prefix serves every build directory. Each --start leaves a mark that
# --stop takes away; the last --stop ends the server. --stop fails when it is
# not the server that --start saw.
#
# PIER_WINE_ROOT names another root in which Wine is, and which has the
# directories of this one that matter mounted (ci/test-windows-x86.sh).
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/pier
export WINEPREFIX="${PIER_WINEPREFIX:-$cache/wine}"
export WINEDEBUG=-all
# Without winedbg a crash always shows in the exit code.
export WINEDLLOVERRIDES="winedbg.exe=d;mscoree,mshtml=;winemenubuilder.exe=d"
# Names of files and arguments that are not ASCII need a locale that has them.
export LC_ALL=C.UTF-8
unset DISPLAY WAYLAND_DISPLAY

users=$WINEPREFIX.users

# Becomes a command of the root in which Wine is.
become() {
    [ -z "${PIER_WINE_ROOT:-}" ] || exec unshare --root="$PIER_WINE_ROOT" \
        --wd="$PWD" "$@"
    exec "$@"
}

# The kernel puts the heap of the 64-bit loader anywhere in the gigabyte after
# it, which holds a page that Wine needs: one start in some thousands failed
# with exit code 1 and not a word. Some containers do not let it be fixed.
fixed=""
! setarch -R true 2>/dev/null || fixed="setarch -R"

# The process of the prefix's server. It inherits the environment, and renames
# itself after the width of its words.
server() {
    for process in /proc/[0-9]*; do
        case $(cat "$process/comm" 2>/dev/null) in
        wineserver*) ;;
        *) continue ;;
        esac
        ! tr '\0' '\n' <"$process/environ" 2>/dev/null |
            grep -qxF "WINEPREFIX=$WINEPREFIX" || echo "${process##*/}"
    done
}

# A client edition, but these programs see a server: TransmitFile() is used on
# no other.
set_editions() {
    (become $fixed wine reg add \
        "HKLM\\System\\CurrentControlSet\\Control\\ProductOptions" \
        /v ProductType /d WinNT /f)
    for program in test_seam_transmit test_net_transmit; do
        (become $fixed wine reg add \
            "HKCU\\Software\\Wine\\AppDefaults\\$program.exe" \
            /v Version /d win2008 /f)
    done
}

# A server that inherits a pipe keeps its reader waiting for ever. The lock's
# descriptor is closed for it as well.
start() {
    mkdir -p "$(dirname "$WINEPREFIX")" "$users"
    exec 9>"$WINEPREFIX.lock"
    flock 9
    for mark in "$users"/*; do
        kill -0 "${mark##*/}" 2>/dev/null || rm -f "$mark"
    done
    # The server wants a directory to be there before it stays.
    mkdir -p "$WINEPREFIX"
    (become wineserver -p) </dev/null >/dev/null 2>&1 9>&- || {
        # One that runs already says so by failing.
        (become wineserver -k0) >/dev/null 2>&1 9>&- || {
            echo "wine.sh: wineserver does not start" >&2
            return 1
        }
    }
    if [ ! -f "$WINEPREFIX/.ready" ]; then
        (become $fixed wine wineboot) </dev/null >/dev/null 2>&1 9>&-
        set_editions </dev/null >/dev/null 2>&1 9>&-
        : >"$WINEPREFIX/.ready"
    fi
    (become $fixed wine cmd /c exit) </dev/null >/dev/null 2>&1 9>&-
    server >"$users/$1"
}

stop() {
    died=0
    [ -d "$users" ] || return 0
    exec 9>"$WINEPREFIX.lock"
    flock 9
    # Programs of a server that dies end with exit code 0, as if all were well.
    if [ -s "$users/$1" ] && [ "$(server)" != "$(cat "$users/$1")" ]; then
        echo "wine.sh: Wine's server died meanwhile: what ran proves nothing" >&2
        died=1
    fi
    rm -f "$users/$1"
    for mark in "$users"/*; do
        kill -0 "${mark##*/}" 2>/dev/null && return "$died"
    done
    (become wineserver -k) 9>&- || true
    (become wineserver -w) 9>&- || true
    return "$died"
}

case ${1:-} in
--start) start "${2:-$PPID}" ;;
--stop) stop "${2:-$PPID}" ;;
*) become $fixed wine "$@" ;;
esac
