#!/bin/sh
# SPDX-License-Identifier: MIT
# Whether the suites notice what goes wrong: puts the faults of ci/mutations/
# into a copy of the sources, one at a time, and requires that a suite fails.
# Takes some ten minutes, so it runs on demand and in ci/full.sh.
#
#   ci/mutate.sh [--table FILE] [--results FILE] [PATTERN...]
#
# tries the faults whose name or file has one of the patterns, all by default;
# with --check it only looks whether each still finds its text in the sources.
# FILE is the table for docs/, and what ci/summary.py counts.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/mutate.py "$@"
