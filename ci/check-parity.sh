#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/python-parity.md has every name of Python's socket module, what pier has
# for it and a test that shows it; and every defect that pier is not to have.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/check_parity.py "$@"
