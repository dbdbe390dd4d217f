"""Find the files of a project, and read those that serve all declarations.

The declarations are listed here and read one by one elsewhere, because there may be a hundred thousand.
One bad file does not hide the problems of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.i18n import Dictionary, Message, message
from jixiao.ignored_files import is_leftover
from jixiao.load import received_forms
from jixiao.load.listing import Found as Listed
from jixiao.load.listing import Signature, list_below
from jixiao.load.markdown_page import PageSource, read_page
from jixiao.load.po import read_po, translated_differently
from jixiao.load.received import FormFile
from jixiao.load.source_files import SourceText, read_bytes, read_text, symbolic_link, text_of
from jixiao.load.tokens import REGISTER_LIMIT
from jixiao.load.yaml_tree import Node, read_tree
from jixiao.problems import Place, Problem

KNOWN = frozenset(
    {
        "addresses.yml",
        "declarations",
        "forms",
        "organisations.yml",
        "pages",
        "schema",
        "taxonomies",
        "translations",
    }
)
"""What stands in `content/`."""
FORM_SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes. Scanned forms are large; nothing reads them but the hash."""
REGISTER_SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes. The register of addresses has a line for each declaration that was ever published."""
_DECLARATIONS = "content/declarations"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationFile:
    """A file in the place of a declaration, not yet read."""

    id: str
    """Year, department and project, with `/`: the path under `content/declarations/` without the ending."""
    signature: Signature

    @property
    def file(self) -> str:
        """The path relative to the project."""
        return f"{_DECLARATIONS}/{self.id}.yml"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that was read, not yet understood."""

    declarations: tuple[DeclarationFile, ...] = ()
    """Sorted by id; they are read later, one by one."""
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
    shared: tuple[SourceText, ...] = ()
    """The files that serve all declarations, as typed: organisations, addresses, pages, translations."""


def load(project: Path) -> tuple[Sources, tuple[Problem, ...]]:
    """Read everything under `content/` of *project* but the declarations, and list these."""
    loader = _Loader(project)
    loader.refuse_what_nobody_reads()
    sources = Sources(
        declarations=tuple(sorted(loader.declarations(), key=lambda file: file.id)),
        organisations=loader.tree(loader.shared_text(loader.content / "organisations.yml")),
        addresses=loader.register(loader.content / "addresses.yml"),
        taxonomies=dict(loader.taxonomies()),
        pages=dict(loader.pages()),
        translations=loader.translations(),
        forms=loader.forms(),
        shared=tuple(loader.shared),
    )
    return sources, tuple(loader.problems)


def read_declaration(content: bytes, file: str) -> Node | tuple[Problem, ...]:
    """Parse the *content* of a declaration; give its tree, or every problem that can be seen at once.

    Args:
        content: The bytes of the file.
        file: Its path relative to the project, which problems name.
    """
    text = text_of(content, file)
    return (text,) if isinstance(text, Problem) else read_tree(text)


class _Loader:
    """Reads the files of one project and gathers the problems on the way."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.content = project / "content"
        self.problems: list[Problem] = []
        self.shared: list[SourceText] = []

    def refuse_what_nobody_reads(self) -> None:
        """Report what stands in `content/` under a name that nothing reads, and links."""
        if self.content.is_symlink():
            self._report_link(self.content)
        for path in sorted(self.content.iterdir()) if self.content.is_dir() else ():
            if is_leftover(path.name, is_folder=path.is_dir()):
                continue
            if path.is_symlink():
                self._report_link(path)
            elif path.name not in KNOWN:
                self._report(
                    "not-part-of-content",
                    path,
                    message("content/ 里没有“{name}”的位置，它不会发布", name=path.name),
                    message(
                        "这里只有：{known}；请改正名称，或移到 content/ 外面", known=tuple(sorted(KNOWN))
                    ),
                )

    def declarations(self) -> Iterator[DeclarationFile]:
        folder = self.content / "declarations"
        if not folder.is_dir():
            self._report(
                "no-declarations",
                folder,
                message("没有找到 content/declarations/"),
                message("请在项目文件夹里运行，或用 --project 指明项目文件夹"),
            )
            return
        for found in self._found(folder, ".yml", message("申报表文件的扩展名必须是 .yml")):
            yield DeclarationFile(id=found.name.removesuffix(".yml"), signature=found.signature)

    def taxonomies(self) -> Iterator[tuple[str, Node]]:
        for path in self._files(self.content / "taxonomies", ".yml", message("这里只放 .yml 文件")):
            tree = self.tree(self.shared_text(path))
            if tree is not None:
                yield path.stem, tree

    def pages(self) -> Iterator[tuple[tuple[str, str], PageSource]]:
        for path in self._files(self.content / "pages", ".md", message("这里只放 .md 文件")):
            source = self.shared_text(path)
            if source is None:
                continue
            page = read_page(source)
            if isinstance(page, tuple):
                self.problems.extend(page)
            else:
                yield (path.parent.name, path.stem), page

    def translations(self) -> dict[str, Dictionary]:
        found: dict[str, Dictionary] = {}
        sources: dict[tuple[str, str], SourceText] = {}
        for path in self._files(self.content / "translations", ".po", message("这里只放 .po 文件")):
            language = path.parent.name
            source = self.shared_text(path)
            if source is None:
                continue
            dictionary = read_po(source, language)
            if isinstance(dictionary, tuple):
                self.problems.extend(dictionary)
                continue
            before = found.get(language, Dictionary(language=language))
            for text, said in dictionary.translations.items():
                if before.translations.get(text, said) != said:
                    self.problems.append(translated_differently(text, source, sources[language, text]))
                sources[language, text] = source
            found[language] = before.merged_with(dictionary)
        return found

    def forms(self) -> dict[str, FormFile]:
        folder = self.content / "forms"
        found: dict[str, FormFile] = {}
        unread: set[str] = set()
        for path in (Path(one.path) for one in self._listed(folder) if not one.is_folder):
            name = path.relative_to(folder).as_posix()
            if name == received_forms.NAME:
                continue
            if received_forms.is_register_by_another_name(name):
                self._report_register_by_another_name(path)
                continue
            content = read_bytes(path, self._name(path), FORM_SIZE_LIMIT)
            if isinstance(content, Problem):
                self.problems.append(content)
                unread.add(received_forms.in_one_form(name))
                continue
            found[f"forms/{name}"] = FormFile(
                path=f"forms/{name}", sha256=hashlib.sha256(content).hexdigest(), size=len(content)
            )
        self._compare_with_register(folder, found, unread)
        return found

    def _compare_with_register(self, folder: Path, forms: Mapping[str, FormFile], unread: set[str]) -> None:
        """Hold each form against its line in SHA256SUMS: a form as received never changes.

        Args:
            folder: Of the forms.
            forms: Those that were read.
            unread: Names of those that are there and could not be read.
        """
        file = folder / received_forms.NAME
        source = read_text(file, self._name(file), REGISTER_SIZE_LIMIT)
        if isinstance(source, Problem) and source.rule != "file-missing":
            self.problems.append(source)
            return
        names = {path: received_forms.in_one_form(path.removeprefix("forms/")) for path in forms}
        text = SourceText(self._name(file), "") if isinstance(source, Problem) else source
        known = {names[path]: form.sha256 for path, form in forms.items()}
        read = received_forms.read_checksums(text, {**dict.fromkeys(unread, ""), **known})
        self.problems.extend(read.problems)
        for path, form in forms.items():
            listed = read.listed.get(names[path])
            if listed is None and names[path] not in read.meant:
                self._report_not_registered(self.content / path, f"{form.sha256}  {names[path]}")
            elif listed not in {None, form.sha256}:
                self._report_changed(self.content / path, str(listed))

    def _report_not_registered(self, path: Path, line: str) -> None:
        hint = message("请在 content/forms/SHA256SUMS 加一行：{line}", line=line)
        self._report("form-not-registered", path, message("这份申报表还没有登记校验值"), hint)

    def _report_changed(self, path: Path, checksum: str) -> None:
        """Report a form that differs from its *checksum*, and what may have changed it."""
        content = read_bytes(path, self._name(path), FORM_SIZE_LIMIT)
        if isinstance(content, bytes) and received_forms.differs_in_line_ends_alone(content, checksum):
            saying = message("这份申报表与登记时只有换行不同，多半是 git 或编辑器改的")
            hint = message(
                "请在 .gitattributes 里写 content/forms/** -text，再从原件恢复；收到的申报表不作任何改动"
            )
        else:
            saying = message("这份申报表与登记时不同：它被改动过")
            hint = message("请从原件恢复；收到的申报表不作任何改动")
        self._report("form-changed", path, saying, hint)

    def _report_register_by_another_name(self, path: Path) -> None:
        self._report(
            "checksum-file-name",
            path,
            message("登记校验值的文件应当叫 SHA256SUMS，没有扩展名"),
            message("请改名；看不到扩展名的，在资源管理器的“查看”里勾选“文件扩展名”"),
        )

    def tree(self, source: SourceText | None) -> Node | None:
        """Parse what could be read."""
        tree = None if source is None else read_tree(source)
        if isinstance(tree, tuple):
            self.problems.extend(tree)
            return None
        return tree

    def register(self, path: Path) -> Node | None:
        """Parse the register of addresses, which is as long as the list of all declarations."""
        source = read_text(path, self._name(path), REGISTER_SIZE_LIMIT)
        tree = (source,) if isinstance(source, Problem) else read_tree(source, REGISTER_LIMIT)
        self.shared += [source] if isinstance(source, SourceText) else []
        if isinstance(tree, tuple):
            self.problems.extend(tree)
            return None
        return tree

    def shared_text(self, path: Path) -> SourceText | None:
        """Read a file that serves all declarations, and keep its text."""
        source = self._text(path)
        self.shared += [source] if source else []
        return source

    def _text(self, path: Path) -> SourceText | None:
        source = read_text(path, self._name(path))
        if isinstance(source, Problem):
            self.problems.append(source)
            return None
        return source

    def _files(self, folder: Path, ending: str, wrong_ending: Message) -> Iterator[Path]:
        for found in self._found(folder, ending, wrong_ending):
            yield Path(found.path)

    def _found(self, folder: Path, ending: str, wrong_ending: Message) -> Iterator[Listed]:
        """List the files under *folder* in a fixed order; report links and files that do not belong there."""
        for found in self._listed(folder):
            if found.is_folder:
                continue
            name = found.name.rpartition("/")[2]
            if found.is_link:
                self._report_link(Path(found.path))
            elif not name.endswith(ending) or name == ending:
                self._report(
                    "wrong-extension",
                    Path(found.path),
                    wrong_ending,
                    message("请改正扩展名，或把文件移到别处；收到的申报表放在 content/forms/"),
                )
            else:
                yield found

    def _listed(self, folder: Path) -> list[Listed]:
        """List everything under *folder* in a fixed order; report folders that cannot be looked into."""
        found, closed = list_below(folder)
        for path in closed:
            self._report_closed(path)
        return found

    def _report_closed(self, folder: Path) -> None:
        self._report("file-not-readable", folder, message("文件夹打不开"), message("请检查这个文件夹的权限"))

    def _report_link(self, path: Path) -> None:
        self.problems.append(symbolic_link(self._name(path)))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix()

    def _report(self, rule: str, path: Path, saying: Message, hint: Message) -> None:
        self.problems.append(Problem(rule=rule, place=Place(self._name(path)), message=saying, hint=hint))
