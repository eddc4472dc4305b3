"""A component whose messages go straight over Bokeh's connection, or over the page's own channel.

Panel's own way of delivering messages (`_send_msg`) retries while the socket is written to and stalls for good at 60
messages a second in both directions; every message also toggles the page's busy indicator. Here a message from the
page is handled at once under the document's lock, and one to the page is sent under that lock.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import param

from .channel import Channel
from .frames import BadFrame, checked
from .seam import Component

log = logging.getLogger(__name__)


class Messenger(Component):
    """Base of components that talk to their page by messages: `tell` it something, `hear` what it says.

    In the page a component listens by `listen(model, take)` (`shared/messages.js`). It is not there yet while its tab
    or view is closed, and a connection may be lost: what it shows can always be told once more, by `tell_again`.
    """

    address = param.String("", doc="Its name on the channel.")
    __abstract = True
    channel: Channel | None = None
    _told = False
    """Whether it was told anything."""

    def join(self, channel: Channel, address: str) -> None:
        """Listen on the page's channel as well."""
        self.address, self.channel = address, channel
        channel.connect(address, self)

    def receive(self, message: dict[str, Any]) -> None:
        """Take a message from the page; "ready" says that it listens from now on."""
        if message.get("type") == "ready":
            self.welcome(message)
        else:
            self.hear(message)

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a message from the page."""

    def welcome(self, message: dict[str, Any]) -> None:
        """It listens only now: what it was told before, it does not know."""
        if self._told:
            self.tell_again()

    def tell_again(self) -> None:
        """Tell the page all that it shows."""

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        """Say something to the page, over the channel if it is open: a head of JSON types, and bytes."""
        self._told = True
        if self.channel is None or not self.channel.send({"to": self.address} | head, data):
            self.send({"head": json.dumps(head), "data": data})

    def take(self, data: dict[str, Any]) -> None:
        """What came over Bokeh's connection."""
        try:
            self.receive(checked(data))
        except BadFrame as error:
            if self.channel is not None:
                self.channel.refuse(error)
            else:
                log.warning("refused: %s", error)
        except Exception:
            log.exception("message from the page failed: %.200r", data)
