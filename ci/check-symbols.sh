#!/bin/sh
# SPDX-License-Identifier: MIT
# core/pier.def is the list of what the libraries export. It must hold exactly
# the pier_* symbols that core's objects define, each declared in a public
# header, and both shared libraries must export exactly these.
#
#   ci/check-symbols.sh [BUILD [WINDOWS_BUILD]]
#   ci/check-symbols.sh --update [BUILD]    rewrite core/pier.def
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_symbols.py "$@"
