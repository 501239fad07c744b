# SPDX-License-Identifier: MIT
"""The quirks of the systems and the tests that name them; see
check-quirks.sh."""

import re

import suites
import tree

TABLE = "docs/quirks.md"
PINNED = "tests/os/quirks.txt"
QUIRKS = 123
WANTED = 110  # How many at least have a test that runs here.

CELLS = re.compile(r"^\| (Q\d+) \|(.*)\|$")
ELSEWHERE = re.compile(r"^real (?:Windows|macOS|BSD)(?: or \w+)? only: \w")

found = tree.Findings("check-quirks")


def rows():
    for number, line in enumerate(tree.read(TABLE).split("\n"), 1):
        match = CELLS.match(line)
        if match:
            cells = [cell.strip() for cell in match.group(2).split(" | ")]
            yield f"{TABLE}:{number}", match.group(1), cells


def pinned():
    """Of each quirk and backend the tests that are called after it."""
    named = {}
    for line in tree.read(PINNED).split("\n"):
        if line and line[0] != "#":
            quirk, backend, test = line.split()
            named.setdefault((quirk, backend), set()).add(test)
    return named


def check_row(where, cells, known):
    """The tests that a row names and that exist."""
    if len(cells) != 3 or not all(cells):
        found.add(where, "not the systems, pier and the tests")
        return set()
    return suites.resolve(cells[2], known, lambda text: found.add(where, text))


def check_order(quirks):
    wanted = [f"Q{number:02}" for number in range(1, QUIRKS + 1)]
    for quirk in sorted(set(wanted) - set(quirks)):
        found.add(TABLE, f"{quirk} is missing")
    for quirk in sorted(set(quirks) - set(wanted)):
        found.add(TABLE, f"{quirk} is not known")
    if not found.lines and quirks != wanted:
        found.add(TABLE, "not each quirk once and in order")


def main():
    known = suites.known()
    shown = {}
    for where, quirk, cells in rows():
        tests = check_row(where, cells, known)
        shown.setdefault(quirk, set()).update(tests)
        if not tests and len(cells) == 3:
            if not ELSEWHERE.match(cells[2]):
                found.add(where, "neither a test nor why there is none")
    check_order([quirk for _, quirk, _ in rows()])
    for (quirk, backend), tests in pinned().items():
        if tests.isdisjoint(shown.get(quirk, ())):
            found.add(TABLE, f"{quirk}: none of its tests of {backend}")
    count = sum(1 for tests in shown.values() if tests)
    if count < WANTED:
        found.add(TABLE, f"{count} quirks have a test, not {WANTED}")
    found.finish(
        f"{len(shown)} quirks, {count} with a test that runs here, "
        f"{len(shown) - count} without; "
        f"{sum(map(len, shown.values()))} tests named"
    )


main()
