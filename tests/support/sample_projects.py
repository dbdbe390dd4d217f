"""Sample projects, problems as printed text, and comparison with golden files."""

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType

import pytest

from jixiao import pipeline
from jixiao.i18n import load_interface_catalogue
from jixiao.load.content_files import load_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import MappingNode
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem, ProblemFormat, ReadError, format_problems

EXAMPLES = Path(__file__).parents[1] / "examples"
SMALL_SITE = EXAMPLES / "sites" / "small"
CLINIC_PATH = "content/declarations/2021/health/clinic.yml"


def copy_small_project(folder: Path) -> Path:
    """Copy the sample site of one declaration."""
    shutil.copytree(SMALL_SITE, folder, ignore=shutil.ignore_patterns("build", "expected"))
    return folder


def add_declaration(project: Path, name: str, text: str) -> None:
    """Add a declaration of the clinic's department and year, with its address."""
    (project / CLINIC_PATH).with_name(f"{name}.yml").write_text(text, encoding="utf-8")
    with (project / "content/addresses.yml").open("a", encoding="utf-8") as register:
        register.write(f"  - 2021/health/{name}\n")


def set_rules(project: Path, rules: dict[str, str]) -> None:
    """Set severities in the settings of *project*, which has set none."""
    if not rules:
        return
    lines = [f"  {rule}: {severity}\n" for rule, severity in rules.items()]
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("".join(["rules:\n", *lines]))


def check_project(project: Path) -> tuple[Problem, ...]:
    """Check *project*."""
    return pipeline.check(project).problems


def format_problem_report(problems: tuple[Problem, ...]) -> str:
    """Print problems as `jixiao check` does, in English and in Chinese."""
    languages = (load_interface_catalogue(language) for language in ("en", "zh"))
    return "".join(
        f"{line}\n" for words in languages for line in format_problems(problems, ProblemFormat.TEXT, words)
    )


def assert_matches_golden(expected: Path, text: str, *, rewrites: bool) -> None:
    """Compare *text* with a golden file, or rewrite the file."""
    before = expected.read_text("utf-8") if expected.is_file() else None
    # A file that is right stays untouched: tests in other processes may be reading it.
    if rewrites and before != text:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8", newline="\n")
        before = text
    name = relative_path(expected)
    assert before is not None, f"{name} is missing: make golden writes it"
    assert before == text, f"{name} differs: if the change is intended, make golden rewrites it"


def assert_no_others(found: Collection[Path], expected: Collection[Path], *, rewrites: bool) -> None:
    """Check that no golden file is left that nothing is compared with, or remove those."""
    others = sorted(set(found) - set(expected))
    if rewrites:
        for file in others:
            file.unlink()
    else:
        names = [relative_path(file) for file in others]
        assert not names, f"Nothing is compared with these files: make golden removes them: {names}"


def relative_path(file: Path | str | ModuleType) -> str:
    """Return the path of a file or module from the top of the repository, for messages that name it."""
    path = Path(str(file.__file__) if isinstance(file, ModuleType) else file)
    root = EXAMPLES.parents[1]
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def read_error(read: Callable[[object], object], value: object) -> ReadError:
    """Return the error of a reader for a value that it must refuse."""
    with pytest.raises(ReadError) as caught:
        read(value)
    return caught.value


def refusing_rule(read: Callable[[object], object], value: object) -> str:
    """Return the rule by which a reader refuses a value."""
    return read_error(read, value).rule


def read_sound_declaration(file: Path) -> Declaration:
    """Read the declaration in *file*, which is sound in its shape."""
    tree = load_declaration(file.read_bytes(), file.name)
    assert isinstance(tree, MappingNode), format_problem_report(tree) if isinstance(tree, tuple) else tree
    declaration = read_model(Declaration, tree)
    assert isinstance(declaration, Declaration), format_problem_report(declaration)
    return declaration
