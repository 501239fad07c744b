#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds pier for Linux and Windows, and lets the
# two programs exchange a file and hold a conversation: Linux natively, the
# Windows one under Wine. Needs no display and leaves nothing running.
set -eu
cd "$(dirname "$0")/.."
top=$PWD
work=$(mktemp -d "${TMPDIR:-/var/tmp}/pier-demo.XXXXXX")
bytes=$((64 * 1024 * 1024 + 12345))
linux=$top/build/linux/tools/pier
windows=$top/build/windows-x64/tools/pier.exe
background=""
failures=0

tidy() {
    for pid in $background; do
        kill "$pid" 2>/dev/null || true
    done
    "$top/ci/wine.sh" --stop $$ >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap tidy EXIT
trap 'exit 130' INT TERM HUP

build() { # build PRESET
    echo "building $1"
    {
        cmake --preset "$1" &&
            cmake --build --preset "$1" --target pier_program -j2
    } >"$work/log" 2>&1 || {
        tail -40 "$work/log"
        echo "demo.sh: the build of $1 failed" >&2
        exit 1
    }
}

run() { # run SYSTEM ARGUMENT...: becomes the program of that system
    system=$1
    shift
    case $system in
    Linux) exec "$linux" "$@" ;;
    Windows) exec "$top/ci/wine.sh" "$windows" "$@" ;;
    esac
}

# Something real: what the system's own libraries hold, topped up at need.
make_file() {
    find /usr/lib /usr/bin -type f -size +200k 2>/dev/null | sort |
        xargs cat 2>/dev/null | head -c "$bytes" >"$work/send/file" || true
    have=$(stat -c %s "$work/send/file")
    head -c $((bytes - have)) /dev/urandom >>"$work/send/file"
}

# Waits for the line in which a listener names its port; sets $port.
find_port() { # find_port LOG PID
    port=""
    tries=0
    while [ -z "$port" ] && [ $tries -lt 300 ]; do
        port=$([ ! -f "$1" ] || tr -d '\r' <"$1" |
            sed -n 's/.*listening on .*:\([0-9][0-9]*\)$/\1/p' | head -1)
        [ -n "$port" ] || kill -0 "$2" 2>/dev/null || break
        [ -n "$port" ] || sleep 0.1
        tries=$((tries + 1))
    done
    [ -n "$port" ] || echo "no listener: $(cat "$1")" >&2
    [ -n "$port" ]
}

row() {
    printf '%-10s %-20s %-5s %10s %8s  %s\n' "$@"
}

now() {
    date +%s.%N
}

since() {
    echo "$1 $(now)" | awk '{ printf "%.2f", $2 - $1 }'
}

verdict() { # verdict FILE FILE
    if cmp -s "$1" "$2" && [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]
    then
        echo yes
    else
        echo NO
    fi
}

transfer() { # transfer FROM TO FAMILY ADDRESS
    rm -rf "$work/receive"
    mkdir "$work/receive"
    rm -f "$work/receiver"
    (cd "$work/receive" &&
        run "$2" recv-file --quiet --timeout 60 --bind "$4" --port 0 --output file \
            </dev/null 2>"$work/receiver") &
    receiver=$!
    background="$background $receiver"
    find_port "$work/receiver" $receiver || return 1
    start=$(now)
    (cd "$work/send" &&
        run "$1" send-file --quiet --timeout 60 file "$4" "$port" </dev/null) || return 1
    wait $receiver || {
        cat "$work/receiver"
        return 1
    }
    took=$(since "$start")
    equal=$(verdict "$work/send/file" "$work/receive/file")
    row file "$1 -> $2" "$3" "$(stat -c %s "$work/receive/file")" "$took" \
        "$equal"
    [ "$equal" = yes ]
}

talk() { # talk FROM TO PROTOCOL FAMILY ADDRESS
    flag="--linger 5"
    [ "$3" = TCP ] || flag="--udp --linger 3"
    # shellcheck disable=SC2086
    rm -f "$work/listener"
    (run "$2" listen --echo $flag --idle-timeout 60 --bind "$5" --port 0 \
        </dev/null >/dev/null 2>"$work/listener") &
    listener=$!
    background="$background $listener"
    find_port "$work/listener" $listener || return 1
    start=$(now)
    # shellcheck disable=SC2086
    (run "$1" connect $flag --timeout 20 "$5" "$port" \
        <"$work/words" >"$work/heard") || {
        echo "connect ended with $?" >&2
        return 1
    }
    took=$(since "$start")
    kill "$listener" 2>/dev/null || true
    wait "$listener" 2>/dev/null || true
    equal=$(verdict "$work/words" "$work/heard")
    row "$3 echo" "$1 -> $2" "$4" "$(stat -c %s "$work/heard")" "$took" \
        "$equal"
    [ "$equal" = yes ]
}

# Both ends relay their standard input and output.
converse() { # converse FROM TO FAMILY ADDRESS
    rm -f "$work/listener"
    (run "$2" listen --linger 5 --idle-timeout 60 --bind "$4" --port 0 \
        <"$work/answers" >"$work/heard-there" 2>"$work/listener") &
    listener=$!
    background="$background $listener"
    find_port "$work/listener" $listener || return 1
    start=$(now)
    (run "$1" connect --linger 5 --timeout 20 "$4" "$port" \
        <"$work/words" >"$work/heard") || {
        echo "connect ended with $?" >&2
        return 1
    }
    wait $listener || return 1
    took=$(since "$start")
    equal=$(verdict "$work/words" "$work/heard-there")
    [ "$equal" != yes ] || equal=$(verdict "$work/answers" "$work/heard")
    row "TCP talk" "$1 -> $2" "$3" \
        "$(cat "$work/heard" "$work/heard-there" | wc -c)" "$took" "$equal"
    [ "$equal" = yes ]
}

try() {
    "$@" || {
        echo "demo.sh: failed: $*" >&2
        failures=$((failures + 1))
    }
}

"$top/ci/install.sh"
"$top/ci/cmocka.sh" >/dev/null
build linux
build windows-x64
"$top/ci/wine.sh" --start $$

mkdir "$work/send"
make_file
for line in 1 2 3 4 5; do
    echo "line $line of a conversation, with some umlauts: äöü"
done >"$work/words"
sed 's/line/answer/' "$work/words" >"$work/answers"
echo "the file: $(sha256sum <"$work/send/file" | cut -d' ' -f1)"
row what direction IP bytes seconds "checksum equal"
for family in IPv4 IPv6; do
    case $family in
    IPv4) address=127.0.0.1 ;;
    IPv6) address=::1 ;;
    esac
    try transfer Linux Windows $family "$address"
    try transfer Windows Linux $family "$address"
    try converse Linux Windows $family "$address"
    try converse Windows Linux $family "$address"
    for protocol in TCP UDP; do
        try talk Linux Windows $protocol $family "$address"
        try talk Windows Linux $protocol $family "$address"
    done
done
[ $failures = 0 ] || {
    echo "demo.sh: $failures of the exchanges failed" >&2
    exit 1
}
echo "all of them right"
