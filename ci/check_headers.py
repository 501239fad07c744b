# SPDX-License-Identifier: MIT
"""The public headers against the contract; see check-headers.sh."""

import re

import tree

CONTRACT = "tests/api/contract/"
CHANGES = "docs/changes.md"
found = tree.Findings("check-headers")


def folded(text):
    """One spelling of what means the same."""
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" ?([^\w ]) ?", r"\1", text)


def split(text):
    """The declarations of a header, each a folded string."""
    text = tree.without_comments(text).replace("\\\n", " ")
    macros = re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\S+[ \t]+\S.*)$", text, re.M)
    text = re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)
    text = re.sub(r"\bPIER_(BEGIN|END)_DECLS\b", "", text)
    depth, piece, pieces = 0, "", []
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        piece += letter
        if letter == ";" and depth == 0:
            pieces.append(piece)
            piece = ""
    if piece.strip():
        pieces.append(piece)
    pieces = [re.sub(r",(\s*})", r"\1", p) for p in pieces]
    return [folded("#define " + m) for m in macros] + [folded(p) for p in pieces]


def name_of(declaration):
    """The identifier by which docs/changes.md would name it."""
    for pattern in (
        r"#define (\w+)",
        r"typedef .*?\(\w*\*?(\w+)\)\(",
        r"\b(pier_\w+)\(",
        r"(?:struct|enum) (\w+)",
        r"(\w+);$",
    ):
        match = re.search(pattern, declaration)
        if match:
            return match.group(1)
    return declaration


def is_code_list(declaration):
    """The contract leaves the list of codes to the project."""
    return declaration.startswith("enum pier_error_code{")


def main():
    allowed = tree.read(CHANGES) if tree.exists(CHANGES) else ""
    count = 0
    for name in tree.files(CONTRACT + "*.h"):
        header = "include/pier/" + name[len(CONTRACT) :]
        if not tree.exists(header):
            found.add(header, "is missing")
            continue
        theirs, ours = split(tree.read(name)), split(tree.read(header))
        count += len(theirs)
        for one, other, what in (
            (theirs, ours, "lacks or changes"),
            (ours, theirs, "has, beyond the contract,"),
        ):
            for declaration in one:
                if declaration in other or is_code_list(declaration):
                    continue
                if not re.search(rf"\b{name_of(declaration)}\b", allowed):
                    found.add(header, f"{what} {declaration}")
    found.finish(f"{count} declarations as the contract has them")


main()
