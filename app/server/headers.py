"""What every answer says of how it may be used: who may embed it, and that a page takes nothing from elsewhere."""

from __future__ import annotations

import os
import re
import secrets
from typing import ClassVar

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

EMBED = "SPARK_EMBED"
"""Of the environment: origins whose pages may show this one in a frame or load it by `autoload.js`."""
ORIGIN = re.compile(r"https?://[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*(:[0-9]{1,5})?")
SCRIPT = re.compile(rb"<script(?=[\s>])", re.IGNORECASE)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def embedders() -> tuple[str, ...]:
    """Origins that may embed the page.

    Raises:
        ValueError: one is not a scheme, a host and perhaps a port.
    """
    origins = tuple(os.environ.get(EMBED, "").replace(",", " ").split())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"{EMBED} must hold origins such as https://moodle.example.org, not {origin[:80]!r}.")
    return origins


def policy(nonce: str, origins: tuple[str, ...]) -> str:
    """The Content-Security-Policy of a page: scripts that carry this answer's own mark, and this server.

    docs/security.md says what each of the rest is for.
    """
    allowed = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "blob:", "'unsafe-eval'", f"'nonce-{nonce}'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", "blob:"],
        "worker-src": ["blob:"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *origins],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in allowed.items())


class Sealed(OutputTransform):
    """Puts them on every answer of the server, and takes its name and version off."""

    origins: ClassVar[tuple[str, ...]] = ()

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        headers.pop("Server", None)
        framing = {} if self.origins else {"X-Frame-Options": "SAMEORIGIN"}
        for name, value in (ALWAYS | framing).items():
            headers[name] = value
        if headers.get("Content-Type", "").startswith("text/html"):
            nonce = secrets.token_urlsafe(16)
            headers["Content-Security-Policy"] = policy(nonce, self.origins)
            if finishing:  # a page is written whole
                chunk = SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), chunk)
                if "Content-Length" in headers:
                    headers["Content-Length"] = str(len(chunk))
        return status_code, headers, chunk
