"""What `python -m app` takes, and what it refuses: each in one sentence that says what to do."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.server.command import main
from app.server.options import OURS, TAKEN, Options, Refused, read, variable
from app.server.places import bound, origins, port_of

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_said_is_one_process_at_the_usual_port():
    assert read([], {}) == Options()


def test_everything_can_be_said_by_arguments(tmp_path):
    arguments = ["--port", "5011", "--address", "127.0.0.1", "--processes", "4", "--prefix", "spark/"]
    arguments += ["--origin", "https://Spark.Example.org", "--origin", "10.0.0.7:5011", "--max-sessions", "80"]
    arguments += ["--rooms", "redis://store:6379/1", "--lessons", str(tmp_path), "--admin", "long-word-indeed"]
    arguments += ["--log-level", "warning", "--log-format", "json", "--show", "--behind-proxy"]
    arguments += ["--basic-auth", "users.json"]
    assert read(arguments, {"SPARK_PORT": "1"}) == Options(
        port=5011,
        address="127.0.0.1",
        processes=4,
        prefix="/spark",
        origin=("spark.example.org", "10.0.0.7:5011"),
        max_sessions=80,
        rooms="redis://store:6379/1",
        lessons=(str(tmp_path),),
        admin="long-word-indeed",
        log_level="warning",
        log_format="json",
        show=True,
        behind_proxy=True,
        more=("--basic-auth", "users.json"),
    )


def test_everything_can_be_said_by_the_environment(tmp_path):
    said = {
        "port": "5012",
        "address": "::1",
        "processes": "2",
        "prefix": "/a/b",
        "origin": "one.example.org, two.example.org:81",
        "max-sessions": "7",
        "rooms": "~/rooms.sqlite",
        "lessons": str(tmp_path),
        "admin": "x" * 12,
        "log-level": "debug",
        "log-format": "json",
        "behind-proxy": "yes",
        "show": "0",
    }
    assert set(said) == set(TAKEN)
    found = read([], {variable(name): value for name, value in said.items()})
    assert (found.port, found.address, found.processes, found.prefix) == (5012, "::1", 2, "/a/b")
    assert found.origin == ("one.example.org", "two.example.org:81") and found.max_sessions == 7
    assert found.rooms == str(Path("~/rooms.sqlite").expanduser()) and found.lessons == (str(tmp_path),)
    assert (found.admin, found.log_level, found.log_format) == ("x" * 12, "debug", "json")
    assert found.behind_proxy and not found.show


def test_the_rest_of_the_app_reads_it_in_its_environment():
    found = Options(rooms="/r", lessons=("/a", "/b"), max_sessions=3, admin="w" * 12)
    environment = {"SPARK_ROOMS": "/r", "SPARK_LESSONS": "/a:/b", "SPARK_MAX_SESSIONS": "3", "SPARK_ADMIN": "w" * 12}
    assert found.environment() == environment
    assert Options().environment() == {}, "what nobody has said must hide nothing that the environment says"
    assert "w" * 12 not in repr(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], r"--port \(SPARK_PORT\) is '70000': it must be a whole number from 0 to 65535\."),
        (["--port", "five"], r"'five': it must be a whole number"),
        (["--port", "٥"], r"it must be a whole number"),
        (["--port"], r"--port: expected one argument; `python -m app --help`"),
        (["--processes", "0"], r"--processes \(SPARK_PROCESSES\) is '0': it must be a whole number from 1 to 64\."),
        (["--prefix", "/a b"], r"--prefix .* letters, digits"),
        (["--prefix", "/../etc"], r"--prefix .* letters, digits"),
        (["--prefix", "http://host/spark"], r"--prefix .* letters, digits"),
        (["--origin", "spark.example.org/app"], r"--origin .* a host or host:port"),
        (["--origin", "a b"], r"--origin .* a host or host:port"),
        (["--max-sessions", "-1"], r"--max-sessions .* from 1 to 100000"),
        (["--rooms", "mysql://host/rooms"], r"--rooms .* SQLite file, or a URL that begins with redis://"),
        (["--lessons", "/no/such/folder"], r"--lessons .* a folder that is there"),
        (["--admin", "short"], r"--admin \(SPARK_ADMIN\) must have 12 characters"),
        (["--admin", "a word with spaces"], r"--admin .* without spaces"),
        (["--log-level", "loud"], r"--log-level .* one of debug, info, warning, error"),
        (["--log-format", "xml"], r"--log-format .* one of plain, json"),
        (["app"], r"'app' is no option"),
        *(([name, "x"], rf"{name} is not taken here: ") for name in OURS),
        (["--num-procs=4"], r"--num-procs is not taken here: say --processes\."),
    ],
)
def test_what_cannot_be_had_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(Refused, match=words) as raised:
        read(arguments, {})
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 200


def test_a_wrong_word_of_the_environment_is_refused_by_its_name():
    with pytest.raises(Refused, match=r"\(SPARK_BEHIND_PROXY\) is 'perhaps': it must be one of"):
        read([], {"SPARK_BEHIND_PROXY": "perhaps"})


def test_a_port_that_is_taken_is_refused(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--address", "127.0.0.1"]) == 2
    assert capsys.readouterr().err == (
        f"python -m app: port {port} is taken by another program: name another one with --port.\n"
    )


def test_an_address_of_another_machine_is_refused(capsys):
    assert main(["--port", "0", "--address", "192.0.2.200"]) == 2
    assert "--address '192.0.2.200' is no address of this machine" in capsys.readouterr().err
    assert main(["--port", "0", "--address", "no such host"]) == 2
    assert "'no such host' is no address of this machine" in capsys.readouterr().err


def test_pages_may_be_opened_by_the_names_of_this_machine_or_by_those_that_were_said():
    sockets = bound(Options(port=0, address="127.0.0.1"))
    try:
        port = port_of(sockets)
        found = origins(Options(port=0, address="127.0.0.1"), port)
        assert {f"localhost:{port}", f"127.0.0.1:{port}", f"{socket.gethostname().lower()}:{port}"} <= set(found)
        assert all(name.endswith(f":{port}") and "*" not in name for name in found)
        assert origins(Options(origin=("spark.example.org",)), port) == ("spark.example.org",)
    finally:
        for one in sockets:
            one.close()


def test_the_command_says_what_it_takes():
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert all(f"--{name}" in done.stdout for name in TAKEN)
