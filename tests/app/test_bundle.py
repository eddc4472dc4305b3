"""The page's modules are joined as the browser would have loaded them, or it is said why not."""

import re
from pathlib import Path

import pytest

from app.client import bundle
from app.client.bundle import HERE, page_script, script


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Modules of a page of its own."""
    monkeypatch.setattr(bundle, "HERE", tmp_path)

    def write(**files: str) -> str:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        script.cache_clear()
        return script("one.js")

    yield write
    script.cache_clear()


RENDER = "export const render = () => null\n"


def test_a_module_is_joined_once_after_what_it_imports(write) -> None:
    joined = write(
        one_js='import {a} from "./two.js"\nimport {b as c} from "./three.js"\n' + RENDER,
        two_js='import {b} from "./three.js"\n// why\nexport const a = b\n',
        three_js="/**\n * @param {any} x\n */\nexport const b = 1\n",
    )
    assert (
        joined.count("const b = 1") == 1 and "import" not in joined and "why" not in joined and "@param" not in joined
    )
    assert joined.index("const b = 1") < joined.index("const a = b") < joined.index("{b: c} = $three")
    assert joined.endswith("export const render = $one.render\n")


def test_a_comment_ends_where_it_ends(write) -> None:
    """A line may go on after one; the next comment's end is another's."""
    joined = write(one_js="const a = (\n  /** @type {any} */ b,\n) => b * 2\n/**\n * what\n */\n" + RENDER)
    assert "b,\n) => b * 2" in joined and "what" not in joined


def test_a_style_sheet_is_a_text(write) -> None:
    joined = write(
        one_js='import css from "./a.css" with {type: "text"}\n' + RENDER, a_css='p { content: "\\2019`${x}"; }\n'
    )
    assert r'const css = "p { content: \"\\2019`${x}\"; }\n"' in joined


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"one_js": "const render = 1\n"}, "one.js exports no 'render'"),
        ({"one_js": 'import {a} from "./two.js"\n' + RENDER}, "two.js, which one.js imports, is not there"),
        ({"one_js": 'import {a} from "./two.js"\n', "two_js": "const a = 1\n"}, "'a', which two.js does not export"),
        (
            {"one_js": 'import "./two.js"\n' + RENDER, "two_js": ""},
            "one.js: 'import \"./two.js\"' is none of the forms",
        ),
        ({"one_js": "export default 1\n" + RENDER}, "'export default 1' is none of the forms"),
        (
            {"one_js": 'import {a} from "./two.js"\n' + RENDER, "two_js": 'import {render} from "./one.js"\n'},
            "one.js imports two.js imports one.js",
        ),
    ],
)
def test_what_cannot_be_joined_is_named(write, files: dict[str, str], error: str) -> None:
    with pytest.raises(ValueError, match=re.escape(error)):
        write(**files)


def test_every_file_of_the_page_belongs_to_a_component() -> None:
    entries = [file for file in HERE.glob("*/*.js") if "export function render(" in file.read_text("utf-8")]
    used = "".join(script(file.relative_to(HERE).as_posix()) for file in entries) + page_script("keeper/reopen.js")
    for file in HERE.glob("*/*.js"):
        name = file.relative_to(HERE).as_posix()
        joined = "const $" + name.removesuffix(".js").replace("/", "_") + " ="
        assert joined in used, f"nothing imports {name}"
        assert len(file.read_text("utf-8").splitlines()) < 250, name
    components = [file for file in HERE.glob("*.py") if "_esm = script(" in file.read_text("utf-8")]
    assert len(entries) == len(components) + 2  # the pages that need no server are none of Panel's


def test_only_the_seam_knows_private_names_of_bokeh_and_panel() -> None:
    private = re.compile(
        r"\b(?:Bokeh|katex)\.|\.(?:_\w+|setv|properties|get_model_by_\w+|is_destroyed|inner_width|send_msg|unpause"
        r"|renderers|data_source|document|compute_layout|outer_width|outer_height)\b(?!\.(?:body|create))|model\.on\("
    )
    for file in HERE.glob("*/*.js"):
        code = re.sub(r"^\s*(//|/?\*).*$", "", file.read_text("utf-8"), flags=re.MULTILINE)
        assert file.name.startswith("seam") or not private.findall(code), f"{file.name}: {private.findall(code)}"
