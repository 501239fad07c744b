# SPDX-License-Identifier: MIT
"""The manual page and the completion come from the table of the help."""

import re
import shutil
import subprocess

from harness import Skip

COMMANDS = ["connect", "listen", "send-file", "recv-file", "resolve", "probe",
            "constants", "bench"]


def _options(bench, command):
    text = bench.run(command, "--help").expect(0).out.decode()
    return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", text, re.M))


def _rendered(page):
    return page.decode().replace("\\-", "-").replace('"', "")


def page_names_every_command_and_option(bench):
    page = _rendered(bench.run("--help-man").expect(0).out)
    for command in COMMANDS:
        section = page.split(f"\n.Ss {command}\n")[1].split("\n.S")[0]
        for option in _options(bench, command):
            assert f"Fl  Ns Fl {option[1:]}" in section.replace(
                "Fl  Ns Fl ", "Fl  Ns Fl -"), (command, option)


def page_is_clean(bench):
    if not shutil.which("mandoc"):
        raise Skip("mandoc is not installed")
    bench.write("pier.1", bench.run("--help-man").expect(0).out)
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "style", bench.path("pier.1")],
        capture_output=True, text=True,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def _complete(bench, *words):
    """What bash would offer for the last of words."""
    script = bench.write("pier.bash", bench.run("--help-bash").expect(0).out)
    program = (
        f"source {script}; COMP_WORDS=(pier \"$@\"); COMP_CWORD=$#; "
        "_pier; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    result = subprocess.run(
        ["bash", "-c", program, "bash", *words], capture_output=True,
        text=True, cwd=bench.directory,
    )
    assert result.returncode == 0 and not result.stderr, result.stderr
    return set(result.stdout.split())


def bash_completes_commands(bench):
    if not shutil.which("bash"):
        raise Skip("bash is not installed")
    assert set(COMMANDS) <= _complete(bench, "")
    assert _complete(bench, "re") == {"recv-file", "resolve"}
    assert _complete(bench, "--trace", "prob") == {"probe"}


def bash_completes_options(bench):
    if not shutil.which("bash"):
        raise Skip("bash is not installed")
    for command in COMMANDS:
        assert _complete(bench, command, "--") == _options(bench, command)


def bash_completes_files(bench):
    if not shutil.which("bash"):
        raise Skip("bash is not installed")
    bench.write("name with blanks", b"")
    assert _complete(bench, "send-file", "name") == {"name", "with", "blanks"}


def examples_of_the_help_are_command_lines(bench):
    for command in COMMANDS:
        text = bench.run(command, "--help").expect(0).out.decode()
        for line in re.findall(r"^  (.*\bpier .*)$", text, re.M):
            assert f"pier {command}" in line, line


def lines_fit_a_terminal(bench):
    for command in [[c] for c in COMMANDS] + [[]]:
        text = bench.run(*command, "--help").expect(0).out.decode()
        long = [x for x in text.splitlines() if len(x) > 79]
        assert not long, long
        blank = [x for x in text.splitlines() if x != x.rstrip()]
        assert not blank, blank
