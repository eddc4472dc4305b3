"""Who may read what a server measures of its visitors."""

from __future__ import annotations

import hmac
import ipaddress

from tornado.httputil import HTTPServerRequest

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Forwarded-Host", "Via")


def admitted(request: HTTPServerRequest, word: str) -> bool:
    """Whether this comes from the machine itself, or brings the word as `Authorization: Bearer WORD`.

    What a proxy on this machine passes on comes from anywhere, and counts as that. Numbers of visitors, memory and
    times tell a stranger when an attack has an effect: nobody else needs them.
    """
    said = request.headers.get("Authorization", "")
    if word and hmac.compare_digest(said.encode(), f"Bearer {word}".encode()):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(str(request.remote_ip)).is_loopback
    except ValueError:
        return False
