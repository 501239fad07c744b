#!/bin/sh
# SPDX-License-Identifier: MIT
# How many lines of core/ the suites run that run natively: builds the preset
# coverage, runs them and fails below 95 %. Needs gcovr.
#
#   ci/coverage.sh [RESULTS]    build/results by default
#
# In RESULTS it leaves coverage.log and coverage.xml of ctest, the table as
# coverage.gcovr, the lines in HTML from coverage/index.html on, and
# coverage.txt for ci/summary.py.
set -u
cd "$(dirname "$0")/.." || exit 1
results=${1:-build/results}
least=95
mkdir -p "$results/coverage"
lines=$results/coverage.txt
: >"$lines"

quietly() { # quietly LOG COMMAND...
    log=$1
    shift
    "$@" >"$log" 2>&1 || {
        echo "$* failed:"
        tail -20 "$log"
        exit 1
    }
}

quietly "$results/coverage.configure" cmake --preset coverage
quietly "$results/coverage.build" cmake --build --preset coverage -j2
# What earlier runs counted is no result of this one.
find build/coverage -name '*.gcda' -delete

status=0
ctest --preset coverage -L '^(unit|fault|seam|net|shim)$' --no-tests=error \
    --output-junit "$(realpath "$results")/coverage.xml" \
    --test-output-size-passed 4000000 --test-output-size-failed 4000000 \
    >"$results/coverage.log" 2>&1 || {
    status=1
    sed -n '/tests failed out of/,$p' "$results/coverage.log"
}

# The same sources are compiled once more for the model, which is not run.
gcovr --root . --filter core/ build/coverage/core \
    --fail-under-line $least --txt "$results/coverage.gcovr" \
    --html-details "$results/coverage/index.html" 2>"$results/coverage.errors"
enough=$?
sed '1,/^Directory/d' "$results/coverage.gcovr"
total=$(sed -n 's/^TOTAL .* \([0-9]*%\).*/\1/p' "$results/coverage.gcovr")
case $enough in
0) echo "ok $total of the lines of core/" >>"$lines" ;;
2) echo "not ok $total of the lines of core/, not $least%" >>"$lines" ;;
*) cat "$results/coverage.errors" ;;
esac
case $enough in 0 | 2) echo "ended" >>"$lines" ;; esac
[ $enough = 0 ] || {
    status=1
    echo "coverage.sh: ${total:-no count} of the lines of core/," \
        "not $least%" >&2
}
exit $status
