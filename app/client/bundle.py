"""The modules of a component, joined into the one text that Panel takes.

The files are ES modules, so that editors, the linter and the type checker understand them, but the page cannot load
them as such: Panel makes a blob of a component's code, whose relative imports lead nowhere, and its route for compiled
bundles serves one listed file for each component, found by importing its Python module, which in an app has another
name. Files served beside the page would be loaded one after the other, import by import, before the first picture, and
a browser may keep old ones beside a newer server. Joined here, they come with the page itself.

Each module becomes a function that returns what it exports, in the order in which they import one another. So that
this stays simple, imports are `import {a, b as c} from "./file.js"` and `import text from "./file.css" with {type:
"text"}`, exports are `export function`, `class` and `const`, and no modules import each other in a circle. Comments on
lines of their own do not travel.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_NAMES = re.compile(r"^import \{([^}]*)\} from \"([^\"]+)\";?$", re.MULTILINE)
_TEXT = re.compile(r"^import (\w+) from \"([^\"]+)\" with \{type: \"text\"\};?$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)


class _Bundle:
    """Modules by file, each joined once, after those that it imports."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.exports: dict[Path, set[str]] = {}
        self._under_way: list[Path] = []

    def add(self, file: Path) -> None:
        if file in self.exports:
            return
        if file in self._under_way:
            circle = " imports ".join(one.name for one in [*self._under_way[self._under_way.index(file) :], file])
            raise ValueError(f"The page's modules import each other in a circle: {circle}.")
        self._under_way.append(file)
        here = _shown(file)
        code = _COMMENT.sub("", _read(file, self._importer))
        code = _TEXT.sub(lambda found: f"const {found[1]} = {json.dumps(_read(file.parent / found[2], here))}", code)
        code = _NAMES.sub(lambda found: self._named(file, found[1], found[2]), code)
        exported = [name for _, name in _EXPORT.findall(code)]
        code = _EXPORT.sub(r"\1 \2", code)
        other = _OTHER.search(code)
        if other is not None:
            raise ValueError(f"{here}: '{other[0]}' is none of the forms that {Path(__file__).name} joins.")
        self._under_way.pop()
        self.exports[file] = set(exported)
        self.parts.append(f"const {_name(file)} = (() => {{\n{code}return {{{', '.join(exported)}}}\n}})()\n")

    def _named(self, file: Path, names: str, path: str) -> str:
        source = (file.parent / path).resolve()
        self.add(source)
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        for name in wanted:
            if name.split(" as ")[0] not in self.exports[source]:
                raise ValueError(f"{_shown(file)} imports '{name}', which {_shown(source)} does not export.")
        return f"const {{{', '.join(name.replace(' as ', ': ') for name in wanted)}}} = {_name(source)}"

    @property
    def _importer(self) -> str:
        return _shown(self._under_way[-2]) if len(self._under_way) > 1 else "a component"


@cache
def script(name: str) -> str:
    """The code of a component, from the file that exports its `render`."""
    bundle, entry = _Bundle(), (HERE / name).resolve()
    bundle.add(entry)
    if "render" not in bundle.exports[entry]:
        raise ValueError(f"{_shown(entry)} exports no 'render'.")
    return "".join(bundle.parts) + f"export const render = {_name(entry)}.render\n"


@cache
def page_script(name: str) -> str:
    """The code of a module that is none of a component: it is run as the page is loaded, whatever comes of that."""
    bundle = _Bundle()
    bundle.add((HERE / name).resolve())
    return "".join(bundle.parts)


def _read(file: Path, importer: str) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise ValueError(f"{_shown(file)}, which {importer} imports, is not there.") from None


def _shown(file: Path) -> str:
    return file.relative_to(HERE).as_posix() if file.is_relative_to(HERE) else str(file)


def _name(file: Path) -> str:
    """A module's name in the joined text."""
    return "$" + re.sub(r"\W", "_", _shown(file).removesuffix(".js"))
