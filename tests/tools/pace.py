# SPDX-License-Identifier: MIT
"""Tests of time limits, which hold on a machine of any speed."""

import contextlib
import os
import subprocess
import threading
import time

from harness import LIMIT

TICK = 0.02  # seconds by which a time limit of Windows may be short
GRACE = 2  # seconds from an interruption to an end by force


class TooSlow(Exception):
    """A time limit of the program ran out before the test did its part."""


def at_any_speed(attempt):
    """Calls attempt(seconds), with more seconds while that raises TooSlow.

    For what has to happen before a time limit of the program has passed. One
    that is too short for a busy machine says nothing; when all of them are,
    the program is wrong. Any other failure is one at once.
    """
    for seconds in 0.5, 2, 8:
        try:
            return attempt(seconds)
        except TooSlow as error:
            print(f"not within {seconds} s: {error}")
    return attempt(20)


class Pace:
    """Steps of a test, each begun less than seconds after the one before.

    "with pace:" around each. A step that fails raises TooSlow instead when the
    process has ended with code, as it does by its time limit, and may have
    done so: since the step before, or its start, so much time has passed.
    """

    def __init__(self, process, seconds, code=5, started=None):
        self.process, self.seconds, self.code = process, seconds, code
        self.now = started or process.started

    def __enter__(self):
        self.since, self.now = self.now, time.monotonic()

    def __exit__(self, kind, error, trace):
        if not isinstance(error, (AssertionError, OSError)):
            return
        late = time.monotonic() - self.since
        if late < self.seconds - TICK:
            return
        try:
            code = self.process.popen.wait(LIMIT)
        except subprocess.TimeoutExpired:
            return
        if code == self.code:
            raise TooSlow(f"a step took {late:.3f} s: {error}") from error


class Stalls:
    """How long the machine kept a thread waiting, which but sleeps a little
    and makes and removes a file, between "with" and its end."""

    def __init__(self, directory):
        self.name = os.path.join(directory, ".stalls")
        self.seconds = 0.0
        self.ending = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def _watch(self):
        pause = 0.01
        while not self.ending.is_set():
            start = time.monotonic()
            time.sleep(pause)
            with open(self.name, "wb"):
                pass
            os.unlink(self.name)
            self.seconds += time.monotonic() - start - pause


@contextlib.contextmanager
def interrupted(bench, process, number):
    """Sends the signal; the process should end after the steps of "with".

    When they take longer than its grace it ends by force and without a word.
    That is TooSlow when the machine stalled for a good part of it.
    """
    failure = None
    with Stalls(bench.directory) as stalls:
        process.signal(number)
        try:
            yield
        except (AssertionError, OSError) as error:
            failure = error
        result = process.finish()
    forced = result.code == 130 and "interrupted" not in result.err
    if forced and stalls.seconds > GRACE / 4:
        raise TooSlow(f"stalled for {stalls.seconds:.3f} s") from failure
    assert not forced, f"it ended by force: {result}"
    if failure:
        raise failure
    result.expect(130, "interrupted")


def not_before(start, seconds):
    """Asserts that so long has passed since start, less a tick of Windows."""
    passed = time.monotonic() - start
    assert passed > seconds - TICK, f"after {passed:.3f} of {seconds} s"
