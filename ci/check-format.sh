#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-format decides how C looks. The contract's headers are a quotation.
set -eu
cd "$(dirname "$0")/.."
files=$(git ls-files -co --exclude-standard -- '*.c' '*.h' '*.hpp' |
    grep -v '^tests/api/contract/' | while read -r f; do
        [ ! -f "$f" ] || echo "$f"
    done)
[ "$(printf '%s\n' "$files" | wc -l)" -gt 100 ] || {
    echo "check-format: git lists no sources"
    exit 1
}
status=0
said=$(printf '%s\n' "$files" |
    xargs clang-format --dry-run -Werror 2>&1) || status=1
bad=$(printf '%s\n' "$said" |
    sed -n 's/:[0-9]*:[0-9]*: [a-z]*: code should be.*//p' | sort | uniq -c)
if [ "$status" != 0 ] && [ -z "$bad" ]; then
    printf '%s\n' "$said" | head -5
    echo "check-format: clang-format failed"
    exit 1
fi
if [ -n "$bad" ]; then
    printf '%s\n' "$bad" | sed 's/^/check-format: /'
    echo "check-format: run clang-format -i on the files above"
    exit 1
fi
echo "check-format: $(printf '%s\n' "$files" | wc -l) files, formatted"
