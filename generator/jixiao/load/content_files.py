"""Listing of a site's files, and reading of those that all declarations share.

Declarations are listed here and read one by one elsewhere, because there may be a hundred thousand. One bad
file does not hide the problems of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.ignored_files import is_ignored_name
from jixiao.load import received_forms
from jixiao.load.po import read_po_catalogue, report_translation_conflict
from jixiao.load.received_forms import FormFile
from jixiao.load.source_files import (
    DirectoryEntry,
    SourceText,
    StatSignature,
    decode_source,
    list_folder,
    read_bytes,
    read_text,
    report_symbolic_link,
)
from jixiao.load.yaml_tokens import REGISTER_TOKEN_LIMIT
from jixiao.load.yaml_tree import Node, read_tree
from jixiao.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class PageSource:
    """Front matter and Markdown of a handwritten page."""

    file: str
    front_matter: Node
    markdown: str
    first_line: int
    """Line of the file at which `markdown` starts, counted from 1."""


def read_page(source: SourceText) -> PageSource | tuple[Problem, ...]:
    """Split a page into front matter and Markdown, and parse the front matter."""
    lines = source.lines
    # Blanks after --- are invisible and do no harm.
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if fences[:1] != [0] or len(fences) == 1:
        return (
            Problem(
                rule="no-front-matter",
                place=Place(source.file),
                message=message("页面开头缺少标题和简介"),
                hint=message("第一行写 ---，接着 title: 和 description:，再写一行 ---"),
            ),
        )
    end = fences[1]
    # The first line stays blank so that lines of the front matter keep their numbers.
    tree = read_tree(SourceText(source.file, "\n".join(["", *lines[1:end], ""])))
    if isinstance(tree, tuple):
        return tree
    return PageSource(source.file, tree, "\n".join(lines[end + 1 :]), end + 2)


CONTENT_ENTRIES = frozenset(
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
"""Allowed entries of `content/`."""
FORM_SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes. Scanned forms are large, but they are only hashed."""
REGISTER_SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes. The address register has a line for every declaration ever published."""
ORGANISATIONS_FILE = "content/organisations.yml"
ADDRESSES_FILE = "content/addresses.yml"
DECLARATIONS_FOLDER = "content/declarations/"
TAXONOMY_FOLDER = "content/taxonomies"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationFile:
    """A declaration file that has not been read yet."""

    id: str
    """Year, department and project, separated by `/`: the path under `content/declarations/`."""
    stat_signature: StatSignature

    @property
    def file(self) -> str:
        """Path relative to the site's folder."""
        return f"{DECLARATIONS_FOLDER}{self.id}.yml"


@dataclass(frozen=True, kw_only=True)
class LoadedFiles:
    """Parsed but unchecked files of a site."""

    declarations: tuple[DeclarationFile, ...] = ()
    """Declaration files, sorted by id; they are read later, one by one."""
    organisations: Node | None = None
    addresses: Node | None = None
    taxonomies: Mapping[str, Node] = field(default_factory=dict)
    """Trees by file name without extension."""
    pages: Mapping[tuple[str, str], PageSource] = field(default_factory=dict)
    """Pages by language and file name without extension."""
    translations: Mapping[str, TranslationCatalogue] = field(default_factory=dict)
    """Catalogues by language."""
    forms: Mapping[str, FormFile] = field(default_factory=dict)
    """Forms by path under `content/`."""
    shared: tuple[SourceText, ...] = ()
    """Text of the files that all declarations share, such as registers, pages and translations."""


def load_content(root: Path) -> tuple[LoadedFiles, tuple[Problem, ...]]:
    """Read everything below `content/` except the declarations, which are only listed."""
    loader = _ContentLoader(root)
    loader.report_unknown_entries()
    sources = LoadedFiles(
        declarations=tuple(sorted(loader.list_declarations(), key=lambda file: file.id)),
        organisations=loader.parse_tree(loader.read_shared_text(loader.content / "organisations.yml")),
        addresses=loader.read_address_register(loader.content / "addresses.yml"),
        taxonomies=dict(loader.read_taxonomies()),
        pages=dict(loader.read_pages()),
        translations=loader.read_translations(),
        forms=loader.read_forms(),
        shared=tuple(loader.shared),
    )
    return sources, tuple(loader.problems)


def load_declaration(content: bytes, file: str) -> Node | tuple[Problem, ...]:
    """Parse a declaration; return its tree, or every problem that can be found at once.

    Args:
        content: The bytes of the file.
        file: The path relative to the site's folder, for problems.
    """
    text = decode_source(content, file)
    return (text,) if isinstance(text, Problem) else read_tree(text)


class _ContentLoader:
    """Reader of a site's files that collects their problems."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.problems: list[Problem] = []
        self.shared: list[SourceText] = []

    def report_unknown_entries(self) -> None:
        """Report links and unknown entries of `content/`."""
        if self.content.is_symlink():
            self._report_link(self.content)
        for path in sorted(self.content.iterdir()) if self.content.is_dir() else ():
            if is_ignored_name(path.name, is_folder=path.is_dir()):
                continue
            if path.is_symlink():
                self._report_link(path)
            elif path.name not in CONTENT_ENTRIES:
                self._report(
                    "not-part-of-content",
                    path,
                    message("content/ 里没有“{name}”的位置，它不会发布", name=path.name),
                    message(
                        "这里只有：{known}；请改正名称，或移到 content/ 外面",
                        known=tuple(sorted(CONTENT_ENTRIES)),
                    ),
                )

    def list_declarations(self) -> Iterator[DeclarationFile]:
        folder = self.content / "declarations"
        if not folder.is_dir():
            self._report(
                "no-declarations",
                folder,
                message("没有找到 content/declarations/"),
                message("请在项目文件夹里运行，或用 --project 指明项目文件夹"),
            )
            return
        for found in self._list_files(folder, ".yml", message("申报表文件的扩展名必须是 .yml")):
            yield DeclarationFile(id=found.name.removesuffix(".yml"), stat_signature=found.stat_signature)

    def read_taxonomies(self) -> Iterator[tuple[str, Node]]:
        for path in self._list_paths(self.content / "taxonomies", ".yml", message("这里只放 .yml 文件")):
            tree = self.parse_tree(self.read_shared_text(path))
            if tree is not None:
                yield path.stem, tree

    def read_pages(self) -> Iterator[tuple[tuple[str, str], PageSource]]:
        for path in self._list_paths(self.content / "pages", ".md", message("这里只放 .md 文件")):
            source = self.read_shared_text(path)
            if source is None:
                continue
            page = read_page(source)
            if isinstance(page, tuple):
                self.problems.extend(page)
            else:
                yield (path.parent.name, path.stem), page

    def read_translations(self) -> dict[str, TranslationCatalogue]:
        found: dict[str, TranslationCatalogue] = {}
        sources: dict[tuple[str, str], SourceText] = {}
        for path in self._list_paths(self.content / "translations", ".po", message("这里只放 .po 文件")):
            language = path.parent.name
            source = self.read_shared_text(path)
            if source is None:
                continue
            catalogue = read_po_catalogue(source, language)
            if isinstance(catalogue, tuple):
                self.problems.extend(catalogue)
                continue
            before = found.get(language, TranslationCatalogue(language=language))
            for text, translation in catalogue.translations.items():
                if before.translations.get(text, translation) != translation:
                    self.problems.append(report_translation_conflict(text, source, sources[language, text]))
                sources[language, text] = source
            found[language] = before.merge(catalogue)
        return found

    def read_forms(self) -> dict[str, FormFile]:
        folder = self.content / "forms"
        found: dict[str, FormFile] = {}
        unread: set[str] = set()
        for path in (Path(entry.path) for entry in self._list_entries(folder) if not entry.is_folder):
            name = path.relative_to(folder).as_posix()
            if name == received_forms.CHECKSUM_FILE:
                continue
            if received_forms.is_misnamed_register(name):
                self._report(
                    "checksum-file-name",
                    path,
                    message("登记校验值的文件应当叫 SHA256SUMS，没有扩展名"),
                    message("请改名；看不到扩展名的，在资源管理器的“查看”里勾选“文件扩展名”"),
                )
                continue
            content = read_bytes(path, self._find_relative_path(path), FORM_SIZE_LIMIT)
            if isinstance(content, Problem):
                self.problems.append(content)
                unread.add(received_forms.normalize_name(name))
                continue
            found[f"forms/{name}"] = FormFile(
                path=f"forms/{name}", sha256=hashlib.sha256(content).hexdigest(), size=len(content)
            )
        self._check_checksums(folder, found, unread)
        return found

    def _check_checksums(self, folder: Path, forms: Mapping[str, FormFile], unread: set[str]) -> None:
        """Compare each form with its line in SHA256SUMS, because a received form never changes.

        Args:
            folder: The folder of the forms.
            forms: The forms that were read.
            unread: The names of existing forms that could not be read.
        """
        file = folder / received_forms.CHECKSUM_FILE
        source = read_text(file, self._find_relative_path(file), REGISTER_SIZE_LIMIT)
        if isinstance(source, Problem) and source.rule != "file-missing":
            self.problems.append(source)
            return
        names = {path: received_forms.normalize_name(path.removeprefix("forms/")) for path in forms}
        text = SourceText(self._find_relative_path(file), "") if isinstance(source, Problem) else source
        known = {names[path]: form.sha256 for path, form in forms.items()}
        read = received_forms.read_checksums(text, {**dict.fromkeys(unread, ""), **known})
        self.problems.extend(read.problems)
        for path, form in forms.items():
            listed = read.checksum_by_name.get(names[path])
            if listed is None and names[path] not in read.reported_names:
                line = f"{form.sha256}  {names[path]}"
                self._report(
                    "form-not-registered",
                    self.content / path,
                    message("这份申报表还没有登记校验值"),
                    message("请在 content/forms/SHA256SUMS 加一行：{line}", line=line),
                )
            elif listed not in {None, form.sha256}:
                self._report_changed(self.content / path, str(listed))

    def _report_changed(self, path: Path, checksum: str) -> None:
        """Report a form that differs from its *checksum*, with the probable cause."""
        content = read_bytes(path, self._find_relative_path(path), FORM_SIZE_LIMIT)
        if isinstance(content, bytes) and received_forms.has_converted_line_ends(content, checksum):
            description = message("这份申报表与登记时只有换行不同，多半是 git 或编辑器改的")
            hint = message(
                "请在 .gitattributes 里写 content/forms/** -text，再从原件恢复；收到的申报表不作任何改动"
            )
        else:
            description = message("这份申报表与登记时不同：它被改动过")
            hint = message("请从原件恢复；收到的申报表不作任何改动")
        self._report("form-changed", path, description, hint)

    def parse_tree(self, source: SourceText | None) -> Node | None:
        """Parse *source*, if it could be read, and collect its problems."""
        tree = None if source is None else read_tree(source)
        if isinstance(tree, tuple):
            self.problems.extend(tree)
            return None
        return tree

    def read_address_register(self, path: Path) -> Node | None:
        """Parse the address register, which has its own size limit."""
        source = read_text(path, self._find_relative_path(path), REGISTER_SIZE_LIMIT)
        tree = (source,) if isinstance(source, Problem) else read_tree(source, REGISTER_TOKEN_LIMIT)
        self.shared += [source] if isinstance(source, SourceText) else []
        if isinstance(tree, tuple):
            self.problems.extend(tree)
            return None
        return tree

    def read_shared_text(self, path: Path) -> SourceText | None:
        """Read a file shared by all declarations, and keep its text."""
        source = self._read_text(path)
        self.shared += [source] if source else []
        return source

    def _read_text(self, path: Path) -> SourceText | None:
        source = read_text(path, self._find_relative_path(path))
        if isinstance(source, Problem):
            self.problems.append(source)
            return None
        return source

    def _list_paths(self, folder: Path, ending: str, wrong_ending: Message) -> Iterator[Path]:
        for found in self._list_files(folder, ending, wrong_ending):
            yield Path(found.path)

    def _list_files(self, folder: Path, ending: str, wrong_ending: Message) -> Iterator[DirectoryEntry]:
        """Yield the files under *folder* in a fixed order; report links and wrong extensions."""
        for found in self._list_entries(folder):
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

    def _list_entries(self, folder: Path) -> list[DirectoryEntry]:
        """List everything under *folder* in a fixed order; report inaccessible folders."""
        found, closed = list_folder(folder)
        for path in closed:
            self._report(
                "file-not-readable", path, message("文件夹打不开"), message("请检查这个文件夹的权限")
            )
        return found

    def _report_link(self, path: Path) -> None:
        self.problems.append(report_symbolic_link(self._find_relative_path(path)))

    def _find_relative_path(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _report(self, rule: str, path: Path, message: Message, hint: Message) -> None:
        self.problems.append(
            Problem(rule=rule, place=Place(self._find_relative_path(path)), message=message, hint=hint)
        )
