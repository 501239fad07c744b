#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/quirks.md has every quirk once and in order, says for each what the
# systems do and what pier does, and names tests that exist and are run; or
# why only another system could show it.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_quirks.py "$@"
