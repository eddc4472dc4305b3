"""Stands for a process of the app in tests of what keeps processes: starts in no time, and answers who it is."""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
import threading

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

parser = argparse.ArgumentParser()
parser.add_argument("--name")
parser.add_argument("--sockets")
parser.add_argument("--watched", type=int)
parser.add_argument("--mode", default="good")
given = parser.parse_args()
sockets: set["Echo"] = set()


class Health(RequestHandler):
    def get(self) -> None:
        self.finish({"ready": True})


class Metrics(RequestHandler):
    def get(self) -> None:
        assert self.request.headers["Authorization"] == f"Bearer {os.environ['SPARK_ADMIN']}"
        self.finish(f'# HELP a_b Words.\n# TYPE a_b gauge\na_b{{pool="x"}} {given.name}\na_b_count 2\n')


class Page(RequestHandler):
    """Tells who answers, and what it was told."""

    def get(self) -> None:
        self.set_cookie("own", "1")
        self.add_header("Set-Cookie", "other=2")
        told = {name: self.request.headers.get_list(name) for name in self.request.headers}
        self.finish(json.dumps({"name": given.name, "pid": os.getpid(), "headers": told}))

    def head(self) -> None:
        self.set_header("Content-Length", "77")
        self.finish()

    def post(self) -> None:
        self.finish(self.request.body[::-1])


class Leaves(RequestHandler):
    """Dies in the middle of an answer."""

    def get(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Echo(WebSocketHandler):
    """Says its name, then what it hears."""

    def open(self) -> None:
        sockets.add(self)
        self.write_message(given.name)

    def on_message(self, message: str | bytes) -> None:
        self.write_message(message, isinstance(message, bytes))

    def on_close(self) -> None:
        sockets.discard(self)


def watch() -> None:
    while os.read(given.watched, 1):
        pass
    os._exit(0)


async def drained() -> None:
    for one in list(sockets):
        one.close(1012)
    while sockets:
        await asyncio.sleep(0.01)
    os._exit(0)


async def main() -> None:
    threading.Thread(target=watch, daemon=True).start()
    loop, tasks = asyncio.get_running_loop(), []
    loop.add_signal_handler(signal.SIGHUP, lambda: tasks.append(asyncio.ensure_future(drained())))
    if given.mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    routes = [(r"/health", Health), (r"/metrics", Metrics), (r"/leaves", Leaves), (r"/app/ws", Echo), (r".*", Page)]
    server = HTTPServer(Application(routes))
    for number in given.sockets.split(","):
        one = socket.socket(fileno=int(number))
        one.setblocking(False)
        server.add_socket(one)
    await asyncio.Event().wait()


if given.mode == "dies":
    sys.exit(7)
asyncio.run(main())
