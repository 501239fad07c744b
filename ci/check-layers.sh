#!/bin/sh
# SPDX-License-Identifier: MIT
# A line of code has one right room: no platform conditional and no system
# socket header above the seam, nothing of core's below it, and symbols that
# carry their layer's prefix.
#
#   ci/check-layers.sh [BUILD]    BUILD: build/linux by default
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_layers.py "${1:-build/linux}"
