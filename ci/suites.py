# SPDX-License-Identifier: MIT
"""The tests by their names, suite/case, for the tables of docs/."""

import re

import tree

NAME = re.compile(r"`([\w.-]+)/([\w-]+)`")
CASES = re.compile(r"\bstruct CMUnitTest \w+\[\] = \{(.*?)\};", re.S)


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
    names = tree.files(
        f"tests/{folder}/*CMakeLists.txt", f"tests/{folder}/*.cmake"
    )
    text = re.sub(r"#[^\n]*", "", "".join(map(tree.read, names)))
    words = set(re.findall(r"\w+", text))
    if suite in words or suite.removeprefix("test_") in words:
        return True
    cuts = [match.end() for match in re.finditer("_", suite)]
    return any(
        suite[:cut] + "${" in text and suite[cut:] in words for cut in cuts
    )


def known():
    """Each suite's tests; two backends may have one of the same name."""
    found = {}
    for source in tree.files("tests/*/test_*.c", "tests/tools/test_*.py"):
        if is_built(source):
            name = source.split("/")[-1].rsplit(".", 1)[0]
            found.setdefault(name, set()).update(cases_of(source))
    found["ci"] = {x[3:-3] for x in tree.files("ci/check-*.sh")}
    return found


def resolve(cell, names, complain):
    """The tests that a cell names and that exist."""
    tests = set()
    for suite, case in NAME.findall(cell):
        if case in names.get(suite, ()):
            tests.add(f"{suite}/{case}")
        else:
            complain(f"no such test: {suite}/{case}")
    return tests
