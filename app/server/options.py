"""What `python -m app` takes: from its arguments, otherwise from the environment (`SPARK_PORT` for `--port`)."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .logs import FORMATS, LEVELS

MOST_PROCESSES = 64
SHORTEST_ADMIN = 12
"""Characters of the word that opens /metrics to other machines: shorter ones are guessed."""
STORES = ("redis://", "rediss://", "unix://")
OURS = {
    "--num-procs": "say --processes",
    "--unix-socket": "processes have such sockets of their own, and the command listens to --port",
    "--allow-websocket-origin": "say --origin",
    "--ssl-certfile": "let a proxy speak TLS (docs/deploy.md)",
    "--ssl-keyfile": "let a proxy speak TLS (docs/deploy.md)",
    "--dev": "use `panel serve app --dev` for that",
    "--autoreload": "use `panel serve app --autoreload` for that",
    "--args": "say --lessons by itself",
}
"""Options of `panel serve` that would undo what this command does, and what to do instead. All others reach it."""


class Refused(ValueError):
    """What was asked for cannot be had; says why, and what to do."""


@dataclass(frozen=True)
class Options:
    """What was asked for.

    Attributes:
        port: at which visitors are served; 0 for any that is free.
        address: at which the machine listens; None for all that it has.
        processes: how many serve.
        prefix: what paths begin with, "" or "/name".
        origin: the names by which pages may be opened, host or host:port; () for those that this machine is known by.
        max_sessions: how many visitors a process takes; None for its own bound.
        rooms: where rooms of classrooms are kept; "" for a file of the user.
        lessons: folders of lessons.
        admin: the word that opens /metrics to other machines; "" for none.
        log_level, log_format: of the log.
        show: whether a browser is opened.
        behind_proxy: whether a proxy says in headers who asks.
        more: what `panel serve` is told besides.
    """

    port: int = 5006
    address: str | None = None
    processes: int = 1
    prefix: str = ""
    origin: tuple[str, ...] = ()
    max_sessions: int | None = None
    rooms: str = ""
    lessons: tuple[str, ...] = ()
    admin: str = field(default="", repr=False)
    log_level: str = "info"
    log_format: str = "plain"
    show: bool = False
    behind_proxy: bool = False
    more: tuple[str, ...] = ()

    def environment(self) -> dict[str, str]:
        """What the rest of the app reads of this in its environment."""
        said = {
            "SPARK_ROOMS": self.rooms,
            "SPARK_LESSONS": os.pathsep.join(self.lessons),
            "SPARK_MAX_SESSIONS": "" if self.max_sessions is None else str(self.max_sessions),
            "SPARK_ADMIN": self.admin,
        }
        return {name: value for name, value in said.items() if value}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise Refused(f"{message}; `python -m app --help` lists what there is.")


def parser() -> argparse.ArgumentParser:
    """The command's own options; each is read as text, and checked by `read`."""
    made = _Parser(
        prog="python -m app",
        description="Serve the live explorer.",
        epilog="Each of these may be said by the environment too: SPARK_PORT for --port, SPARK_MAX_SESSIONS for "
        "--max-sessions. What is not listed here reaches `panel serve`: --basic-auth, --oauth-provider. "
        "Recipes: docs/deploy.md",
        allow_abbrev=False,
    )
    for name, (metavar, words) in TAKEN.items():
        if metavar:
            made.add_argument(f"--{name}", metavar=metavar, help=words, action="append" if name in MANY else "store")
        else:
            made.add_argument(f"--{name}", help=words, action="store_const", const="1")
    return made


TAKEN = {
    "port": ("N", "where visitors are served (5006; 0 for any that is free)"),
    "address": ("HOST", "the address that is listened to (all of this machine)"),
    "processes": ("N", "how many processes serve (1)"),
    "prefix": ("/NAME", "what the paths of all pages begin with"),
    "origin": ("HOST", "a name by which pages are opened, as host or host:port; more than one by repeating it"),
    "max-sessions": ("N", "how many visitors a process takes"),
    "rooms": ("URL", "where classrooms are kept: a SQLite file or a Redis server"),
    "lessons": ("FOLDER", "a folder of lessons of your own; more than one by repeating it"),
    "admin": ("WORD", f"lets other machines read /metrics with it; {SHORTEST_ADMIN} characters or more"),
    "log-level": ("LEVEL", f"{', '.join(LEVELS)} (info)"),
    "log-format": ("FORM", f"{' or '.join(FORMATS)} (plain)"),
    "behind-proxy": ("", "believe a proxy's headers about who asks, and by which protocol"),
    "show": ("", "open a browser"),
}
MANY = {"origin": ",", "lessons": os.pathsep}
"""What may be said more than once, and what stands between them in the environment."""


def read(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Options:
    """What these arguments and this environment ask for.

    Raises:
        Refused: something of it cannot be had.
    """
    given, more = parser().parse_known_args(list(arguments))
    for word in more:
        name = word.partition("=")[0]
        if name in OURS:
            raise Refused(f"{name} is not taken here: {OURS[name]}.")
    if more and not more[0].startswith("-"):
        raise Refused(f"{more[0]!r} is no option; `python -m app --help` lists what there is.")
    said: dict[str, list[str]] = {}
    for name in TAKEN:
        value = getattr(given, name.replace("-", "_"))
        if value is None and (told := environment.get(variable(name), "")):
            value = told.split(MANY[name]) if name in MANY else told
        values = value if isinstance(value, list) else [] if value is None else [value]
        said[name] = [one.strip() for one in values if one.strip()]

    def one(name: str) -> str:
        return said[name][0] if said[name] else ""

    return Options(
        port=_whole(one("port") or "5006", "port", 0, 65_535),
        address=one("address") or None,
        processes=_whole(one("processes") or "1", "processes", 1, MOST_PROCESSES),
        prefix=_prefix(one("prefix")),
        origin=tuple(map(_origin, said["origin"])),
        max_sessions=_whole(one("max-sessions"), "max-sessions", 1, 100_000) if said["max-sessions"] else None,
        rooms=_rooms(one("rooms")),
        lessons=tuple(map(_folder, said["lessons"])),
        admin=_admin(one("admin")),
        log_level=_of(one("log-level") or "info", "log-level", LEVELS),
        log_format=_of(one("log-format") or "plain", "log-format", FORMATS),
        show=_switch(one("show"), "show"),
        behind_proxy=_switch(one("behind-proxy"), "behind-proxy"),
        more=tuple(more),
    )


def variable(name: str) -> str:
    """The variable of the environment that says the same as this option."""
    return f"SPARK_{name.upper().replace('-', '_')}"


def _refuse(name: str, value: str, wanted: str) -> Refused:
    return Refused(f"--{name} ({variable(name)}) is {value!r}: it must be {wanted}.")


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise _refuse(name, text, f"a whole number from {least} to {most}")
    return int(text)


def _of(text: str, name: str, words: Sequence[str]) -> str:
    if text not in words:
        raise _refuse(name, text, f"one of {', '.join(words)}")
    return text


def _switch(text: str, name: str) -> bool:
    return _of(text.lower() or "0", name, ("1", "0", "yes", "no", "true", "false")) in ("1", "yes", "true")


def _prefix(text: str) -> str:
    bare = text.strip("/")
    if not re.fullmatch(r"([\w.~-]+(/[\w.~-]+)*)?", bare, re.ASCII) or {".", ".."} & set(bare.split("/")):
        raise _refuse("prefix", text, "letters, digits and -._~ between slashes, as /spark")
    return f"/{bare}" if bare else ""


def _origin(text: str) -> str:
    host = re.sub(r"^https?://", "", text).rstrip("/").lower()
    if host != "*" and not re.fullmatch(r"[\w.*-]+(:(\d{1,5}|\*))?", host, re.ASCII):
        raise _refuse("origin", text, "a host or host:port, as spark.example.org or 192.168.1.7:5006")
    return host


def _rooms(text: str) -> str:
    if text and "://" in text and not text.startswith(STORES):
        raise _refuse("rooms", text, f"the path of a SQLite file, or a URL that begins with {', '.join(STORES)}")
    return text if not text or text.startswith(STORES) else str(Path(text).expanduser().absolute())


def _folder(text: str) -> str:
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        raise _refuse("lessons", text, "a folder that is there")
    return str(path)


def _admin(text: str) -> str:
    if text and not re.fullmatch(rf"[!-~]{{{SHORTEST_ADMIN},}}", text):
        raise Refused(
            f"--admin ({variable('admin')}) must have {SHORTEST_ADMIN} characters or more, without spaces or letters "
            "beyond ASCII: it travels in a header."
        )
    return text
