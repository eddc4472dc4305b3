"""What a release says of itself: one version everywhere, a dated changelog, hooks that run what the Makefile runs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

import spark

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TOP = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))

READ = """
import sys
sys.modules["jax"] = None  # whoever builds a wheel has none: the version is read, not imported
from setuptools.config.expand import read_attr
print(read_attr(sys.argv[1], root_dir=sys.argv[2]))
"""


def test_the_version_is_said_once() -> None:
    assert "version" not in PROJECT["project"] and PROJECT["project"]["dynamic"] == ["version"]
    source = PROJECT["tool"]["setuptools"]["dynamic"]["version"]["attr"]
    done = subprocess.run(
        [sys.executable, "-c", READ, source, str(ROOT)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == spark.__version__


def test_the_changelog_begins_with_this_release() -> None:
    assert TOP
    version, date = TOP[1].split(" - ")
    assert version == spark.__version__ and re.fullmatch(r"\d{4}-\d\d-\d\d", date)


def test_the_citation_is_of_this_release() -> None:
    assert TOP and {"cff-version", "message", "title", "authors"} <= CITATION.keys()
    assert f"{CITATION['version']} - {CITATION['date-released']}" == TOP[1]
    assert CITATION["cff-version"] == "1.2.0" and CITATION["license"] == PROJECT["project"]["license"]
    assert CITATION["authors"] == PROJECT["project"]["authors"]
    assert CITATION["keywords"] == PROJECT["project"]["keywords"]


def test_hooks_before_a_commit_are_what_make_test_checks_first() -> None:
    """And nothing else: no hook of another repository, whose version no lock would name."""
    first = re.search(r"^test: (.*?) ##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert first
    (own,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert own["repo"] == "local"
    targets = [name for name in first[1].split() if name not in ("browser", "programs")]
    assert [hook["entry"] for hook in own["hooks"]] == [f"make {name}" for name in targets]
    assert all(hook["always_run"] and not hook["pass_filenames"] for hook in own["hooks"])
