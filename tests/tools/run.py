# SPDX-License-Identifier: MIT
"""run.py [FOLDER/]GROUP PROGRAM [EMULATOR...]: the tests of test_GROUP.py.

Tests are the functions of that file whose names begin with no underscore.
"""

import importlib
import inspect
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import harness  # noqa: E402


def tests_in(module):
    return [
        function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    ]


def main():
    group, program, *emulator = sys.argv[1:]
    folder, group = os.path.split(group)
    if folder:
        sys.path.insert(0, folder)
    wanted = os.environ.get("PIER_TEST", "")
    tests = tests_in(importlib.import_module(f"test_{group}"))
    tests = [t for t in tests if wanted in t.__name__]
    return harness.run_tests(tests, os.path.abspath(program), emulator)


if __name__ == "__main__":
    sys.exit(main())
