"""Compiled templates spare the next process work; they never change a page and never stop a build."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import copy_program
from tests.support.build_runs import build, read_all_files
from tests.support.sample_projects import copy_small_project


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program that may keep compiled templates."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    return copy_program(tmp_path / "checkout")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project."""
    return copy_small_project(tmp_path / "project")


def _pages(checkout: Path, project: Path) -> dict[str, bytes]:
    """Rebuild; return the files of the site."""
    (project / "build/.cache").unlink(missing_ok=True)
    result = build(project, checkout=checkout)
    assert (result.returncode, result.stderr) == (0, "")
    return read_all_files(project / "build/site")


def _read_compiled_templates(checkout: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (checkout / "generator/jixiao/pages/__pycache__").glob("*.jinja")
    }


def test_a_second_build_takes_the_templates_as_they_were_compiled(checkout: Path, project: Path) -> None:
    first = _pages(checkout, project)
    compiled = _read_compiled_templates(checkout)
    assert compiled

    assert _pages(checkout, project) == first
    assert _read_compiled_templates(checkout) == compiled


def test_a_changed_template_is_compiled_again(checkout: Path, project: Path) -> None:
    _pages(checkout, project)
    with (checkout / "theme/pages/home.md.jinja").open("a", encoding="utf-8") as template:
        template.write("\nA word of the publisher.\n")

    pages = _pages(checkout, project)

    assert b"A word of the publisher." in pages["index.html"]


def test_a_changed_program_takes_over_nothing_that_another_has_compiled(
    checkout: Path, project: Path
) -> None:
    _pages(checkout, project)
    before = _read_compiled_templates(checkout)
    with (checkout / "generator/jixiao/i18n.py").open("a", encoding="utf-8") as module:
        module.write("# another program\n")

    _pages(checkout, project)

    after = _read_compiled_templates(checkout)
    assert after.keys() == before.keys()
    assert [name for name in before if after[name] == before[name]] == []


def test_compiled_templates_that_are_spoilt_are_made_again(checkout: Path, project: Path) -> None:
    first = _pages(checkout, project)
    compiled = _read_compiled_templates(checkout)
    for number, name in enumerate(sorted(compiled)):
        spoilt = (b"", b"no template", compiled[name][:40])[number % 3]
        (checkout / "generator/jixiao/pages/__pycache__" / name).write_bytes(spoilt)

    assert _pages(checkout, project) == first
    assert _read_compiled_templates(checkout) == compiled


def test_where_nothing_can_be_kept_a_build_compiles_for_itself(checkout: Path, project: Path) -> None:
    first = _pages(checkout, project)
    shutil.rmtree(checkout / "generator/jixiao/pages/__pycache__")
    (checkout / "generator/jixiao/pages/__pycache__").write_text("not a folder", "utf-8")

    assert _pages(checkout, project) == first
