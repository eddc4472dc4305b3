"""The pages of those who are not let in: what is the matter, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from ..limits import AGAIN

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} - Spark</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: #fff; color: #1a1a1a;
  font: 16px/1.5 system-ui, sans-serif; }}
main {{ max-width: 32rem; padding: 24px; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 8px; }}
p {{ margin: 0 0 16px; }}
a {{ color: #00609c; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #1b1b1d; color: #ececec; }}
  a {{ color: #7cc4f5; }}
}}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{paragraphs}
</main>
{again}
</body>
</html>
"""
TRIES = """<script>setTimeout(() => location.reload(), {milliseconds} * (1 + Math.random() / 2))</script>
<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>"""


@dataclass(frozen=True)
class Refusal:
    """Why a page is not opened.

    Attributes:
        status: of the answer.
        title: in a few words.
        words: a paragraph each.
        again: seconds after which the page tries by itself; 0 where that would not help.
        link: to where one can go instead, and what it is called.
    """

    status: int
    title: str
    words: tuple[str, ...]
    again: int = 0
    link: tuple[str, str] | None = None

    def of(self, count: int) -> Refusal:
        """The same with a number in its words."""
        return replace(self, words=tuple(text.format(count=count) for text in self.words))

    def page(self) -> str:
        """As HTML."""
        paragraphs = [f"<p>{escape(text)}</p>" for text in self.words]
        if self.link:
            to, name = self.link
            paragraphs.append(f'<p><a href="{escape(to)}">{escape(name)}</a></p>')
        again = TRIES.format(milliseconds=1000 * self.again, seconds=self.again) if self.again else ""
        return PAGE.format(title=escape(self.title), paragraphs="\n".join(paragraphs), again=again)


FULL = Refusal(
    503,
    "Every place is taken",
    (
        "This server shows {count:,} pages at once, and all of them are open.",
        "Keep this page: it tries again every few seconds and opens as soon as there is a place. Your link and your "
        "values are kept.",
    ),
    AGAIN,
)
WAITING = Refusal(
    429,
    "One moment",
    (
        "Many pages are being opened from your network.",
        "Keep this page: it opens by itself within a minute, as soon as it is its turn.",
    ),
    AGAIN,
)
NAMED = Refusal(
    403,
    "This address cannot be opened",
    ("It names a session. Sessions are drawn by the server, and no address can choose one.",),
)
NOT_EMBEDDED = "This server's page may not be part of a page of {origin}: its operator allows that with SPARK_EMBED."
