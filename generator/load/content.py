"""Find the files of a project and read each one. One bad file does not hide the problems of another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.load.files import read_bytes, read_text
from generator.load.markdown_page import PageSource, read_page
from generator.load.translation_file import check_translation_file, unreadable_translation
from generator.load.tree import Node, read_tree
from generator.problems import Place, Problem
from generator.words import Dictionary, Message, PoFileError, message, read_dictionary

FORM_SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes. Scanned forms are large; nothing reads them but the hash."""


@dataclass(frozen=True, kw_only=True)
class FormFile:
    """A form as received, kept under `content/forms/`."""

    path: str
    """Relative to `content/`, e.g. `forms/declarations-2021.txt`."""
    sha256: str
    """Hexadecimal, lower case."""
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that was read, not yet understood."""

    declarations: Mapping[str, Node] = field(default_factory=dict)
    """By id: year/department/project."""
    declaration_files: int = 0
    """How many files of declarations there are, readable or not."""
    organisations: Node | None = None
    addresses: Node | None = None
    taxonomies: Mapping[str, Node] = field(default_factory=dict)
    """By file name without the ending."""
    pages: Mapping[tuple[str, str], PageSource] = field(default_factory=dict)
    """By language and file name without the ending."""
    translations: Mapping[str, Dictionary] = field(default_factory=dict)
    """By language."""
    forms: Mapping[str, FormFile] = field(default_factory=dict)
    """By path under `content/`."""


def load(project: Path) -> tuple[Sources, tuple[Problem, ...]]:
    """Read everything under `content/` of *project*."""
    loader = _Loader(project)
    sources = Sources(
        declarations=dict(loader.declarations()),
        declaration_files=loader.declaration_files,
        organisations=loader.tree(loader.content / "organisations.yml"),
        addresses=loader.tree(loader.content / "addresses.yml"),
        taxonomies=dict(loader.taxonomies()),
        pages=dict(loader.pages()),
        translations=loader.translations(),
        forms=dict(loader.forms()),
    )
    return sources, tuple(loader.problems)


class _Loader:
    """Reads the files of one project and gathers the problems on the way."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.content = project / "content"
        self.problems: list[Problem] = []
        self.declaration_files = 0

    def declarations(self) -> Iterator[tuple[str, Node]]:
        folder = self.content / "declarations"
        if not folder.is_dir():
            self._report(
                "no-declarations",
                folder,
                message("没有找到 content/declarations/"),
                message("请在项目文件夹里运行，或用 --project 指明项目文件夹"),
            )
            return
        for path in self._files(folder, ".yml", message("申报表文件的扩展名必须是 .yml")):
            self.declaration_files += 1
            tree = self.tree(path)
            if tree is not None:
                yield path.relative_to(folder).with_suffix("").as_posix(), tree

    def taxonomies(self) -> Iterator[tuple[str, Node]]:
        for path in self._files(self.content / "taxonomies", ".yml", message("这里只放 .yml 文件")):
            tree = self.tree(path)
            if tree is not None:
                yield path.stem, tree

    def pages(self) -> Iterator[tuple[tuple[str, str], PageSource]]:
        for path in self._files(self.content / "pages", ".md", message("这里只放 .md 文件")):
            source = read_text(path, self._name(path))
            if isinstance(source, Problem):
                self.problems.append(source)
                continue
            page = read_page(source)
            if isinstance(page, tuple):
                self.problems.extend(page)
            else:
                yield (path.parent.name, path.stem), page

    def translations(self) -> dict[str, Dictionary]:
        found: dict[str, Dictionary] = {}
        for path in self._files(self.content / "translations", ".po", message("这里只放 .po 文件")):
            language = path.parent.name
            source = read_text(path, self._name(path))
            if isinstance(source, Problem):
                self.problems.append(source)
                continue
            wrong = tuple(check_translation_file(source))
            if wrong:
                self.problems.extend(wrong)
                continue
            try:
                dictionary = read_dictionary(path, language)
            except PoFileError as error:
                self.problems.append(unreadable_translation(source.place(error.lineno or 0, 0)))
                continue
            found[language] = found.get(language, Dictionary(language=language)).merged_with(dictionary)
        return found

    def forms(self) -> Iterator[tuple[str, FormFile]]:
        folder = self.content / "forms"
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_dir() or path.name == "SHA256SUMS":
                continue
            content = read_bytes(path, self._name(path), FORM_SIZE_LIMIT)
            if isinstance(content, Problem):
                self.problems.append(content)
                continue
            name = path.relative_to(self.content).as_posix()
            self._compare_with_record(path, hashlib.sha256(content).hexdigest())
            yield name, FormFile(path=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))

    def _compare_with_record(self, path: Path, sha256: str) -> None:
        """Hold a form against its line in SHA256SUMS: a form as received never changes."""
        folder = self.content / "forms"
        name = path.relative_to(folder).as_posix()
        record = folder / "SHA256SUMS"
        lines = record.read_text("utf-8", errors="replace").splitlines() if record.is_file() else []
        known = {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}
        if known.get(name) == sha256:
            return
        saying = (
            message("这份申报表与登记时不同：它被改动过")
            if name in known
            else message("这份申报表还没有登记校验值")
        )
        hint = (
            message("请从原件恢复；收到的申报表不作任何改动")
            if name in known
            else message("请在 content/forms/SHA256SUMS 加一行：{line}", line=f"{sha256}  {name}")
        )
        self._report("form-changed" if name in known else "form-not-registered", path, saying, hint)

    def tree(self, path: Path) -> Node | None:
        source = read_text(path, self._name(path))
        if isinstance(source, Problem):
            self.problems.append(source)
            return None
        tree = read_tree(source)
        if isinstance(tree, tuple):
            self.problems.extend(tree)
            return None
        return tree

    def _files(self, folder: Path, ending: str, wrong_ending: Message) -> Iterator[Path]:
        """List the files under *folder* in a fixed order; report links and files that do not belong there."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                continue
            if path.is_symlink():
                problem = read_bytes(path, self._name(path))
                if isinstance(problem, Problem):
                    self.problems.append(problem)
            elif path.suffix != ending:
                self._report(
                    "wrong-extension",
                    path,
                    wrong_ending,
                    message("请改正扩展名，或把文件移到别处；收到的申报表放在 content/forms/"),
                )
            else:
                yield path

    def _name(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix()

    def _report(self, rule: str, path: Path, saying: Message, hint: Message) -> None:
        self.problems.append(Problem(rule=rule, place=Place(self._name(path)), message=saying, hint=hint))
