# SPDX-License-Identifier: MIT
"""Run modules of CPython's own test suite on a drop-in `_socket`, and each
test on the built-in module too; fail where the drop-in does worse.

    run_tests.py SO MODULE[:PATTERN]...
    run_tests.py --times N SO MODULE[:PATTERN]...
    run_tests.py --script SO FILE           a script, in that interpreter
    run_tests.py --references SO MODULE     regrtest's search for references
                                            kept, with python3.11-dbg

The drop-in must be in use before anything imports `socket`, and in every
interpreter that a test starts, with -I, -E and -S as well. So the tests run in
an interpreter of their own: a copy in a temporary prefix, in whose table of
built-in modules the name `_socket` is overwritten, with the drop-in among the
extension modules of that prefix. There is nothing else it could import.

The last line is "N passed, N failed, N skipped"; a test that the built-in
module fails or skips too is counted as what it was there.
"""

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile

PYTHON = "/usr/bin/python3.11"
LIBRARY = "/usr/lib/python3.11"
BUILT_IN = b"\0_socket\0"
LIMIT = 900  # seconds for a module

# It waits for ever in a virtual machine whose vsock has no loopback, whatever
# the module.
LEFT_OUT = ["*.ThreadedVSOCKSocketStreamTest.*"]

# They ask for the network and use no more than loopback; the second with a
# listener of its own in the place of a public host.
NETWORK = ["test.test_socketserver", "test.test_timeout"]


class Prefix:
    """A copy of the interpreter and a library of links to Debian's."""

    def __init__(self, python, module):
        self.module = module and os.path.realpath(module)
        self.directory = tempfile.mkdtemp(prefix="pier-cpython-")
        self.python = os.path.join(self.directory, "bin", "python3.11")
        library = os.path.join(self.directory, "lib", "python3.11")
        self.home = os.path.join(self.directory, "home")
        for made in (os.path.dirname(self.python), self.home,
                     os.path.join(library, "lib-dynload")):
            os.makedirs(made)
        os.chmod(self.directory, 0o755)
        for inside in ("", "lib-dynload"):
            source = os.path.join(LIBRARY, inside)
            for name in os.listdir(source):
                if name != "lib-dynload":
                    os.symlink(os.path.join(source, name),
                               os.path.join(library, inside, name))
        self.copy_interpreter(python)
        if module:
            os.symlink(self.module,
                       os.path.join(library, "lib-dynload", "_socket.so"))

    def copy_interpreter(self, python):
        with open(os.path.realpath(python), "rb") as file:
            image = file.read()
        if self.module:
            if image.count(BUILT_IN) != 1:
                raise SystemExit("the interpreter's _socket is not found")
            image = image.replace(BUILT_IN, b"\0-ocket-\0")
        with open(self.python, "wb") as file:
            file.write(image)
        os.chmod(self.python, 0o755)

    def environment(self):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": self.home,
                "TMPDIR": self.home, "LANG": "C.UTF-8", "TERM": "dumb",
                "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, test):
        """The outcomes of a module's tests, by name."""
        out = os.path.join(self.home, "outcomes")
        log = os.path.join(self.home, "log")
        with open(log, "wb") as said:
            try:
                code = subprocess.run(
                    [self.python, "-X", "faulthandler", __file__, "--worker",
                     out, test, self.module or ""],
                    env=self.environment(), cwd=self.home, timeout=LIMIT,
                    stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                    start_new_session=True).returncode
            except subprocess.TimeoutExpired:
                code = "time is up"
        with open(out, "a+", encoding="utf-8") as file:
            file.seek(0)
            outcomes = dict(json.loads(line) for line in file)
        os.unlink(out)
        if code != 0:
            outcomes["(the process)"] = "fail: ended with %s" % code
            with open(log, encoding="utf-8", errors="replace") as said:
                print(said.read()[-4000:])
        return outcomes

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)


# ------------------------------------------------- in the tests' interpreter

def prove(module):
    """That `_socket` is the one it should be; and nothing else could be."""
    import _socket
    import socket
    if not issubclass(socket.socket, _socket.socket):
        raise SystemExit("socket.py does not use this _socket")
    if not module:
        if "_socket" not in sys.builtin_module_names:
            raise SystemExit("the built-in _socket is missing")
        return
    if os.path.realpath(_socket.__file__) != module:
        raise SystemExit("_socket is %s" % _socket.__file__)
    if "_socket" in sys.builtin_module_names:
        raise SystemExit("the built-in _socket could be in use")


def silent_listener():
    import socket
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, lambda host, port: listener.getsockname()


def chosen(suite, pattern):
    """The tests of a suite, one by one."""
    for test in suite:
        if hasattr(test, "__iter__"):
            yield from chosen(test, pattern)
        elif fnmatch.fnmatchcase(test.id(), "*%s*" % pattern) and not any(
                fnmatch.fnmatchcase(test.id(), rule) for rule in LEFT_OUT):
            yield test


def worker(out, name, module):
    prove(module)
    import importlib
    import unittest
    from test import support
    from test.support import os_helper

    name, _, pattern = name.partition(":")
    support.use_resources = ["network"] if name in NETWORK else []
    record = open(out, "w", encoding="utf-8")

    class Result(unittest.TextTestResult):
        outcome = "pass"

        def startTest(self, test):
            super().startTest(test)
            self.outcome = "pass"
            self.tell(test, "fail: never ended")

        def stopTest(self, test):
            super().stopTest(test)
            self.tell(test, self.outcome)

        def tell(self, test, outcome):
            record.write(json.dumps([test.id(), outcome]) + "\n")
            record.flush()

        def addSkip(self, test, reason):
            super().addSkip(test, reason)
            if self.outcome != "fail":  # of another part of the test
                self.outcome = "skip: " + reason
            if not isinstance(test, unittest.TestCase):  # a class, a module
                self.tell(test, self.outcome)

        def addError(self, test, error):
            super().addError(test, error)
            self.outcome = "fail"
            if not isinstance(test, unittest.TestCase):
                self.tell(test, self.outcome)

        def addFailure(self, test, error):
            super().addFailure(test, error)
            self.outcome = "fail"

        def addSubTest(self, test, subtest, error):
            super().addSubTest(test, subtest, error)
            if error:
                self.outcome = "fail"

        def addUnexpectedSuccess(self, test):
            super().addUnexpectedSuccess(test)
            self.outcome = "fail"

    with os_helper.temp_cwd():
        loaded = importlib.import_module(name)
        if name == "test.test_timeout":
            loaded.listener, loaded.resolve_address = silent_listener()
        tests = unittest.TestLoader().loadTestsFromModule(loaded)
        unittest.TextTestRunner(resultclass=Result, verbosity=2).run(
            unittest.TestSuite(chosen(tests, pattern)))
    prove(module)
    record.close()


# ------------------------------------------------------------------ compare

def kind(outcome):
    return outcome.partition(":")[0]


def compare(test, built_in, drop_in, counts):
    """Count the outcomes and print what is worse on the drop-in."""
    for name in sorted(set(built_in) | set(drop_in)):
        was = built_in.get(name, "none")
        now = drop_in.get(name, "fail: did not run")
        worse = kind(was) != kind(now) and kind(was) in ("pass", "skip", "none")
        if worse and kind(now) != "pass":
            print("%s: %s, on the built-in module: %s" % (name, now, was))
            counts["fail"] += 1
        elif kind(now) == "fail":
            counts["skip"] += 1  # it fails here without pier as well
        else:
            counts[kind(now)] += 1
    print("%s: %d tests" % (test, len(drop_in)))


def run_all(module, tests, times):
    counts = {"pass": 0, "fail": 0, "skip": 0}
    prefixes = [Prefix(PYTHON, None), Prefix(PYTHON, module)]
    try:
        for test in tests:
            built_in = prefixes[0].run(test)
            for _ in range(times):
                compare(test, built_in, prefixes[1].run(test), counts)
    finally:
        for prefix in prefixes:
            prefix.remove()
    print("%(pass)d passed, %(fail)d failed, %(skip)d skipped" % counts)
    return 1 if counts["fail"] or not counts["pass"] else 0


def run_alone(python, module, arguments):
    prefix = Prefix(python, module)
    try:
        return subprocess.run([prefix.python] + arguments,
                              env=prefix.environment(), cwd=prefix.home,
                              stdin=subprocess.DEVNULL).returncode
    finally:
        prefix.remove()


def main(arguments):
    if arguments[0] == "--script":
        return run_alone(PYTHON, arguments[1],
                         [os.path.abspath(arguments[2])] + arguments[3:])
    if arguments[0] == "--references":
        ignored = [word for rule in LEFT_OUT for word in ("-i", rule)]
        return run_alone(PYTHON + "-dbg", arguments[1],
                         ["-m", "test", "-R", "3:3"] + ignored
                         + arguments[2:])
    times = 1
    if arguments[0] == "--times":
        times = int(arguments[1])
        arguments = arguments[2:]
    return run_all(arguments[0], arguments[1:], times)


if __name__ == "__main__":
    if sys.argv[1] == "--worker":
        del sys.path[0]  # beside this file lies nothing that tests may import
        worker(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
