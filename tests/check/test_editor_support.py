"""In the editor: the JSON Schema explains each field and agrees with `check`; hooks before each commit."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from jixiao.i18n import load_interface_catalogue
from jixiao.load.content_files import load_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import MappingNode
from jixiao.model import declaration_schema
from jixiao.model.declaration import Declaration
from jixiao.model.declaration_schema import FIELD_GUIDANCE, SCHEMA_FILES, build_declaration_schema
from tests.conftest import ROOT, jixiao, run_module
from tests.support.sample_projects import (
    CLINIC_PATH,
    EXAMPLES,
    assert_matches_golden,
    copy_small_project,
    relative_path,
)

OURS = sorted((ROOT / "content/declarations").rglob("*.yml"))
SOUND = sorted((EXAMPLES / "sound").glob("*.yml"))
BROKEN = sorted((EXAMPLES / "broken").glob("*/*.yml"))
STRUCTURE = {"missing-field", "unknown-field", "unknown-value", "wrong-shape", "empty-value"} | {
    "id-format",
    "date-format",
    "year-format",
    "count-format",
}
"""Rules that an editor enforces as well: what may stand where."""


class _Core(yaml.SafeLoader):
    """Reads plain values as an editor does, by YAML 1.2: a date is text, `yes` is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library wants it so


for _tag, _pattern in (
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), None)


def _schema(language: str = "zh") -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(build_declaration_schema(load_interface_catalogue(language)))
    return schema


def _complaints(file: Path) -> list[str]:
    fields = yaml.load(file.read_text("utf-8"), Loader=_Core)  # noqa: S506 - a safe loader of our own
    return [error.message for error in Draft202012Validator(_schema()).iter_errors(fields)]


@pytest.mark.parametrize("language", SCHEMA_FILES)
def test_the_schemas_are_those_of_the_model(language: str, *, rewrites_golden: bool) -> None:
    file = ROOT / "content/schema" / SCHEMA_FILES[language]

    assert_matches_golden(
        file, build_declaration_schema(load_interface_catalogue(language)), rewrites=rewrites_golden
    )
    Draft202012Validator.check_schema(_schema(language))


def test_every_field_has_a_title_words_in_both_languages_and_an_example() -> None:
    chinese, english = _schema("zh"), _schema("en")
    told = set()
    for model, definition in (("Declaration", chinese), *chinese["$defs"].items()):
        others = english if model == "Declaration" else english["$defs"][model]
        for name, field in definition.get("properties", {}).items():
            told.add(f"{model}.{name}")
            assert re.search(r"[\u3400-\u9fff]", field["title"])
            assert re.search(r"[\u3400-\u9fff]", field["description"])
            assert others["properties"][name]["description"][0].isascii()
            # A group is explained by its fields, a closed list by its values, a list of groups by both.
            if "$ref" not in json.dumps(field):
                assert field["examples"]

    message = f"FIELD_GUIDANCE in {relative_path(declaration_schema)} has other fields than the schema"
    assert told == set(FIELD_GUIDANCE), message


@pytest.mark.parametrize("file", [*OURS, *SOUND], ids=lambda file: file.stem)
def test_an_editor_accepts_what_is_sound(file: Path) -> None:
    assert _complaints(file) == []


def _is_broken_in_structure(file: Path) -> bool:
    tree = load_declaration(file.read_bytes(), file.name)
    if not isinstance(tree, MappingNode):
        return False
    read = read_model(Declaration, tree)
    return isinstance(read, tuple) and bool({problem.rule for problem in read} & STRUCTURE)


@pytest.mark.parametrize(
    "file",
    [file for file in BROKEN if _is_broken_in_structure(file)],
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_an_editor_marks_what_check_finds_broken_in_structure(file: Path) -> None:
    assert _complaints(file) != []


def test_the_editor_finds_the_schema_by_the_modeline_and_by_its_settings() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
    ((schema, files),) = settings["yaml.schemas"].items()

    assert ROOT / schema == ROOT / "content/schema/declaration.schema.json"
    assert sorted(ROOT.glob(files)) == OURS
    for file in OURS:
        modeline = file.read_text("utf-8").splitlines()[0]
        assert (file.parent / modeline.partition("$schema=")[2]).resolve() == ROOT / schema


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration that the test may change."""
    return copy_small_project(tmp_path / "project")


def _hooks() -> list[tuple[str, dict[str, Any]]]:
    """List the hooks for other repositories and our own, each with the name of its file."""
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (ours,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    return [
        *((".pre-commit-hooks.yaml", hook) for hook in offered),
        *((".pre-commit-config.yaml", hook) for hook in ours["hooks"] if hook["id"].startswith("jixiao-")),
    ]


def _run(hook: dict[str, Any], project: Path) -> tuple[int, str]:
    """Run a hook as pre-commit does when all files have changed."""
    command, *arguments = hook["entry"].split()
    assert Path(command).name == "jixiao"
    names = sorted(path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file())
    chosen = [name for name in names if re.search(hook["files"], name)]
    assert chosen
    result = jixiao(*arguments, *(chosen if hook.get("pass_filenames", True) else ()), cwd=project)
    return result.returncode, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "hook"), _hooks(), ids=lambda one: one if isinstance(one, str) else one["id"]
)
def test_a_hook_passes_what_is_in_order_and_stops_what_is_not(
    file: str, hook: dict[str, Any], small: Path
) -> None:
    assert file in {".pre-commit-hooks.yaml", ".pre-commit-config.yaml"}
    assert _run({**hook, "entry": "jixiao fmt"}, small)[0] == 0
    assert _run(hook, small)[0] == 0
    sound = (small / CLINIC_PATH).read_text("utf-8")
    (small / CLINIC_PATH).write_text(sound.replace("year: 2021", "year: [2021"), "utf-8")

    code, said = _run(hook, small)

    assert code == 1
    assert CLINIC_PATH in said


def test_the_hook_for_the_layout_writes_it_so_that_pre_commit_stops_once(small: Path) -> None:
    for _, hook in _hooks():
        if hook["id"] == "jixiao-fmt":
            _run(hook, small)
            laid_out = (small / CLINIC_PATH).read_text("utf-8")
            (small / CLINIC_PATH).write_text(laid_out.replace("year: 2021", 'year:   "2021"'), "utf-8")

            assert _run(hook, small)[0] == 0

            assert (small / CLINIC_PATH).read_text("utf-8") == laid_out


def test_pre_commit_takes_both_files() -> None:
    for command, file in (
        ("validate-manifest", ".pre-commit-hooks.yaml"),
        ("validate-config", ".pre-commit-config.yaml"),
    ):
        result = run_module("pre_commit", command, file)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
