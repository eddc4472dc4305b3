"""A page in a classroom, as the tests use it: the teacher's, or that of a student."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, WebSocket, expect

from tests.browser.explorer import Explorer

AMPLITUDE, TAU = "stimulus.0.amplitude", "config.potential_tau"
FOLLOWS, ALONE, FREE = "You follow your teacher", "You explore alone", "Your teacher lets you explore"


class Seat(Explorer):
    """One page in a room."""

    def go(self, query: str) -> None:
        """Load the page of this query."""
        self.page.goto(re.split(r"[?#]", self.page.url)[0] + query)
        self.wait_until_open()

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Classroom")

    @property
    def door(self) -> Locator:
        return self.page.get_by_role("dialog", name="Classroom")

    def sheet(self, title: str) -> Locator:
        """What lies over the plots."""
        return self.page.get_by_role("region", name=title, exact=True)

    def press(self, name: str, within: Locator | None = None) -> None:
        """A button of the bar, or of what is given."""
        (self.bar if within is None else within).get_by_role("button", name=name, exact=True).click()

    def turn(self, name: str, on: bool, within: Locator | None = None) -> None:
        """A switch, until it is so."""
        switch = (self.bar if within is None else within).get_by_role("switch", name=name, exact=True)
        if switch.get_attribute("aria-checked") != str(on).lower():
            switch.click()
        expect(switch).to_have_attribute("aria-checked", str(on).lower())

    def is_(self, words: str) -> None:
        """Wait until the bar of a student says this."""
        expect(self.bar.locator(".state")).to_have_text(words)

    def show(self, name: str) -> Locator:
        """A page of the sheet; what lies over the plots then."""
        title = {"Code": "Join this room", "Race": "Mystery race"}.get(name, name)
        button = self.bar.get_by_role("button", name=name, exact=True)
        if button.get_attribute("aria-expanded") != "true":
            button.click()
        sheet = self.sheet(title)
        expect(sheet).to_be_visible()
        return sheet

    def hide(self) -> None:
        """Nothing lies over the plots."""
        for button in self.bar.locator("button[aria-expanded=true]").all():
            button.click()
        expect(self.bar.locator("button[aria-expanded=true]")).to_have_count(0)

    @property
    def code(self) -> str:
        """Of the room, as its bar has it."""
        return self.bar.locator("strong").inner_text()

    def knock(self) -> None:
        """Open the door."""
        self.page.get_by_role("button", name="Class", exact=True).click()
        expect(self.door).to_be_visible()

    def open_room(self) -> str:
        """A room of one's own; its code."""
        self.knock()
        self.press("Open a room", self.door)
        expect(self.bar).to_be_visible()
        self.hide()
        return self.code

    def try_(self, code: str, name: str = "") -> None:
        """Ask to be let in: the door is open."""
        self.door.get_by_label("Code").fill(code)
        self.door.get_by_label("Your name, if you like").fill(name)
        self.press("Join", self.door)

    def join(self, code: str, name: str = "") -> None:
        self.try_(code, name)
        expect(self.door).to_be_hidden()
        expect(self.bar).to_be_visible()

    def again(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.wait_until_open()
        expect(self.bar).to_be_visible()

    def holds(self, **values: float) -> None:
        """Wait until these rows show this: by the last part of their key."""
        keys = {"amplitude": AMPLITUDE, "tau": TAU}
        for name, value in values.items():
            self.value_is(keys[name], value)

    def is_like(self, other: Explorer) -> None:
        """Wait until both pages show one run."""

        def same() -> None:
            assert self.sum == other.sum and self.readouts == other.readouts

        self.soon(same)

    # A poll, at the teacher's

    @property
    def desk(self) -> Locator:
        return self.show("Poll")

    def ask(self, kind: str, question: str, options: tuple[str, ...] = (), right: str = "") -> None:
        """Ask the class; `right` is an option, or a number."""
        desk = self.desk
        desk.get_by_role("radio", name=kind, exact=True).check()
        desk.get_by_label("Question").fill(question)
        for at, text in enumerate(options, 1):
            if at > 2:
                self.press("Add an option", desk)
            desk.get_by_label(f"Option {at}", exact=True).fill(text)
            if text == right:
                desk.get_by_label(f"Option {at} is right").check()
        if right and not options:
            desk.get_by_label("Right answer").fill(right)
        self.press("Ask the class", desk)

    def answered(self, count: int, of: int) -> None:
        """Wait until so many have answered."""
        expect(self.desk.get_by_text(f"{count} of {of} answered", exact=True)).to_be_visible()

    def bars(self) -> list[str]:
        """The histogram."""
        return [" ".join(one.split()) for one in self.desk.locator(".rows li:visible").all_inner_texts()]

    # and at a student's

    @property
    def card(self) -> Locator:
        return self.sheet("Poll")

    def send(self, again: bool = False) -> None:
        self.press("Send again" if again else "Send", self.card)
        self.said("Sent. You can change it until the poll is closed.")

    def said(self, words: str | re.Pattern[str]) -> None:
        """What the card of a poll says of the answer."""
        expect(self.card.locator(".status:visible")).to_have_text(words)

    # A race

    @property
    def neuron(self) -> Locator:
        return self.page.get_by_role("region", name="Mystery neuron")

    def measure(self) -> None:
        self.press("Measure", self.neuron)
        expect(self.neuron.get_by_role("button", name="Measured", exact=True)).to_be_disabled()

    def hand_in(self) -> float:
        """The score, in percent."""
        self.press("Hand in", self.neuron)
        title = self.neuron.locator(".score h3")
        expect(title).to_be_visible()
        return float(re.findall(r"[\d.]+", title.inner_text())[0])

    def board(self) -> list[list[str]]:
        """The rows of a race's board: place, name, score, experiments, how often was handed in."""
        rows = self.show("Race").locator("tbody tr").all()
        return [row.locator("td").all_inner_texts() for row in rows]


def heard(context: BrowserContext) -> list[bytes]:
    """All that pages of this browser are told over their sockets, from now on."""
    frames: list[bytes] = []

    def take(data: Any) -> None:
        frames.append(data if isinstance(data, bytes) else data.encode())

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", take)

    def meet(page: Page) -> None:
        page.on("websocket", follow)

    context.on("page", meet)
    return frames
