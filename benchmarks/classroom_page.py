"""Teacher and students without a browser: they open a room, join, follow, answer, and look at the wall."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any, ClassVar

from .crowd_page import PATIENCE, Move, Visitor


class Attendant(Visitor):
    """Somebody with a room open; `told` is the newest of each thing that the page was told, `at` when that was."""

    COMPONENT: ClassVar[str] = "Classroom"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.told: dict[str, Any] = {}
        self.at: dict[str, float] = {}
        self._news = asyncio.Event()

    def hear(self, head: dict[str, Any], arrived: float) -> None:
        """Keep it."""
        self.told |= head
        self.at |= dict.fromkeys(head, arrived)
        self._news.set()

    async def until(self, holds: Any) -> float:
        """Wait until `holds(told)`; when that was (s)."""
        end = time.perf_counter() + PATIENCE
        while not holds(self.told):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), max(0.01, end - time.perf_counter()))
        return time.perf_counter()


class Teacher(Attendant):
    """Opens a room."""

    async def found(self) -> str:
        """Open the page and a room; its code."""
        await self.open()
        self.tell({"type": "open"})
        await self.until(lambda told: told.get("room"))
        return str(self.told["room"]["code"])


class Student(Attendant):
    """Joins a room."""

    async def join(self, code: str, name: str) -> None:
        """Open the page and come in."""
        await self.open()
        self.tell({"type": "enter", "room": code, "token": secrets.token_hex(16), "name": name})
        await self.until(lambda told: told.get("room"))

    def await_picture(self, value: float, sent: float) -> None:
        """A picture of this value is to come, which the teacher has set."""
        self.moves.append(Move(value, sent))
