"""The pages of former addresses lead to the right declaration, or give the reason that was registered."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.html_reading import address_of, paragraphs
from jixiao.verify.html_tree import Document
from jixiao.verify.view import View


def compare_renamed(view: View, document: Document, new: str) -> Iterator[Finding]:
    """Compare where the page of a renamed declaration sends its readers, by itself and by its link."""
    target = f"{view.words.prefix}{new}"
    refreshes = [
        element.attributes.get("content", "").partition("url=")[2]
        for element in document.elements
        if element.attributes.get("http-equiv", "").lower() == "refresh"
    ]
    links = [(link.attributes.get("href", ""), link.text()) for link in view.article.every("a")]
    what = message("新网址")
    yield from view.differ(what, [[target]], (address_of(link, view.page) for link in refreshes))
    yield from view.differ(what, [[target]], (address_of(link, view.page) for link, _ in links))
    yield from view.differ(what, [[new.rstrip("/")]], (text for _, text in links))


def compare_withdrawn(view: View, identity: str, reason: str) -> Iterator[Finding]:
    """Compare the reason that the page of a withdrawn declaration gives."""
    shown = [part.text() for block in view.article.every("div.prose") for part in block.every("p")]
    accepted = [paragraphs(text) for text in view.words.accepted(reason)]
    yield from view.differ(message("撤下的理由"), accepted, shown)
    lead = view.words.said("这里公开过的申报表（{identity}）已经撤下。", identity=identity)
    yield from view.differs(
        message("撤下的申报表"), (lead,), "\n".join(part.text() for part in view.article.every("p.lead"))
    )
