"""Strict reader of the translation files (PO) of a site.

A small part of PO: comments, `msgid` and `msgstr` over one or more lines, drafts. Encodings and plural
formulas of the header are refused or ignored.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.load.source_files import SourceText, is_forbidden, refuse_character
from jixiao.problems import Place, Problem

_QUOTED_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CHARACTER_BY_ESCAPE = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
_ESCAPE = re.compile(r"\\.")
_KEYWORD_LINE = re.compile(r"(msgid|msgstr)\s*(.*)")


@dataclass
class _ParsedTranslation:
    """One text with its translation, during parsing."""

    line: int
    parts: dict[str, str] = field(default_factory=dict)
    is_draft: bool = False


def read_po_catalogue(source: SourceText, language: str) -> TranslationCatalogue | tuple[Problem, ...]:
    """Parse *source*; return its finished translations, or the problems of the file."""
    problems: list[Problem] = []
    translations: dict[str, str] = {}
    lines: dict[str, int] = {}
    for entry in _parse_entries(source, problems):
        text, translation = entry.parts.get("msgid", ""), entry.parts.get("msgstr")
        if translation is None:
            problems.append(
                _report_unreadable(Place(source.file, entry.line), message("msgid 后面缺 msgstr"))
            )
        elif text in lines:
            problems.append(
                Problem(
                    rule="translation-repeated",
                    place=Place(source.file, entry.line),
                    message=message("同一段文字翻译了两次，第 {line} 行已经有一次", line=str(lines[text])),
                    hint=message("请只保留一个"),
                )
            )
        lines.setdefault(text, entry.line)
        if text and translation and translation.strip() and not entry.is_draft:
            translations[text] = translation
    return tuple(problems) if problems else TranslationCatalogue(language=language, translations=translations)


def _parse_entries(source: SourceText, problems: list[Problem]) -> Iterator[_ParsedTranslation]:
    entry: _ParsedTranslation | None = None
    is_draft = False
    current = ""
    for number, typed in enumerate(source.lines):
        line = typed.strip()
        if line.startswith("#"):
            # Flags before an entry that is kept for later (`#~`) are its own.
            is_fuzzy = line.startswith("#,") and "fuzzy" in line
            is_draft = (is_draft or is_fuzzy) and not line.startswith("#~")
            continue
        if not line:
            current = ""
            continue
        keyword = _KEYWORD_LINE.fullmatch(line)
        if keyword and keyword[1] == "msgid":
            if entry is not None:
                yield entry
            entry, is_draft = _ParsedTranslation(number + 1, is_draft=is_draft), False
        if keyword:
            current = keyword[1]
        unquoted = _unquote(source, number, keyword[2] if keyword else line, problems)
        is_out_of_place = entry is None or not current or bool(keyword and current in entry.parts)
        if unquoted is None or entry is None or is_out_of_place:
            if unquoted is not None:
                problems.append(_report_unreadable(source.find_place(number, 0), message("这一行放错了地方")))
            return
        entry.parts[current] = entry.parts.get(current, "") + unquoted
    if entry is not None:
        yield entry


def unescape(typed: str) -> str:
    """Resolve the escapes of a text whose escapes are known to be valid."""
    return _ESCAPE.sub(lambda found: _CHARACTER_BY_ESCAPE[found[0]], typed)


def report_translation_conflict(text: str, source: SourceText, other: SourceText) -> Problem:
    """Report that two files translate *text* differently; both files are valid."""
    lines = []
    for file in (source, other):
        entries = _parse_entries(file, [])
        lines.append(next((entry.line for entry in entries if entry.parts.get("msgid") == text), 1))
    return Problem(
        rule="translation-differs",
        place=Place(source.file, lines[0]),
        message=message(
            "“{text}”在 {file} 第 {line} 行另有译文，两处不一样",
            text=text,
            file=other.file,
            line=str(lines[1]),
        ),
        hint=message("请只保留一个；同一段文字在各页上要有同样的译文"),
    )


def _unquote(source: SourceText, number: int, typed: str, problems: list[Problem]) -> str | None:
    """Remove the quotation marks and resolve the escapes; append to *problems* if that fails."""
    start = source.lines[number].find(typed)
    quoted = _QUOTED_TEXT.fullmatch(typed)
    if quoted is None:
        problems.append(
            _report_unreadable(source.find_place(number, start), message("文字要放在一对英文双引号里"))
        )
        return None
    unknown = next((found for found in _ESCAPE.finditer(typed) if found[0] not in _CHARACTER_BY_ESCAPE), None)
    if unknown is not None:
        place = source.find_place(number, start + unknown.start())
        problems.append(_report_unreadable(place, message("反斜杠后面不能是“{mark}”", mark=unknown[0][1])))
        return None
    text = unescape(quoted[1])
    hidden = next((character for character in text if is_forbidden(character)), None)
    if hidden is not None:
        problems.append(refuse_character(hidden).to_problem(source.find_place(number, start)))
        return None
    return text


def _report_unreadable(place: Place, reason: Message) -> Problem:
    return Problem(
        rule="not-po",
        place=place,
        message=message("读不懂这个翻译文件：{reason}", reason=reason),
        hint=message("请用 Poedit 打开检查，或对照其他 .po 文件"),
    )
