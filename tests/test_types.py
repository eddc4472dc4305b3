"""Types are real: what checkers find in scripts of users, and stubs that say what is declared."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from docs import make_stubs

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "tests/typing"


def mypy(script: str) -> list[int]:
    """The lines with which `mypy --strict` finds fault."""
    options = ("--strict", "--config-file=", "--follow-imports=silent", "--cache-dir=.mypy_cache/scripts")
    done = ran("mypy", *options, f"tests/typing/{script}")
    errors = [line for line in done.splitlines() if "error:" in line]
    found = [re.match(rf"tests/typing/{script}:(\d+): error", line) for line in errors]
    assert all(found), done  # of other files there is nothing to say
    return [int(line[1]) for line in found if line]


def pyright(script: str) -> list[int]:
    """The same of pyright."""
    done = ran("pyright", "--outputjson", f"--pythonpath={sys.executable}", f"tests/typing/{script}")
    return [found["range"]["start"]["line"] + 1 for found in json.loads(done)["generalDiagnostics"]]


def ran(tool: str, *arguments: str) -> str:
    quiet = os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}  # it would look for a newer version of itself
    command = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_checkers_find_every_mistake_and_no_other(checker: Callable[[str], list[int]]) -> None:
    lines = (SCRIPTS / "bad.py").read_text("utf-8").splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if line.endswith("# wrong")]
    assert len(wrong) > 15 and sorted(set(checker("bad.py"))) == wrong
    assert not checker("good.py")


def test_a_good_script_runs() -> None:
    subprocess.run([sys.executable, SCRIPTS / "good.py"], cwd=ROOT, check=True, capture_output=True, timeout=300)


def test_stubs_say_what_is_declared() -> None:
    made = make_stubs.stubs()
    assert len(made) > 3
    for path, text in made.items():
        assert path.read_text("utf-8") == text, f"{path.name} is old: python -m docs.make_stubs"
    assert {path for path in (ROOT / "spark").rglob("*.pyi")} == set(made)
