"""What `jixiao migrate` answers while there is one format of content files."""

from pathlib import Path

import pytest

from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import copy_small_project


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration."""
    return copy_small_project(tmp_path / "project")


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_content_of_the_present_format_stays(small: Path, options: tuple[str, ...]) -> None:
    before = {file: file.read_bytes() for file in small.rglob("*") if file.is_file()}
    said = jixiao("migrate", *options, "--project", str(small))
    assert (said.returncode, said.stdout) == (0, "The content files have the present format (1).\n")
    assert {file: file.read_bytes() for file in small.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("number", ["2", "0", "一", "1.5"])
def test_a_program_that_is_too_old_says_so(small: Path, number: str) -> None:
    settings = small / "site_config.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\nformat: {number}\n", encoding="utf-8")
    for command in ("check", "build", "migrate"):
        said = jixiao(command, "--project", str(small))
        assert said.returncode == 1
        assert (
            f"this program does not know format {number} of content files, only formats up to 1"
            in said.stdout
        )
        assert "Upgrade jixiao" in said.stdout
    assert not (small / "build/site").exists()


def test_what_editors_explain_becomes_that_of_this_release(small: Path) -> None:
    schema = small / "content/schema/declaration.schema.json"
    schema.parent.mkdir()
    schema.write_text("{}\n", encoding="utf-8")
    asked = jixiao("migrate", "--check", "--project", str(small))
    assert (asked.returncode, schema.read_text("utf-8")) == (1, "{}\n")
    changed = "content/schema/declaration.schema.json: the schema for editors is now that of this release\n"
    said = "The content files have the present format (1).\n"

    for expected in (f"{changed}{said}", said):
        assert jixiao("migrate", "--project", str(small)).stdout == expected
    assert schema.read_text("utf-8") == (ROOT / "content/schema/declaration.schema.json").read_text("utf-8")
