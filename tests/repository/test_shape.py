"""Laws of the code that `tests/shape.py` measures: one name, one thing; short functions; plain docstrings.

A failing test lists each place that breaks the law. A name that must be shared goes into the short list of
exceptions, with its reason.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shape import (
    MAX_PARAMETERS,
    MEASURES,
    Package,
    function_length,
    main,
    parameter_count,
    shared_class_names,
    shared_module_names,
    summary,
)

SHARED_CLASS_NAMES: dict[str, str] = {}
"""Class names that two modules may use, each with the reason."""
SHARED_MODULE_NAMES: dict[str, str] = {}
"""Module names that two folders may use, each with the reason; the halves of a command need none."""

LONGEST_FUNCTION = 50
REFUSED_BEGINNING = re.compile(r"(?:Give|Tell|Say|Look(?! up)|Have|Find out)s?\b")
REFUSED_PHRASE = re.compile(r"\b(?:what|of which|as far as|anew|told|whoever|nothing but)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def package() -> Package:
    """The source files of the package."""
    return Package(ROOT)


def test_a_class_name_means_one_class(package: Package) -> None:
    _assert_shared_by_exception_only(shared_class_names(package), SHARED_CLASS_NAMES)


def test_a_module_name_means_one_module_or_the_two_halves_of_a_command(package: Package) -> None:
    _assert_shared_by_exception_only(shared_module_names(package, with_twins=False), SHARED_MODULE_NAMES)


def test_a_module_name_of_the_tests_means_one_module() -> None:
    paths = [path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("__")]
    names = Counter(path.name for path in paths if "node_modules" not in path.parts)

    _assert_none([name for name, count in names.items() if count > 1], "Rename all but one of each")


def _assert_shared_by_exception_only(shared: dict[str, list[str]], exceptions: dict[str, str]) -> None:
    lines = [f"{name}: {', '.join(places)}" for name, places in shared.items() if name not in exceptions]
    _assert_none(lines, "Rename all but one of each")

    past = sorted(exceptions.keys() - shared.keys())
    assert not past, f"Exceptions in {Path(__file__).name} that are needed no more: {past}"


def _assert_none(lines: list[str], advice: str) -> None:
    # Not by comparing with an empty list: pytest takes long to explain how a long one differs.
    assert not lines, "\n".join([f"{advice}:", *lines])


def test_a_function_fits_on_a_screen(package: Package) -> None:
    long = [
        f"{path}:{function.name}: {length} lines"
        for path, function in package.functions
        if (length := function_length(function)) > LONGEST_FUNCTION
    ]

    _assert_none(long, f"Longer than {LONGEST_FUNCTION} lines")


def test_a_function_takes_at_most_five_parameters(package: Package) -> None:
    # Typer makes an option of each parameter of a command: there the command line decides how many there are.
    long = [
        f"{path}:{function.name}: {count} parameters"
        for path, function in package.functions
        if (count := parameter_count(function)) > MAX_PARAMETERS and path.parts[0] != "cli"
    ]

    _assert_none(long, f"More than {MAX_PARAMETERS} parameters")


def test_a_docstring_begins_with_a_summary_in_plain_english(package: Package) -> None:
    summaries = {place: summary(text) for place, text in (*package.docstrings, *package.field_docstrings)}
    without = [place for place, line in summaries.items() if not re.search(r"\w", line)]
    unclear = [
        f"{place}: {line}"
        for place, line in summaries.items()
        # The docstring of a rule is its published page.
        if not (place.startswith("check/rules/") and place.endswith(":module"))
        and (REFUSED_BEGINNING.match(line) or REFUSED_PHRASE.search(line))
    ]

    _assert_none(without, "No summary")
    _assert_none(unclear, "Name the result with a noun, in words that one says aloud")


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


VERIFYING = '''"""Tell what it is."""

LABELS = ("项目名称", "其他资金", "网站")


class _Cell:
    """One cell."""
'''
COMMAND = '''from jixiao.verify import page


class Cell:
    def told(self, a, b, c, d, e):
        """Return nothing.

        Never.
        """
        return _help(a)


def _help(a):
    return page
'''


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of three modules in which every measure finds something."""
    _write(tmp_path, "README.md", "one two\n")
    _write(
        tmp_path, "CONTRIBUTING.md", "## 编辑\n\nnot this\n\n## Add a rule\n\n```\n## 编辑\n```\n\nbut this\n"
    )
    _write(tmp_path, "theme/pages/home.md.jinja", '{{ "项目名称" }} {{ "其他资金" }}\n')
    _write(tmp_path, "generator/jixiao/__init__.py", '"""A package."""\n')
    _write(tmp_path, "generator/jixiao/verify/page.py", VERIFYING)
    _write(tmp_path, "generator/jixiao/cli/page.py", COMMAND)
    return tmp_path


def test_each_measure_counts_as_it_is_defined(checkout: Path) -> None:
    package = Package(checkout)

    assert {name: round(measure.count(package), 1) for name, measure in MEASURES.items()} == {
        "lines": 22,
        "modules": 3,
        "entries": 2,
        "classes": 100,
        "module-names": 1,
        "module-twins": 1,
        "called-once": 50,
        "docstrings": 25,
        "names": 50,
        "imports": 0.3,
        "p90": 2,
        "longest": 2,
        "parameters": 0,
        "words": 12,
        "wording": 1,
        "wording-sums": 2,
    }


def test_a_missed_aim_is_named_and_ends_the_run_with_one(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--only", "wording"], checkout) == 1
    assert re.fullmatch(r"template wording in verify/ +1   ≤ 0 +missed\n", capsys.readouterr().out)
    assert main(["--only", "lines"], checkout) == 0
    assert re.fullmatch(r"lines of Python +22   ≤ 28,500\n", capsys.readouterr().out)


def test_the_halves_of_a_command_share_their_name(tmp_path: Path) -> None:
    for name in ("cli/build.py", "commands/build.py", "cli/new.py", "pages/new.py"):
        _write(tmp_path, f"generator/jixiao/{name}", "")
    package = Package(tmp_path)

    assert shared_module_names(package) == {
        "build.py": ["cli/build.py", "commands/build.py"],
        "new.py": ["cli/new.py", "pages/new.py"],
    }
    assert list(shared_module_names(package, with_twins=False)) == ["new.py"]
