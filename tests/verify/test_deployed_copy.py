"""`jixiao verify --against`: a deployed copy, in a folder or behind a server, held against the manifest."""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from jixiao.verify.deployed_copy import compare_deployed_copy
from tests.conftest import jixiao, serve
from tests.support.forked_command import forked_command
from tests.support.hostile_server import ANSWERS, MANIFESTS, OK_HEAD, SLOW, Answer, serve_answers
from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR
from tests.support.sample_projects import EXAMPLES, assert_matches_golden

PAGE = f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/index.html"
MANIFEST = "data/manifest.json"
PATIENCE = 60
"""Seconds for what ends by itself, on however busy a machine."""


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of the built site, as it was deployed."""
    return shutil.copytree(site, tmp_path / "copy")


@pytest.fixture(params=["folder", "server"])
def against(request: pytest.FixtureRequest, copy: Path) -> Iterator[str]:
    """What is given to the command."""
    if request.param == "folder":
        yield str(copy)
    else:
        yield from serve(copy)


def _verify_against(built: Path, against: str, language: str = "en") -> tuple[int, list[str]]:
    result = jixiao("verify", "--project", str(built), "--against", against, language=language)
    return result.returncode, [*result.stdout.splitlines(), *result.stderr.splitlines()]


def _change_manifest_version(copy: Path, difference: int) -> None:
    """Change the number of the version in the manifest of the copy."""
    file = copy / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    manifest["counter"] += difference
    file.write_text(json.dumps(manifest), encoding="utf-8")


def test_an_equal_copy_agrees(built: Path, against: str) -> None:
    assert _verify_against(built, against) == (0, ["The deployed site agrees with the manifest."])


def test_a_changed_digit_is_named(built: Path, copy: Path, against: str) -> None:
    page = copy / PAGE
    page.write_bytes(page.read_bytes().replace(b"151,100,000", b"151,100,001", 1))
    assert _verify_against(built, against) == (
        1,
        [f"{PAGE}: The file is not as the manifest has it; it was changed after publication"],
    )


def test_a_missing_file_is_named(built: Path, copy: Path, against: str) -> None:
    (copy / PAGE).unlink()
    assert _verify_against(built, against) == (1, [f"{PAGE}: The file is missing; the manifest lists it"])


def test_a_file_too_many_is_named_in_a_folder(built: Path, copy: Path) -> None:
    (copy / "x.html").write_text("x", encoding="utf-8")
    assert _verify_against(built, str(copy)) == (1, ["x.html: The file is not in the manifest"])


def test_a_file_too_many_is_named_behind_a_server_that_lists_it(built: Path, copy: Path) -> None:
    (copy / "x.html").write_text("x", encoding="utf-8")
    file = copy / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    manifest["files"].append({"path": "x.html", "length": 1, "sha256": "0"})
    file.write_text(json.dumps(manifest), encoding="utf-8")
    for address in serve(copy):
        assert _verify_against(built, address) == (1, ["x.html: The file is not in the manifest"])


@pytest.mark.parametrize(
    ("difference", "saying"),
    [
        (-1, "an older version is deployed: number 0; here it is number 1"),
        (1, "a newer version is deployed: "),
    ],
)
def test_an_older_copy_is_told_from_a_newer_one(
    built: Path, copy: Path, against: str, difference: int, saying: str
) -> None:
    _change_manifest_version(copy, difference)
    code, said = _verify_against(built, against)
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith(f"{MANIFEST}: {saying}")


def test_a_copy_without_a_manifest_is_told(built: Path, copy: Path, against: str) -> None:
    (copy / MANIFEST).unlink()
    code, said = _verify_against(built, against, language="zh")
    assert (code, said) == (1, [f"{MANIFEST}: 没有清单，或清单读不出来"])


def test_what_cannot_be_reached_is_told_without_a_traceback(built: Path, tmp_path: Path) -> None:
    code, said = _verify_against(built, "http://127.0.0.1:9/")
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith("http://127.0.0.1:9/ cannot be read: ")
    assert _verify_against(built, str(tmp_path / "nowhere"))[0] == 2


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose site has a file for each hostile answer."""
    return _write_manifest(tmp_path_factory.mktemp("hostile"), {*ANSWERS, "good", "moved"})


def _write_manifest(project: Path, names: Collection[str]) -> Path:
    """Make a project whose manifest lists these files."""
    files = [
        {"path": path, "length": 4, "sha256": hashlib.sha256(b"good").hexdigest()} for path in sorted(names)
    ]
    manifest = project / "build/site" / MANIFEST
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"format": 1, "counter": 7, "files": files}), encoding="utf-8")
    return project


def _matching_answer(connection: socket.socket) -> None:
    connection.sendall(OK_HEAD + b"Content-Length: 4\r\n\r\ngood")


def _answer_redirect(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 301 Moved\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n")


def _against(project: Path, address: str, timeout: float = PATIENCE) -> tuple[int, str]:
    """Compare in no more memory than the command needs for itself."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))"
    ran = forked_command().run(
        ("verify", "--project", str(project), "--against", address, "--timeout", str(timeout)),
        environment={**os.environ, "JIXIAO_LANGUAGE": "en", "NO_COLOR": "1"},
        cwd=project,
        before=limited,
        timeout=2 * PATIENCE,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def test_every_hostile_answer_for_a_file_is_told_in_words(tmp_path: Path, *, rewrites_golden: bool) -> None:
    told: list[str] = []
    # Only what never ends by itself is given little time: sound answers may be late on a busy machine.
    for folder, names, timeout in (
        ("quick", {*ANSWERS, "good", "moved"} - SLOW, PATIENCE),
        ("slow", SLOW, 3),
    ):
        project = _write_manifest(tmp_path / folder, names)
        with serve_answers(_route((project / "build/site" / MANIFEST).read_bytes())) as address:
            code, said = _against(project, address, timeout)
        assert code == 1
        told += said.splitlines(keepends=True)
    assert_matches_golden(EXAMPLES / "deployed/hostile.txt", "".join(sorted(told)), rewrites=rewrites_golden)


def _route(manifest: bytes) -> Callable[[str], Answer]:
    listed = OK_HEAD + f"Content-Length: {len(manifest)}\r\n\r\n".encode() + manifest
    known = {
        **{f"/{name}": answer for name, answer in ANSWERS.items()},
        "/good": _matching_answer,
        "/moved": _answer_redirect,
        f"/{MANIFEST}": lambda connection: connection.sendall(listed),
    }
    return known.__getitem__


@pytest.mark.parametrize("name", ["body-without-end", "chunk-negative", "ways-out"])
def test_a_hostile_manifest_is_told_by_the_command(hostile: Path, name: str) -> None:
    with serve_answers(_instead_of_the_manifest(name)) as address:
        code, said = _against(hostile, address)
    assert code == 1
    assert said.startswith(f"{MANIFEST}: "), said


@pytest.mark.parametrize("name", [*ANSWERS, *MANIFESTS])
def test_a_hostile_answer_for_the_manifest_is_one_finding_more(hostile: Path, name: str) -> None:
    # A file may not be longer than listed, a manifest may: drops of one go on.
    slow = {*SLOW, "dripping-body"}
    with serve_answers(_instead_of_the_manifest(name)) as address:
        timeout = 0.3 if name in slow else PATIENCE
        findings = list(compare_deployed_copy(hostile / "build/site", address, timeout=timeout))
    extra = [finding for finding in findings if finding.file != MANIFEST]
    assert len(findings) == len(extra) + 1
    # What a manifest that can be read lists beside our files is there on this server, which has everything.
    # With so little time, sound answers may be late as well.
    assert name in slow or len(extra) == {"ways-out": 5}.get(name, 0), extra


def _instead_of_the_manifest(name: str) -> Callable[[str], Answer]:
    bad = {**ANSWERS, **MANIFESTS}[name]
    return lambda path: bad if path == f"/{MANIFEST}" else _matching_answer


@pytest.mark.parametrize(
    "typed", ["http://", "http://[::1", "http://u:p@127.0.0.1/", "http://127.0.0.1:99999/", "https://a b/"]
)
def test_what_is_no_address_is_told(hostile: Path, typed: str) -> None:
    assert _against(hostile, typed) == (2, f"“{typed}” is not a usable address\n")


def test_a_server_without_tls_is_told(hostile: Path) -> None:
    with serve_answers(lambda _path: _matching_answer) as address:
        code, said = _against(hostile, address.replace("http:", "https:"), timeout=0.5)
    assert (code, len(said.splitlines())) == (2, 1)
    assert said.startswith("https://127.0.0.1:")
