# SPDX-License-Identifier: MIT
"""Runs the pier program and says what happened, in the manner of cmocka."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

LIMIT = 30  # seconds; generous, because nothing should come near it


class Skip(Exception):
    pass


# What Wine may say of a thread that it ends together with its process.
OF_WINE = re.compile(rb"^wine client error:.*\n", re.M)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out = code, out
        self.err = OF_WINE.sub(b"", err).decode("utf-8", "replace")
        self.lines = self.err.splitlines()

    def expect(self, code, *fragments):
        """The exit code, and a last line with all of fragments in it."""
        assert self.code == code, f"exit code {self.code}, not {code}: {self}"
        last = self.lines[-1] if self.lines else ""
        for fragment in fragments:
            assert fragment in last, f"no {fragment!r} in {self}"
        return self

    def __str__(self):
        return f"code {self.code}, stderr {self.err!r}"


class Process:
    """A program that is running; its standard error is read as it comes.

    The reader closes what it reads: nobody else knows when it is done, and a
    descriptor closed under it may be another's by the time it reads.
    """

    def __init__(self, popen, started=None):
        self.popen = popen
        self.started = started or time.monotonic()
        self.err = b""
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with self.popen.stderr as stderr:
            while chunk := os.read(stderr.fileno(), 4096):
                with self.changed:
                    self.err += chunk
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    ended = False

    def wait_for(self, pattern):
        """The match of pattern in its standard error, once it is there."""
        with self.changed:
            self.changed.wait_for(
                lambda: self.ended or pattern.search(self.err), LIMIT
            )
        match = pattern.search(self.err)
        assert match, f"it does not tell {pattern.pattern}: {self.err!r}"
        return match

    def address(self):
        """Waits for "listening on HOST:PORT"; (host, port)."""
        match = self.wait_for(
            re.compile(rb"listening on \[?(.*?)\]?:(\d+)\r?\n")
        )
        return match.group(1).decode(), int(match.group(2))

    def path(self):
        """Waits for "listening on unix:PATH"; the path."""
        match = self.wait_for(
            re.compile(rb"listening on unix:(.*?)\r?\n")
        )
        return match.group(1).decode()

    def still_runs(self, seconds):
        """Whether it has not ended by itself after so long."""
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def feed(self, data):
        self.popen.stdin.write(data)
        self.popen.stdin.flush()

    def end_input(self):
        self.popen.stdin.close()

    def take(self, count):
        """Exactly count bytes of its standard output."""
        data = b""
        while len(data) < count:
            chunk = os.read(self.popen.stdout.fileno(), count - len(data))
            assert chunk, f"its output ended after {data!r}: {self.err!r}"
            data += chunk
        return data

    def signal(self, number):
        os.kill(self.popen.pid, number)

    def finish(self):
        out = b""
        timer = threading.Timer(LIMIT, self.popen.kill)
        timer.start()
        try:
            if self.popen.stdout:
                out = self.popen.stdout.read()
            code = self.popen.wait()
            self.reader.join()
        finally:
            late = not timer.is_alive()
            timer.cancel()
            self.close()
        assert not late, f"it did not end by itself: {self.err!r}"
        return Result(code, out, self.err)

    def close(self):
        for pipe in self.popen.stdin, self.popen.stdout:
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass


class Bench:
    """What a test works with: the program and a directory of its own."""

    def __init__(self, program, emulator):
        self.command = emulator + [program]
        # Wine is a system of its own; qemu passes on what Linux does.
        self.emulated = program.endswith(".exe") and bool(emulator)
        self.lacks_unix = self.emulated
        self.directory = tempfile.mkdtemp(prefix="pier-test.")
        self.running = []
        self.sockets = []

    def tidy(self):
        for process in self.running:
            if process.popen.poll() is None:
                process.popen.kill()
                process.popen.wait()
            process.reader.join(LIMIT)
            process.close()
        for s in self.sockets:
            s.close()
        shutil.rmtree(self.directory)

    def start(self, *arguments, stdin=subprocess.DEVNULL,
              stdout=subprocess.PIPE, prepare=None, command=None):
        started = time.monotonic()
        popen = subprocess.Popen(
            [*(command or self.command), *arguments], stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE, preexec_fn=prepare, cwd=self.directory,
        )
        process = Process(popen, started)
        self.running.append(process)
        return process

    def run(self, *arguments, input=None, **more):
        if input is None:
            return self.start(*arguments, **more).finish()
        process = self.start(*arguments, stdin=subprocess.PIPE, **more)
        threading.Thread(
            target=lambda: (process.feed(input), process.end_input()),
            daemon=True,
        ).start()
        return process.finish()

    def only_natively(self, reason):
        if self.emulated:
            raise Skip(reason)

    def only_where(self, *command):
        """Skips unless command, run in the directory, succeeds."""
        try:
            tried = subprocess.run(command, cwd=self.directory,
                                   capture_output=True, text=True)
        except OSError as error:
            raise Skip(f"{command[0]}: {error.strerror}") from error
        if tried.returncode:
            said = tried.stderr.strip() or f"code {tried.returncode}"
            raise Skip(f"{' '.join(command)}: {said}")

    # Names are relative to the directory, in which the program runs.

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return name

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def make_directory(self, name):
        os.mkdir(self.path(name))
        return name

    def files(self, name="."):
        return sorted(os.listdir(self.path(name)))

    # Sockets of the test itself.

    def keep(self, s):
        s.settimeout(LIMIT)
        self.sockets.append(s)
        return s

    def connect(self, address):
        return self.keep(socket.create_connection(address, LIMIT))

    def server(self, family=socket.AF_INET, host="127.0.0.1"):
        s = self.keep(socket.socket(family))
        s.bind((host, 0))
        s.listen(1)
        return s, str(s.getsockname()[1])

    def accept(self, server):
        return self.keep(server.accept()[0])

    def datagrams(self):
        s = self.keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        s.bind(("127.0.0.1", 0))
        return s

    def closed_port(self):
        """A port on which nobody listens, nor can until the test ends."""
        s = self.keep(socket.socket())
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


def with_free_port(kind, attempt):
    """Calls attempt(port) with a port that is free for sockets of kind.

    It may be taken before the program has it, which then says so.
    """
    for _ in range(9):
        with socket.socket(socket.AF_INET, kind) as s:
            s.bind(("127.0.0.1", 0))
            port = str(s.getsockname()[1])
        try:
            return attempt(port)
        except AssertionError as error:
            if "address already in use" not in str(error).lower():
                raise
    return attempt(port)


def receive_all(s):
    data = b""
    while chunk := s.recv(65536):
        data += chunk
    return data


def receive_exactly(s, count):
    data = b""
    while len(data) < count:
        chunk = s.recv(count - len(data))
        assert chunk, f"the program closed after {data!r}"
        data += chunk
    return data


def run_test(test, program, emulator):
    """1 for a failure; prints what cmocka would."""
    name = test.__name__
    print(f"[ RUN      ] {name}", flush=True)
    started = time.monotonic()
    bench = Bench(program, emulator)
    try:
        test(bench)
        verdict = "       OK"
    except Skip as skip:
        print(f"SKIP: {skip}")
        verdict = "  SKIPPED"
    except Exception:
        traceback.print_exc(file=sys.stdout)
        verdict = "  FAILED "
    finally:
        bench.tidy()
    print(f"         {time.monotonic() - started:.2f} s")
    print(f"[{verdict} ] {name}", flush=True)
    return verdict == "  FAILED "


def run_tests(tests, program, emulator):
    # What a test starts must not outlive it, whoever ends it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failures = sum(run_test(t, program, emulator) for t in tests)
    print(f"{len(tests)} tests, {failures} failed")
    return 1 if failures or not tests else 0
