"""Find nginx for the tests of docs/deploy, or install it; a machine without it is an error, not a skip.

In this order: the one that SPARK_NGINX names, one on the PATH or where Debian has it, Debian's own package (as root).
"""

import os
import shutil
import subprocess
import sys

PACKAGE = "nginx"
PLACES = "/usr/sbin:/usr/local/sbin"
"""Where programs of the system are, which are not on everybody's PATH."""


def find_nginx() -> str | None:
    """Path of the program."""
    if chosen := os.environ.get("SPARK_NGINX"):
        return chosen
    return shutil.which("nginx") or shutil.which("nginx", path=PLACES)


def failure(executable: str | None) -> str | None:
    """Why this is no nginx; None when it is one."""
    if executable is None:
        return "there is none"
    try:
        said = subprocess.run([executable, "-v"], capture_output=True, text=True, timeout=60)
    except OSError as error:
        return str(error)
    if said.returncode or "nginx version" not in said.stderr:
        return f"{executable} says: {(said.stderr or said.stdout).strip()}"
    print(f"nginx for the tests: {executable}, {said.stderr.strip()}")
    return None


def install() -> None:
    """Debian's package, where that can be had."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        # The package has a service; at this "run level" it is not started when it is installed.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", PACKAGE]):
            print("$", *command, flush=True)
            subprocess.run(command, check=False, env=environment)


def main() -> int:
    reason = failure(find_nginx())
    if reason and not os.environ.get("SPARK_NGINX"):
        install()
        reason = failure(find_nginx())
    if reason is None:
        return 0
    print(f"No nginx for the tests, install `nginx`: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
