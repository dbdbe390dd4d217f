"""The measurability of targets on pages: bars with their counts, and the page `/indicators/`."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from jixiao.analysis import urls
from jixiao.analysis.measurability import HARD_TO_CHECK, Measurability, by_class, sum_of
from jixiao.analysis.summary import Entry
from jixiao.analysis.totals import totals_of
from jixiao.i18n import Message, message
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.search_facets import view_of

LISTED = 20
"""Declarations that the page names."""
_LEAST_SHARE = 3
"""One of so many targets has to be hard to check for a declaration to be named."""
_MEANINGS: dict[Measurability, Message] = {
    Measurability.NUMBER: message("写明数量，例如“>=90%”“=0”。"),
    Measurability.MOMENT: message("写明日期、期限或频次，例如“6月底前完成”“每月一次”。"),
    Measurability.CRITERION: message("写明看得见的结果，例如“一次性通过竣工验收”。"),
    Measurability.REFERENCE: message("以别的文件为准，例如“符合合同要求”；不看那份文件就无法核对。"),
    Measurability.WORDS: message("程序既找不到标准，也不能断定没有标准。"),
    Measurability.PRAISE: message("只有“及时”“提高”“体系完善”之类，怎样才算达到没有写。"),
    Measurability.REPETITION: message("目标值只把指标名称又说了一遍。"),
    Measurability.DAMAGED: message("原文缺字缺数，或文字待核，无法归类。"),
    Measurability.BLANK: message("表上空着。"),
}


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One class in a bar; a class without targets has no segment."""

    name: str
    """For style sheets."""
    label: str
    """Chinese words."""
    count: int
    start: int
    """How many targets stand before it in the bar."""


def segments_of(entries: Iterable[Entry]) -> tuple[Segment, ...]:
    """Cut the bar of *entries* together into segments, as long as their counts."""
    profile = sum_of(entry.profile for entry in entries)
    starts = accumulate(profile, initial=0)
    return tuple(
        Segment(name=of_class.name.lower(), label=str(of_class), count=count, start=start)
        for (of_class, count), start in zip(by_class(profile), starts, strict=False)
        if count
    )


def indicators_page(press: Press) -> Sheet:
    """Lay out what can be checked of all targets: together, by year, and in large projects."""
    catalogue, voice = press.catalogue, press.voice
    totals = totals_of(catalogue.entries)
    listed = _hard_to_check(catalogue.entries)
    profile = sum_of(entry.profile for entry in catalogue.entries)
    shown = frozenset(of_class for of_class, count in by_class(profile) if count)
    return Sheet(
        kind=Kind.INDICATORS,
        address=urls.INDICATORS,
        title=voice.plainly("指标和目标值"),
        description=voice.plainly("公开的目标值有多少能够核对，哪些金额大而难以核对"),
        template="indicators",
        values={
            "totals": totals,
            "segments": segments_of(catalogue.entries),
            "years": [
                (year, totals_of(of_year), segments_of(of_year))
                for year in catalogue.years()
                for of_year in [catalogue.of_year(year)]
            ],
            "listed": [(entry, segments_of((entry,))) for entry in listed],
            "copied": catalogue.copied,
            "meanings": [
                (of_class.name.lower(), str(of_class), voice.quoting(meaning), _view(of_class, shown))
                for of_class, meaning in _MEANINGS.items()
            ],
        },
        names=tuple(
            entry.id for entry in (*listed, *(one for copied in catalogue.copied for one in copied.examples))
        ),
        trail=(press.home(),),
    )


def _view(of_class: Measurability, shown: AbstractSet[Measurability]) -> str:
    """Give the view of the search that lists the declarations with such targets, if there are any."""
    return view_of({"targets": str(of_class)}) if of_class in shown else ""


def _hard_to_check(entries: Iterable[Entry]) -> list[Entry]:
    """List the largest declarations of which many targets cannot be checked, by money, then by id."""
    vague = [entry for entry in entries if entry.annual is not None and _is_hard_to_check(entry)]
    return sorted(vague, key=lambda entry: (-(entry.yuan or Decimal(0)), entry.id))[:LISTED]


def _is_hard_to_check(entry: Entry) -> bool:
    hard = sum(count for of_class, count in by_class(entry.profile) if of_class in HARD_TO_CHECK)
    return hard > 0 and hard * _LEAST_SHARE >= entry.indicators
