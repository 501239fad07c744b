#!/bin/sh
# SPDX-License-Identifier: MIT
# Every check of the source tree; needs build/linux and build/windows-x64 to
# be built. The last word of each line that begins with "check" is its name.
#
#   ci/checks.sh [RESULTS]    also writes "ok NAME" or "not ok NAME" lines
set -u
cd "$(dirname "$0")/.." || exit 1
results=${1:-/dev/null}
: >"$results"
status=0
checks="layers sizes twins calls symbols headers quirks parity mutations"
for check in $checks text format tidy; do
    if ci/check-$check.sh; then
        echo "ok check-$check" >>"$results"
    else
        echo "not ok check-$check" >>"$results"
        status=1
    fi
done
echo "ended" >>"$results"
exit $status
