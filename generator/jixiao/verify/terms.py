"""The terms that a declaration explains are those of the publisher's glossary, in its words."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.glossary import on_one_line
from jixiao.verify.view import View


def compare_terms(view: View) -> Iterator[Finding]:
    """Compare the explanations on a page with the glossary of its language."""
    glossary = view.sources.glossaries.get(view.words.language, {})
    for block in view.article.every("details.terms"):
        for entry in block.every("div"):
            term, meaning = (
                on_one_line(" ".join(part.text() for part in entry.every(tag))) for tag in ("dt", "dd")
            )
            what = message("用语“{term}”的解释", term=term)
            yield from view.differs(what, [glossary.get(term, "")], meaning)
