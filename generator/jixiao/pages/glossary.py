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
    terms: dict[str, GlossaryTerm] = {}
    for page in pages:
        if (page.slug, page.language) != (GLOSSARY_SLUG, localizer.language):
            continue
        for found in _TERM.finditer(page.markdown):
            if _MARKUP.search(found[0]):
                continue
            term = found["term"].strip()
            in_brackets = _CHINESE.search(term)
            chinese = in_brackets["chinese"] if in_brackets else term
            terms[chinese if has_chinese(chinese) else term] = GlossaryTerm(
                term=localizer.mark_chinese(Text(term)),
                meaning=localizer.mark_chinese(Text(" ".join(found["meaning"].split()))),
            )
    return terms


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
    defects = (label for row in rows for label in label_defects(row.indicator))
    remark_defects = (label for remark in declaration.remarks for label in label_remark_defects(remark))
    candidates = {
        "facts": (*_FACT_TERMS, declaration.nature.plain()),
        "funding": tuple(title.removeprefix("其中：") for title in funds),
        "goals": ("项目总目标", "年度总目标"),
        "indicators": ("指标目标值", *classes, *defects, *remark_defects),
    }
    return {
        section: tuple(glossary[term] for term in dict.fromkeys(terms) if term in glossary)
        for section, terms in candidates.items()
    }
