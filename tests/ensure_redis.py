"""Find a Redis server for the tests, or install one; a machine without any is an error, not a skip.

In this order: the one that SPARK_REDIS_SERVER names, one on the PATH, Debian's own package (as root).
"""

import os
import shutil
import subprocess
import sys

PACKAGE = "redis-tools"
"""Of Debian and Ubuntu. It has the server's program under the name of another tool; `redis-server` would add a service
that starts at once, with the machine."""


def find_redis() -> str | None:
    """Path of the program, to be started as `redis-server`: it goes by the name it is called with."""
    if chosen := os.environ.get("SPARK_REDIS_SERVER"):
        return chosen
    return shutil.which("redis-server") or shutil.which("redis-check-rdb")


def failure(executable: str | None) -> str | None:
    """Why this is no Redis server; None when it is one."""
    if executable is None:
        return "there is none"
    try:
        said = subprocess.run(
            ["redis-server", "--version"], executable=executable, capture_output=True, text=True, timeout=60
        )
    except OSError as error:
        return str(error)
    if said.returncode or "Redis server" not in said.stdout:
        return f"{executable} says: {(said.stderr or said.stdout).strip()}"
    print(f"Redis for the tests: {executable}, {said.stdout.split(' sha=')[0]}")
    return None


def install() -> None:
    """Debian's package, where that can be had."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", PACKAGE]):
            print("$", *command, flush=True)
            subprocess.run(command, check=False, env=environment)


def main() -> int:
    reason = failure(find_redis())
    if reason and not os.environ.get("SPARK_REDIS_SERVER"):
        install()
        reason = failure(find_redis())
    if reason is None:
        return 0
    print(f"No Redis server for the tests, install `redis-server`: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
