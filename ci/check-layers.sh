#!/bin/sh
# SPDX-License-Identifier: MIT
# A line of code has one right room: no platform conditional and no system
# socket header above the seam, nothing of core's below it, and symbols that
# carry their layer's prefix.
#
#   ci/check-layers.sh [BUILD...]    build/linux, build/windows-x64 by default
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- build/linux build/windows-x64
exec python3 ci/check_layers.py "$@"
