"""Pages are built beside the event loop, one after the other: who opens one keeps nobody's picture waiting."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import panel as pn
from bokeh.application.handlers.handler import Handler
from bokeh.settings import settings

from ..client.seam import application_of, in_document, keep_bundles, know_prefix
from ..run.pools import Pool
from .prepared import Prepared
from .workbench import Workbench

log = logging.getLogger(__name__)
BUILDERS = Pool(1, "spark-page", 5)
"""One: what a second page is built with is the first one's time, and the interpreter's."""


class Building(Handler):
    """Builds the page of each session before Bokeh asks for its document, which it does on the event loop."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self._application = application

    async def on_session_created(self, session_context: Any) -> None:
        await session_context.with_locked_document(self._build)

    async def _build(self, doc: Any) -> None:
        know_prefix(self._application, doc)
        try:
            await asyncio.get_running_loop().run_in_executor(BUILDERS, build, doc)
        except Exception:  # it is built on the event loop then
            log.exception("a page could not be built beside the event loop")
            doc.clear()

    def modify_document(self, doc: Any) -> None:
        """It is built."""


def begin(server_context: Any) -> None:
    """Build the pages of this server's application aside; once per process, before the first visitor."""
    settings.perform_document_validation = False  # 60 ms of the event loop for each page; the tests look at one
    keep_bundles()
    application = application_of(server_context)
    application.add(Building(application))


def build(doc: Any) -> None:
    """The page of this document, unless it has one."""
    if not doc.roots:
        with in_document(doc):
            pn.extension("katex")
            Workbench().servable()
        Prepared(doc)
