"""One visitor without a browser: opens the page, moves a slider, acknowledges pictures as `app/client` does."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

import numpy as np
from tornado.httpclient import AsyncHTTPClient

from .crowd_socket import Socket

ROW = "stimulus.0.amplitude"
SOURCE = "spark:current"
"""The row that is moved, and the data source whose highest value is what it was moved to."""
WIDTH, HEIGHT = 850, 200
"""Pixels of each figure's inside, which a page tells when it is laid out."""
NEAR = 0.005
PATIENCE = 60.0
RETRIES = 30


@dataclass
class Move:
    """One value of the slider: when it was sent, and when its own or a newer picture had arrived (s)."""

    value: float
    sent: float
    arrived: float | None = None
    own: bool = False


@dataclass
class Opening:
    """What opening took, s: the page, the connection, the document, and from there to the first picture."""

    page: float
    connection: float
    document: float
    picture: float

    @property
    def session(self) -> float:
        """Until the page has its document."""
        return self.page + self.connection + self.document


@dataclass
class Traffic:
    """What came in while moves were answered."""

    pictures: int = 0
    bytes: int = 0


@dataclass
class Visitor:
    """One open page."""

    url: str
    begin: dict[str, Any] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    traffic: Traffic = field(default_factory=Traffic)
    lost: bool = False

    def __post_init__(self) -> None:
        self._parts: list[bytes] = []
        self._wanted = 3
        self._count = 0
        self._first_unanswered = 0
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._painted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._socket: Socket | None = None
        self._channel: Socket | None = None
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._picture = self._rows = self._other = ""
        self._address: dict[str, str] = {}
        self._left = False
        self._generation = 0  # of the rows: a link builds them anew
        self.cookie = ""

    COMPONENT: ClassVar[str] = ""
    """Of the page, that is talked to besides; `hear` takes what it is told."""

    async def open(self) -> Opening:
        """As a page does: its HTML, a connection with the session's token, the document, the first picture."""
        marks = [time.perf_counter()]
        response = await AsyncHTTPClient().fetch(self.url, request_timeout=PATIENCE)
        html = response.body.decode()
        self.cookie = "; ".join(one.partition(";")[0] for one in response.headers.get_list("Set-Cookie"))
        marks.append(time.perf_counter())
        found = re.search(r'"token":\s*"([^"]+)"', html)
        if found is None:
            raise RuntimeError(f"{self.url} has no session")
        at = urlsplit(self.url)
        acknowledged = self._reply("ACK")
        self._socket = await Socket.connect(
            at.hostname or "localhost",
            at.port or 80,
            at.path + "/ws",
            ["bokeh", found[1]],
            self._receive,
            self._leave,
            self.cookie,
        )
        await asyncio.wait_for(acknowledged, PATIENCE)
        marks.append(time.perf_counter())
        pulled = self._reply("PULL-DOC-REPLY")
        self._send("PULL-DOC-REQ", {})
        document = await asyncio.wait_for(pulled, PATIENCE)
        marks.append(time.perf_counter())
        self._look(document)
        self._event("document_ready", {})
        self._say(self._picture, {"type": "ready", "columns": WIDTH} | ({"begin": self.begin} if self.begin else {}))
        await asyncio.wait_for(self._painted, PATIENCE)
        await asyncio.wait_for(self._open, PATIENCE)
        marks.append(time.perf_counter())
        return Opening(*np.diff(marks).tolist())

    def move(self, value: float, final: bool = False) -> None:
        """What `rows/sender.js` sends; `final` when the slider is let go."""
        self.moves.append(Move(value, time.perf_counter()))
        message = {"type": "set", "generation": self._generation, "values": _map({ROW: value}), "final": final}
        self._say(self._rows, message)

    @property
    def answered(self) -> bool:
        """Whether the newest value was answered."""
        return self._first_unanswered == len(self.moves)

    def forget(self) -> None:
        """Begin to count anew."""
        self.moves, self.traffic, self._first_unanswered = [], Traffic(), 0

    async def close(self) -> None:
        """Leave the page."""
        self._left = True
        for socket in (self._channel, self._socket):
            if socket is not None:
                await socket.close()

    def tell(self, said: dict[str, Any]) -> None:
        """Say something to the other component."""
        self._say(self._other, said)

    def hear(self, head: dict[str, Any], arrived: float) -> None:
        """What the other component is told."""

    def _leave(self) -> None:
        self.lost = True

    def _reply(self, kind: str) -> asyncio.Future[dict[str, Any]]:
        self._replies[kind] = asyncio.get_running_loop().create_future()
        return self._replies[kind]

    def _look(self, document: dict[str, Any]) -> None:
        """Find what is talked to, and tell how large the figures are."""
        figures = []
        for model in models(document):
            attributes = model["attributes"]
            if model["name"] == "Figure":
                figures.append(model["id"])
            elif self.COMPONENT and attributes.get("class_name") == self.COMPONENT:
                self._other = model["id"]
                self._address[model["id"]] = attributes["data"]["attributes"]["address"]
            elif attributes.get("class_name") == "Picture":
                self._picture = model["id"]
                self._address[model["id"]] = attributes["data"]["attributes"]["address"]
            elif attributes.get("class_name") == "Rows" and ROW in json.dumps(attributes["data"]):
                self._rows = model["id"]
                self._address[model["id"]] = attributes["data"]["attributes"]["address"]
        if not (self._picture and self._rows and figures):
            raise RuntimeError(f"picture {self._picture!r}, row {self._rows!r}, {len(figures)} figures in the document")
        sizes = {"inner_width": WIDTH, "inner_height": HEIGHT}
        changes = [
            {"kind": "ModelChanged", "model": {"id": figure}, "attr": name, "new": size}
            for figure in figures
            for name, size in sizes.items()
        ]
        self._send("PATCH-DOC", {"events": changes})

    def _say(self, model: str, data: dict[str, Any]) -> None:
        """What the page says: over the channel if that is open, otherwise `model.send_msg(data)`."""
        if self._channel is not None and self._open.done():
            plain = data | {"values": dict(data["values"]["entries"])} if model == self._rows else data
            self._channel.send(json.dumps({"to": self._address[model], "data": plain}).encode())
            return
        self._event("data_event", {"model": {"id": model}, "data": _map(data)})

    def _event(self, name: str, values: dict[str, Any]) -> None:
        event = {"type": "event", "name": name, "values": _map(values)}
        self._send("PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}]})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        assert self._socket is not None
        self._count += 1
        header = {"msgid": str(self._count), "msgtype": kind}
        self._socket.send(json.dumps(header).encode(), b"{}", json.dumps(content).encode())

    def _receive(self, part: bytes) -> None:
        """A part of a message: header, metadata, content, and two for each buffer."""
        self._parts.append(part)
        self.traffic.bytes += len(part)
        if len(self._parts) == 3:
            self._wanted = 3 + 2 * json.loads(self._parts[0]).get("num_buffers", 0)
        if len(self._parts) >= self._wanted:
            parts, self._parts, self._wanted = self._parts, [], 3
            self._handle(parts)

    def _handle(self, parts: list[bytes]) -> None:
        arrived = time.perf_counter()
        header, content = parts[0], parts[2]
        if b'"head"' in content and b'"esm_event"' in content:
            buffers = dict(zip(map(_id, parts[3::2]), parts[4::2], strict=True))
            for data in _messages(content):
                if "head" in data:
                    self._take(json.loads(data["head"]), buffers.get(data["data"]["data"].get("id"), b""), 0, arrived)
        elif self._replies:
            waiting = self._replies.pop(json.loads(header)["msgtype"], None)
            if waiting is not None:
                waiting.set_result(json.loads(content).get("doc", {}))

    def _receive_fast(self, part: bytes) -> None:
        """A message of the channel."""
        arrived = time.perf_counter()
        self.traffic.bytes += len(part)
        if part == b"open":
            self._open.set_result(None)
            return
        size = int.from_bytes(part[:4], "little")
        self._take(json.loads(part[4 : 4 + size]), part, 4 + size, arrived)

    def _take(self, head: dict[str, Any], buffer: bytes, base: int, arrived: float) -> None:
        if head.get("channel"):
            self._task = asyncio.create_task(self._enter(head["channel"]))
        if ROW in head.get("values", ()):
            self._generation = head.get("generation", self._generation)
        if self._other and head.get("to") == self._address[self._other]:
            self.hear(head, arrived)
        if head.get("layout"):
            self._show(head, buffer, base, arrived)

    async def _enter(self, key: str) -> None:
        """Open the channel; with several processes until the one that has the session answers."""
        at = urlsplit(self.url)
        for _ in range(RETRIES):
            try:
                self._channel = await Socket.connect(
                    at.hostname or "localhost",
                    at.port or 80,
                    f"{at.path}/live?key={key}",
                    [],
                    self._receive_fast,
                    partial(self._lose, key),
                    self.cookie,
                )
            except ConnectionError:  # a process that has had no visitor yet
                await asyncio.sleep(0.1)
                continue
            await asyncio.wait([self._open], timeout=1)
            if self._open.done():
                return
            await self._channel.close()

    def _lose(self, key: str) -> None:
        """The channel has ended: everything goes over Bokeh's connection until there is another one."""
        if self._open.done() and not self.lost and not self._left:
            self._open = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._enter(key))

    def _show(self, head: dict[str, Any], buffer: bytes, base: int, arrived: float) -> None:
        """An ideal browser: painted at once."""
        self.traffic.pictures += 1
        if "revision" in head:  # others are not acknowledged
            self._say(self._picture, {"type": "painted", "revision": head["revision"], "columns": WIDTH})
            if not self._painted.done():
                self._painted.set_result(None)
        layout = head["layout"]
        if SOURCE in layout and not self.answered:
            offset, length = layout[SOURCE]["y"][:2]
            current = np.frombuffer(buffer, "<f4", length, base + offset)
            self._answer(float(current.max()), arrived)

    def _answer(self, value: float, arrived: float) -> None:
        """This picture answers the move to its value, and those before it."""
        waiting = range(self._first_unanswered, len(self.moves))
        found = next((i for i in waiting if abs(self.moves[i].value - value) < NEAR), None)
        if found is None:
            return  # a value that was answered before, drawn again
        for i in range(self._first_unanswered, found + 1):
            self.moves[i].arrived = arrived
        self.moves[found].own = True
        self._first_unanswered = found + 1


def _map(value: dict[str, Any]) -> dict[str, Any]:
    """A plain object, as Bokeh's page sends it."""
    return {"type": "map", "entries": [[name, part] for name, part in value.items()]}


def _id(header: bytes) -> str:
    return json.loads(header)["id"]


def models(value: Any) -> Iterator[dict[str, Any]]:
    """Every model of a document."""
    if isinstance(value, dict):
        if "id" in value and "attributes" in value:
            yield value
        for part in value.values():
            yield from models(part)
    elif isinstance(value, list):
        for part in value:
            yield from models(part)


def _messages(content: bytes) -> Iterator[dict[str, Any]]:
    """What components are told in this patch."""
    for event in json.loads(content)["events"]:
        if event["kind"] == "MessageSent" and event["msg_data"]["name"] == "esm_event":
            yield dict(dict(event["msg_data"]["values"]["entries"])["data"]["entries"])
