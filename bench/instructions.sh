#!/bin/sh
# SPDX-License-Identifier: MIT
# How many user-space instructions pier adds to the raw call.
#
#   bench/instructions.sh [BUILD_DIRECTORY]
#
# Each loop runs under callgrind with two lengths; the difference divided by
# the difference of the lengths is one turn, without start and end. A turn of
# the raw loop is taken off.
set -eu

program=${1:-build/linux}/bench/bench_calls
short=1000
long=3000
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# OPERATION HOW COUNT: the instructions of the whole run.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$program" "$1" "$2" "$3" >"$out" 2>&1
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$out"
}

# OPERATION HOW: the instructions of one turn, in tenths.
turn() {
    few=$(count "$1" "$2" $short)
    many=$(count "$1" "$2" $long)
    echo $(((many - few) * 10 / (long - short)))
}

for operation in recv send recvfrom sendto; do
    raw=$(turn $operation raw)
    pier=$(turn $operation pier)
    added=$((pier - raw))
    printf 'pier_%-9s adds %d.%d instructions\n' "$operation" \
        $((added / 10)) $((added % 10))
done
