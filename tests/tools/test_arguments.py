# SPDX-License-Identifier: MIT
"""The command line: what is refused, and how."""

import concurrent.futures

REFUSED = [
    ([], "missing command"),
    (["frobnicate"], "unknown command 'frobnicate'"),
    (["--frobnicate"], "unknown command"),
    (["connect"], "missing arguments"),
    (["connect", "localhost"], "HOST and PORT are needed"),
    (["connect", "localhost", "1", "2"], "unexpected argument '2'"),
    (["connect", "--what", "localhost", "1"], "unknown option '--what'"),
    (["connect", "-x", "localhost", "1"], "unknown option '-x'"),
    (["connect", "-ux", "localhost", "1"], "unknown option '-ux'"),
    (["connect", "-46", "localhost", "1"], "exclude each other"),
    (["connect", "--udp=yes", "localhost", "1"], "no value is taken"),
    (["connect", "localhost", "1", "--timeout"], "missing value"),
    (["connect", "--timeout", "0", "localhost", "1"], "seconds above 0: '0'"),
    (["connect", "--timeout=-1", "localhost", "1"], "above 0: '-1'"),
    (["connect", "--timeout", "1s", "localhost", "1"], "above 0: '1s'"),
    (["connect", "--timeout", "1e3", "localhost", "1"], "above 0: '1e3'"),
    (["connect", "--timeout", "nan", "localhost", "1"], "above 0: 'nan'"),
    (["connect", "--timeout", " 1", "localhost", "1"], "above 0: ' 1'"),
    (["connect", "--timeout", "1.", "localhost", "1"], "above 0: '1.'"),
    (["connect", "--timeout", "99999999999999999999", "h", "1"], "above 0"),
    (["connect", "--idle-timeout", "x", "h", "1"], "above 0: 'x'"),
    (["connect", "", "1"], "empty argument"),
    (["connect", "localhost", "0"], "port from 1 to 65535: '0'"),
    (["connect", "localhost", "65536"], "port from 1 to 65535: '65536'"),
    (["connect", "localhost", "80x"], "port from 1 to 65535: '80x'"),
    (["connect", "localhost", "+80"], "port from 1 to 65535: '+80'"),
    (["connect", "unix:x", "1", "2"], "unexpected argument '2'"),
    (["connect", "--source", "here", "localhost", "1"], "an address: 'here'"),
    (["connect", "-s", "", "localhost", "1"], "empty value"),
    (["--trace"], "missing command"),
    (["--trace", "--trace"], "unknown command '--trace'"),
    (["--help", "x"], "unknown command '--help'"),
    (["resolve"], "missing arguments"),
    (["resolve", "a", "b", "c"], "unexpected argument 'c'"),
    (["probe", "x"], "unexpected argument 'x'"),
    (["bench", "--seconds", "0"], "seconds above 0: '0'"),
    (["constants", "a", "b"], "unexpected argument 'b'"),
    (["constants", "--json=1"], "no value is taken"),
    (["connect", "--", "localhost", "-1"], "port from 1 to 65535: '-1'"),
    (["listen"], "one PORT"),
    (["listen", "localhost", "1", "2"], "unexpected argument"),
    (["listen", "--port", "1", "localhost", "2"], "one PORT"),
    (["listen", "70000"], "port from 0 to 65535: '70000'"),
    (["listen", "--port", "http"], "port from 0 to 65535: 'http'"),
    (["listen", "--force", "1"], "unknown option '--force'"),
    (["recv-file", "--port", "-5"], "port from 0 to 65535: '-5'"),
    (["recv-file", "--port", "5 "], "port from 0 to 65535: '5 '"),
    (["recv-file", "--bind", ""], "empty value"),
    (["recv-file", "--output"], "missing value"),
    (["recv-file", "-o"], "missing value"),
    (["recv-file", "a", "b"], "unexpected argument 'b'"),
    (["recv-file", "-o", "name", "."], "exclude each other"),
    (["send-file", "file", "localhost"], "missing arguments"),
    (["send-file", "file", "localhost", "99999"], "1 to 65535: '99999'"),
    (["send-file", "--output", "x", "f", "h", "1"], "unknown option"),
]


def bad_arguments_are_refused_in_one_line_with_code_2(bench):
    def refuse(case):
        arguments, fragment = case
        result = bench.run(*arguments).expect(2, "pier: ", fragment)
        assert len(result.lines) == 1, f"{arguments}: {result}"
        assert result.out == b"", arguments

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(refuse, REFUSED))


def help_names_every_command_and_exit_code(bench):
    result = bench.run("--help").expect(0)
    text = result.out.decode()
    for word in "send-file", "recv-file", "connect", "listen", "interrupted":
        assert word in text, text
    assert b"\r" not in result.out


def help_of_a_command_needs_no_arguments(bench):
    for command in "send-file", "recv-file", "connect", "listen":
        text = bench.run(command, "--help").expect(0).out.decode()
        assert f"Usage: pier {command} [OPTIONS]" in text, text
        assert "--timeout SECONDS" in text, text
        assert all(len(line) < 80 for line in text.splitlines()), text


def version_is_one_line(bench):
    result = bench.run("--version").expect(0)
    words = result.out.decode().split()
    assert words[0] == "pier" and words[1].count(".") == 2, result.out


def arguments_are_utf8(bench):
    bench.run("ärger→").expect(2, "unknown command 'ärger→'")


def control_characters_do_not_reach_the_terminal(bench):
    result = bench.run("a\x1b[31mb").expect(2, "unknown command 'a?[31mb'")
    assert "\x1b" not in result.err


def options_may_stand_anywhere(bench):
    port = bench.closed_port()
    for arguments in (
        ["-4", "127.0.0.1", port, "--timeout=300"],
        ["127.0.0.1", "--timeout", "300", port, "-4"],
        ["-4", "--timeout", "300", "--", "127.0.0.1", port],
    ):
        bench.run("connect", *arguments).expect(3, f"127.0.0.1:{port}")
