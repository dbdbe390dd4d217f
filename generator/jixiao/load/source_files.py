"""From a path to text, or to the problem that stands in the way.

Only a regular file of a sensible size in strict UTF-8 passes, without characters that hide, reorder or break
text. Nothing is repaired: what an editor typed is what is read.
"""

import errno
import os
import stat
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jixiao.i18n import message
from jixiao.load.foreign import foreign_file, unfinished_merge
from jixiao.load.wrong_content import garbled_in
from jixiao.problems import Misread, Place, Problem

SIZE_LIMIT = 1024 * 1024
"""Bytes. The longest declaration seen has under 10,000."""

_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
"""Of opening a file, those that the system has: follow no link, wait on no pipe, change no line end."""
_FOLLOWS_LINKS = not hasattr(os, "O_NOFOLLOW")
_BLANKS = frozenset({"\t", "\n"})
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, formats (which hide or reorder), surrogates, private, unassigned, and two rare line breaks."""
# Variation selectors: two texts that differ in them alone look the same and are not found alike.
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_UNSEEN = _SELECTORS | frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\ufffd"
)
"""Letters and marks that show nothing, and the two signs that stand for what was lost."""
_RADICALS = ("\u2e80", "\u2fdf")
"""Parts of characters, such as ⼀ and ⻚: copied from a PDF they stand for the characters themselves."""
_PRINTABLE_BUT_ODD = _UNSEEN.union(map(chr, range(ord(_RADICALS[0]), ord(_RADICALS[1]) + 1)))


@dataclass(frozen=True)
class SourceText:
    """The text of one file."""

    file: str
    """Relative to the project, with `/`."""
    text: str
    """Without byte-order mark; lines end in a line feed."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends. Cached, because every token of a file asks for its place."""
        return tuple(self.text.split("\n"))

    @cached_property
    def may_hold_comments(self) -> bool:
        """Whether there is a `#` anywhere. Cached, because it is asked for behind every token."""
        return "#" in self.text

    def place(self, line: int, column: int) -> Place:
        """Give the place at *line* and *column*, both from 0.

        The parser counts a line behind the last even where the file does not end in a line break; that is
        the end of the last line.
        """
        if line >= len(self.lines):
            return Place(self.file, len(self.lines), len(self.lines[-1]) + 1)
        return Place(self.file, line + 1, column + 1)


def is_forbidden(character: str) -> bool:
    """Tell whether *character* is invisible, reordering, control or unassigned; none belongs in a source.

    All of Cf are refused, also those nobody uses: the tags from U+E0000 write whole sentences unseen.
    """
    if character in _BLANKS:
        return False
    return character in _UNSEEN or unicodedata.category(character) in _UNSEEN_CATEGORIES


def is_surely_allowed(text: str) -> bool:
    """Tell that no character of *text* is forbidden or a radical; of a few texts it is so and not told.

    A search character by character is slow, and almost every text passes this test of the whole.
    """
    # What is printable is of no unseen category. Full-width blanks are allowed and do not count as printable.
    words = text.replace("\n", "").replace("\t", "").replace("\u3000", "")
    return words.isprintable() and _PRINTABLE_BUT_ODD.isdisjoint(words)


def name_of(character: str) -> str:
    """Name *character* for a message, e.g. `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def read_bytes(path: Path, file: str, limit: int = SIZE_LIMIT) -> bytes | Problem:
    """Read *path* if it is a regular file of at most *limit* bytes; follow no link, wait on no pipe."""
    if _FOLLOWS_LINKS and path.is_symlink():
        return symbolic_link(file)
    # Windows opens no folder, and says that one may not.
    if _FOLLOWS_LINKS and path.is_dir():
        return _not_a_file(file)
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    except OSError as error:
        return _cannot_open(file, error)
    status = os.fstat(descriptor)
    # Asked before anything is opened on it: a folder cannot be.
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        return _not_a_file(file)
    with os.fdopen(descriptor, "rb") as stream:
        # One more than allowed tells that there is more, also of a file that has grown since it was asked.
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


def read_text(path: Path, file: str, limit: int = SIZE_LIMIT) -> SourceText | Problem:
    """Read *path*, of at most *limit* bytes, as strict UTF-8 text without forbidden characters."""
    content = read_bytes(path, file, limit)
    return content if isinstance(content, Problem) else text_of(content, file)


def text_of(content: bytes, file: str) -> SourceText | Problem:
    """Take the *content* of *file* as strict UTF-8 text without forbidden characters."""
    foreign = foreign_file(content, file)
    if foreign is not None:
        return foreign
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _encoding(Place(file), "UTF-16")
    content = content.removeprefix(BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        guess = _guess(content)
        # In UTF-16 every character is wrong; the first that happens to be no UTF-8 says nothing.
        return _encoding(Place(file) if guess == "UTF-16" else _end_of(before, file), guess)
    text = text.replace("\r\n", "\n")
    return unfinished_merge(text, file) or _clean(text, file)


def _clean(text: str, file: str) -> SourceText | Problem:
    return refusal_of_garbled(text, file) or refusal_of_characters(text, file) or SourceText(file, text)


def refusal_of_garbled(text: str, file: str) -> Problem | None:
    """Find the first part of *text* that was opened in the wrong encoding and saved again."""
    found = garbled_in(text)
    if found is None:
        return None
    if found.meant:
        saying = message("这里是乱码：“{shown}”，原来大概是“{meant}”", shown=found.shown, meant=found.meant)
    else:
        saying = message("这里是乱码：“{shown}”", shown=found.shown)
    return Problem(
        rule="garbled-text",
        place=_end_of(text[: found.start], file),
        message=saying,
        hint=message("文件用错误的编码打开以后又保存过；请照原件重新输入，用“另存为”保存，编码选 UTF-8"),
    )


def refusal_of_characters(text: str, file: str) -> Problem | None:
    """Find the first character of *text* that belongs in no source; nothing if all do."""
    if is_surely_allowed(text) and unicodedata.is_normalized("NFC", text):
        return None
    for index, character in enumerate(text):
        if character == "\r":
            return Problem(
                rule="old-line-break",
                place=_end_of(text[:index], file),
                message=message("换行用了单独的回车符（旧式 Mac 换行）"),
                hint=message("在编辑器里把换行方式改为 LF 后再保存"),
            )
        if is_forbidden(character):
            return forbidden_character(character).at(_end_of(text[:index], file))
    return _look_alike(text, file)


def _look_alike(text: str, file: str) -> Problem | None:
    """Find the first character that looks like another one and is not found by whoever types that one."""
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
            place=_end_of(text[:index], file),
            message=message("这个字符只是看上去像常用的字，编码不同：{name}", name=name_of(character)),
            hint=hint,
        )
    return None


def _is_radical(character: str) -> bool:
    return _RADICALS[0] <= character <= _RADICALS[1]


def forbidden_character(character: str) -> Misread:
    """Say that *character* may not stand here."""
    return Misread(
        "forbidden-character",
        message("这里有一个看不见或会打乱文字顺序的字符：{name}", name=name_of(character)),
        message("请删除它，再手工输入前后的文字"),
    )


def _not_a_file(file: str) -> Problem:
    return Problem(
        rule="not-a-file",
        place=Place(file),
        message=message("这不是普通文件"),
        hint=message("请删除它，换成普通的文本文件"),
    )


def symbolic_link(file: str) -> Problem:
    """Say that *file* is a link: what it leads to is not in the project, or is there twice."""
    return Problem(
        rule="symbolic-link",
        place=Place(file),
        message=message("这是一个链接，不是文件"),
        hint=message("请把文件本身放在这里"),
    )


def _cannot_open(file: str, error: OSError) -> Problem:
    if error.errno == errno.ELOOP:
        return symbolic_link(file)
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


def _guess(content: bytes) -> str:
    if b"\0" in content[:200]:
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GB18030"


def _encoding(place: Place, guess: str) -> Problem:
    saying = (
        message("文件不是 UTF-8 编码，像是 {guess}", guess=guess) if guess else message("文件不是 UTF-8 编码")
    )
    return Problem(
        rule="not-utf-8",
        place=place,
        message=saying,
        hint=message("在编辑器里用“另存为”，编码选 UTF-8"),
    )


def _end_of(text: str, file: str) -> Place:
    """Give the place right after *text*."""
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))
