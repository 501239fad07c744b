#!/bin/sh
# SPDX-License-Identifier: MIT
# Lets libFuzzer look for an input that breaks a promise of tests/fuzz: builds
# the preset fuzz and runs each target, from the corpus on. Needs clang.
#
#   ci/fuzz.sh [RESULTS [SECONDS]]    build/results, 60 seconds a target
#
# RESULTS/fuzz.txt is for ci/summary.py, RESULTS/fuzz keeps what libFuzzer
# said and the inputs that it found; those that fail belong into the corpus,
# with their repair. What is merely new stays in build/fuzz/corpus.
set -u
cd "$(dirname "$0")/.." || exit 1
results=${1:-build/results}
seconds=${2:-60}
mkdir -p "$results/fuzz"
lines=$results/fuzz.txt
: >"$lines"

for step in "--preset fuzz" "--build --preset fuzz -j2"; do
    # shellcheck disable=SC2086
    cmake $step >"$results/fuzz/build" 2>&1 || {
        tail -20 "$results/fuzz/build"
        exit 1
    }
done

status=0
for source in tests/fuzz/fuzz_*.c; do
    name=${source##*/fuzz_}
    name=${name%.c}
    seeds=tests/fuzz/corpus/$name
    mkdir -p "build/fuzz/corpus/$name"
    if "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" \
        -timeout=10 -max_len=4096 -artifact_prefix="$results/fuzz/$name-" \
        "build/fuzz/corpus/$name" "$seeds" >"$results/fuzz/$name" 2>&1; then
        runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$results/fuzz/$name")
        echo "ok fuzz.$name, $runs inputs"
    else
        status=1
        tail -30 "$results/fuzz/$name" >&2
        echo "not ok fuzz.$name"
    fi
done >>"$lines"
cat "$lines"
echo "ended" >>"$lines"
exit $status
