# SPDX-License-Identifier: MIT
"""Faults put into the sources one at a time; see mutate.sh.

The sources are copied and built outside the tree. Of each fault first the
suites run that its entry names; where they see nothing every quick suite does.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

import tree

QUICK = "^(unit|fault|fuzz|model|seam|os|net|shim)$"
BUILDS = {
    "linux": [],
    "windows-x64": ["--toolchain", "toolchains/windows-x64.cmake"],
}
OPTIONS = "-G Ninja -DCMAKE_BUILD_TYPE=Debug -DPIER_BUILD_TOOLS=OFF".split()
FAILED = re.compile(r"^\s*\d+ - (\S+) \((.*?)\)", re.M)


class Fault:
    """An entry: its name, "file: suites", the lines before and after."""

    def __init__(self, text, source):
        lines = text.split("\n")
        self.name, where = lines[:2]
        self.file, _, suites = where.partition(":")
        self.suites = suites.split()
        self.old = "\n".join(x[1:] for x in lines[2:] if x[0] in "- ")
        self.new = "\n".join(x[1:] for x in lines[2:] if x[0] in "+ ")
        self.group = os.path.basename(source).removesuffix(".txt")

    def build(self):
        windows = self.file.startswith("platform/windows/")
        return "windows-x64" if windows else "linux"

    def stale_in(self, text):
        """What is wrong with the entry, for which the file has changed."""
        times = text.count(self.old)
        if times == 1:
            return ""
        return f"mutate: {self.name}: {self.file} has its text {times} times"

    def applied_to(self, text):
        return text.replace(self.old, self.new)


def faults(patterns):
    found = []
    for source in tree.files("ci/mutations/*.txt"):
        lines = [x for x in tree.read(source).split("\n") if x[:1] != "#"]
        for text in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
            found.append(Fault(text, source))
    chosen = [
        fault
        for fault in found
        if not patterns or any(p in fault.name + " " + fault.file for p in patterns)
    ]
    stale = [x.stale_in(tree.read(x.file)) for x in chosen]
    if any(stale):
        sys.exit("\n".join(x for x in stale if x))
    return chosen


def run(command, top, **more):
    return subprocess.run(
        command,
        cwd=top,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )


def copy_tree():
    """The sources without what is built, in a directory of their own."""
    top = tempfile.mkdtemp(prefix="pier-mutate-")
    for name in tree.files("."):
        to = os.path.join(top, name)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copy2(name, to)
    return top


def compile_all(top, build, targets=()):
    command = ["cmake", "--build", f"build/{build}", "-j2"]
    for target in targets:
        command += ["--target", target]
    return run(command, top)


def ctest(top, build, *arguments):
    """The tests that failed, and how; none: all passed."""
    command = ["ctest", "--test-dir", f"build/{build}", "--stop-on-failure"]
    result = run(command + list(arguments), top)
    if result.returncode == 0:
        return []
    return FAILED.findall(result.stdout) or [("ctest", result.stdout[-2000:])]


def prepare(top, build):
    if build == "windows-x64":
        result = run(["ci/cmocka.sh", build], top)
        if result.returncode:
            sys.exit(f"mutate: {result.stdout}")
    command = ["cmake", "-S", ".", "-B", f"build/{build}"]
    result = run(command + BUILDS[build] + OPTIONS, top)
    if result.returncode == 0:
        result = compile_all(top, build)
    if result.returncode:
        sys.exit(f"mutate: {build} does not build:\n{result.stdout[-3000:]}")
    # A suite may fail once on a machine that is busy.
    failed = ctest(top, build, "-L", QUICK) and (
        ctest(top, build, "-L", QUICK, "--repeat", "until-pass:3")
    )
    if failed:
        names = " ".join(name for name, _ in failed)
        sys.exit(f"mutate: {build} fails without a fault: {names}")


def look(top, fault):
    """The tests that see a fault that is in the sources."""
    build = fault.build()
    rounds = [(fault.suites, ["-R", "^(" + "|".join(fault.suites) + ")$"])]
    rounds.append(((), ["-L", QUICK, "-j2"]))
    for targets, arguments in rounds:
        result = compile_all(top, build, targets)
        if result.returncode:
            sys.exit(f"mutate: {fault.name}: {result.stdout[-3000:]}")
        failed = ctest(top, build, *arguments)
        if failed:
            return failed
    return []


def try_fault(top, fault):
    name = os.path.join(top, fault.file)
    text = tree.read(name)
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(fault.applied_to(text))
    failed = look(top, fault)
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(text)
    return failed


def told(failed):
    """The first test that failed; hanging counts as well."""
    if not failed:
        return "SURVIVES"
    name, how = failed[0]
    return name + (" (hangs)" if how == "Timeout" else "")


def written_by_hand(name):
    """What stands below the table: from the first heading on."""
    text = tree.read(name) if tree.exists(name) else ""
    _, heading, rest = text.partition("\n## ")
    return heading + rest


def write_table(name, rows):
    below = written_by_hand(name)
    caught = sum(bool(failed) for _, failed in rows)
    head = f"""\
        # Mutations

        What `ci/mutate.sh --table docs/mutations.md` found: each fault of
        `ci/mutations/` in the sources, alone, and the first suite that failed.
        Faults in `platform/windows` are looked for under Wine, the others on
        Linux.

        Caught: {caught} of {len(rows)}.

        | fault | in | caught by |
        |---|---|---|
        """
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(textwrap.dedent(head))
        for fault, failed in rows:
            stream.write(f"| {fault.name} | {fault.file} | {told(failed)} |\n")
        stream.write(below)


def write_results(name, rows):
    """For summary.py, as ci/checks.sh tells it."""
    with open(name, "w", encoding="utf-8") as stream:
        for fault, failed in rows:
            how = "ok" if failed else "not ok"
            stream.write(f"{how} {fault.name}: {told(failed)}\n")
        stream.write("ended\n")


def main():
    parser = argparse.ArgumentParser(prog="mutate.sh")
    parser.add_argument("--table", metavar="FILE")
    parser.add_argument("--results", metavar="FILE")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("pattern", nargs="*")
    arguments = parser.parse_args()
    chosen = faults(arguments.pattern)
    if arguments.check:
        return print(f"mutate: {len(chosen)} faults can be put in")
    if not chosen:
        sys.exit("mutate: no such fault")
    top = copy_tree()
    rows = []
    try:
        for build in sorted({fault.build() for fault in chosen}):
            prepare(top, build)
        for fault in chosen:
            rows.append((fault, try_fault(top, fault)))
            print(f"{fault.name} | {fault.file} | {told(rows[-1][1])}", flush=True)
        if arguments.results:
            write_results(arguments.results, rows)
    finally:
        shutil.rmtree(top)
    if arguments.table:
        write_table(arguments.table, rows)
    survivors = sum(not failed for _, failed in rows)
    print(f"mutate: {len(rows) - survivors} of {len(rows)} caught")
    sys.exit(1 if survivors else 0)


main()
