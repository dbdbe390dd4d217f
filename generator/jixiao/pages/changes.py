"""The page `/changes/`: what was published, changed, renamed, withdrawn, as git tells it, latest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jixiao.analysis import urls
from jixiao.model.history import Event
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.parts import parts_of
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row of the page."""

    event: Event
    name: Text
    """Of the declaration; its id where it is published no more."""
    department: Text
    has_page: bool


def changes_pages(press: Press) -> Iterator[Sheet]:
    """Lay out all events, a hundred a page, or say why there are none."""
    voice, history = press.voice, press.catalogue.history
    names = {entry.id: entry.name for entry in press.catalogue.entries}
    title = voice.plainly("公开和改动记录")
    told = [_told(event, press, names) for event in history.events]
    for part in parts_of(urls.CHANGES, told):
        yield Sheet(
            kind=Kind.CHANGES,
            address=part.address_of(part.number),
            title=press.title_of_part(title, part.number),
            description=voice.plainly("申报表何时公开，以后改了什么"),
            template="changes",
            values={
                "part": part,
                "missing": history.missing,
                "text": Text,
                "feeds": _feeds(press) if part.number == 1 else (),
            },
            trail=(press.home(),),
        )


def _told(event: Event, press: Press, names: Mapping[str, Text]) -> Told:
    department = press.catalogue.organisations.get(event.department)
    return Told(
        event=event,
        name=names.get(event.id, Text(event.id)),
        department=department.name if department else Text(event.department),
        has_page=event.id in names or event.id in press.catalogue.addresses.withdrawn,
    )


def _feeds(press: Press) -> tuple[tuple[str, Text], ...]:
    """Give the address of each department's feed with its name; without a public address there are none."""
    if not press.config.address or not press.catalogue.history.events:
        return ()
    departments = sorted({event.department for event in press.catalogue.history.events})
    known = press.catalogue.organisations
    return tuple((urls.of_feed(one), known[one].name) for one in departments if one in known)
