"""A mouse and a finger as hands."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer
from tests.browser.hands import Hand

TOUCH = {"has_touch": True, "is_mobile": True}
NEAR, AWAY, ALONG = 10, 70, 20
"""pA from the goal at which a hand begins to be exact; pixels from the track at which a finger is; pixels along it
after which the browser knows that the page is not scrolled."""


def middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def thumb(page: Explorer, key: str) -> float:
    """Where the middle of the thumb is, from the slider's left end."""
    return page.js(
        "((e) => { const half = parseFloat(getComputedStyle(e).getPropertyValue('--half'));"
        " return half + (e.getBoundingClientRect().width - 2 * half) * e.value / 1000 })"
        "(probe.row(a).querySelector('input[type=range]'))",
        key,
    )


class Finger:
    """One finger on the screen."""

    def __init__(self, page: Explorer) -> None:
        self._session = page.page.context.new_cdp_session(page.page)

    def say(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float], lift: bool = True) -> None:
        self.say("touchStart", start)
        for part in range(1, 11):
            self.say("touchMove", tuple(a + (b - a) * part / 10 for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
        if lift:
            self.lift()

    def lift(self) -> None:
        self.say("touchEnd")


class Pointer(Hand):
    """Mouse and finger drag alike: along the track while it is far, and then, exact, pixel by pixel."""

    @abstractmethod
    def _down(self, x: float, y: float) -> float:
        """Take the thumb; where the pointer is then, from the left."""

    @abstractmethod
    def _move(self, x: float, y: float) -> None: ...
    @abstractmethod
    def _up(self) -> None: ...
    @abstractmethod
    def _exact(self, x: float, y: float) -> float:
        """Be exact from here on; where the pointer is then, from above."""

    def lead(self, key: str, value: float) -> None:
        page, self.actions = self.page, self.actions + 1
        page.slider(key).scroll_into_view_if_needed()
        box = page.steady_box(key)
        page.js("addEventListener('pointermove', (event) => { window.at = event.clientX }, true)")
        x, y = round(box["x"] + thumb(page, key)), box["y"] + box["height"] / 2
        x = self._down(x, y)
        x = self._follow(key, x, y, 3, lambda now: abs(now - value) <= NEAR, value)
        y = self._exact(x, y)
        self._follow(key, x, y, 1, lambda now: now == value, value)
        self._up()

    def _follow(self, key: str, x: float, y: float, by: float, there: Callable[[float], bool], value: float) -> float:
        for _ in range(120):
            now = self.page.value(key)
            if there(now):
                return x
            x += by if now < value else -by
            self._move(x, y)
            self.page.wait("Math.abs(window.at - a) < 0.5", x)  # one that comes late would change what was read
        raise AssertionError(f"{key} is {now} and not {value}")

    def _open(self, label: str) -> Locator:
        self.press(self.page.page.get_by_role("combobox", name=label, exact=True))
        self.actions -= 1  # it is one choice, with that of the option
        menu = self.page.page.get_by_role("listbox", name=label, exact=True)
        menu.wait_for()
        return menu

    def choose(self, label: str, title: str) -> None:
        menu = self._open(label)
        option = menu.get_by_role("option").filter(has=self.page.page.get_by_text(title, exact=True))
        self.press(option.first)
        menu.wait_for(state="detached")

    def type(self, key: str, text: str) -> None:
        self.press(self.page.box(key))
        expect(self.page.box(key)).to_be_focused()
        self.page.page.keyboard.type(text)  # what was there is selected by the press
        self.page.page.keyboard.press("Enter")


class Mouse(Pointer):
    """Nothing but the mouse, and Shift."""

    def press(self, button: Locator) -> None:
        self.actions += 1
        button.click()

    def _down(self, x: float, y: float) -> float:
        self.page.page.mouse.move(x, y)
        self.page.page.mouse.down()
        return x

    def _move(self, x: float, y: float) -> None:
        self.page.page.mouse.move(x, y)

    def _exact(self, x: float, y: float) -> float:
        self.page.page.keyboard.down("Shift")
        return y

    def _up(self) -> None:
        self.page.page.mouse.up()
        self.page.page.keyboard.up("Shift")


class Touch(Pointer):
    """One finger, and the keyboard that the tablet shows for a box."""

    def __init__(self, page: Explorer) -> None:
        super().__init__(page)
        self._finger = Finger(page)

    def press(self, button: Locator) -> None:
        self.actions += 1
        button.tap()

    def reach(self, section: str) -> None:
        show, chip = self.page.button("Show controls"), self.page.button(section)
        if chip.is_visible():  # a phone
            if chip.get_attribute("aria-pressed") != "true":
                self.press(chip)
        else:
            if show.is_visible():
                self.press(show)
            super().reach(section)

    def view(self, name: str) -> None:
        if not self.page.view(name).is_visible():  # on a phone
            self.press(self.page.button("Views"))
        super().view(name)

    def _down(self, x: float, y: float) -> float:
        self._finger.say("touchStart", (x, y))
        self._move(x + ALONG, y)
        return x + ALONG

    def _move(self, x: float, y: float) -> None:
        self._finger.say("touchMove", (x, y))

    def _exact(self, x: float, y: float) -> float:
        self._move(x, y + AWAY)
        return y + AWAY

    def _up(self) -> None:
        self._finger.lift()
