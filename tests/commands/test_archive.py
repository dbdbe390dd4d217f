"""`jixiao archive`: the whole site in one file, the same bytes each time, as good as the site itself."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import jixiao, serve
from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR


def _archive(built: Path, target: Path) -> bytes:
    said = jixiao("archive", str(target), "--project", str(built))
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines() == [f"The site is packed: {target}"]
    return target.read_bytes()


def test_the_same_site_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(built, copy)
    for file in (copy / "build/site").rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o600)
    assert _archive(built, tmp_path / "one.zip") == _archive(copy, tmp_path / "other.zip")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


@pytest.mark.browser
def test_what_is_unpacked_is_the_site(built: Path, tmp_path: Path, page: Page) -> None:
    _archive(built, tmp_path / "site.zip")
    with ZipFile(tmp_path / "site.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    said = jixiao("verify", "--project", str(built), "--against", str(tmp_path / "unpacked"))
    assert said.stdout.splitlines() == ["The deployed site agrees with the manifest."]
    for address in serve(tmp_path / "unpacked"):
        page.goto(f"{address}{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/")
        expect(page.locator("h1")).to_have_text("高技能人才培养基地建设资助")
        # The server ends with this block, and what the page loads later would fail.
        page.wait_for_load_state("networkidle")


def test_a_site_that_was_changed_is_not_packed(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built, copy)
    (copy / "build/site/index.html").write_text("x", encoding="utf-8")
    said = jixiao("archive", str(tmp_path / "site.zip"), "--project", str(copy))
    assert said.returncode == 1
    assert said.stdout.splitlines() == [
        "index.html: The file is not as the manifest has it; it was changed after publication",
        "The site was not packed.",
    ]
    assert not (tmp_path / "site.zip").exists()


def test_no_file_is_written_over(built: Path, tmp_path: Path) -> None:
    (tmp_path / "site.zip").write_text("mine", encoding="utf-8")
    said = jixiao("archive", str(tmp_path / "site.zip"), "--project", str(built))
    assert said.returncode == 1
    assert said.stderr.strip() == f"there is such a file already: {tmp_path / 'site.zip'}"
    assert (tmp_path / "site.zip").read_text("utf-8") == "mine"


def test_without_a_site_it_says_so(project: Path, tmp_path: Path) -> None:
    said = jixiao("archive", str(tmp_path / "site.zip"), "--project", str(project))
    assert said.returncode == 2
    assert "build/site" in said.stderr
