# SPDX-License-Identifier: MIT
"""The two backends side by side; see check-twins.sh."""

import tree

RUN = 6
found = tree.Findings("check-twins")


def base(name):
    """wait_afd.c is a variant of wait.c."""
    return name.split("/")[-1].split(".")[0].split("_")[0]


def lines_of(name):
    """The lines that say something, with their numbers."""
    text = tree.without_comments(tree.read(name)).split("\n")
    return [(i + 1, l.strip()) for i, l in enumerate(text) if l.strip()]


def runs(names):
    for name in names:
        lines = lines_of(name)
        for first in range(len(lines) - RUN + 1):
            window = lines[first : first + RUN]
            yield tuple(text for _, text in window), f"{name}:{window[0][0]}"


def main():
    sides = {
        side: tree.files(f"platform/{side}/*.[ch]")
        for side in ("posix", "windows")
    }
    names = {
        side: {base(n) for n in files if n.endswith(".c")}
        for side, files in sides.items()
    }
    for side, other in (("posix", "windows"), ("windows", "posix")):
        for lone in sorted(names[side] - names[other]):
            found.add(f"platform/{side}/{lone}", f"platform/{other} has none")
    here = dict(runs(sides["posix"]))
    last = None
    for text, where in runs(sides["windows"]):
        if text not in here:
            last = None
            continue
        if last is None:
            found.add(where, f"{RUN} lines that {here[text]} has too")
        last = text
    found.finish(f"{len(names['posix'])} pairs, nothing twice")


main()
