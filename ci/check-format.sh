#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-format decides how C looks. The contract's headers are a quotation.
set -eu
cd "$(dirname "$0")/.."
files=$(git ls-files -co --exclude-standard -- '*.c' '*.h' '*.hpp' |
    grep -v '^tests/api/contract/' | while read -r f; do
        [ ! -f "$f" ] || echo "$f"
    done)
bad=$(printf '%s\n' "$files" |
    xargs clang-format --dry-run -Wclang-format-violations 2>&1 |
    sed -n 's/:[0-9]*:[0-9]*: warning: code should be.*//p' | sort | uniq -c)
if [ -n "$bad" ]; then
    printf '%s\n' "$bad" | sed 's/^/check-format: /'
    echo "check-format: run clang-format -i on the files above"
    exit 1
fi
echo "check-format: $(printf '%s\n' "$files" | wc -l) files, formatted"
