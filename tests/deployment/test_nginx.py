"""The deployed site behind a real nginx: headers, addresses, pages not found, and a switch under load."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from jixiao.commands.deploy import deploy, read_target, roll_back
from jixiao.site.security_policy import HEADERS, write_nginx_snippet
from tests.conftest import ROOT, copy_project, jixiao

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or ""
WRK = shutil.which("wrk") or ""
pytestmark = [
    pytest.mark.served,
    pytest.mark.skipif(
        not (NGINX and WRK and shutil.which("rsync")) and not os.environ.get("CI"), reason="nginx"
    ),
]


class Answer(NamedTuple):
    """Response of a server."""

    status: int
    headers: dict[str, str]
    content: bytes


def ask(address: str, method: str = "GET", **headers: str) -> Answer:
    """Ask once; redirects are followed."""
    request = Request(
        address, method=method, headers={name.replace("_", "-"): one for name, one in headers.items()}
    )
    try:
        with urlopen(request) as answer:
            return Answer(
                answer.status, {name.lower(): one for name, one in answer.headers.items()}, answer.read()
            )
    except HTTPError as error:
        return Answer(error.code, {name.lower(): one for name, one in error.headers.items()}, error.read())


class NginxSite(NamedTuple):
    """Server and its site."""

    address: str
    built: Path
    target: Path


@pytest.fixture(scope="module")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NginxSite]:
    """nginx on the loopback interface, configured by the files in `deploy/`, with one release."""
    folder = tmp_path_factory.mktemp("nginx")
    target = folder / "srv"
    deploy(built / "build/site", read_target(str(target)), lambda _: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    example = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    site = example.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    site = site.replace("/srv/jixiao", str(target))
    site = site.replace("/etc/nginx/jixiao-headers.conf", str(ROOT / "deploy/nginx-headers.conf"))
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{places}{site}}}\n"
    )
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    # Workers of root become another user, who has to get at the folder of the tests.
    whole = f"user root;\n{whole}" if os.geteuid() == 0 else whole
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-e", f"{folder}/error.log", "-g", "daemon off;"]
    server = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(1200):
            try:
                urlopen(address).close()
                break
            except OSError:
                time.sleep(0.05)
        yield NginxSite(address, built, target)
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(300)


def test_the_headers_are_those_of_the_program(tmp_path: Path) -> None:
    write_nginx_snippet(tmp_path / "headers.conf")
    assert (ROOT / "deploy/nginx-headers.conf").read_text("utf-8") == (tmp_path / "headers.conf").read_text(
        "utf-8"
    )
    caddy = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    for name, value in HEADERS.items():
        assert f'\t\t{name} "{value}"\n' in caddy


def test_every_file_of_the_manifest_is_served_as_it_was_built(served: NginxSite) -> None:
    said = jixiao("verify", "--project", str(served.built), "--against", served.address)
    assert (said.returncode, said.stdout) == (0, "The deployed site agrees with the manifest.\n")


def test_every_page_answers_with_the_promised_headers(served: NginxSite) -> None:
    site = served.built / "build/site"
    pages = sorted(file.parent.relative_to(site).as_posix() for file in site.rglob("index.html"))
    assert {".", "en", "search"} <= set(pages)
    for page in pages:
        address = served.address + quote("" if page == "." else f"{page}/")
        answer = ask(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), page
        assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS
        assert (answer.headers["cache-control"], answer.headers["server"]) == ("no-cache", "nginx")
    assert ask(served.address + "2021").content == (site / "2021/index.html").read_bytes()


def test_files_are_kept_as_long_as_they_stay_the_same(served: NginxSite) -> None:
    site = served.built / "build/site"
    fragment = next(site.rglob("*.pf_fragment")).relative_to(site).as_posix()
    assert ask(served.address + fragment).headers["cache-control"] == "public, max-age=31536000, immutable"
    sheet = ask(served.address + "assets/site.css")
    assert sheet.headers["cache-control"] == "no-cache"
    assert ask(served.address + "assets/site.css", If_None_Match=sheet.headers["etag"]).status == 304
    csv = next(site.rglob("*.csv")).relative_to(site).as_posix()
    assert ask(served.address + csv).headers["content-type"] == "text/csv; charset=utf-8"


def test_text_travels_compressed(served: NginxSite) -> None:
    answer = ask(served.address, Accept_Encoding="gzip")
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.content) == (served.built / "build/site/index.html").read_bytes()


@pytest.mark.parametrize(("way", "page"), [("nowhere/", "404.html"), ("en/nowhere", "en/404.html")])
def test_what_is_not_found_is_told_in_its_language(served: NginxSite, way: str, page: str) -> None:
    answer = ask(served.address + way)
    assert answer.status == 404
    assert answer.content == (served.built / "build/site" / page).read_bytes()
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "way", ["_headers", ".git/config", "assets/.hidden", "../../releases/", "2021/../../releases"]
)
def test_what_is_not_for_readers_is_not_there(served: NginxSite, way: str) -> None:
    assert ask(served.address + way).status in {400, 404}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(served: NginxSite, method: str) -> None:
    assert ask(served.address, method=method).status == 405


def test_readers_see_no_error_while_releases_switch(served: NginxSite, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "next")
    settings = (project / "site_config.yml").read_text("utf-8")
    for switch in ("packs: true", "downloads: true"):
        settings = settings.replace(switch, switch.replace("true", "false"))
    (project / "site_config.yml").write_text(settings, encoding="utf-8")
    kept = "2021/shanghai-hrss/vocational-training-capacity"
    register = project / "content/addresses.yml"
    moved = (
        f"renamed:\n  2021/shanghai-hrss/former: {kept}\nwithdrawn:\n  2021/shanghai-hrss/twice: 重复申报\n"
    )
    register.write_text(register.read_text("utf-8") + moved, encoding="utf-8")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout
    target = read_target(str(served.target))
    before = (served.target / "current").readlink().name
    load = subprocess.Popen(
        [
            WRK,
            "--connections",
            "200",
            "--threads",
            "2",
            "--duration",
            "8s",
            "--timeout",
            "20s",
            served.address,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    deploy(project / "build/site", target, lambda _: None)
    for _ in range(10):
        roll_back(target, before)
        time.sleep(0.3)
        roll_back(target, max(file.name for file in (served.target / "releases").iterdir()))
        time.sleep(0.3)
    said, _ = load.communicate(timeout=600)
    answered = re.search(r"(\d+) requests in", said)
    assert answered, said
    assert int(answered[1]) > 200, said
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said, said
    manifest = json.loads(ask(served.address + "data/manifest.json").content)
    assert manifest == json.loads((project / "build/site/data/manifest.json").read_bytes())
    former = ask(f"{served.address}2021/shanghai-hrss/former/")
    assert former.status == 200
    assert 'url=../vocational-training-capacity/"' in former.content.decode()
    withdrawn = ask(f"{served.address}2021/shanghai-hrss/twice/")
    assert (withdrawn.status, "重复申报" in withdrawn.content.decode()) == (200, True)
    roll_back(target, before)
