"""Measures of the package: how much code there is, and how hard it is to find one's way in it.

    python -m tests.shape [--only NAME]

Prints each measure with its value and its aim, and ends with 1 if an aim is missed. Each measure is a
function whose docstring defines it. The code is parsed and never imported, with the standard library alone.
"""

import argparse
import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

CHECKOUT = Path(__file__).parent.parent
PACKAGE_NAMES: Final = ("jixiao", "generator")
ALWAYS_THERE: Final = {"README.md", "__init__.py", "__main__.py"}
"""Entries of every package; they cost a reader nothing."""
MAX_PARAMETERS: Final = 5

REFUSED_BEGINNINGS: Final = re.compile(r"(?:Give|Tell|Say)s?\b")
REFUSED_PHRASES: Final = re.compile(r"\b(?:what|of which|as far as|anew|told)\b", re.IGNORECASE)
PARTICIPLE: Final = re.compile(
    "(?!embed|exceed|need|proceed|speed).{3,}ed|begun|brought|built|chosen|drawn|found|given|gone|held|kept|known|laid|"
    "left|lost|made|meant|met|paid|said|seen|sent|shown|spelt|spent|taken|thrown|told|torn|understood|withdrawn|written"
)
SUM_LABELS: Final = frozenset(
    {
        "项目资金总额",
        "其中：财政资金",
        "其他资金",
        "年度资金申请总额",
        "年度资金申请总额合计",
        "其中：当年财政拨款",
        "上年结转资金",
        "单位：{unit}",
        "元",
        "万元",
    }
)
"""Words around sums, which the verification may know: one sum must not pass for another."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Package:
    """Source files of the package, parsed."""

    checkout: Path

    @cached_property
    def root(self) -> Path:
        """Folder of the package: `generator/jixiao`, or `generator` in older commits."""
        renamed = self.checkout / "generator/jixiao"
        return renamed if renamed.is_dir() else self.checkout / "generator"

    @cached_property
    def sources(self) -> Mapping[Path, str]:
        """Text of each module, by its path in the package."""
        paths = sorted(self.root.rglob("*.py"))
        return {path.relative_to(self.root): path.read_text("utf-8") for path in paths}

    @cached_property
    def trees(self) -> Mapping[Path, ast.Module]:
        """Syntax tree of each module, by its path in the package."""
        return {path: ast.parse(source) for path, source in self.sources.items()}

    @cached_property
    def functions(self) -> tuple[tuple[Path, Function], ...]:
        """All functions and methods, also those inside functions."""
        return tuple(
            (path, node)
            for path, node in self._nodes()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )

    @cached_property
    def classes(self) -> tuple[tuple[Path, ast.ClassDef], ...]:
        """All classes."""
        return tuple((path, node) for path, node in self._nodes() if isinstance(node, ast.ClassDef))

    @cached_property
    def docstrings(self) -> tuple[tuple[str, str], ...]:
        """Docstrings of modules, classes and functions, each after its place."""
        return tuple(
            (f"{path}:{getattr(node, 'name', 'module')}", text)
            for path, node in self._nodes()
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and (text := ast.get_docstring(node)) is not None
        )

    @cached_property
    def field_docstrings(self) -> tuple[tuple[str, str], ...]:
        """Strings below the fields and constants that they describe, each after its place."""
        return tuple(
            (f"{path}:{ast.unparse(field)}", text)
            for path, node in self._nodes()
            if isinstance(node, ast.Module | ast.ClassDef)
            for field, text in _field_docstrings(node)
        )

    def _nodes(self) -> Iterator[tuple[Path, ast.AST]]:
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                yield path, node


def _field_docstrings(node: ast.Module | ast.ClassDef) -> Iterator[tuple[ast.expr, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=target) | ast.Assign(targets=[target]),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                yield target, text.strip()


def summary(docstring: str) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(docstring.strip().split("\n\n")[0].split())


def shared_class_names(package: Package) -> dict[str, list[str]]:
    """Return class names that are used twice, leading underscores aside, with their modules."""
    return _repeated((node.name.lstrip("_"), path.as_posix()) for path, node in package.classes)


def shared_module_names(package: Package, *, with_twins: bool = True) -> dict[str, list[str]]:
    """Return module names that are used in two folders, `__init__` aside, with their paths.

    Args:
        package: All modules.
        with_twins: Whether the two halves of a command, in `cli/` and `commands/`, count as well.
    """
    shared = _repeated((path.name, path.as_posix()) for path in package.trees if path.name != "__init__.py")
    twins = {f"{folder}/{name}" for name in shared for folder in ("cli", "commands")}
    return {name: paths for name, paths in shared.items() if with_twins or not set(paths) <= twins}


def _repeated(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    places = defaultdict(list)
    for name, place in pairs:
        places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def function_length(function: Function) -> int:
    """Return the lines of a function from `def` to its end; decorators and the docstring do not count."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    match function.body[0]:
        case ast.Expr(value=ast.Constant(value=str())) as text:
            lines -= (text.end_lineno or text.lineno) - text.lineno + 1
    return lines


def parameter_count(function: Function) -> int:
    """Count the named parameters of a function; `self`, `cls`, `*args` and `**kwargs` do not count."""
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def code_lines(package: Package) -> float:
    """Count all lines of all modules, blank lines and comments too."""
    return sum(len(source.splitlines()) for source in package.sources.values())


def module_count(package: Package) -> float:
    """Count all modules, `__init__.py` too."""
    return len(package.sources)


def entry_count(package: Package) -> float:
    """Count the entries that `ls` shows in the package, without `__pycache__` and `ALWAYS_THERE`."""
    entries = {path.name for path in package.root.iterdir() if not path.name.startswith(".")}
    return len(entries - ALWAYS_THERE - {"__pycache__"})


def shared_class_share(package: Package) -> float:
    """Return the share of classes whose name another class has, leading underscores aside."""
    return _percentage(sum(map(len, shared_class_names(package).values())), len(package.classes))


def shared_module_count(package: Package) -> float:
    """Count the module names in two folders, a command's two halves aside."""
    return len(shared_module_names(package, with_twins=False))


def shared_module_count_with_twins(package: Package) -> float:
    """Count the module names in two folders, a command's two halves too."""
    return len(shared_module_names(package))


def called_once_share(package: Package) -> float:
    """Return the share of all functions that are private and used exactly once in their module."""
    uses = {path: Counter(_used_names(tree)) for path, tree in package.trees.items()}
    once = [
        function.name
        for path, function in package.functions
        if function.name.startswith("_")
        and not function.name.startswith("__")
        and uses[path][function.name] == 1
    ]
    return _percentage(len(once), len(package.functions))


def _used_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name


def unclear_docstring_share(package: Package) -> float:
    """Return the share of summaries (modules, classes, functions) with a refused beginning or phrase."""
    summaries = [summary(text) for _, text in package.docstrings]
    unclear = [text for text in summaries if REFUSED_BEGINNINGS.match(text) or REFUSED_PHRASES.search(text)]
    return _percentage(len(unclear), len(summaries))


def unclear_name_share(package: Package) -> float:
    """Return the share of function names that end in `_of` or in a participle; `is_…` and `has_…` may."""
    names = [function.name for _, function in package.functions]
    return _percentage(sum(map(_is_unclear_name, names)), len(names))


def _is_unclear_name(name: str) -> bool:
    parts = name.strip("_").split("_")
    return parts[0] not in {"is", "has"} and (parts[-1] == "of" or bool(PARTICIPLE.fullmatch(parts[-1])))


def import_mean(package: Package) -> float:
    """Return the mean number of statements of a module that import modules of the package."""
    imports = sum(1 for tree in package.trees.values() for node in ast.walk(tree) if _is_own_import(node))
    return imports / len(package.trees)


def _is_own_import(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module=module, level=level):
            return level > 0 or (module or "").partition(".")[0] in PACKAGE_NAMES
        case ast.Import(names=names):
            return any(name.name.partition(".")[0] in PACKAGE_NAMES for name in names)
    return False


def length_p90(package: Package) -> float:
    """Return the length that nine of ten functions do not exceed, in lines without the docstring."""
    lengths = sorted(function_length(function) for _, function in package.functions)
    return lengths[len(lengths) * 9 // 10]


def longest_function(package: Package) -> float:
    """Return the length of the longest function, in lines without the docstring."""
    return max(function_length(function) for _, function in package.functions)


def long_signature_count(package: Package) -> float:
    """Count the functions with more than five parameters."""
    return sum(parameter_count(function) > MAX_PARAMETERS for _, function in package.functions)


def words_to_read(package: Package) -> float:
    """Count the words of README, generator/README and the developers' part of CONTRIBUTING, as `wc -w` does.

    The developers' part is all sections whose title holds neither Chinese nor the word "editor".
    """
    files = [
        package.checkout / "README.md",
        package.root / "README.md",
        package.checkout / "generator/README.md",
    ]
    texts = [file.read_text("utf-8") for file in dict.fromkeys(files) if file.is_file()]
    texts.append(_developer_part((package.checkout / "CONTRIBUTING.md").read_text("utf-8")))
    return sum(len(text.split()) for text in texts)


def _developer_part(text: str) -> str:
    kept: list[str] = []
    is_for_developers = is_in_code = False
    for line in text.splitlines():
        is_in_code ^= line.startswith("```")
        if line.startswith("## ") and not is_in_code:
            is_for_developers = not _CHINESE.search(line) and "editor" not in line.lower()
        if is_for_developers:
            kept.append(line)
    return "\n".join(kept)


def template_wording_count(package: Package) -> float:
    """Count the Chinese texts in `verify/` that a template quotes word for word, labels of sums aside."""
    return len(template_wordings(package) - SUM_LABELS)


def template_wording_count_with_sums(package: Package) -> float:
    """Count the Chinese texts in `verify/` that a template quotes word for word."""
    return len(template_wordings(package))


def template_wordings(package: Package) -> set[str]:
    """Return the Chinese texts in `verify/`, docstrings aside, that a template quotes word for word."""
    theme = package.checkout / "theme"
    paths = sorted(path for path in theme.rglob("*") if path.suffix in {".jinja", ".html"})
    templates = "\n".join(path.read_text("utf-8") for path in paths)
    literals = {
        text
        for path, tree in package.trees.items()
        if path.parts[0] == "verify"
        for text in _literals(tree)
        if _CHINESE.search(text)
    }
    return {text for text in literals if f'"{text}"' in templates or f"'{text}'" in templates}


def _literals(tree: ast.Module) -> Iterator[str]:
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in alone:
                yield text


def _percentage(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


@dataclass(frozen=True)
class Measure:
    """One line of the table."""

    title: str
    count: Callable[[Package], float]
    aim: float | None = None
    """Highest value that is good enough; `None` where the value is only of interest."""
    unit: str = ""
    decimals: int = 0

    def describe(self, value: float) -> tuple[str, bool]:
        """Return the line of the table, and whether the aim is missed; the value counts as it is shown."""
        is_missed = self.aim is not None and round(value, self.decimals) > self.aim
        aim = "" if self.aim is None else f"≤ {self.aim:,}{self.unit}"
        shown = f"{value:,.{self.decimals}f}{self.unit}"
        return f"{self.title:36} {shown:>9}   {aim:10}{'missed' if is_missed else ''}".rstrip(), is_missed


MEASURES: Final = {
    "lines": Measure("lines of Python", code_lines, 28_500),
    "modules": Measure("modules", module_count, 200),
    "entries": Measure("entries that ls shows", entry_count, 28),
    "classes": Measure("classes that share a name", shared_class_share, 3, " %", 1),
    "module-names": Measure("module names in two folders", shared_module_count, 8),
    "module-twins": Measure("  with twins of commands", shared_module_count_with_twins),
    "called-once": Measure("private functions called once", called_once_share, 15, " %", 1),
    "docstrings": Measure("unclear docstring summaries", unclear_docstring_share, 1, " %", 1),
    "names": Measure("function names in _of or participles", unclear_name_share, 2, " %", 1),
    "imports": Measure("own imports a module", import_mean, 4, "", 1),
    "p90": Measure("function lines, p90", length_p90, 22),
    "longest": Measure("function lines, longest", longest_function, 50),
    "parameters": Measure("functions over five parameters", long_signature_count, 3),
    "words": Measure("words before the first change", words_to_read, 2_000),
    "wording": Measure("template wording in verify/", template_wording_count, 0),
    "wording-sums": Measure("  with labels of sums", template_wording_count_with_sums),
}


def main(arguments: list[str] | None = None, checkout: Path = CHECKOUT) -> int:
    """Print the table; return 1 if an aim is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.shape", description="Measure the shape of the package."
    )
    parser.add_argument(
        "--only", choices=MEASURES, metavar="NAME", help=f"one measure of: {', '.join(MEASURES)}"
    )
    only = parser.parse_args(arguments).only
    package = Package(checkout)
    measures = [measure for name, measure in MEASURES.items() if only in {None, name}]
    lines, misses = zip(*(measure.describe(measure.count(package)) for measure in measures), strict=True)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(any(misses))


if __name__ == "__main__":
    sys.exit(main())
