#!/bin/sh
# SPDX-License-Identifier: MIT
# The public headers declare what the contract in tests/api/contract does,
# word for word, comments and layout aside. A difference is fine when
# docs/changes.md names it.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_headers.py "$@"
