#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, checks the source tree, builds every preset and
# runs every suite: natively, under sanitizers and valgrind, and under Wine;
# and measures which lines of core/ they run.
# Ends with the line "N passed, N failed, N skipped".
#
#   ci/test.sh [PRESET...]    with the checks all of these by default
#
# ci/full.sh does the same for more presets and, by PIER_TEST_TABLE, has a
# table of the results written. PIER_TEST_LARGE names presets that also run
# what moves much or takes long, PIER_TEST_STEPS what is done beside the suites:
# coverage, as by default, fuzz and mutations. build/results keeps what all of
# them said, the lines that ran in build/results/coverage/index.html.
set -u
cd "$(dirname "$0")/.." || exit 1
results=build/results
presets=${*:-linux asan tsan minimal windows-x64}
checks=${PIER_TEST_CHECKS:-$([ $# -gt 0 ] || echo yes)}
steps=${PIER_TEST_STEPS-$([ $# -gt 0 ] || echo coverage)}
unset PIER_TEST # which would have a few tests run only

# A checkout may belong to somebody else than the one who tests it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory
export GIT_CONFIG_VALUE_0="$PWD"

# The program that those of other systems talk to.
export PIER_OTHER="$PWD/build/linux/tools/pier"

# Nothing is left running, whatever ends this.
checking=""
tidy() {
    [ -z "$checking" ] || kill -- "-$checking" 2>/dev/null
    ci/wine.sh --stop 0 >/dev/null 2>&1
}
trap tidy EXIT
trap 'exit 130' INT TERM HUP

step() {
    printf '\n== %s\n' "$*"
}

quietly() { # quietly LOG COMMAND...: shows the end of the log on failure only
    log=$1
    shift
    "$@" >"$log" 2>&1 || {
        echo "$* failed:"
        grep -E 'error|Error|FAILED|undefined' "$log" | head -40
        tail -5 "$log"
        return 1
    }
}

build() { # build PRESET
    if [ -f "toolchains/$1.cmake" ]; then
        quietly "$results/$1.cmocka" ci/cmocka.sh "$1" || return 1
    fi
    quietly "$results/$1.configure" cmake --preset "$1" &&
        quietly "$results/$1.build" cmake --build --preset "$1" -j2 -- -k 0
}

run_ctest() { # run_ctest PRESET CTEST-ARGUMENT...
    if [ -x "ci/test-$1.sh" ]; then
        preset=$1
        shift
        "ci/test-$preset.sh" "$@"
    else
        ctest --preset "$@"
    fi
}

suites() { # suites NAME PRESET CTEST-ARGUMENT...
    name=$1
    preset=$2
    shift 2
    step "$name"
    run_ctest "$preset" "$@" --no-tests=error \
        --output-junit "$PWD/$results/$name.xml" \
        --test-output-size-passed 4000000 \
        --test-output-size-failed 4000000 >"$results/$name.log" 2>&1 || {
        sed -n '/\*\*\*/,/^ *[0-9]*\/[0-9]* Test/p' "$results/$name.log" |
            cut -c1-300 | head -150
        sed -n '/tests failed out of/,$p' "$results/$name.log" | head -60
    }
}

ci/install.sh || exit 1
rm -rf "$results"
mkdir -p "$results"

for preset in $presets; do
    step "build $preset"
    build "$preset" || echo "the build failed" >"$results/$preset.failed"
done
# clang-tidy computes while the suites wait.
if [ -n "$checks" ]; then
    setsid nice -n 19 ci/checks.sh "$results/checks.txt" \
        >"$results/checks.output" 2>&1 &
    checking=$!
fi
for preset in $presets; do
    # What could be built is tested all the same.
    suites "$preset" "$preset" -LE valgrind
    if [ "$preset" = linux ]; then
        suites valgrind linux -L valgrind
    fi
    case " ${PIER_TEST_LARGE:-} " in
    *" $preset "*)
        suites "$preset-large" "$preset" -C Large -L large
        grep -h ' MiB back in ' "$results/$preset-large.xml"
        ;;
    esac
done
for each in $steps; do
    step "$each"
    begin=$(date +%s)
    : >"$results/$each.txt"
    case $each in
    coverage) ci/coverage.sh "$results" ;;
    fuzz) ci/fuzz.sh "$results" ;;
    mutations)
        ci/mutate.sh --results "$results/mutations.txt" \
            --table docs/mutations.md
        ;;
    *) echo "test.sh: no step $each" ;;
    esac
    echo "took $(($(date +%s) - begin))" >>"$results/$each.txt"
done
if [ -n "$checks" ]; then
    step "checks"
    wait "$checking"
    checking=""
    cat "$results/checks.output"
fi
python3 ci/summary.py "$results" tests/expected ${PIER_TEST_TABLE:-}
