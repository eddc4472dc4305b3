"""Programs that tests need besides a browser: where they are, and how to get them.

    python tests/programs.py

finds each, or installs Debian's package of it (as root); a machine without one is an error, not a skip. In this order:
what the variable names, what is on the PATH or where Debian has it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
"""Where programs of the system are as well, which are not on everybody's PATH."""


@dataclass(frozen=True)
class Needed:
    """One of them.

    Attributes:
        name: in words.
        variable: of the environment, that names another one.
        package: of Debian and Ubuntu.
        look: where it may be.
        try_: runs it; what it says.
        says: what that must hold.
    """

    name: str
    variable: str
    package: str
    look: Callable[[], str | None]
    try_: Callable[[str], str]
    says: str

    def find(self) -> str | None:
        """Its path."""
        return os.environ.get(self.variable) or self.look()

    def failure(self) -> str | None:
        """Why it is not there; None where it is."""
        path = self.find()
        if path is None:
            return "there is none"
        try:
            said = self.try_(path).strip()
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
        if self.says not in said:
            return f"{path} says: {said}"
        print(f"{self.name} for the tests: {path}, {said.splitlines()[-1]}")
        return None

    def ensure(self) -> bool:
        """Find it, or install it."""
        reason = self.failure()
        if reason and not os.environ.get(self.variable):
            install(self.package)
            reason = self.failure()
        if reason:
            print(f"No {self.name} for the tests, install `{self.package}`: {reason}", file=sys.stderr)
        return not reason


def install(package: str) -> None:
    """Debian's package, where that can be had."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        # Some packages have a service; at this "run level" it is not started when they are installed.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]):
            print("$", *command, flush=True)
            subprocess.run(command, check=False, env=environment)


def _said(command: list[str], **how: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **how)  # type: ignore[call-overload]
    return str(done.stdout + done.stderr)


NGINX = Needed(
    "nginx",
    "SPARK_NGINX",
    "nginx",
    lambda: shutil.which("nginx", path=PLACES),
    lambda path: _said([path, "-v"]),
    "nginx version",
)
REDIS = Needed(
    "Redis server",
    "SPARK_REDIS_SERVER",
    "redis-tools",  # it has the server under the name of another tool; `redis-server` would add a service
    lambda: shutil.which("redis-server") or shutil.which("redis-check-rdb"),
    lambda path: _said(["redis-server", "--version"], executable=path),  # it goes by the name that it is called with
    "Redis server",
)


if __name__ == "__main__":
    sys.exit(not all([one.ensure() for one in (NGINX, REDIS)]))
