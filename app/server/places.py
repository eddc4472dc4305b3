"""Where visitors find the server: sockets that are listened to, and the names by which this machine is known."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

from .options import Options, Refused

BACKLOG = 1024
"""Visitors who may wait to be let in: a class comes at once, and while a process starts nobody takes them."""
ALL = (("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6))


def bound(options: Options) -> list[socket.socket]:
    """The sockets that visitors come to, listened to from now on.

    Raises:
        Refused: the port or the address cannot be had.
    """
    port, address = options.port, options.address
    try:
        return _listening(address, port)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None)
        if number == errno.EADDRINUSE:
            raise Refused(f"port {port} is taken by another program: name another one with --port.") from error
        if number == errno.EACCES:
            raise Refused(
                f"port {port} is for the system's own services: name one from 1024 on with --port, and let a proxy "
                "pass visitors on (docs/deploy.md)."
            ) from error
        raise Refused(f"--address {address!r} is no address of this machine: {error}.") from error


def _listening(address: str | None, port: int) -> list[socket.socket]:
    places = list(ALL)
    if address:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        places = list(dict.fromkeys((str(one[4][0]), one[0]) for one in found))
    sockets: list[socket.socket] = []
    for host, family in places:
        try:
            sockets.append(socket.create_server((host, port), family=family, backlog=BACKLOG))
        except OSError as error:
            if family == socket.AF_INET6 and sockets and error.errno != errno.EADDRINUSE:
                continue  # a machine without IPv6
            for one in sockets:
                one.close()
            raise
        sockets[-1].setblocking(False)
        port = port_of(sockets)
    return sockets


def port_of(sockets: list[socket.socket]) -> int:
    """The port of all of them."""
    return int(sockets[0].getsockname()[1])


def origins(options: Options, port: int) -> tuple[str, ...]:
    """The names, with ports, under which pages may be opened: what was asked for, or what this machine is known by.

    Whoever opens the page of a laptop in a lecture hall does so by its name or its number there. Any name at all would
    let every page of the web speak to a server that its reader can reach.
    """
    if options.origin:
        return options.origin
    return tuple(f"{name}:{port}" for name in sorted(_names(options.address)))


def _names(address: str | None) -> set[str]:
    host = socket.gethostname().lower()
    names = {"localhost", "127.0.0.1", host, f"{host.partition('.')[0]}.local"}
    if address:
        names.add(address.lower())
    with suppress(OSError):
        names.add(socket.getfqdn().lower())
    with suppress(OSError):
        names |= {str(found[4][0]) for found in socket.getaddrinfo(host, None, socket.AF_INET)}
    return {name for name in names | outward() if name and ":" not in name}  # Bokeh's list of origins knows no IPv6


def outward() -> set[str]:
    """The address by which this machine goes out to others; none where it has no network."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(("198.51.100.1", 9))  # nothing is sent: this only asks for the way
        return {str(way.getsockname()[0])}
    return set()
