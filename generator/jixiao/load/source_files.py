"""Source files: listing them with stat signatures, and decoding them as text or reporting a problem.

Only a regular file of a sensible size in strict UTF-8 passes, without characters that hide, reorder or break
text. Nothing is repaired: the text is what an editor typed.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jixiao.i18n import message
from jixiao.ignored_files import is_ignored_name
from jixiao.load.wrong_content import find_foreign_file, find_garbled_text, find_merge_conflict
from jixiao.problems import Place, Problem, ReadError

FILE_SIZE_LIMIT = 1024 * 1024
"""Bytes. The longest known declaration has less than 10,000."""

_OPEN_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
"""Flags for opening a file without following links, waiting on pipes or converting line ends."""
_FOLLOWS_LINKS = not hasattr(os, "O_NOFOLLOW")
_ALLOWED_CONTROLS = frozenset({"\t", "\n"})
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of invisible, reordering, private and unassigned characters."""
# Variation selectors: texts that differ only in them look the same, but a search finds only one.
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_INVISIBLE_CHARACTERS = _VARIATION_SELECTORS | frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\ufffd"
)
"""Letters and marks that show nothing, and two replacement characters for lost text."""
_RADICAL_RANGE = ("\u2e80", "\u2fdf")
"""Range of radicals, such as ⼀ and ⻚, which PDFs use in place of the characters."""
_REFUSED_PRINTABLE = _INVISIBLE_CHARACTERS.union(
    map(chr, range(ord(_RADICAL_RANGE[0]), ord(_RADICAL_RANGE[1]) + 1))
)


@dataclass(frozen=True)
class SourceText:
    """Text of one file."""

    file: str
    """Path relative to the site's folder, with `/`."""
    text: str
    """Text without byte-order mark; lines end in a line feed."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines without their ends. Cached, because the place of every token needs them."""
        return tuple(self.text.split("\n"))

    @cached_property
    def may_hold_comments(self) -> bool:
        """Whether the text contains a `#`. Cached, because it is checked after every token."""
        return "#" in self.text

    def find_place(self, line: int, column: int) -> Place:
        """Return the place at *line* and *column*, both counted from 0.

        The parser counts a line after the last one even if the file does not end in a line break; that is the
        end of the last line.
        """
        if line >= len(self.lines):
            return Place(self.file, len(self.lines), len(self.lines[-1]) + 1)
        return Place(self.file, line + 1, column + 1)


def is_forbidden(character: str) -> bool:
    """Return whether *character* is invisible, reordering, a control or unassigned.

    The whole category Cf is refused, because its tags from U+E0000 can hide whole sentences.
    """
    if character in _ALLOWED_CONTROLS:
        return False
    return character in _INVISIBLE_CHARACTERS or unicodedata.category(character) in _INVISIBLE_CATEGORIES


def has_only_allowed_characters(text: str) -> bool:
    """Return whether all of *text* is certainly allowed; may be false for a few allowed texts.

    A search character by character is slow, and almost every text passes this check of the whole.
    """
    # Printable characters are in no invisible category. Full-width blanks are allowed, but not printable.
    visible = text.replace("\n", "").replace("\t", "").replace("\u3000", "")
    return visible.isprintable() and _REFUSED_PRINTABLE.isdisjoint(visible)


def describe_character(character: str) -> str:
    """Return the code point and name of *character*, e.g. `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def read_bytes(path: Path, file: str, limit: int = FILE_SIZE_LIMIT) -> bytes | Problem:
    """Read *path* if it is a regular file of at most *limit* bytes; follow no link, wait on no pipe."""
    if _FOLLOWS_LINKS and path.is_symlink():
        return report_symbolic_link(file)
    # Windows reports a folder as a file without permission.
    if _FOLLOWS_LINKS and path.is_dir():
        return _report_not_a_file(file)
    try:
        descriptor = os.open(path, os.O_RDONLY | _OPEN_FLAGS)
    except OSError as error:
        return _report_open_error(file, error)
    status = os.fstat(descriptor)
    # Before `fdopen`, which fails for a folder.
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        return _report_not_a_file(file)
    with os.fdopen(descriptor, "rb") as stream:
        # One byte more than allowed shows that there is more, even if the file has grown meanwhile.
        content = stream.read(limit + 1)
    size = max(status.st_size, len(content))
    if size > limit:
        return Problem(
            rule="file-too-large",
            place=Place(file),
            message=message("文件有 {size} 字节，超过 {limit} 字节", size=str(size), limit=str(limit)),
            hint=message("一个项目一个文件；附件请放在 content/forms/"),
        )
    return content


def read_text(path: Path, file: str, limit: int = FILE_SIZE_LIMIT) -> SourceText | Problem:
    """Read *path*, of at most *limit* bytes, as strict UTF-8 text without forbidden characters."""
    content = read_bytes(path, file, limit)
    return content if isinstance(content, Problem) else decode_source(content, file)


def decode_source(content: bytes, file: str) -> SourceText | Problem:
    """Decode *content* as strict UTF-8 text without forbidden characters."""
    foreign = find_foreign_file(content, file)
    if foreign is not None:
        return foreign
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _report_encoding(Place(file), "UTF-16")
    content = content.removeprefix(BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        guess = _guess_encoding(content)
        # In UTF-16 every character is wrong, and the first that is not valid UTF-8 is arbitrary.
        return _report_encoding(Place(file) if guess == "UTF-16" else _find_end(before, file), guess)
    text = text.replace("\r\n", "\n")
    return (
        find_merge_conflict(text, file)
        or check_garbled_text(text, file)
        or check_characters(text, file)
        or SourceText(file, text)
    )


def check_garbled_text(text: str, file: str) -> Problem | None:
    """Report the first part of *text* that was saved in a wrong encoding."""
    found = find_garbled_text(text)
    if found is None:
        return None
    if found.original:
        description = message(
            "这里是乱码：“{shown}”，原来大概是“{meant}”", shown=found.text, meant=found.original
        )
    else:
        description = message("这里是乱码：“{shown}”", shown=found.text)
    return Problem(
        rule="garbled-text",
        place=_find_end(text[: found.start], file),
        message=description,
        hint=message("文件用错误的编码打开以后又保存过；请照原件重新输入，用“另存为”保存，编码选 UTF-8"),
    )


def check_characters(text: str, file: str) -> Problem | None:
    """Report the first forbidden character of *text*."""
    if has_only_allowed_characters(text) and unicodedata.is_normalized("NFC", text):
        return None
    for index, character in enumerate(text):
        if character == "\r":
            return Problem(
                rule="old-line-break",
                place=_find_end(text[:index], file),
                message=message("换行用了单独的回车符（旧式 Mac 换行）"),
                hint=message("在编辑器里把换行方式改为 LF 后再保存"),
            )
        if is_forbidden(character):
            return refuse_character(character).to_problem(_find_end(text[:index], file))
    return _find_look_alike(text, file)


def _find_look_alike(text: str, file: str) -> Problem | None:
    """Report the first character that only looks like the usual one, and so is not found by a search."""
    if unicodedata.is_normalized("NFC", text) and not any(map(_is_radical, set(text))):
        return None
    for index, character in enumerate(text):
        pair = text[max(index - 1, 0) : index + 1]
        if _is_radical(character):
            proper = unicodedata.normalize("NFKC", character)
        elif unicodedata.normalize("NFC", character) != character:
            proper = unicodedata.normalize("NFC", character)
        elif unicodedata.normalize("NFC", pair) != pair:
            proper = unicodedata.normalize("NFC", pair)
        else:
            continue
        hint = (
            message("请手工重新输入这个字")
            if proper == character
            else message("请删去它，手工输入“{proper}”", proper=proper)
        )
        return Problem(
            rule="look-alike-character",
            place=_find_end(text[:index], file),
            message=message(
                "这个字符只是看上去像常用的字，编码不同：{name}", name=describe_character(character)
            ),
            hint=hint,
        )
    return None


def _is_radical(character: str) -> bool:
    return _RADICAL_RANGE[0] <= character <= _RADICAL_RANGE[1]


def refuse_character(character: str) -> ReadError:
    """Return the error for a forbidden character."""
    return ReadError(
        "forbidden-character",
        message("这里有一个看不见或会打乱文字顺序的字符：{name}", name=describe_character(character)),
        message("请删除它，再手工输入前后的文字"),
    )


def _report_not_a_file(file: str) -> Problem:
    return Problem(
        rule="not-a-file",
        place=Place(file),
        message=message("这不是普通文件"),
        hint=message("请删除它，换成普通的文本文件"),
    )


def report_symbolic_link(file: str) -> Problem:
    """Report a symbolic link; its target is outside the content, or in it twice."""
    return Problem(
        rule="symbolic-link",
        place=Place(file),
        message=message("这是一个链接，不是文件"),
        hint=message("请把文件本身放在这里"),
    )


def _report_open_error(file: str, error: OSError) -> Problem:
    if error.errno == errno.ELOOP:
        return report_symbolic_link(file)
    if error.errno == errno.ENOENT:
        return Problem(
            rule="file-missing",
            place=Place(file),
            message=message("缺少这个文件"),
            hint=message("请对照示例补上；也请确认 --project 指的是项目文件夹"),
        )
    return Problem(
        rule="file-not-readable",
        place=Place(file),
        message=message("文件打不开：{reason}", reason=str(error.strerror)),
        hint=message("请检查这个文件的权限，或换一个位置重新保存"),
    )


def _guess_encoding(content: bytes) -> str:
    if b"\0" in content[:200]:
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GB18030"


def _report_encoding(place: Place, encoding: str) -> Problem:
    description = (
        message("文件不是 UTF-8 编码，像是 {guess}", guess=encoding)
        if encoding
        else message("文件不是 UTF-8 编码")
    )
    return Problem(
        rule="not-utf-8",
        place=place,
        message=description,
        hint=message("在编辑器里用“另存为”，编码选 UTF-8"),
    )


def _find_end(text: str, file: str) -> Place:
    """Return the place right after *text*."""
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


StatSignature = str
"""Size, modification time, change time (both in nanoseconds) and inode of a file.

One string with blanks between the numbers takes half the memory of four numbers.
"""

FileStat = tuple[int, int, int]
"""Size, time of the last change in ns and number of a file on its disk; different after every change."""
_LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A file, folder or link below a listed folder."""

    path: str
    """Path on disk."""
    name: str
    """Path relative to the listed folder, with `/`."""
    is_link: bool
    is_folder: bool
    """Whether it is a folder, not a link to one."""
    stat_signature: StatSignature


def list_folder(folder: Path) -> tuple[list[DirectoryEntry], list[Path]]:
    """List everything below *folder* by name; return the entries and the inaccessible folders.

    Files of operating systems and other programs (see `ignored_files`) are left out.
    """
    if folder.is_dir() and not _is_accessible(os.fspath(folder)):
        return [], [folder]
    closed: list[Path] = []
    found = list(_walk_folder(os.fspath(folder), "", closed)) if folder.is_dir() else []
    found.sort(key=lambda entry: entry.name)
    return found, closed


def format_stat_signature(status: os.stat_result) -> StatSignature:
    """Return a signature that changes with every change of a file, even at equal size and mtime."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def file_stat(status: os.stat_result) -> FileStat:
    """Return the stat of a file, with its inode number cut to 63 bits for the database."""
    return (status.st_size, status.st_mtime_ns, status.st_ino & _LARGEST_NUMBER)


def read_stat(entry: os.DirEntry[str]) -> os.stat_result:
    """Return the stat result of a file or link itself."""
    status = entry.stat(follow_symlinks=False)
    # On Windows a listing has no inode number.
    return status if status.st_ino else os.lstat(entry.path)


def read_change_time(signature: StatSignature) -> int:
    """Return the time of the file's last change (ctime), in ns."""
    return int(signature.split(" ")[2])


def _walk_folder(folder: str, prefix: str, closed: list[Path]) -> Iterator[DirectoryEntry]:
    with os.scandir(folder) as entries:
        for entry in entries:
            is_link, is_folder = entry.is_symlink(), entry.is_dir(follow_symlinks=False)
            if is_ignored_name(entry.name, is_folder=is_folder):
                continue
            if is_folder and not _is_accessible(entry.path):
                closed.append(Path(entry.path))
                continue
            name = f"{prefix}{entry.name}"
            try:
                signature = format_stat_signature(read_stat(entry))
            except FileNotFoundError:
                # Deleted since it was listed.
                continue
            yield DirectoryEntry(entry.path, name, is_link, is_folder, signature)
            if is_folder:
                yield from _walk_folder(entry.path, f"{name}/", closed)


def _is_accessible(folder: str) -> bool:
    """Return whether the files in *folder* can be listed and read."""
    return os.access(folder, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def is_disk_root(folder: Path) -> bool:
    """Return whether *folder* is the root of the disk after resolving `..` and links."""
    there = folder.resolve()
    return there == Path(there.anchor)
