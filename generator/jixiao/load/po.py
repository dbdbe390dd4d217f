"""Read a translation file (PO) as strictly as everything else that is edited by hand.

A small part of PO: comments, `msgid` and `msgstr` over one or more lines, drafts. What a library would guess
at or compute from the header (encodings, plural formulas) is refused or left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jixiao.i18n import Dictionary, Message, message
from jixiao.load.source_files import SourceText, forbidden_character, is_forbidden
from jixiao.problems import Place, Problem

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
_ESCAPE = re.compile(r"\\.")
_KEYWORD = re.compile(r"(msgid|msgstr)\s*(.*)")


@dataclass
class _Entry:
    """One text with its translation, while it is being read."""

    line: int
    parts: dict[str, str] = field(default_factory=dict)
    is_draft: bool = False


def read_po(source: SourceText, language: str) -> Dictionary | tuple[Problem, ...]:
    """Read *source*; give its translations, drafts and empty ones left out, or what is wrong."""
    problems: list[Problem] = []
    translations: dict[str, str] = {}
    lines: dict[str, int] = {}
    for entry in _entries(source, problems):
        text, said = entry.parts.get("msgid", ""), entry.parts.get("msgstr")
        if said is None:
            problems.append(_unreadable(Place(source.file, entry.line), message("msgid 后面缺 msgstr")))
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
        if text and said and said.strip() and not entry.is_draft:
            translations[text] = said
    return tuple(problems) if problems else Dictionary(language=language, translations=translations)


def _entries(source: SourceText, problems: list[Problem]) -> Iterator[_Entry]:
    entry: _Entry | None = None
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
        keyword = _KEYWORD.fullmatch(line)
        if keyword and keyword[1] == "msgid":
            if entry is not None:
                yield entry
            entry, is_draft = _Entry(number + 1, is_draft=is_draft), False
        if keyword:
            current = keyword[1]
        said = _unquoted(source, number, keyword[2] if keyword else line, problems)
        is_out_of_place = entry is None or not current or bool(keyword and current in entry.parts)
        if said is None or entry is None or is_out_of_place:
            if said is not None:
                problems.append(_unreadable(source.place(number, 0), message("这一行放错了地方")))
            return
        entry.parts[current] = entry.parts.get(current, "") + said
    if entry is not None:
        yield entry


def unescaped(typed: str) -> str:
    """Read the escapes of a text that has been found sound."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], typed)


def translated_differently(text: str, source: SourceText, other: SourceText) -> Problem:
    """Say that *source* translates *text* in another way than *other*; both have been found sound."""
    line, other_line = (_line_of(text, one) for one in (source, other))
    return Problem(
        rule="translation-differs",
        place=Place(source.file, line),
        message=message(
            "“{text}”在 {file} 第 {line} 行另有译文，两处不一样",
            text=text,
            file=other.file,
            line=str(other_line),
        ),
        hint=message("请只保留一个；同一段文字在各页上要有同样的译文"),
    )


def _line_of(text: str, source: SourceText) -> int:
    return next((entry.line for entry in _entries(source, []) if entry.parts.get("msgid") == text), 1)


def _unquoted(source: SourceText, number: int, typed: str, problems: list[Problem]) -> str | None:
    """Take off the quotation marks and read the escapes; note a problem where that cannot be done."""
    start = source.lines[number].find(typed)
    quoted = _QUOTED.fullmatch(typed)
    if quoted is None:
        problems.append(_unreadable(source.place(number, start), message("文字要放在一对英文双引号里")))
        return None
    unknown = next((found for found in _ESCAPE.finditer(typed) if found[0] not in _ESCAPES), None)
    if unknown is not None:
        place = source.place(number, start + unknown.start())
        problems.append(_unreadable(place, message("反斜杠后面不能是“{mark}”", mark=unknown[0][1])))
        return None
    said = unescaped(quoted[1])
    hidden = next((character for character in said if is_forbidden(character)), None)
    if hidden is not None:
        problems.append(forbidden_character(hidden).at(source.place(number, start)))
        return None
    return said


def _unreadable(place: Place, saying: Message) -> Problem:
    return Problem(
        rule="not-po",
        place=place,
        message=message("读不懂这个翻译文件：{reason}", reason=saying),
        hint=message("请用 Poedit 打开检查，或对照其他 .po 文件"),
    )
