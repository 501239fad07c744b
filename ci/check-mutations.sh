#!/bin/sh
# SPDX-License-Identifier: MIT
# Each fault of ci/mutations/ finds the text it replaces, once: who changes the
# text changes the fault.
set -eu
cd "$(dirname "$0")/.."
exec python3 ci/mutate.py --check
