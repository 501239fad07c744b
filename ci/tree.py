# SPDX-License-Identifier: MIT
"""What the checks share: the tracked files, C text without comments."""

import re
import subprocess
import sys


def files(*patterns):
    """The tracked or new files, ignored ones aside, that match."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--"]
    names = subprocess.run(
        command + list(patterns), capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return sorted(name for name in names if name and exists(name))


def exists(name):
    try:
        open(name, "rb").close()
    except OSError:
        return False
    return True


def read(name):
    with open(name, encoding="utf-8") as stream:
        return stream.read()


PIECE = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S
)


def without_comments(text, strings=True):
    """The text with comments blanked, and strings too when they are unwanted.

    Line ends stay, so line numbers do.
    """

    def blank(match):
        piece = match.group(0)
        if piece[0] in "\"'":
            return piece if strings else piece[0] * 2
        return re.sub(r"[^\n]+", " ", piece)

    return PIECE.sub(blank, text)


class Findings:
    """Collects what is wrong and tells it at the end."""

    def __init__(self, check):
        self.check = check
        self.lines = []

    def add(self, where, what):
        self.lines.append(f"{where}: {what}")

    def finish(self, good):
        for line in self.lines:
            print(f"{self.check}: {line}")
        if not self.lines:
            print(f"{self.check}: {good}")
        sys.exit(1 if self.lines else 0)
