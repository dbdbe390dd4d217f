"""Translation files (PO) before they are read: what two readers would read differently is refused.

Only the escapes that PO files have are allowed. A carriage return would part a text in two on its page.
"""

import re
from collections.abc import Iterator

from generator.load.files import SourceText, forbidden_character
from generator.problems import Place, Problem
from generator.words import message

_ENTRY = re.compile(
    r'(?P<word>msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]\])?|)[ \t]*"(?P<said>(?:[^"\\]|\\.)*)"'
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = frozenset('nt"\\')


def check_translation_file(source: SourceText) -> Iterator[Problem]:
    """Yield what is wrong with the lines of a PO file, and texts that are translated twice."""
    first: dict[str, int] = {}
    named = word = ""
    for number, line in enumerate(source.text.split("\n")):
        if line.strip() == "" or line.startswith("#"):
            continue
        found = _ENTRY.fullmatch(line.strip())
        if found is None:
            yield unreadable_translation(source.place(number, 0))
            return
        for escape in _ESCAPE.finditer(line):
            place = source.place(number, escape.start())
            if escape[1] == "r":
                yield forbidden_character("\r").at(place)
            elif escape[1] not in _ESCAPES:
                yield unreadable_translation(place)
        if found["word"] == "msgctxt" or (found["word"] == "msgid" and word != "msgctxt"):
            named = ""
        word = found["word"] or word
        if word in {"msgctxt", "msgid"}:
            named += found["said"]
        elif found["word"].startswith("msgstr") and first.setdefault(named, number) != number:
            yield _repeated(source.place(number, 0), first[named])


def unreadable_translation(place: Place) -> Problem:
    """Say that a line of a PO file means nothing."""
    return Problem(
        rule="not-po",
        place=place,
        message=message("读不懂这个翻译文件"),
        hint=message("请用 Poedit 打开检查，或对照其他 .po 文件"),
    )


def _repeated(place: Place, line: int) -> Problem:
    return Problem(
        rule="translated-twice",
        place=place,
        message=message("同一段文字翻译了两次，第 {line} 行已经有一个译文", line=str(line + 1)),
        hint=message("请只保留一个"),
    )
