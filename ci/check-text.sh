#!/bin/sh
# SPDX-License-Identifier: MIT
# No mark of unfinished work and no path of the machine it was written on.
set -eu
cd "$(dirname "$0")/.."
status=0
look() { # look WHAT PATTERN
    found=0
    git grep -nIE --untracked "$2" -- ':!ci/check-text.sh' || found=$?
    if [ "$found" != 1 ]; then
        echo "check-text: $1 in the lines above, or git failed"
        status=1
    fi
}
look "unfinished work" '\b(TODO|FIXME|XXX|HACK)\b'
look "a path of one machine" \
    '(^|[^[:alnum:]_.}])(/work/|/home/[a-z]|/root/|/Users/)'
look "trailing blanks" '[[:blank:]]+$'
[ "$status" != 0 ] || echo "check-text: clean"
exit $status
