"""The pages of former addresses: renamed declarations lead on, withdrawn ones say why."""

from collections.abc import Iterator

from jixiao.analysis import urls
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.text import Text


def former_pages(press: Press) -> Iterator[Sheet]:
    """Lay out a page for each address that was published once and has no declaration any more."""
    book = press.catalogue.addresses
    voice = press.voice
    for old, new in book.renamed.items():
        target = urls.of_declaration(new)
        yield Sheet(
            kind=Kind.RENAMED,
            address=urls.of_declaration(old),
            title=voice.plainly("网址已改"),
            description=voice.plainly("这份申报表换了网址"),
            template="renamed",
            values={"target": target, "new": Text(new)},
            trail=(press.home(),),
            leads_to=target,
        )
    for identity, reason in book.withdrawn.items():
        yield Sheet(
            kind=Kind.WITHDRAWN,
            address=urls.of_declaration(identity),
            title=voice.plainly("申报表已撤下"),
            description=voice.plainly("这里公开过的申报表已经撤下"),
            template="withdrawn",
            values={"identity": Text(identity), "reason": reason},
            trail=(press.home(),),
        )
