# SPDX-License-Identifier: MIT
"""Counts what ctest and the checks say, and compares the skips.

    summary.py RESULTS EXPECTED [TABLE]

A program that cmocka runs counts its cases, any other program is one case. A
file RESULTS/NAME.txt says what passed besides: "ok WHAT" and "not ok WHAT",
"took SECONDS", and "ended" at its end.
EXPECTED/skips-NAME.txt holds one "program/case: reason" a line; a skip that
is not there fails, and so does a line that is no skip any more. What depends
on the machine's kernel or on the user is in EXPECTED/skips-machine.txt: it may
be skipped on every target, and need not be. An asterisk before the slash
stands for the variants of a program. TABLE, a file of Markdown, gets the
counts between its two lines of marks.
"""

import fnmatch
import glob
import os
import re
import sys
import xml.etree.ElementTree

PLANNED = re.compile(r"^\[==========\] Running (\d+) test")
RUN = re.compile(r"^\[ RUN      \] (.*)$")
DONE = re.compile(r"^\[ *(OK|FAILED|SKIPPED) *\] (.*)$")
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"
REASON = re.compile(r"^SKIP: (.*)$")


class Counts:
    def __init__(self, seconds=0.0):
        self.passed = self.failed = 0
        self.skips = []
        self.complaints = []
        self.seconds = seconds

    def fail(self, complaint):
        self.failed += 1
        self.complaints.append(complaint)


def reason_in(lines):
    reasons = [m.group(1).strip() for m in map(REASON.match, lines) if m]
    return reasons[-1] if reasons else "no reason given"


def count_cases(program, lines, counts):
    """Counts cmocka's cases; returns how many there were, and failures. What
    began and came to no verdict, or was planned and never began, fails."""
    cases, failures, running, reason = 0, 0, None, "no reason given"
    planned = sum(int(m.group(1)) for m in map(PLANNED.match, lines) if m)
    for line in lines:
        if match := RUN.match(line):
            running, reason = match.group(1), "no reason given"
        elif match := REASON.match(line):
            reason = match.group(1).strip()
        elif (match := DONE.match(line)) and match.group(2) == running:
            cases += 1
            if match.group(1) == "OK":
                counts.passed += 1
            elif match.group(1) == "SKIPPED":
                counts.skips.append(f"{program}/{running}: {reason}")
            else:
                failures += 1
                counts.fail(f"{program}/{running}")
            running = None
    if running is not None or cases < planned:
        failures += 1
        counts.fail(f"{program}: {cases} of {planned} cases came to an end")
    return cases, failures


def count_program(case, counts):
    name, status = case.get("name"), case.get("status")
    lines = (case.findtext("system-out") or "").replace("\r", "").split("\n")
    cases, failures = count_cases(name, lines, counts)
    if status == "run":
        if cases == 0:
            counts.passed += 1
        elif failures:
            counts.fail(f"{name}: a failed case, and yet exit code 0")
    elif case.find("skipped") is not None and "SKIP_RETURN_CODE" in (
        case.find("skipped").get("message") or ""
    ):
        counts.skips.append(f"{name}: {reason_in(lines)}")
    elif not failures:
        # It crashed, took too long, or could not be run.
        what = case.find("failure")
        why = what.get("message") if what is not None else status
        counts.fail(f"{name}: {why or status}")


def count_junit(path):
    suite = xml.etree.ElementTree.parse(path).getroot()
    counts = Counts(float(suite.get("time") or 0))
    for case in suite.iter("testcase"):
        count_program(case, counts)
    return counts


def read_list(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as stream:
        lines = (line.strip() for line in stream)
        return sorted({l for l in lines if l and not l.startswith("#")})


def compare_skips(expected, name, counts):
    path = f"{expected}/skips-{name}.txt"
    skips = set(counts.skips)
    for line in read_list(path):
        matching = {s for s in skips if fnmatch.fnmatchcase(s, line)}
        if not matching:
            counts.fail(f"{path} expects a skip that was none: {line}")
        skips -= matching
    for line in read_list(f"{expected}/skips-machine.txt"):
        skips -= {s for s in skips if fnmatch.fnmatchcase(s, line)}
    for skip in sorted(skips):
        counts.fail(f"skip that {path} does not expect: {skip}")


def count_lines(path, counts):
    """What says itself what passed, such as ci/checks.sh."""
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    # One that was killed says nothing of what it did not come to.
    if "ended" not in lines:
        counts.fail("it did not come to its end")
    for line in lines:
        if line.startswith("ok "):
            counts.passed += 1
        elif line.startswith("took "):
            counts.seconds = float(line.removeprefix("took "))
        elif line != "ended":
            counts.fail(line.removeprefix("not ok "))


def collect(results, expected):
    rows = {}
    for path in sorted(glob.glob(f"{results}/*.failed")):
        name = "build " + os.path.basename(path)[: -len(".failed")]
        rows[name] = Counts()
        rows[name].fail("failed")
    for path in sorted(glob.glob(f"{results}/*.log")):
        name = os.path.basename(path)[: -len(".log")]
        junit = f"{results}/{name}.xml"
        if os.path.exists(junit):
            rows[name] = count_junit(junit)
            compare_skips(expected, name, rows[name])
        else:
            rows[name] = Counts()
            rows[name].fail("ctest gave no result")
    for path in sorted(glob.glob(f"{results}/*.txt")):
        name = os.path.basename(path)[: -len(".txt")]
        count_lines(path, rows.setdefault(name, Counts()))
    return rows


def write_table(path, rows):
    """Replaces what is between the marks."""
    lines = ["| target | passed | failed | skipped | seconds |",
             "|---|---:|---:|---:|---:|"]
    for name, row in rows.items():
        counts = (row.passed, row.failed, len(row.skips), round(row.seconds))
        lines.append(f"| {name} | " + " | ".join(map(str, counts)) + " |")
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(head + BEGIN + "\n".join(lines) + "\n" + END + tail)


def main():
    rows = collect(*sys.argv[1:3])
    for table in sys.argv[3:]:
        write_table(table, rows)
    print("\n%-18s %8s %8s %8s %8s" %
          ("", "passed", "failed", "skipped", "seconds"))
    for name, row in rows.items():
        print("%-18s %8d %8d %8d %8.1f" %
              (name, row.passed, row.failed, len(row.skips), row.seconds))
    for name, row in rows.items():
        for complaint in row.complaints:
            print(f"{name}: {complaint}")
    failed = sum(row.failed for row in rows.values())
    passed = sum(row.passed for row in rows.values())
    skipped = sum(len(row.skips) for row in rows.values())
    if passed == 0:
        failed = max(failed, 1)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()
