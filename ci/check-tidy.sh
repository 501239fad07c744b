#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy over what the builds compile, two files at a time. A file that
# was clean and has not changed, nor any header, is not looked at again.
#
#   ci/check-tidy.sh [BUILD...]    build/linux and build/windows-x64 by default
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- build/linux build/windows-x64
exec python3 ci/check_tidy.py "$@"
