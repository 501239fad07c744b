# SPDX-License-Identifier: MIT
"""What the libraries export; see check-symbols.sh."""

import os
import re
import subprocess
import sys

import tree

DEF = "core/pier.def"
HEAD = """; SPDX-License-Identifier: MIT
; What the libraries export; ci/check-symbols.sh --update writes it.
EXPORTS
"""
found = tree.Findings("check-symbols")


def run(*command):
    return subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def find(build, *patterns):
    tests = " -o ".join(f"-name {p}" for p in patterns).split()
    return run("find", build + "/", "-type", "f", "(", *tests, ")") if (
        os.path.isdir(build)
    ) else []


def core_defines(build):
    objects = find(f"{build}/core", "*.o", "*.obj")
    lines = run("nm", "-gPA", "--defined-only", *objects) if objects else []
    symbols = {line.split(": ")[1].split()[0] for line in lines if ": " in line}
    return {s for s in symbols if re.match(r"pier_", s)}


def listed():
    if not tree.exists(DEF):
        return set()
    text = re.sub(r";[^\n]*", "", tree.read(DEF)).replace("EXPORTS", "")
    return set(text.split())


def declared():
    names = set()
    for header in tree.files("include/pier/*.h", "cmake/*.h.in"):
        text = tree.without_comments(tree.read(header))
        names |= set(re.findall(r"\bPIER_API\b[^;]*?\b(pier_\w+)\s*\(", text))
    return names


def elf_exports(library):
    return {
        line.split()[0].split("@")[0]
        for line in run("nm", "-gDP", "--defined-only", library)
    }


def pe_exports(library):
    dump = run("x86_64-w64-mingw32-objdump", "-p", library)
    exports = set()
    for line in dump[dump.index("[Ordinal/Name Pointer] Table") + 1 :]:
        match = re.match(r"\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+\w+\s+)?(\w+)$",
                         line)
        if not match:
            break
        exports.add(match.group(1))
    return exports


def same(where, got, what, want, whose):
    for name in sorted(got - want):
        found.add(where, f"{what} {name}, which {whose} lacks")
    for name in sorted(want - got):
        found.add(where, f"lacks {name}, which {whose} has")


def check(build, windows):
    core, names = core_defines(build), listed()
    if not core:
        found.add(build, "holds no object of core; build it")
        return names
    same(DEF, names, "lists", core, "core")
    for name in sorted(core - declared()):
        found.add("core", f"defines {name}, which no public header declares")
    libraries = [(n, elf_exports) for n in find(build, "libpier.so.*")]
    libraries += [(n, pe_exports) for n in find(windows, "libpier*.dll")]
    if not libraries:
        found.add(build, "holds no shared library; build it")
    for library, exports in libraries:
        same(library, exports(library), "exports", names, DEF)
    return names


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [a for a in arguments if a != "--update"]
    arguments += ["build/linux", "build/windows-x64"][len(arguments) :]
    if update:
        names = core_defines(arguments[0])
        if not names:
            sys.exit(f"check-symbols: {arguments[0]} holds no object of core")
        with open(DEF, "w", encoding="utf-8") as stream:
            stream.write(HEAD + "".join(f"    {n}\n" for n in sorted(names)))
        return
    names = check(*arguments)
    rest = len(declared() - names)
    found.finish(f"{len(names)} exports ({rest} declared ones come later)")


main()
