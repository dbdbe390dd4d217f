"""Chinese texts that should be translated: those of a site's content and the messages of the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from jixiao.analysis.site_content import SiteContent
from jixiao.i18n import TranslationCatalogue
from jixiao.model.declaration import Declaration
from jixiao.text import has_chinese
from jixiao.translations.po_update import TranslatableText

_PLACE_LIMIT = 20
"""Places listed for one text; “完成” stands in every second declaration."""


def collect_content_texts(
    content: SiteContent, declarations: Iterable[tuple[str, Declaration]], closed_lists: TranslationCatalogue
) -> Mapping[str, TranslatableText]:
    """Return the texts to be translated with their places, in the order of the sources.

    Args:
        content: The registers and taxonomies.
        declarations: Each with its file.
        closed_lists: Translations that every site shares; they belong to the program.
    """
    files: dict[str, str] = {}
    places: dict[str, dict[str, None]] = {}
    for name, place, text in (*_list_register_texts(content), *_list_declaration_texts(declarations)):
        if has_chinese(text) and closed_lists.find(text) is None:
            files.setdefault(text, name)
            places.setdefault(text, {})[place] = None
    return {
        text: TranslatableText(file=name, places=tuple(sorted(places[text])[:_PLACE_LIMIT]))
        for text, name in files.items()
    }


def _list_register_texts(content: SiteContent) -> Iterator[tuple[str, str, str]]:
    for organisation in content.organisations.values():
        yield "organisations.po", "content/organisations.yml", organisation.name.plain()
    for edition, taxonomy in content.taxonomies.items():
        for text in (taxonomy.title.plain(), *taxonomy.natures, *taxonomy.levels):
            yield "taxonomies.po", f"content/taxonomies/{edition}.yml", text
        for text in (text for classes in taxonomy.levels.values() for text in classes):
            yield "taxonomies.po", f"content/taxonomies/{edition}.yml", text
    for reason in content.address_register.withdrawn.values():
        yield "addresses.po", "content/addresses.yml", reason.plain()


def _list_declaration_texts(
    declarations: Iterable[tuple[str, Declaration]],
) -> Iterator[tuple[str, str, str]]:
    for file, declaration in declarations:
        for text in declaration.translatable_texts():
            yield f"declarations-{declaration.year}.po", file, text.plain()


def choose_program_file(module: str, files: Mapping[str, str]) -> str:
    """Choose the PO file that has most messages of *module*, or else of its folder, for a new message."""
    for place in (module, *map(str, PurePosixPath(module).parents)):
        reference = re.compile(rf"^#: {re.escape(place)}(?:/|$)", re.MULTILINE)
        counts = {name: len(reference.findall(text)) for name, text in files.items()}
        if any(counts.values()):
            return max(counts, key=lambda name: counts[name])
    return f"{PurePosixPath(module).stem}.po"


_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_MESSAGES = re.compile(r'^.$|^(?:yyyy"年")?m"月"|^民西见')
"""Range marks of one character, date formats, and characters listed beside their radicals."""
_TEMPLATE_MESSAGE = re.compile(r"""\b(?:say|translate)\(\s*"((?:[^"\\]|\\.)*)"|\.get\("([^"]*)", """)


def find_program_messages(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Return each Chinese message of the program in *root*, with the files that contain it."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted((root / "generator").rglob("*.py")):
        for sentence in _list_literals(ast.parse(path.read_text("utf-8"))):
            found.setdefault(sentence, {})[path.relative_to(root).as_posix()] = None
    for path in sorted((root / "theme").rglob("*")):
        if path.suffix in {".jinja", ".html"}:
            for match in _TEMPLATE_MESSAGE.finditer(path.read_text("utf-8")):
                found.setdefault(match[1] or match[2], {})[path.relative_to(root).as_posix()] = None
    return {
        sentence: tuple(files)
        for sentence, files in found.items()
        if _CHINESE.search(sentence) and not _NOT_MESSAGES.search(sentence)
    }


def _list_literals(tree: ast.AST) -> Iterator[str]:
    """Yield the string literals of a module except docstrings, patterns and examples of fields."""
    silent = set(_list_untranslated_nodes(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def _list_untranslated_nodes(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        # Titles of fields are words of the form and stay Chinese; a title that is said is a call.
        elif isinstance(node, ast.keyword) and node.arg in {"examples", "title"} and not _is_call(node.value):
            yield from (id(child) for child in ast.walk(node.value))
        elif isinstance(node, ast.Call) and _is_re_function(node.func):
            yield from (id(child) for argument in node.args for child in ast.walk(argument))


def _is_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call)


def _is_re_function(function: ast.expr) -> bool:
    """Check whether a function belongs to module `re`, so that its arguments are patterns."""
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )
