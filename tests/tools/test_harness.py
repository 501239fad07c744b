# SPDX-License-Identifier: MIT
"""What the other tests rely on: that they fail when they should."""

import contextlib
import errno
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time

import harness
from pace import Pace, TooSlow, at_any_speed, interrupted, not_before

SLEEPER = "import sys, time; time.sleep({}); sys.exit({})"
GRACELESS = """
import os, signal, sys, time
signal.signal(signal.SIGINT, lambda *_: os._exit(130))
print("ready", file=sys.stderr, flush=True)
time.sleep(60)
"""


def _raises(kind, call, *arguments):
    try:
        call(*arguments)
    except Exception as error:
        assert type(error) is kind, f"{error!r} instead of {kind.__name__}"
        return
    raise AssertionError(f"no {kind.__name__}")


def no_test_is_a_failure(bench):
    run = [sys.executable, os.path.join(os.path.dirname(__file__), "run.py")]
    for wanted, code in ("nosuch", 1), ("version_is_one_line", 0):
        done = subprocess.run(
            [*run, "arguments", bench.command[-1], *bench.command[:-1]],
            env={**os.environ, "PIER_TEST": wanted}, capture_output=True,
        )
        assert done.returncode == code, (wanted, done)


def failure_of_a_test_is_one(bench):
    def failing(_):
        raise AssertionError

    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert harness.run_test(failing, bench.command[-1], []) == 1
    assert "[  FAILED  ] failing" in said.getvalue()


def only_what_was_too_slow_is_tried_again(bench):
    tried = []

    def attempt(error, seconds):
        tried.append(seconds)
        raise error

    for error in AssertionError(), OSError(), ValueError():
        _raises(type(error), at_any_speed, lambda s, e=error: attempt(e, s))
    assert len(tried) == 3, tried
    _raises(TooSlow, at_any_speed, lambda s: attempt(TooSlow(), s))
    assert len(tried) == 7, tried


def _fail_after(bench, seconds, code):
    """A step that fails when a process with a limit of 0.2 s has ended."""
    process = bench.start("-c", SLEEPER.format(seconds, code),
                          command=[sys.executable])
    with Pace(process, 0.2):
        process.popen.wait()
        raise AssertionError("it has ended")


def process_that_ends_by_its_limit_explains_a_failure(bench):
    _raises(TooSlow, _fail_after, bench, 0.3, 5)
    _raises(AssertionError, _fail_after, bench, 0.3, 1)


def process_that_ends_before_its_limit_explains_none(bench):
    process = bench.start("-c", SLEEPER.format(0, 5),
                          command=[sys.executable])

    def step():
        with Pace(process, 60):
            process.popen.wait()
            raise AssertionError("it has ended")

    _raises(AssertionError, step)


def end_by_force_is_no_end(bench):
    process = bench.start("-c", GRACELESS, command=[sys.executable])
    process.wait_for(re.compile(b"ready"))

    def interrupt():
        with interrupted(bench, process, signal.SIGINT):
            pass

    # The machine hardly stalls in that moment.
    _raises(AssertionError, interrupt)


def too_early_is_told(bench):
    _raises(AssertionError, not_before, time.monotonic(), 60)
    not_before(time.monotonic() - 1, 1)


def closed_port_stays_closed(bench):
    port = int(bench.closed_port())
    with socket.socket() as s:
        assert s.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED
        _raises(OSError, s.bind, ("127.0.0.1", port))


def port_that_is_taken_is_tried_again(bench):
    tried = []

    def attempt(port):
        tried.append(port)
        assert len(tried) > 2, "Address already in use"
        return port

    assert harness.with_free_port(socket.SOCK_DGRAM, attempt) == tried[2]


def command_that_is_refused_is_a_skip(bench):
    bench.only_where("true")
    _raises(harness.Skip, bench.only_where, "false")
    _raises(harness.Skip, bench.only_where, "no-such-program")
