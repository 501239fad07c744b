# SPDX-License-Identifier: MIT
"""The program of one system against that of another.

PIER_OTHER in the environment is the other program, which runs as it is.
"""

import os

from crossing import relay
from harness import Skip


def _other():
    path = os.environ.get("PIER_OTHER")
    if not path:
        raise Skip("PIER_OTHER names no program of another system")
    return [path]


def connect_of_the_other_system_ends_first(bench):
    relay(bench, "connect", connect=_other())


def connect_of_this_system_ends_first(bench):
    relay(bench, "connect", listen=_other())


def listen_of_the_other_system_ends_first(bench):
    relay(bench, "listen", listen=_other())


def listen_of_this_system_ends_first(bench):
    relay(bench, "listen", connect=_other())
