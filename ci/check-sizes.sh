#!/bin/sh
# SPDX-License-Identifier: MIT
# Files, functions, parameter lists and nesting stay small. Prints the worst
# of each, and every one that is over its limit.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_sizes.py "$@"
