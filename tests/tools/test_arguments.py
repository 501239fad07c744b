# SPDX-License-Identifier: MIT
"""The command line: what is refused, and how."""

import concurrent.futures
import socket

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
    (["connect", "--timeout", ".", "localhost", "1"], "above 0: '.'"),
    (["connect", "--timeout", ".0", "localhost", "1"], "above 0: '.0'"),
    (["connect", "--source", "unix:x", "localhost", "1"], "kind of peer"),
    (["connect", "--source", "::1", "unix:x"], "kind of peer: '::1'"),
    (["connect", "-4", "--source", "::1", "localhost", "1"], "kind of peer"),
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
    (["--help", "x"], "--help: unexpected argument 'x'"),
    (["help", "x"], "help: not a command: 'x'"),
    (["help", "connect", "x"], "help: not a command: 'x'"),
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
    (["listen", "--port", "ht/tp"], "port from 0 to 65535: 'ht/tp'"),
    (["listen", "--force", "1"], "unknown option '--force'"),
    (["recv-file", "--port", "-5"], "port from 0 to 65535: '-5'"),
    (["recv-file", "--port", "5 "], "port from 0 to 65535: '5 '"),
    (["recv-file", "--bind", ""], "empty value"),
    (["recv-file", "--output"], "missing value"),
    (["recv-file", "-o"], "missing value"),
    (["recv-file", "a", "b"], "unexpected argument 'b'"),
    (["recv-file", "-o", "name", "."], "exclude each other"),
    (["send-file", "file"], "missing arguments"),
    (["send-file", "file", "localhost"], "HOST and PORT are needed"),
    (["send-file", "-", "localhost", "1"], "standard input has no size"),
    (["recv-file", "-o", "-"], "standard output takes no file"),
    (["connect", "localhost:"], "HOST and PORT are needed"),
    (["connect", ":80"], "HOST and PORT are needed"),
    (["connect", "::1"], "HOST and PORT are needed"),
    (["connect", "[::1]"], "HOST and PORT are needed"),
    (["connect", "localhost:80x"], "port from 1 to 65535: '80x'"),
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


def help_can_be_asked_for_as_a_command(bench):
    for words, same in ((["help"], ["--help"]),
                        (["help", "listen"], ["listen", "--help"])):
        assert bench.run(*words).expect(0).out == bench.run(*same).out


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
        ["-4", "--timeout", "300.5", "--", "127.0.0.1", port],
    ):
        bench.run("connect", *arguments).expect(3, f"127.0.0.1:{port}")


def place_is_written_as_it_is_told(bench):
    bench.write("file", b"")
    for host in "127.0.0.1", "[::1]":
        bare = host.strip("[]")
        listener = bench.start("listen", "--echo", f"{host}:0")
        assert listener.address()[0] == bare
        place = f"{host}:{listener.address()[1]}"
        assert bench.run("connect", place, input=b"x").expect(0).out == b"x"
        listener.finish().expect(0)
        port = bench.closed_port()
        for command in ["connect"], ["send-file", "file"]:
            for where in [f"{host}:{port}"], [host, port], [bare, port]:
                bench.run(*command, *where).expect(
                    3, f"connect {host}:{port}: connection refused"
                )


def brackets_are_taken_wherever_an_address_is(bench):
    bench.run("resolve", "[::1]").expect(0)
    bench.run("recv-file", "--bind", "[::1]", "--timeout", "0.1").expect(
        5, "accept")
    bench.run("connect", "--source", "[::1]", "::1",
              bench.closed_port()).expect(3, "refused")


def service_may_have_a_name(bench):
    port = socket.getservbyname("echo")
    for place in ["127.0.0.9", "echo"], ["127.0.0.9:echo"]:
        bench.run("connect", *place).expect(
            3, f"connect 127.0.0.9:{port}: connection refused")
    for place in ["127.0.0.9", "no-such"], ["127.0.0.9:no-such"]:
        bench.run("connect", *place).expect(
            3, "resolve 127.0.0.9:no-such: service ")
