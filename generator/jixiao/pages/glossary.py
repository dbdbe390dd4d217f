"""Terms of the publisher's glossary, to be explained on the pages where they are used.

The glossary is the hand-written page `glossary`: a term on one line, its meaning after `:` on the next. In
other languages the Chinese term follows in brackets.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from jixiao.analysis.defects import label_defects, label_remark_defects
from jixiao.analysis.site_content import HandwrittenPage
from jixiao.model.declaration import Declaration
from jixiao.pages.localizer import Localizer
from jixiao.text import Text, has_chinese

GLOSSARY_SLUG: Final = "glossary"
_TERM = re.compile(r"^(?P<term>[^\s:].*)\n:[ ]+(?P<meaning>.+(?:\n[ ]{4}.+)*)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`\[]")
"""Markup in a meaning; such terms are explained on the glossary page only."""
_CHINESE = re.compile(r"\((?P<chinese>[^()]+)\)$")
_FACT_TERMS: Final = ("主管部门", "实施单位", "项目性质", "未填报")


@dataclass(frozen=True, kw_only=True)
class GlossaryTerm:
    """Term of the glossary with its meaning."""

    term: Markup
    """The term as written in the glossary, escaped."""
    meaning: Markup


def read_glossary(pages: Iterable[HandwrittenPage], localizer: Localizer) -> Mapping[str, GlossaryTerm]:
    """Read the glossary in the language of *localizer* as Chinese term → entry; empty if there is none."""
    found = (
        page.markdown for page in pages if (page.slug, page.language) == (GLOSSARY_SLUG, localizer.language)
    )
    return {
        _find_chinese_term(one["term"]): GlossaryTerm(
            term=localizer.own(Text(one["term"].strip())),
            meaning=localizer.own(Text(" ".join(one["meaning"].split()))),
        )
        for markdown in found
        for one in _TERM.finditer(markdown)
        if not _MARKUP.search(one[0])
    }


def select_terms(
    declaration: Declaration, funds: Iterable[str], glossary: Mapping[str, GlossaryTerm]
) -> Mapping[str, tuple[GlossaryTerm, ...]]:
    """Select the glossary terms of each section of a declaration's page, in the order of the form.

    Args:
        declaration: The declaration on the page.
        funds: Titles of the money cells.
        glossary: Glossary terms by Chinese term.
    """
    rows = declaration.rows()
    classes = (name for row in rows for name in (row.level1, row.level2))
    marks = (mark for row in rows for mark in label_defects(row.indicator))
    marks_elsewhere = (mark for remark in declaration.remarks for mark in label_remark_defects(remark))
    words = {
        "facts": (*_FACT_TERMS, declaration.nature.plain()),
        "funding": tuple(title.removeprefix("其中：") for title in funds),
        "goals": ("项目总目标", "年度总目标"),
        "indicators": ("指标目标值", *classes, *marks, *marks_elsewhere),
    }
    return {
        section: tuple(glossary[word] for word in dict.fromkeys(of_section) if word in glossary)
        for section, of_section in words.items()
    }


def _find_chinese_term(term: str) -> str:
    found = _CHINESE.search(term.strip())
    return found["chinese"] if found and has_chinese(found["chinese"]) else term.strip()
