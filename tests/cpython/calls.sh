#!/bin/sh
# SPDX-License-Identifier: MIT
# calls.sh SO: a receive with a timeout that finds its data makes one call of
# the system on the drop-in, and two on the built-in module.
set -eu
here=$(dirname "$0")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

counted() { # counted COMMAND...: how many calls it makes to receive
    strace -f -o "$directory/calls" \
        -e trace=recvfrom,recvmsg,read,poll,ppoll,select,pselect6 "$@"
    # What stands before the first receive is the interpreter's own.
    sed -n '/ recvfrom(/,$p' "$directory/calls" |
        grep -cE '(recvfrom|recvmsg|poll|ppoll|p?select6?)\(' || true
}

built_in=$(counted /usr/bin/python3.11 "$here/ready.py")
drop_in=$(counted /usr/bin/python3.11 "$here/run_tests.py" --script "$1" \
    "$here/ready.py")
echo "1000 receives: $built_in calls built-in, $drop_in with pier"
[ "$drop_in" -ge 1000 ] && [ "$drop_in" -le 1010 ] && [ "$built_in" -ge 1990 ]
