"""Find Firefox and WebKit for `make thorough`, or install them: Debian's packages, as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("firefox-esr", "webkit2gtk-driver", "xvfb")


def missing() -> list[str]:
    """What cannot be found, in words."""
    found = {
        "Firefox": shutil.which("firefox-esr") or shutil.which("firefox"),
        "WebKitWebDriver": shutil.which("WebKitWebDriver"),
        "WebKitGTK's MiniBrowser": next(Path("/usr").glob("lib/*/webkit2gtk-4*/MiniBrowser"), None),
        "Xvfb": shutil.which("Xvfb"),
    }
    return [name for name, path in found.items() if path is None]


def main() -> int:
    if missing() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", *PACKAGES]):
            print("$", *command, flush=True)
            subprocess.run(command, check=False, env=environment)
    if missing():
        print(f"Missing for `make thorough`: {', '.join(missing())}.", file=sys.stderr)
    return int(bool(missing()))


if __name__ == "__main__":
    sys.exit(main())
