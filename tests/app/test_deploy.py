"""The recipes of docs/deploy.md: each file is run by its own program, or read by what it is written for."""

import asyncio
import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from app.server.options import TAKEN, read, variable
from benchmarks.crowd_page import Visitor
from tests.commands import commanded, moves, run
from tests.programs import NGINX

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "docs/deploy"
NAME = "spark.example.org"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def nginx(folder: Path, recipe: str, changes: dict[str, str], patience: str = "1h") -> Iterator[None]:
    """nginx with this recipe, in which ports, names of machines and places of files are those of the test."""
    text, common = (RECIPES / recipe).read_text("utf-8"), (RECIPES / "spark-proxy.conf").read_text("utf-8")
    assert "proxy_read_timeout 1h;" in common
    common = common.replace("proxy_read_timeout 1h;", f"proxy_read_timeout {patience};")
    (folder / "spark-proxy.conf").write_text(common, "utf-8")
    for said, meant in ({"/etc/nginx/spark-proxy.conf": f"{folder}/spark-proxy.conf"} | changes).items():
        assert said in text, f"{recipe} has no {said}"
        text = text.replace(said, meant)
    whole = f"""
        daemon off;
        master_process off;
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        events {{}}
        http {{
            access_log off;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            {text}
        }}
    """
    config = folder / "whole.conf"
    config.write_text(whole, "utf-8")
    command = [str(NGINX.find()), "-c", str(config), "-p", str(folder)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


async def ask(url: str, **headers: str) -> HTTPResponse:
    """What nginx answers at an address of this machine to who asks for the name of the recipes."""
    request = HTTPRequest(
        url, headers={"Host": NAME} | headers, follow_redirects=False, request_timeout=60, validate_cert=False
    )
    while True:
        with suppress(OSError):
            return await AsyncHTTPClient().fetch(request, raise_error=False)
        await asyncio.sleep(0.05)  # nginx is starting


async def acknowledged(url: str, page: str, cookie: str = "") -> Any:
    """A WebSocket with the session of this page, when the server has acknowledged it."""
    found = re.search(r'"token":\s*"([^"]+)"', page)
    assert found, page[:500]
    headers = {"Host": NAME, "Origin": f"https://{NAME}", "Cookie": cookie}
    request = HTTPRequest(url, headers=headers, validate_cert=False, request_timeout=60)
    connection = await websocket_connect(request, subprotocols=["bokeh", found[1]])
    header = await connection.read_message()
    assert header is not None and json.loads(header)["msgtype"] == "ACK"
    return connection


def test_nginx_with_tls_keeps_the_prefix_and_passes_sockets_on(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    plain, secure = free_port(), free_port()
    said = shlex.split(re.search(r"started with: (.*)", (RECIPES / "nginx.conf").read_text())[1])  # type: ignore[index]

    async def test(command: Any) -> None:
        await command.ready("/spark/health")
        root = f"https://127.0.0.1:{secure}"
        moved = await ask(f"http://127.0.0.1:{plain}/spark/app")
        assert (moved.code, moved.headers["Location"]) == (301, f"https://{NAME}/spark/app")
        assert (await ask(f"{root}/")).headers["Location"].endswith("/spark/app")
        assert (await ask(f"{root}/spark/health")).code == 200
        assert (await ask(f"{root}/spark/metrics")).code == 403
        assert (await ask(f"{command.root}/spark/metrics")).code == 200, "Prometheus asks the server itself"
        assert "/" not in (await ask(f"{root}/spark/health")).headers["Server"], "its version is nobody's business"
        page = await ask(f"{root}/spark/app")
        connection = await acknowledged(f"wss://127.0.0.1:{secure}/spark/app/ws", page.body.decode())
        connection.close()

    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/spark/fullchain.pem": str(certificate),
        "/etc/ssl/spark/privkey.pem": str(key),
    }
    address = said.index("--address")
    with commanded(tmp_path, *said[:address], *said[address + 2 :]) as command:
        changes["server 127.0.0.1:5006;"] = f"server 127.0.0.1:{command.port};"
        with nginx(tmp_path, "nginx.conf", changes):
            run(lambda: test(command))


def test_nginx_takes_a_prefix_away_and_leaves_an_idle_page_its_socket(tmp_path):
    port, impatient = free_port(), free_port()

    async def test(command: Any) -> None:
        await command.ready()
        root = f"http://127.0.0.1:{port}/course/neurons"
        sent = await ask(f"{root}/")
        assert sent.code == 302 and urljoin(f"{root}/", sent.headers["Location"]) == f"{root}/app"
        assert (await ask(f"{root}/metrics")).code == 403
        page = (await ask(f"{root}/app")).body.decode()
        assert not re.findall(r'(?:src|href)="/[^"]*"', page), "an address that begins at the root leads past nginx"
        script = re.search(r'src="(static/[^"]*bokeh[^"]*)"', page)
        assert script and (await ask(f"{root}/{script[1]}")).code == 200

        visitor = Visitor(f"http://localhost:{port}/course/neurons/app")
        await visitor.open()
        assert visitor._channel is not None, "the page's own channel goes the same way"
        hasty = await acknowledged(f"ws://127.0.0.1:{impatient}/course/neurons/app/ws", page)
        while await hasty.read_message() is not None:
            pass  # until three seconds without a word were too long for that one
        hasty.close()
        assert not visitor.lost
        await moves(visitor, 441.0)
        await visitor.close()

    with ExitStack() as stack:
        command = stack.enter_context(
            commanded(tmp_path, "--behind-proxy", "--origin", f"localhost:{port}", "--origin", NAME)
        )
        for place, patience in ((port, "1h"), (impatient, "3s")):
            folder = tmp_path / str(place)
            folder.mkdir()
            changes = {
                "listen 80;": f"listen 127.0.0.1:{place};",
                f"server_name {NAME};": "server_name localhost;",
                "server 127.0.0.1:5006;": f"server 127.0.0.1:{command.port};",
            }
            stack.enter_context(nginx(folder, "nginx-stripped.conf", changes, patience))
        run(lambda: test(command))


def test_nginx_gives_each_visitor_one_of_several_machines(tmp_path):
    """Stubs stand for the machines: who answers is all that matters."""
    port = free_port()
    code = (
        "import sys; from http.server import *\n"
        "class Answer(BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(sys.argv[1].encode())\n"
        "    def log_message(self, *words): pass\n"
        "ThreadingHTTPServer(('127.0.0.1', int(sys.argv[2])), Answer).serve_forever()\n"
    )
    machines = {name: free_port() for name in ("a", "b")}
    running = {
        name: subprocess.Popen([sys.executable, "-c", code, name, str(number)]) for name, number in machines.items()
    }

    async def test() -> None:
        root = f"http://127.0.0.1:{port}/"
        for number in machines.values():
            await ask(f"http://127.0.0.1:{number}/")
        met: dict[str, str] = {}
        while set(met.values()) != {"a", "b"}:
            answer = await ask(root)
            met[answer.headers["Set-Cookie"].partition(";")[0]] = answer.body.decode()
        for cookie, name in met.items():
            for _ in range(3):
                assert (await ask(root, Cookie=cookie)).body.decode() == name
        running["a"].kill()
        running["a"].wait()
        for cookie in met:
            assert (await ask(root, Cookie=cookie)).body.decode() == "b", "a machine that is gone loses nobody"
        assert (await ask(f"{root}metrics")).code == 403

    changes = {"listen 80;": f"listen 127.0.0.1:{port};"}
    changes |= {f"machine-{name}:5006": f"127.0.0.1:{number}" for name, number in machines.items()}
    try:
        with nginx(tmp_path, "nginx-machines.conf", changes):
            run(test)
    finally:
        for one in running.values():
            one.kill()
            one.wait()


def test_systemd_understands_the_service(tmp_path):
    text = (RECIPES / "spark.service").read_text("utf-8")
    for said, meant in {
        "/opt/spark/.venv/bin/python": sys.executable,
        "WorkingDirectory=/opt/spark": f"WorkingDirectory={ROOT}",
        "/etc/spark.env": str(RECIPES / "spark.env"),
    }.items():
        assert said in text
        text = text.replace(said, meant)
    assert "KillMode=mixed" in text, "the command ends its processes itself"
    if not shutil.which("systemd-analyze"):
        return  # a system that has other services
    unit = tmp_path / "spark.service"
    unit.write_text(text, "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    about = [line for line in (verified.stdout + verified.stderr).splitlines() if "spark.service" in line]
    assert verified.returncode == 0 and not about, verified.stdout + verified.stderr


def test_the_service_says_only_what_the_command_takes():
    lines = (RECIPES / "spark.env").read_text("utf-8").splitlines()
    said = dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z_]+=", line))
    options = read([], {name: value for name, value in said.items() if value})
    assert options.processes == 2 and options.prefix == "/spark" and options.behind_proxy
    assert set(said) <= {variable(name) for name in TAKEN} | {"SPARK_KEY", "BOKEH_SECRET_KEY"}


def test_the_container_holds_what_the_command_needs(tmp_path):
    lines = (RECIPES / "Containerfile").read_text("utf-8").splitlines()
    words = [shlex.split(line) for line in lines if line and not line.startswith("#")]
    copied = [source for line in words if line[0] == "COPY" for source in line[1:-1]]
    assert all((ROOT / source).exists() for source in copied) and {"app", "spark", "lessons"} <= set(copied)
    said = dict(pair.split("=", 1) for line in words if line[0] == "ENV" for pair in line[1:])
    options = read([], said)
    assert options.port == 5006 and options.log_format == "json"
    (command,) = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert command == ["python", "-m", "app"]
    (check,) = [json.loads(line.split(" CMD ")[1]) for line in lines if line.startswith("HEALTHCHECK")]
    compile(check[-1], "HEALTHCHECK", "exec")


def test_panels_password_guards_the_page_and_not_the_health(tmp_path):
    users = tmp_path / "users.json"
    users.write_text(json.dumps({"teacher": "a word"}), "utf-8")

    async def test() -> None:
        await command.ready(processes=2)
        page = await ask(f"{command.root}/app")
        assert page.code == 302 and "/login" in page.headers["Location"]
        form = await ask(f"{command.root}/login")
        assert form.code == 200 and b"password" in form.body

    more = ["--basic-auth", str(users), "--cookie-secret", "a secret of the test"]
    with commanded(tmp_path, "--processes", "2", *more) as command:
        run(test)
