"""Find a browser for the tests, or install one; a machine without any is an error, not a skip.

In this order: the browser that SPARK_BROWSER names, a Chromium or Chrome on the PATH, Debian's own package
(as root), Playwright's download.
"""

import os
import platform
import shutil
import subprocess
import sys

NAMES = ("chromium", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of an installed browser for Playwright's `executable_path`; None stands for Playwright's own."""
    if chosen := os.environ.get("SPARK_BROWSER"):
        return chosen
    found = (shutil.which(name) for name in NAMES)
    # A snap cannot read the profile that Playwright makes for it under the temporary directory.
    return next((path for path in found if path and not path.startswith("/snap/")), None)


def failure(executable: str | None) -> str | None:
    """Why this browser does not open a page; None when it does."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable)
            browser.new_page().goto("data:text/html,<title>Spark</title>")
            print(f"browser for the tests: {executable or 'Playwright'} {browser.version}")
            browser.close()
    except Error as error:
        return str(error).splitlines()[0]
    return None


def install() -> None:
    """The first of Debian's package and Playwright's download that can be had."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and is_debian():
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        update, get = ["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]
        if all(run(command, env=environment) for command in (update, get)):
            return
    run([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"])


def is_debian() -> bool:
    """Debian itself: elsewhere the package `chromium` is absent or a wrapper around a snap."""
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def run(command: list[str], **options) -> bool:
    print("$", *command, flush=True)
    return subprocess.run(command, check=False, **options).returncode == 0


def main() -> int:
    reason = failure(find_browser())
    if reason and not os.environ.get("SPARK_BROWSER"):
        install()
        reason = failure(find_browser())
    if reason is None:
        return 0
    print(f"No working browser for the tests, install Chromium or Chrome: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
