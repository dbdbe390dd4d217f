"""Content of an older format: `jixiao migrate` brings it up step by step, and comments stay."""

import re
from pathlib import Path

import pytest

from jixiao.commands.migrate import FormatMigration, migrate, rename_field
from jixiao.i18n import message
from jixiao.load.yaml_tree import ListNode, MappingNode
from tests.conftest import ROOT, jixiao
from tests.support import CLINIC, small_project

RENAMED = message("nature 改名 kind")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration, with comments at the places that change."""
    project = small_project(tmp_path / "project")
    text = (project / CLINIC).read_text("utf-8")
    text = text.replace("nature: 一次性项目", "# 照表\nnature:   一次性项目")
    text = text.replace("      - id: visits\n", "      # 第一项\n      - id: visits\n")
    (project / CLINIC).write_text(text, encoding="utf-8")
    return project


def _rename_nature(text: str, tree: MappingNode) -> str:
    return rename_field(text, tree, ("nature",), "kind")


def _rename_ids(text: str, tree: MappingNode) -> str:
    """Give the id of every indicator another name: three levels down, in lists."""
    groups = {key.text: value for key, value in tree.pairs}["indicators"]
    assert isinstance(groups, MappingNode)
    for level1, classes in groups.pairs:
        assert isinstance(classes, MappingNode)
        for level2, rows in classes.pairs:
            assert isinstance(rows, ListNode)
            for place, _ in enumerate(rows.entries):
                way = ("indicators", level1.text or "", level2.text or "", place, "id")
                text = rename_field(text, tree, way, "no")
    return text


FILES = "content/declarations/*/*/*.yml"
STEPS = (
    FormatMigration(format=2, description=RENAMED, files=FILES, change=_rename_nature),
    FormatMigration(format=3, description=message("id 改名 no"), files=FILES, change=_rename_ids),
)


def test_all_steps_are_gone_through_and_nothing_else_changes(small: Path) -> None:
    before = (small / CLINIC).read_text("utf-8")
    told = migrate(small, writes=False, migrations=STEPS)
    assert (told.before, told.after) == (1, 3)
    assert [(file, saying.template) for file, saying in told.changed] == [
        (CLINIC, "nature 改名 kind"),
        (CLINIC, "id 改名 no"),
    ]
    assert (small / CLINIC).read_text("utf-8") == before
    assert migrate(small, writes=True, migrations=STEPS) == told
    expected = before.replace("nature:   一次性项目", "kind:   一次性项目")
    expected = re.sub(r"^(      - )id:", r"\1no:", expected, flags=re.MULTILINE)
    assert (small / CLINIC).read_text("utf-8") == expected
    settings = (small / "site_config.yml").read_text("utf-8")
    assert settings.endswith("\n\nformat: 3\n")
    assert [path.name for path in small.rglob(".*.new")] == []


def test_a_site_goes_through_the_steps_that_it_is_behind_and_no_others(small: Path) -> None:
    later = (FormatMigration(format=1, description=RENAMED, files=FILES, change=_rename_nature), STEPS[1])
    assert [file for file, _ in migrate(small, writes=True, migrations=later).changed] == [CLINIC]
    assert "\nnature:" in (small / CLINIC).read_text("utf-8")


def test_where_one_file_cannot_be_read_none_is_changed(small: Path) -> None:
    broken = (small / CLINIC).with_name("ward.yml")
    broken.write_text("name: >=90%\n", encoding="utf-8")
    before = {file: file.read_bytes() for file in small.rglob("*") if file.is_file()}
    done = migrate(small, writes=True, migrations=STEPS)
    assert (done.before, done.after, done.changed) == (1, 1, ())
    assert {problem.place.file for problem in done.problems} == {"content/declarations/2021/health/ward.yml"}
    assert {file: file.read_bytes() for file in small.rglob("*") if file.is_file()} == before


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
