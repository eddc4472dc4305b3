"""What a job in the page asks of a hand, and a keyboard alone as one; each counts its actions."""

from __future__ import annotations

from abc import ABC, abstractmethod

from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer

VIEWS = ["phase", "fi", "intervals", "reset", "atlas", "currents", "compare"]
"""In the order of their keys."""


class Hand(ABC):
    """What a job asks of a hand."""

    def __init__(self, page: Explorer) -> None:
        self.page = page
        self.actions = 0

    @abstractmethod
    def press(self, button: Locator) -> None:
        """A button, a tab, a box."""

    @abstractmethod
    def lead(self, key: str, value: float) -> None:
        """A slider's thumb to this value, and let go."""

    @abstractmethod
    def type(self, key: str, text: str) -> None:
        """A value into a row's box."""

    @abstractmethod
    def choose(self, label: str, title: str) -> None:
        """One choice from a menu."""

    def reach(self, section: str) -> None:
        """Bring the rows of the model ("Values") or those of a tab into reach."""
        tab = self.page.page.get_by_role("tab", name=section)
        if section != "Values" and tab.get_attribute("aria-selected") != "true":
            self.press(tab)

    def view(self, name: str) -> None:
        """Open a view."""
        self.press(self.page.view(name))

    def pin(self) -> None:
        self.press(self.page.button("Pin"))

    def next_preset(self) -> None:
        self.press(self.page.button("Next preset"))


class Keyboard(Hand):
    """Keys alone: Tab leads to every control, and what has a key of its own has that."""

    def _key(self, *keys: str) -> None:
        for key in keys:
            self.page.page.keyboard.press(key)

    def _go(self, to: Locator) -> None:
        """By Tab alone."""
        to.wait_for()
        for _ in range(150):
            if to.evaluate("(one) => one.matches(':focus')"):
                return
            self._key("Tab")
        raise AssertionError(f"Tab does not lead to {to}")

    def press(self, button: Locator) -> None:
        self.actions += 1
        self._go(button)
        self._key("Enter")

    def reach(self, section: str) -> None:
        wanted = self.page.page.get_by_role("tab", name=section)
        if section == "Values" or wanted.get_attribute("aria-selected") == "true":
            return
        self.actions += 1
        self._go(self.page.page.get_by_role("tab", selected=True))
        while not wanted.evaluate("(one) => one.matches(':focus')"):
            self._key("ArrowRight")
        self._key("Enter")

    def lead(self, key: str, value: float) -> None:
        self.actions += 1
        self._go(self.page.slider(key))
        for _ in range(60):
            off = value - self.page.value(key)
            if off == 0:
                return
            way = "Right" if off > 0 else "Left"
            page = "PageUp" if off > 0 else "PageDown"
            self._key(page if abs(off) >= 20 else f"Arrow{way}" if abs(off) >= 2 else f"Alt+Arrow{way}")
        raise AssertionError(f"{key} is not {value}")

    def type(self, key: str, text: str) -> None:
        self.actions += 1
        self._go(self.page.box(key))
        self.page.page.keyboard.type(text)  # what was there is selected with the focus
        self._key("Enter", "Shift+Tab")  # back on the slider, where keys are those of the page again

    def choose(self, label: str, title: str) -> None:
        self.actions += 1
        self._go(self.page.page.get_by_role("combobox", name=label, exact=True))
        self.page.page.keyboard.type(title.lower())
        menu = self.page.page.get_by_role("listbox", name=label, exact=True)
        expect(menu.locator("[role=option].active")).to_contain_text(title)
        self._key("Enter")
        menu.wait_for(state="detached")

    def view(self, name: str) -> None:
        self.actions += 1
        self._key(str(1 + VIEWS.index(name)))

    def pin(self) -> None:
        self.actions += 1
        self._key(".")

    def next_preset(self) -> None:
        self.actions += 1
        self._key("]")
