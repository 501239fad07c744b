#!/bin/sh
# SPDX-License-Identifier: MIT
# What the library never asks of a system, whatever backend or variant is
# built: the names that docs/quirks.md says it avoids.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_calls.py "$@"
