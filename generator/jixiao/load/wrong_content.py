"""Detection of content that is no source text: other file types, unfinished merges, wrongly decoded text.

Wrongly decoded text is valid UTF-8, so only its characters reveal it: they are reported if their bytes are
sensible text in another encoding. Single accented letters and foreign names are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from jixiao.i18n import Message, message
from jixiao.problems import Place, Problem

_SIGNATURES: tuple[tuple[bytes, Message], ...] = (
    (b"PK\x03\x04", message("Word、Excel 文件或压缩包")),
    (b"\xd0\xcf\x11\xe0", message("旧版 Word 或 Excel 文件")),
    (b"%PDF", message("PDF 文件")),
    (b"{\\rtf", message("Word 的 RTF 文件")),
    (b"\x89PNG", message("图片")),
    (b"\xff\xd8\xff", message("图片")),
    (b"Rar!", message("压缩包")),
)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_MERGE_MARKER = re.compile(r"^[ \t]*(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_MERGE_DIVIDER = re.compile(r"^={7}$", re.MULTILINE)
"""Divider that remains if only the other two marker lines were deleted; in Markdown, a heading."""


def find_foreign_file(content: bytes, file: str) -> Problem | None:
    """Report a file whose first bytes belong to another program."""
    kind = detect_file_kind(content)
    if kind is None:
        return None
    return Problem(
        rule="not-a-text-file",
        place=Place(file),
        message=message("这不是文本文件，内容是：{kind}；改扩展名没有用", kind=kind),
        hint=message("请用文本编辑器新建文件，把内容抄进去；收到的申报表放在 content/forms/"),
    )


def detect_file_kind(content: bytes) -> Message | None:
    """Return the file type shown by the first bytes of *content*, or `None` if it may be text."""
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    return message("网页") if kind is None and _WEB_PAGE.match(content[:200]) else kind


def find_merge_conflict(text: str, file: str) -> Problem | None:
    """Report the first conflict marker that git left in *text*."""
    # A search for the seven signs is many times faster than the pattern, which tries every line.
    found = _MERGE_MARKER.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    middle = _MERGE_DIVIDER.search(text) if "\n=======" in text and file.endswith(".yml") else None
    if found is not None:
        hint = message("请从 <<<<<<< 到 >>>>>>> 之间的两个版本里留一个，再删去三行标记")
    elif middle is not None:
        found, hint = middle, message("请核对上下的内容是不是同一处的两个版本，留一个，再删去这一行")
    else:
        return None
    return Problem(
        rule="merge-conflict",
        place=Place(file, text.count("\n", 0, found.start()) + 1),
        message=message("这里有两个版本没有合并完（git 的冲突标记）"),
        hint=hint,
    )


_WINDOWS = {byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0xA0)}
_BYTE_BY_SIGN = {chr(code): code for code in range(0x80, 0x100)} | {
    sign: byte for byte, sign in _WINDOWS.items() if sign != "\ufffd"
}
"""Latin-1 or Windows-1252 character → the byte that it stands for."""
_LETTERS_FROM = 0xC0
_CONTINUATION_SIGNS = re.escape("".join(sign for sign, byte in _BYTE_BY_SIGN.items() if byte < _LETTERS_FROM))
_USUAL_SIGNS = frozenset("“”‘’…—–·×«»°±")
"""Characters that also occur beside an accented letter in correct text."""
_LEAST_RUN, _LEAST_LETTERS, _LEAST_COMMON = 4, 0.25, 0.8
"""Least length of a run, share of letters in it, and share of common characters after decoding."""
_PAIR_LENGTH, _TRIPLE_LENGTH = 2, 3
_COMMON_FIRST_BYTES = frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xD8)))
"""First bytes of punctuation and common characters in GB 2312."""
_GBK_AS_LATIN = re.compile(f"[{re.escape(''.join(_BYTE_BY_SIGN))}]{{{_LEAST_RUN},}}")
"""GBK read as Latin-1: `¸ßÐ£`."""
_UTF_8_AS_LATIN = re.compile(
    f"(?:[ä-é][{_CONTINUATION_SIGNS}]{{2}})+|(?:â€|ã€|ï¼)[{_CONTINUATION_SIGNS}]|(?:[ÂÃ][\xa1-\xb6\xb8-\xba\xbc-\xbf])+"
)
"""UTF-8 read as Latin-1: `é«˜æ ¡`, `â€œ`, `Ã©`."""
_GBK_AS_UTF_8 = re.compile("[\u0080-\u07ff]{2,}")
"""GBK that is valid UTF-8 by chance, two bytes a character in both: `ʵѵѧԱ`."""
_LATIN_SIGN = re.compile("[\u0080-\u00bf×÷]")
"""Latin-1 signs, which occur beside every script in correct text."""
_SCRIPT_STARTS = (0x400, 0x530, 0x590, 0x600, 0x780, 0x7C0)
"""First code points of the scripts that are distinguished.

Latin, phonetic and Greek letters count as one, because they stand together in formulas; then Cyrillic,
Armenian, Hebrew, Arabic and Syriac, Thaana, N'Ko.
"""
_RARE_LETTERS = re.compile(
    "[\u013f\u0180\u0182-\u0185\u0187\u0188\u018b-\u018e\u0195-\u0197\u019a-\u019f\u01a2-\u01ae\u01b1\u01b5\u01b6"
    "\u01b8-\u01bf\u01f0-\u01f3\u01f6\u01f7\u0220-\u0225\u0234-\u024f\u02a9-\u02af\u02b1\u02b3-\u02b6\u02e1-\u02ff"
    "\u0350-\u037d\u03d8-\u03ef\u03f3\u03f6-\u03ff\u0460-\u0489\u0591-\u05af]"
)
"""Letters and marks that are not used in offices, such as archaic, Coptic and phonetic ones."""
_LOST_TEXT = re.compile("锟斤拷?|烫烫烫|屯屯屯")
"""Typical text for undecodable characters and for uninitialised memory."""
_LETTER = re.compile("[À-ÖØ-öø-ÿ]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SUSPICIOUS = re.compile(r"[\x80-\xff]|锟斤|烫烫|屯屯|[\u0152-\u0192\u02c6\u02dc\u20ac\u2122]")


class GarbledText(NamedTuple):
    """Part of a text that was decoded with a wrong encoding."""

    start: int
    text: str
    original: str
    """Probable original text; empty if it is lost."""


def find_garbled_text(text: str) -> GarbledText | None:
    """Find the first part of *text* that was decoded with a wrong encoding."""
    if text.isascii():
        return None
    found: list[GarbledText] = []
    found += filter(None, map(_decode_gbk_read_as_utf_8, _GBK_AS_UTF_8.finditer(text)))
    if _SUSPICIOUS.search(text):
        found += filter(None, map(_decode_gbk_read_as_latin, _GBK_AS_LATIN.finditer(text)))
        found += filter(None, map(_decode_utf_8_read_as_latin, _UTF_8_AS_LATIN.finditer(text)))
        found += (GarbledText(one.start(), one[0], "") for one in _LOST_TEXT.finditer(text))
    found += filter(None, map(_decode_utf_8_read_as_gbk, _compile_utf_8_as_gbk().finditer(text)))
    return min(found, default=None)


def _decode_gbk_read_as_latin(run: re.Match[str]) -> GarbledText | None:
    """Decode a run of letters and signs as GBK, starting with its first or second byte."""
    if (
        len(_LETTER.findall(run[0])) < max(_PAIR_LENGTH, _LEAST_LETTERS * len(run[0]))
        or len(set(run[0])) == 1
    ):
        return None
    for skipped in (0, 1):
        content = bytes(_BYTE_BY_SIGN[sign] for sign in run[0][skipped:])
        meant = content[: len(content) // _PAIR_LENGTH * _PAIR_LENGTH].decode("gb2312", errors="replace")
        common = sum(
            byte in _COMMON_FIRST_BYTES for byte in content[: len(meant) * _PAIR_LENGTH : _PAIR_LENGTH]
        )
        is_chinese = len(_HAN.findall(meant)) >= _PAIR_LENGTH
        if is_chinese and "\ufffd" not in meant and common >= _LEAST_COMMON * len(meant):
            return GarbledText(run.start(), run[0], meant)
    return None


def _decode_utf_8_read_as_latin(run: re.Match[str]) -> GarbledText | None:
    content = bytes(_BYTE_BY_SIGN[sign] for sign in run[0])
    try:
        meant = content.decode()
    except UnicodeDecodeError:
        return None
    # `café……` is text: an accented letter with stops behind it.
    is_text = run[0][0] in "äåæçèé" and len(meant) == 1 and _USUAL_SIGNS.issuperset(run[0][1:])
    return None if is_text else GarbledText(run.start(), run[0], meant)


def _decode_gbk_read_as_utf_8(run: re.Match[str]) -> GarbledText | None:
    """Decode a word as GBK if it mixes scripts or has letters that nobody uses."""
    scripts = {bisect_right(_SCRIPT_STARTS, ord(sign)) for sign in _LATIN_SIGN.sub("", run[0])}
    if len(scripts) < _PAIR_LENGTH and not _RARE_LETTERS.search(run[0]):
        return None
    content = run[0].encode()
    meant = content.decode("gbk", errors="replace")
    common = sum(map(_is_common_character, meant))
    least = len(meant) if len(scripts) < _PAIR_LENGTH else _LEAST_COMMON * len(meant)
    return GarbledText(run.start(), run[0], meant) if common >= least else None


def _decode_utf_8_read_as_gbk(run: re.Match[str]) -> GarbledText | None:
    """Decode Chinese characters as UTF-8; three common characters alone prove nothing."""
    if len(run[0]) == _TRIPLE_LENGTH and all(map(_is_common_character, run[0])):
        return None
    meant = run[0].encode("gbk").decode("utf-8", errors="replace")
    return GarbledText(run.start(), run[0], meant) if all(map(_is_common_character, meant)) else None


def _is_common_character(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _HAN.match(sign) is not None


@cache
def _compile_utf_8_as_gbk() -> re.Pattern[str]:
    """Compile the pattern of three GBK characters that encode two Chinese ones in UTF-8: `楂樻牎`."""
    leads, behind = range(0xE4, 0xEA), range(0x80, 0xC0)
    classes = (
        _decode_byte_pairs(leads, behind),
        _decode_byte_pairs(behind, leads),
        _decode_byte_pairs(behind, behind),
    )
    three = "".join(f"[{''.join(signs)}]" for signs in classes)
    return re.compile(f"(?:{three})+")


def _decode_byte_pairs(first: Iterable[int], second: Iterable[int]) -> list[str]:
    decoded = (bytes((one, other)).decode("gbk", errors="ignore") for one in first for other in second)
    return [re.escape(sign) for sign in decoded if len(sign) == 1]
