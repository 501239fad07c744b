#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything that ci/test.sh does, for every preset there is, and what takes
# longer: a GiB through relays, minutes of stress, more of the model, the
# coverage of core/, a minute of libFuzzer for each target of tests/fuzz and
# the faults of ci/mutations/. Writes the table of the results to
# docs/targets.md and that of the faults to docs/mutations.md. As root: it
# installs packages, and the 32-bit Wine has a root of its own.
set -eu
cd "$(dirname "$0")/.."
ci/install.sh full
export PIER_TEST_CHECKS=yes PIER_TEST_TABLE=docs/targets.md
export PIER_TEST_STEPS="coverage fuzz mutations"
PIER_TEST_LARGE="linux windows-x64" exec ci/test.sh \
    linux clang asan tsan minimal musl i686 aarch64 s390x \
    windows-x64 windows-x86
