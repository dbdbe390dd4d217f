"""The publisher's glossary, taken apart: what a term of the form means, to be read where the term stands.

The glossary is the hand-written page `glossary`: a term on a line, its meaning behind `:` on the next. In
another language the Chinese term stands behind it in brackets.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from jixiao.analysis.defects import marks_of, marks_of_remark
from jixiao.analysis.site_content import HandwrittenPage
from jixiao.model.declaration import Declaration
from jixiao.pages.localizer import Voice
from jixiao.text import Text, has_chinese

SLUG: Final = "glossary"
_TERM = re.compile(r"^(?P<term>[^\s:].*)\n:[ ]+(?P<meaning>.+(?:\n[ ]{4}.+)*)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`\[]")
"""A meaning that is more than text is left to the page of the glossary."""
_CHINESE = re.compile(r"\((?P<chinese>[^()]+)\)$")
_OF_FACTS: Final = ("主管部门", "实施单位", "项目性质", "未填报")


@dataclass(frozen=True, kw_only=True)
class Term:
    """An entry of the glossary."""

    term: Markup
    """As the glossary writes it, escaped."""
    meaning: Markup


def glossary_in(pages: Iterable[HandwrittenPage], voice: Voice) -> Mapping[str, Term]:
    """Read the glossary in the language of *voice*: Chinese term → entry; empty where there is none."""
    found = (page.markdown for page in pages if (page.slug, page.language) == (SLUG, voice.language))
    return {
        _chinese_of(one["term"]): Term(
            term=voice.own(Text(one["term"].strip())),
            meaning=voice.own(Text(" ".join(one["meaning"].split()))),
        )
        for markdown in found
        for one in _TERM.finditer(markdown)
        if not _MARKUP.search(one[0])
    }


def terms_of(
    declaration: Declaration, funds: Iterable[str], glossary: Mapping[str, Term]
) -> Mapping[str, tuple[Term, ...]]:
    """Give the terms that stand in each section of a declaration's page, in the order of the form.

    Args:
        declaration: What the page shows.
        funds: The titles of the cells for money.
        glossary: Where they are explained.
    """
    rows = declaration.rows()
    classes = (name for row in rows for name in (row.level1, row.level2))
    marks = (mark for row in rows for mark in marks_of(row.indicator))
    marks_elsewhere = (mark for remark in declaration.remarks for mark in marks_of_remark(remark))
    words = {
        "facts": (*_OF_FACTS, declaration.nature.plain()),
        "funding": tuple(title.removeprefix("其中：") for title in funds),
        "goals": ("项目总目标", "年度总目标"),
        "indicators": ("指标目标值", *classes, *marks, *marks_elsewhere),
    }
    return {
        section: tuple(glossary[word] for word in dict.fromkeys(of_section) if word in glossary)
        for section, of_section in words.items()
    }


def _chinese_of(term: str) -> str:
    found = _CHINESE.search(term.strip())
    return found["chinese"] if found and has_chinese(found["chinese"]) else term.strip()
