# SPDX-License-Identifier: MIT
"""clang-tidy over a compilation database; see check-tidy.sh."""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

import tree

PARTS = ("core/", "platform/", "tools/", "tests/", "examples/", "bench/")
NAMES = r"\[([\w.,-]+?)(?:,-warnings-as-errors)?\]$"
found = tree.Findings("check-tidy")


def sources(build, done):
    """(file, command) of each of the project's sources, once."""
    try:
        entries = json.loads(tree.read(f"{build}/compile_commands.json"))
    except OSError:
        found.add(build, "has no compile_commands.json; configure it")
        return
    top = os.getcwd() + "/"
    for entry in entries:
        name = entry["file"].removeprefix(top)
        if name.startswith(PARTS) and name.endswith(".c") and name not in done:
            done.add(name)
            yield name, entry["command"]


def digest_of_headers():
    digest = hashlib.sha256()
    names = tree.files("*.h", "*.def", "*.inc", "*.in", ".clang-tidy")
    for name in names + ["data/constants.csv"]:
        digest.update(tree.read(name).encode())
    return digest


def examine(build, name, command, headers):
    digest = headers.copy()
    digest.update((name + command + tree.read(name)).encode())
    mark = f"{build}/tidy/{digest.hexdigest()}"
    if os.path.exists(mark):
        return ""
    result = subprocess.run(
        ["clang-tidy", "--quiet", "-p", build, name],
        capture_output=True,
        text=True,
    )
    if result.returncode == 0:
        os.makedirs(f"{build}/tidy", exist_ok=True)
        open(mark, "wb").close()
        return ""
    return result.stdout or result.stderr


def main():
    # A source that two builds compile is the first one's.
    done, jobs = set(), []
    for build in sys.argv[1:]:
        jobs += [(build, *source) for source in sources(build, done)]
    headers = digest_of_headers()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = [pool.submit(examine, *job, headers) for job in jobs]
        for job, future in zip(jobs, running):
            output = future.result()
            if output:
                print(output, end="")
                names = sorted(set(re.findall(NAMES, output, re.M)))
                found.add(job[1], " ".join(names) or "clang-tidy failed")
    if not jobs:
        found.add("build", "names no source of the project")
    found.finish(f"{len(jobs)} sources, no findings")


main()
