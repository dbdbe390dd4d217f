"""`jixiao verify --against`: a deployed copy, in a folder or behind a server, held against the manifest."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import jixiao, serve
from tests.reading import DECLARATIONS, DEPARTMENT_YEAR

PAGE = f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/index.html"
MANIFEST = "data/manifest.json"


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


def _said(built: Path, against: str, language: str = "en") -> tuple[int, list[str]]:
    result = jixiao("verify", "--project", str(built), "--against", against, language=language)
    return result.returncode, [*result.stdout.splitlines(), *result.stderr.splitlines()]


def _counted(copy: Path, difference: int) -> None:
    """Change the number of the version in the manifest of the copy."""
    file = copy / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    manifest["counter"] += difference
    file.write_text(json.dumps(manifest), encoding="utf-8")


def test_an_equal_copy_agrees(built: Path, against: str) -> None:
    assert _said(built, against) == (0, ["The deployed site agrees with the manifest."])


def test_a_changed_digit_is_named(built: Path, copy: Path, against: str) -> None:
    page = copy / PAGE
    page.write_bytes(page.read_bytes().replace(b"151,100,000", b"151,100,001", 1))
    assert _said(built, against) == (
        1,
        [f"{PAGE}: The file is not as the manifest has it; it was changed after publication"],
    )


def test_a_missing_file_is_named(built: Path, copy: Path, against: str) -> None:
    (copy / PAGE).unlink()
    assert _said(built, against) == (1, [f"{PAGE}: The file is missing; the manifest lists it"])


def test_a_file_too_many_is_named_in_a_folder(built: Path, copy: Path) -> None:
    (copy / "x.html").write_text("x", encoding="utf-8")
    assert _said(built, str(copy)) == (1, ["x.html: The file is not in the manifest"])


def test_a_file_too_many_is_named_behind_a_server_that_lists_it(built: Path, copy: Path) -> None:
    (copy / "x.html").write_text("x", encoding="utf-8")
    file = copy / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    manifest["files"].append({"path": "x.html", "length": 1, "sha256": "0"})
    file.write_text(json.dumps(manifest), encoding="utf-8")
    for address in serve(copy):
        assert _said(built, address) == (1, ["x.html: The file is not in the manifest"])


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
    _counted(copy, difference)
    code, said = _said(built, against)
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith(f"{MANIFEST}: {saying}")


def test_a_copy_without_a_manifest_is_told(built: Path, copy: Path, against: str) -> None:
    (copy / MANIFEST).unlink()
    code, said = _said(built, against, language="zh")
    assert (code, said) == (1, [f"{MANIFEST}: 没有清单，或清单读不出来"])


def test_what_cannot_be_reached_is_told_without_a_traceback(built: Path, tmp_path: Path) -> None:
    code, said = _said(built, "http://127.0.0.1:9/")
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith("http://127.0.0.1:9/ cannot be read: ")
    assert _said(built, str(tmp_path / "nowhere"))[0] == 2
