# SPDX-License-Identifier: MIT
"""How large files and functions are; see check-sizes.sh.

A function is what clang-format makes of it: a body between a "{" and a "}"
that stand alone in the first column. The parameters of a public function are
the contract's to count.
"""

import re

import tree

FILE_LINES, TEST_LINES = 500, 800
FUNCTION_LINES, PARAMETERS, NESTING = 60, 6, 3
NESTS = re.compile(r"\b(if|for|while|do|switch)\b")

found = tree.Findings("check-sizes")
worst = {}


def measure(kind, value, limit, where):
    if value > worst.get(kind, (-1, ""))[0]:
        worst[kind] = (value, where)
    if value > limit:
        found.add(where, f"{value} {kind}, at most {limit}")


def signature(lines, opening):
    """The lines of the head of the function whose "{" is lines[opening]."""
    first = opening - 1
    while first > 0 and not re.match(r"^(\}|#|\s*$|.*[;{}]$)", lines[first - 1]):
        first -= 1
    return " ".join(lines[first:opening])


def parameters(head):
    """How many parameters the last parenthesised list of head has."""
    match = re.search(r"\w+\s*\((.*)\)\s*$", head)
    if not match or match.group(1).strip() in ("", "void"):
        return 0
    depth, count = 0, 1
    for letter in match.group(1):
        depth += (letter in "([{") - (letter in ")]}")
        count += letter == "," and depth == 0
    return count


def nesting(body):
    """How deep control statements of a formatted body stand in each other.

    Indentation is the depth; a case label's statements stand one further in
    than their switch, as any statement's do, and continuation lines begin no
    control statement of their own.
    """
    deepest, stack = 0, []
    for line in body:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1] >= indent:
            if text.startswith("} else") and stack[-1] == indent:
                break
            stack.pop()
        if re.match(r"(\} else )?(if|for|while|do|switch)\b", text) or (
            text == "else"
        ):
            if not text.startswith("} while") and not (
                stack and stack[-1] == indent
            ):
                stack.append(indent)
            deepest = max(deepest, len(stack))
    return deepest


def public_functions():
    text = "".join(map(tree.read, tree.files("tests/api/contract/*.h")))
    return set(re.findall(r"\b(pier_\w+)\(", text))


def check_functions(name, lines, public):
    opening = None
    for number, line in enumerate(lines):
        if line == "{":
            opening = number
        elif line == "}" and opening is not None:
            head = signature(lines, opening)
            called = re.search(r"(\w+)\s*\(", head)
            where = f"{name}:{opening} {called.group(1) if called else ''}"
            body = lines[opening + 1 : number]
            measure("lines in a function", len(body) + 2, FUNCTION_LINES, where)
            if not called or called.group(1) not in public:
                measure("parameters", parameters(head), PARAMETERS, where)
            measure("levels of nesting", nesting(body), NESTING, where)
            opening = None


def main():
    names = tree.files("*.c", "*.h", "*.py", "*.sh", "*.cmake", "*.def", "*.hpp")
    public = public_functions()
    for name in names:
        text = tree.read(name)
        test = name.startswith("tests/")
        limit = TEST_LINES if test else FILE_LINES
        kind = "lines in a test file" if test else "lines in a file"
        measure(kind, text.count("\n"), limit, name)
        if name.endswith((".c", ".h", ".hpp")):
            lines = tree.without_comments(text, False).split("\n")
            check_functions(name, lines, public)
    for kind, (value, where) in sorted(worst.items()):
        print(f"check-sizes: most {kind}: {value} in {where}")
    found.finish(f"{len(names)} files within their limits")


main()
