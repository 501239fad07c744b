#!/bin/sh
# SPDX-License-Identifier: MIT
# The two real backends have the same file names, and no run of six equal
# lines stands in both: that belongs to platform/common or to core.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_twins.py "$@"
