"""`jixiao serve`: a saved YAML file shows in the open browser, and no reader troubles the terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

COMMAND = [sys.executable, "-m", "jixiao", "serve", "--project"]
PATIENCE = 60


class ServedProject(NamedTuple):
    """A project under `jixiao serve`."""

    project: Path
    port: int
    errors: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@contextmanager
def _serving(project: Path) -> Iterator[tuple[ServedProject, "subprocess.Popen[str]"]]:
    port, errors = _free_port(), project.with_name("errors")
    environment = {**os.environ, "JIXIAO_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    with (
        errors.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            [*COMMAND, str(project), "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        try:
            yield ServedProject(project, port, errors), process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)


def _wait_for_address(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert any(re.search(r"http://\S+/", line) for line in process.stdout)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedProject]:
    """A project under `jixiao serve`, which is built and has nothing to say on standard error at the end."""
    project = copy_small_project(tmp_path_factory.mktemp("served") / "project")
    with _serving(project) as (served, process):
        _wait_for_address(process)
        yield served
    assert served.errors.read_text("utf-8") == ""


def _exchange(port: int, request: bytes) -> bytes:
    """Send the bytes of a request; return the bytes of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65_536):
                answer += chunk
        return answer


def _ask(served: ServedProject, path: str | bytes, *lines: str, method: str = "GET", host: str = "") -> bytes:
    target = path if isinstance(path, bytes) else path.encode()
    head = [f"Host: {host or f'127.0.0.1:{served.port}'}", "Connection: close", *lines]
    fields = "".join(f"{line}\r\n" for line in head).encode()
    return _exchange(served.port, method.encode() + b" " + target + b" HTTP/1.1\r\n" + fields + b"\r\n")


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def _head(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.browser
def test_a_saved_file_shows_in_the_open_browser_and_a_broken_one_leaves_the_page_standing(
    served: ServedProject, page: Page
) -> None:
    file = served.project / CLINIC_PATH
    page.goto(f"{served.address}2021/health/clinic/")
    expect(page.locator("#i-visits .target")).to_have_text(">=120次")

    file.write_text(file.read_text("utf-8").replace(">=120次", ">=121次"), encoding="utf-8")
    expect(page.locator("#i-visits .target")).to_have_text(">=121次")

    file.write_text(file.read_text("utf-8").replace('">=121次"', ">=122次"), encoding="utf-8")
    file.write_text(file.read_text("utf-8").replace(">=122次", '">=123次"'), encoding="utf-8")
    expect(page.locator("#i-visits .target")).to_have_text(">=123次")

    file.write_text(file.read_text("utf-8").replace(">=123次", ">=120次"), encoding="utf-8")
    expect(page.locator("#i-visits .target")).to_have_text(">=120次")


def test_a_file_that_is_saved_during_a_build_and_settings_that_are_replaced_show(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    file, settings = project / CLINIC_PATH, project / "site_config.yml"
    with _serving(project) as (served, process):
        deadline = time.monotonic() + PATIENCE
        while not (project / "build/.staging").is_dir() and time.monotonic() < deadline:
            time.sleep(0.01)
        # Its content has been read; what it makes is not there yet, and a reader is told so.
        file.write_text(file.read_text("utf-8").replace(">=120次", ">=121次"), encoding="utf-8")
        early = _ask(served, "/2021/health/clinic/")
        # On a busy machine the build may end before the answer.
        is_built = (project / "build/site").is_dir()
        told = (_status(early), b"There is no website yet" in early, b"reload.js" in early)
        assert is_built or told == (503, True, True)
        _wait_for_address(process)
        _await_text(served, "/2021/health/clinic/", "&gt;=121次")

        for name in ("一二三网", "四五六网"):
            words = re.sub(r"(?m)^name:\n  zh: .*", f"name:\n  zh: {name}", settings.read_text("utf-8"))
            settings.with_name("new").write_text(words, encoding="utf-8")
            settings.with_name("new").replace(settings)
            _await_text(served, "/", name)


def _await_text(served: ServedProject, path: str, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while text.encode() not in (answer := _ask(served, path)):
        assert time.monotonic() < deadline, answer.decode()
        time.sleep(0.1)


def test_a_saved_file_of_the_theme_of_the_site_shows(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    template = project / "theme/pages/home.md.jinja"
    template.parent.mkdir(parents=True)
    text = (ROOT / "theme/pages/home.md.jinja").read_text("utf-8")
    template.write_text(f"{text}\n\n第一种样子\n", encoding="utf-8")
    with _serving(project) as (served, process):
        _wait_for_address(process)
        _await_text(served, "/", "第一种样子")
        template.write_text(f"{text}\n\n第二种样子\n", encoding="utf-8")
        _await_text(served, "/", "第二种样子")


def test_a_port_that_is_taken_is_told_before_anything_is_built(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = subprocess.run(
            [*COMMAND, str(project), "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "JIXIAO_LANGUAGE": "en"},
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    first, second = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout) == (2, "")
    assert first == f"Port {port} cannot be used: another program uses it"
    offered = re.fullmatch(r"Use another port, for example: jixiao serve --port ([0-9]+)", second)
    assert offered
    socket.create_server(("127.0.0.1", int(offered[1]))).close()
    assert not (project / "build").exists()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/2021/health/clinic/", 200),
        ("/2021/health/clinic", 301),
        ("/en/2021/health/clinic/", 200),
        ("/assets/", 404),
        ("/nowhere", 404),
        ("/en/nowhere/", 404),
        (f"/{'a' * 5000}", 404),
        (f"/{'a/' * 2500}", 404),
        ("/%00", 404),
        ("/index.html%00.txt", 404),
        ("/%2e%2e/%2e%2e/site_config.yml", 404),
        ("/../../site_config.yml", 404),
        ("/..%2f..%2fsite_config.yml", 404),
        ("/..%5c..%5csite_config.yml", 404),
        ("//etc/passwd", 404),
        ("/en//..//..//..//site_config.yml", 404),
        ("/link-out", 404),
        ("/link-out/site_config.yml", 404),
        ("/%ff%fe", 400),
        ("/-/reload.js", 200),
    ],
)
def test_every_path_has_its_status(served: ServedProject, path: str, status: int, method: str) -> None:
    link = served.project / "build/site/link-out"
    with suppress(FileExistsError):
        link.symlink_to(served.project)
    answer = _ask(served, path, method=method)
    assert _status(answer) == status, answer[:300]
    assert b"content/declarations" not in answer
    if method == "HEAD":
        assert _body(answer) == b""
        assert _head(answer).get("content-length") == _head(_ask(served, path)).get("content-length")


def test_what_is_not_found_is_told_in_the_language_of_the_address(served: ServedProject) -> None:
    for path, language in (("/nowhere", "zh"), ("/en/nowhere", "en")):
        page = _ask(served, path).decode()
        assert re.search(r'<html[^>]* lang="?([a-z]+)', page)[1] == language  # type: ignore[index]
        assert '<script src="/-/reload.js?' in page


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 403),
        ("evil.example:8000", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("10.0.0.1", 403),
        ("192.168.0.7:8000", 403),
        ("a b", 400),
    ],
)
def test_only_requests_to_this_machine_are_answered(served: ServedProject, host: str, status: int) -> None:
    for path in ("/", "/-/events" if status != 200 else "/sitemap.xml", "/nowhere" if status == 403 else "/"):
        answer = _ask(served, path, host=host)
        assert _status(answer) == status
        assert (b"<html" in answer) == (status == 200 and path == "/")


def test_types_have_their_encoding_and_files_their_ranges_and_conditions(served: ServedProject) -> None:
    assert _head(_ask(served, "/"))["content-type"] == "text/html; charset=utf-8"
    for path, kind in (
        ("/sitemap.xml", "xml; charset=utf-8"),
        ("/assets/site.js", "text/javascript; charset=utf-8"),
    ):
        assert _head(_ask(served, path))["content-type"].endswith(kind)
    whole = _ask(served, "/sitemap.xml")
    content, etag, made = _body(whole), _head(whole)["etag"], _head(whole)["last-modified"]
    assert content == (served.project / "build/site/sitemap.xml").read_bytes()
    assert _head(whole)["cache-control"] == "no-store"

    part = _ask(served, "/sitemap.xml", "Range: bytes=5-9")
    assert (_status(part), _body(part)) == (206, content[5:10])
    assert _head(part)["content-range"] == f"bytes 5-9/{len(content)}"
    assert _body(_ask(served, "/sitemap.xml", "Range: bytes=-4")) == content[-4:]
    assert _status(_ask(served, "/sitemap.xml", f"Range: bytes={len(content)}-")) == 416
    assert _body(_ask(served, "/sitemap.xml", "Range: lines=1-2")) == content
    # Parts of two files are never joined.
    assert _status(_ask(served, "/sitemap.xml", "Range: bytes=5-9", f"If-Range: {etag}")) == 206
    assert _body(_ask(served, "/sitemap.xml", "Range: bytes=5-9", 'If-Range: "other"')) == content
    assert _body(_ask(served, "/sitemap.xml", 'If-Range: "other"')) == content

    assert _status(_ask(served, "/sitemap.xml", f"If-None-Match: {etag}")) == 304
    assert _status(_ask(served, "/sitemap.xml", f"If-Modified-Since: {made}")) == 304
    old = _ask(served, "/sitemap.xml", "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT")
    assert (_status(old), _body(old)) == (200, content)


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"\r\n\r\n", {0, 400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n", {0, 400}),
        (b"GET\r\n\r\n", {400}),
        (b"GET / HTTP/9.9\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", {400}),
        (b"GET http://evil.example/ HTTP/1.0\r\nHost: localhost\r\n\r\n", {403}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", {0, 400, 431}),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", {0, 400}),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", {0, 400}),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", {405}),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {0, 400}),
        (b"DELETE / HTTP/1.0\r\nHost: localhost\r\n\r\n", {405}),
        (b"BREW / HTTP/1.0\r\nHost: localhost\r\n\r\n", {405}),
        (b"GET / HTTP/1.0\r\nHost: localhost\r\nRange: bytes=" + b"0-1," * 2000 + b"\r\n\r\n", {200}),
    ],
)
def test_what_is_no_request_is_refused(served: ServedProject, request_: bytes, statuses: set[int]) -> None:
    assert _status(_exchange(served.port, request_)) in statuses


def test_a_page_of_another_site_or_of_a_server_before_reloads_at_once(served: ServedProject) -> None:
    number = re.search(rb"reload[.]js[?]([0-9]+)", _ask(served, "/"))
    assert number
    # Only what must not come is waited for in vain.
    for known, reloads, patience in ((b"5", True, PATIENCE), (number[1], False, 1)):
        with socket.create_connection(("127.0.0.1", served.port), timeout=patience) as connection:
            connection.sendall(b"GET /-/events?" + known + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            with suppress(TimeoutError):
                while b"event:" not in answer:
                    answer += connection.recv(65_536)
            assert (b"event: reload" in answer) == reloads


def test_readers_that_go_away_or_never_end_a_request_trouble_nobody(served: ServedProject) -> None:
    begun = time.monotonic()
    half = [socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) for _ in range(40)]
    for connection in half:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    for path in ("/", "/-/events", "/sitemap.xml"):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", served.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert _status(_ask(served, "/")) == 200
    # A drop now and then does not prolong it.
    for connection in half:
        with suppress(OSError):
            connection.sendall(b"a")
    for connection in half:
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""
        connection.close()
    assert time.monotonic() - begun < PATIENCE
    assert _status(_ask(served, "/")) == 200
