# SPDX-License-Identifier: MIT
"""The quirks of the systems and the tests that name them; see
check-quirks.sh."""

import re

import tree

TABLE = "docs/quirks.md"
PINNED = "tests/os/quirks.txt"
QUIRKS = 123
WANTED = 110  # How many at least have a test that runs here.

CELLS = re.compile(r"^\| (Q\d+) \|(.*)\|$")
NAME = re.compile(r"`([\w.-]+)/([\w-]+)`")
ELSEWHERE = re.compile(r"^real (?:Windows|macOS|BSD)(?: or \w+)? only: \w")
CASES = re.compile(r"\bstruct CMUnitTest \w+\[\] = \{(.*?)\};", re.S)

found = tree.Findings("check-quirks")


def cases_of(source):
    """The tests that a suite defines and also runs."""
    text = tree.without_comments(tree.read(source), strings=False)
    if source.endswith(".py"):
        return set(re.findall(r"^def ([a-z]\w*)\(bench", text, re.M))
    run = re.findall(r"\w+", " ".join(CASES.findall(text)))
    defined = re.findall(r"^(?:static )?void (\w+)\(void \*\*", text, re.M)
    return set(defined) & set(run)


def is_built(source):
    """CMake knows a suite by its name, or by what comes after a prefix."""
    folder = source.split("/")[1]
    suite = source.split("/")[-1].rsplit(".", 1)[0]
    names = tree.files(f"tests/{folder}/*.txt", f"tests/{folder}/*.cmake")
    text = "".join(map(tree.read, names))
    words = set(re.findall(r"\w+", text))
    if suite in words or suite.removeprefix("test_") in words:
        return True
    cuts = [match.end() for match in re.finditer("_", suite)]
    return any(
        suite[:cut] + "${" in text and suite[cut:] in words for cut in cuts
    )


def suites():
    """Each suite's tests; two backends may have one of the same name."""
    known = {}
    for source in tree.files("tests/*/test_*.c", "tests/tools/test_*.py"):
        if is_built(source):
            name = source.split("/")[-1].rsplit(".", 1)[0]
            known.setdefault(name, set()).update(cases_of(source))
    checks = re.findall(r"^for check in (.*);", tree.read("ci/checks.sh"), re.M)
    known["ci"] = {f"check-{name}" for name in checks[0].split()}
    return known


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
    tests = set()
    for suite, case in NAME.findall(cells[2]):
        if case in known.get(suite, ()):
            tests.add(f"{suite}/{case}")
        else:
            found.add(where, f"no such test: {suite}/{case}")
    return tests


def check_order(quirks):
    wanted = [f"Q{number:02}" for number in range(1, QUIRKS + 1)]
    for quirk in sorted(set(wanted) - set(quirks)):
        found.add(TABLE, f"{quirk} is missing")
    for quirk in sorted(set(quirks) - set(wanted)):
        found.add(TABLE, f"{quirk} is not known")
    if not found.lines and quirks != wanted:
        found.add(TABLE, "not each quirk once and in order")


def main():
    known = suites()
    shown = {}
    for where, quirk, cells in rows():
        tests = check_row(where, cells, known)
        shown.setdefault(quirk, set()).update(tests)
        if not tests and len(cells) == 3:
            if not ELSEWHERE.match(cells[2]) and cells[2] != "none yet":
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
