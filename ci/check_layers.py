# SPDX-License-Identifier: MIT
"""The layers of the source tree; see check-layers.sh."""

import re
import subprocess
import sys

import tree

CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(?:el)?if\w*[ \t]+(.*)$", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)
SYSTEM = re.compile(
    r"\b(_WIN\w*|WIN32|_MSC_VER|__MINGW\w*|__CYGWIN__|__linux\w*|linux|"
    r"__gnu_linux__|__APPLE__|__MACH__|TARGET_OS_\w+|__\w*BSD\w*__|__unix\w*|"
    r"unix|__sun\w*|__ANDROID__|__EMSCRIPTEN__|__HAIKU__|_AIX|__hpux\w*|"
    r"_POSIX_\w+|__GLIBC\w*|BSD)\b"
)
COMPILER = re.compile(
    r"\b(__GNUC\w*|__clang\w*|_MSC_VER|__INTEL_COMPILER|__has_\w+|__MINGW\w*|"
    r"__TINYC__)\b"
)
# Sockets, files and threads of a system; standard C is anyone's.
SYSTEM_HEADER = re.compile(
    r"^(sys/.*|net/.*|netinet/.*|arpa/.*|linux/.*|windows\.h|win.*\.h|"
    r"ws2.*\.h|mswsock\.h|af(unix|d)\.h|iphlpapi\.h|netdb\.h|poll\.h|unistd\.h|"
    r"fcntl\.h|pthread\.h|ifaddrs\.h|spawn\.h|signal\.h|threads\.h)$"
)
# The one header that asks for the compiler, hence for the object format.
EXPORT = "include/pier/export.h"
COMPILER_OR_FORMAT = re.compile(COMPILER.pattern + r"|\b__(ELF|MACH)__\b")
PER_THOUSAND = 3

found = tree.Findings("check-layers")


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def conditionals(name):
    text = tree.without_comments(tree.read(name))
    for match in CONDITIONAL.finditer(text):
        yield f"{name}:{line_of(text, match)}", match.group(1)


def includes(name):
    text = tree.without_comments(tree.read(name))
    for match in INCLUDE.finditer(text):
        yield f"{name}:{line_of(text, match)}", match.group(1)


def portable(name):
    """tests/<folder>/<system>/ is chosen by CMake, as a backend is."""
    return not re.match(r"tests/\w+/(posix|windows)/", name)


def check_above():
    sources = tree.files("core/*.[ch]", "include/*.h", "tests/*.[ch]")
    for name in sources:
        for where, condition in conditionals(name):
            if name == EXPORT:
                condition = COMPILER_OR_FORMAT.sub("", condition)
            if SYSTEM.search(condition):
                found.add(where, f"platform conditional: {condition}")
            if COMPILER.search(condition):
                found.add(where, f"compiler conditional: {condition}")
        for where, header in includes(name):
            if SYSTEM_HEADER.match(header) and portable(name):
                found.add(where, f"system header <{header}>")
    return len(sources)


def check_core():
    platform = {f.split("/")[-1] for f in tree.files("platform/*.h")}
    own = {f.split("/")[-1] for f in tree.files("core/*.h", "core/*.inc")}
    for name in tree.files("core/*.[ch]"):
        for where, header in includes(name):
            last = header.split("/")[-1]
            if "platform/" in header or (last in platform and last not in own):
                if last != "platform.h":
                    found.add(where, f"core knows of platform's {header}")


def check_platform():
    for name in tree.files("platform/*.[ch]", "platform/*.def"):
        text = tree.without_comments(tree.read(name))
        for match in re.finditer(r"\bpieri_\w+", text):
            where = f"{name}:{line_of(text, match)}"
            found.add(where, f"{match.group(0)} belongs to core")
        for where, header in includes(name):
            if header.startswith("core/"):
                found.add(where, f"includes {header}")
        if name.startswith("platform/common/"):
            for where, condition in conditionals(name):
                if SYSTEM.search(condition):
                    found.add(where, f"platform conditional: {condition}")


def check_share(folder):
    names = tree.files(f"platform/{folder}/*.[ch]")
    lines = sum(tree.read(name).count("\n") for name in names)
    named = [
        where
        for name in names
        for where, condition in conditionals(name)
        if SYSTEM.search(condition)
    ]
    if len(named) * 1000 > PER_THOUSAND * max(lines, 1000):
        found.add(
            f"platform/{folder}",
            f"{len(named)} conditionals that name a system in {lines} lines: "
            + ", ".join(named),
        )


PREFIXES = {
    "core": ("pier_", "pieri_"),
    "platform": ("pierp_", "posix_", "win_", "plat_"),
}


def objects_of(build, part):
    command = ["find", f"{build}/{part}/", "-name", "*.o", "-o", "-name", "*.obj"]
    listed = subprocess.run(command, capture_output=True, text=True)
    return listed.stdout.split()


def defined(name):
    """The external symbols that an object file defines."""
    command = ["nm", "--extern-only", "--defined-only", "--format=posix", name]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    symbols = [line.split()[0] for line in listed.stdout.splitlines() if line]
    # The linker's way to reach data of a DLL; no name of ours.
    return [s for s in symbols if not s.startswith(".refptr.")]


def check_symbols(build):
    count = 0
    for part, prefixes in PREFIXES.items():
        for name in objects_of(build, part):
            for symbol in defined(name):
                count += 1
                if not symbol.startswith(prefixes):
                    found.add(name, f"symbol {symbol} lacks {part}'s prefix")
    if count == 0:
        found.add(build, "holds no object of core and platform; build it")
    return count


def main():
    sources = check_above()
    check_core()
    check_platform()
    check_share("posix")
    symbols = sum(check_symbols(build) for build in sys.argv[1:])
    found.finish(f"{sources} sources above the seam, {symbols} symbols, clean")


main()
