"""The values on the pages of a declaration: its own, that of its project, those of its former addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from jixiao.i18n import message
from jixiao.verify.list_groups import ORGANISATIONS
from jixiao.verify.page_values import ComparedPage, PageValue, link_value, number_value, text_value
from jixiao.verify.po_texts import SOURCE
from jixiao.verify.source_declaration import (
    ANNUAL_TOTAL,
    BLANK,
    SUMS,
    SourceDeclaration,
    SourceIndicator,
    SourceRemark,
)
from jixiao.verify.source_numbers import group_digits, numbers_in, parse_sum, read_measure

_TITLE, _YEAR = message("页面标题"), message("年度")
_ANNUAL, _INDICATORS = message("年度资金申请总额"), message("绩效指标")
_NUMERIC, _DAMAGE = message("目标值是数字"), message("缺损或不一致")
_FACTS = (
    (message("项目名称"), "name"),
    (message("项目性质"), "nature"),
    (message("主管部门"), "department"),
    (message("实施单位"), "unit"),
    (message("计划开始日期"), "start"),
    (message("计划完成日期"), "end"),
)
_MONEY, _UNIT = message("资金各栏的名称"), message("金额单位")
_SUMS = tuple(message(label) for _, _, label in SUMS)
_GOALS = (message("项目总目标"), message("年度总目标"))
_REMARK_MARKS, _REMARK_NOTE = message("栏目的标记"), message("栏目的说明")
_CELLS, _BAR = message("原文单元格"), message("目标值的分类")
_ORDER = message("指标的编号和顺序")
_LEVELS = (message("指标 {id} 的一级指标"), message("指标 {id} 的二级指标"))
_NAME, _TARGET = message("指标 {id} 的名称"), message("指标 {id} 的目标值")
_MARKS, _NOTE = message("指标 {id} 的标记"), message("指标 {id} 的说明")
_FORM, _LINES = message("申报表文本"), message("申报表文本的行号")
_CHECKSUM, _EDITION = message("校验值"), message("指标体系")
_PERMANENT, _CITATION = message("永久链接"), message("引用")
_OTHER_YEARS, _BESIDE = message("同一项目的其他年度"), message("与另一份并排")
_COMPARED = message("历年对比的各行")
_ADDRESS, _WITHDRAWN, _REASON = message("新网址"), message("撤下的申报表"), message("撤下的理由")

_ANNUAL_LABEL = "年度资金申请总额"
_DECLARATION = re.compile(r"[0-9]{4}/[^/]+/.+/$")
_NOTHING = "—"
_SAME, _GONE, _NEW = "不变", "不再列出", "新列出"
_REDEFINED, _REWORDED, _RAISED, _LOWERED = "指标改动", "目标值改写", "数字调高", "数字调低"
_BLOCKS = {"project": "整个项目", "annual": "申报年度"}
"""The labels of the two blocks of sums."""


def declaration_values(page: ComparedPage, declaration: SourceDeclaration) -> Iterator[PageValue]:
    """Yield the values of a declaration's page."""
    listed, facts = declaration.listed(), declaration.facts
    yield number_value(_YEAR, facts["year"])
    yield text_value(_TITLE, page.names(facts["name"]))
    yield from _neighbours(page)
    yield PageValue(_MONEY, "label", ((page.texts.translate(_ANNUAL_LABEL),),), subject="annual")
    yield text_value(_ANNUAL, (page.sum(declaration.annual, declaration.unit),))
    yield number_value(_INDICATORS, listed.indicators)
    yield number_value(_NUMERIC, listed.numeric)
    yield number_value(_DAMAGE, listed.marks) if listed.marks else PageValue(_DAMAGE, "words")
    for what, field in _FACTS:
        if field in {"department", "unit"}:
            yield link_value(what, f"{ORGANISATIONS}{facts[field]}/", optional=True)
            yield text_value(what, page.organisation(facts[field]))
        else:
            yield text_value(what, page.names(facts[field]))
    yield from _remarks(page, declaration, "name", "period")
    yield from _sums(page, declaration)
    yield from _remarks(page, declaration, "funding")
    for field, what, goal in zip(("goals.overall", "goals.annual"), _GOALS, declaration.goals, strict=True):
        yield from (text_value(what, (text,)) for text in page.prose(goal))
        yield from _remarks(page, declaration, field)
    yield number_value(_INDICATORS, listed.indicators)
    yield from _indicators(page, declaration.rows)
    if listed.indicators:
        yield PageValue(_BAR, "bar", counted=listed)
    yield from _origin(page, declaration)


def _neighbours(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the ways to the same project in other years.

    With the lists of the site at hand they are exact; without, each leads to the year that it names.
    """
    if page.sources.listed:
        addresses = []
        project = page.sources.project_addresses.get(page.address)
        if project is not None:
            members = page.sources.projects[project]
            place = members.index(page.address)
            addresses = [*members[:place][-1:], project, *members[place + 1 :][:1]]
    else:
        linked = (one for one in page.links() if _DECLARATION.match(one) or one.startswith("projects/"))
        addresses = [one for one in linked if one != page.address]
    for address in addresses:
        yield link_value(_OTHER_YEARS, address)
        if address[:1].isdecimal():
            yield number_value(_OTHER_YEARS, address[:4])
    yield link_value(_BESIDE, f"compare/ a={page.address.rstrip('/')}")


def _sums(page: ComparedPage, declaration: SourceDeclaration) -> Iterator[PageValue]:
    unit = page.texts.translate(declaration.unit) if declaration.unit else None
    for block, places in groupby(range(len(SUMS)), key=lambda place: SUMS[place][0]):
        if unit:
            yield PageValue(_UNIT, "unit", ((unit,),))
        for place in places:
            label = page.texts.translate(SUMS[place][2])
            yield PageValue(_MONEY, "label", ((label,),), subject=block)
            yield text_value(_SUMS[place], (page.sum(declaration.sums[place], None),))
    if unit and declaration.stated_unit is None:
        yield PageValue(_UNIT, "unit", ((unit,),), is_optional=True)


def _remarks(page: ComparedPage, declaration: SourceDeclaration, *fields: str) -> Iterator[PageValue]:
    remarks = [one for field in fields for one in declaration.remarks if one.field == field]
    for remark in remarks:
        yield from _defects(page, remark)


def _defects(page: ComparedPage, damaged: SourceRemark | SourceIndicator) -> Iterator[PageValue]:
    """Yield marks, note and cells as filed."""
    is_row = isinstance(damaged, SourceIndicator)
    subject = damaged.id if isinstance(damaged, SourceIndicator) else ""
    if damaged.marks:
        marks = " ".join(map(page.texts.translate, damaged.marks))
        yield text_value(_MARKS if is_row else _REMARK_MARKS, (marks,), subject)
    if damaged.note:
        for text in page.prose(damaged.note):
            yield text_value(_NOTE if is_row else _REMARK_NOTE, (text,), subject)
    for line, texts in damaged.cells:
        yield number_value(_CELLS, line)
        for text in texts:
            if not text:
                yield PageValue(_CELLS, "words")
            elif text.strip():
                yield text_value(_CELLS, (text.strip(),))


def _indicators(page: ComparedPage, rows: Sequence[SourceIndicator]) -> Iterator[PageValue]:
    heights = Counter(row.level1 for row in rows), Counter((row.level1, row.level2) for row in rows)
    before = ("", "")
    for row in rows:
        yield PageValue(_ORDER, "id", ((f"i-{row.id}",),))
        classes = (row.level1, row.level2)
        if before[0] != row.level1:
            yield from _level(page, 0, row.level1, heights[0][row.level1], row.id)
        if before != classes:
            yield from _level(page, 1, row.level2, heights[1][classes], row.id)
        before = classes
        yield from _indicator(page, row)


def _level(page: ComparedPage, level: int, name: str, height: int, subject: str) -> Iterator[PageValue]:
    """Yield a class, and over how many rows its cell reaches."""
    if height > 1:
        yield PageValue(_LEVELS[level], "rowspan", ((str(height),),), subject=subject)
    yield text_value(_LEVELS[level], page.texts.alternatives(name), subject)


def _indicator(page: ComparedPage, row: SourceIndicator) -> Iterator[PageValue]:
    yield text_value(_NAME, page.names(row.name), row.id)
    if row.target is None:
        yield text_value(_TARGET, (page.texts.translate(BLANK),), row.id)
    else:
        # A translation may say the unit in another way, but never the figure.
        names = page.names(row.target)
        number = row.number
        kept = tuple(name for name in names if number is None or numbers_in(name)[:1] == numbers_in(number))
        yield text_value(_TARGET, kept or names[-1:], row.id)
    yield from _defects(page, row)
    if not (row.marks or row.note or row.cells):
        yield PageValue(_NOTE, "text", (("",),), subject=row.id, is_optional=True)


def _origin(page: ComparedPage, declaration: SourceDeclaration) -> Iterator[PageValue]:
    sources, form = page.sources, declaration.form
    published = sources.published_form(form)
    name = form.rpartition("/")[2]
    if published is None:
        yield PageValue(_FORM, "parts", ((name,),), declaration.lines)
    else:
        yield link_value(_FORM, published)
        yield text_value(_FORM, (name,))
        if declaration.lines:
            yield number_value(_LINES, *declaration.lines)
        elif published != form:
            yield PageValue(_FORM, "words")
    checksums = dict.fromkeys(sources.forms[one] for one in (form, published) if one is not None)
    yield PageValue(_CHECKSUM, "parts", tuple((checksum,) for checksum in checksums))
    edition = sources.editions.get(declaration.edition, declaration.edition)
    yield PageValue(_EDITION, "parts", (page.names(edition),))
    if root := sources.settings.address:
        address = f"{root}{page.texts.prefix}{declaration.address}"
        publishers = sources.settings.publishers
        publisher = publishers.get(page.texts.language) or publishers.get(SOURCE, "")
        named = [page.organisation(declaration.facts["department"]), page.names(declaration.facts["name"])]
        named += [(publisher,)] if publisher else []
        cited = (*named, (declaration.version,), (address,))
        yield text_value(_PERMANENT, (address,))
        yield PageValue(_CITATION, "parts", cited, (declaration.facts["year"],))


def renamed_values(new: str) -> Iterator[PageValue]:
    """Yield the values of the page that leads from a former address to the present one."""
    yield link_value(_ADDRESS, new)
    yield text_value(_ADDRESS, (new.rstrip("/"),))


def withdrawn_values(page: ComparedPage, reason: str) -> Iterator[PageValue]:
    """Yield the values of the page of a declaration that is no longer published."""
    yield PageValue(_WITHDRAWN, "parts", ((page.address.rstrip("/"),),))
    yield from (text_value(_REASON, (text,)) for text in page.prose(reason))


class _Fate(NamedTuple):
    """Target in two years, with its change."""

    fate: str
    old: SourceIndicator | None
    new: SourceIndicator | None


def project_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the page of a project through the years.

    The fate of each target and every difference are worked out independently of the page.
    """
    members = [page.sources.declarations[one] for one in page.sources.projects[page.address]]
    steps = [*pairwise(members)][::-1]
    years = [one.facts["year"] for one in members]
    yield text_value(_TITLE, page.names(members[-1].facts["name"]))
    yield number_value(_COMPARED, years[0], years[-1], len(members))
    fates = [_find_fates(page, old, new) for old, new in steps]
    before: list[SourceDeclaration | None] = [*members[-2::-1], None]
    for new, old, of_step in zip(members[::-1], before, [*fates, None], strict=True):
        yield from _year(page, old, new, of_step)
    for (old, new), of_step in zip(steps, fates, strict=True):
        pair = (old.facts["year"], new.facts["year"])
        yield number_value(_COMPARED, *pair[::-1])
        beside = f"a={old.address.rstrip('/')} b={new.address.rstrip('/')}"
        yield link_value(_BESIDE, f"compare/ {beside}")
        if old.edition != new.edition:
            editions = (page.sources.editions[one.edition] for one in (old, new))
            yield PageValue(_EDITION, "parts", tuple((edition,) for edition in editions))
        for rows in (_changed_sums(page, old, new), _changed_texts(page, old, new)):
            values = [*rows]
            yield from (number_value(_COMPARED, year) for year in (pair if values else ()))
            yield from values
        yield from (number_value(_COMPARED, year) for year in pair)
        for fate in of_step:
            yield from _compared_target(page, fate, old, new)


def _year(
    page: ComparedPage,
    old: SourceDeclaration | None,
    new: SourceDeclaration,
    fates: Sequence[_Fate] | None,
) -> Iterator[PageValue]:
    yield link_value(_COMPARED, new.address)
    yield number_value(_COMPARED, new.facts["year"])
    yield _text(page.sum(new.annual, new.unit))
    yield _difference(page, old, new, ANNUAL_TOTAL)
    yield number_value(_COMPARED, len(new.rows))
    if fates is None:
        yield from [_text(_NOTHING)] * 4
        return
    counted = Counter(fate.fate for fate in fates)
    changed = sum(counted[fate] for fate in (_REDEFINED, _REWORDED, _RAISED, _LOWERED))
    for count in (counted[_SAME], changed, counted[_NEW], counted[_GONE]):
        yield number_value(_COMPARED, count)


def _text(*accepted: str) -> PageValue:
    return text_value(_COMPARED, accepted)


def _changed_sums(page: ComparedPage, old: SourceDeclaration, new: SourceDeclaration) -> Iterator[PageValue]:
    for place, (block, _, label) in enumerate(SUMS):
        sums = old.sums[place], new.sums[place]
        if sums != (None, None):
            labels = tuple((page.texts.translate(one),) for one in (_BLOCKS[block], label))
            yield PageValue(_COMPARED, "parts", labels, is_tight=True)
            yield _text(page.sum(sums[0], old.unit))
            yield _text(page.sum(sums[1], new.unit))
            yield _difference(page, old, new, place)


def _difference(
    page: ComparedPage, old: SourceDeclaration | None, new: SourceDeclaration, place: int
) -> PageValue:
    """Return the difference, where both sums are there and in one unit."""
    was, is_now = (old.sums[place] if old else None), new.sums[place]
    if old is None or was is None or is_now is None or old.unit != new.unit:
        return _text(_NOTHING)
    less, more = parse_sum(was), parse_sum(is_now)
    if less is None or more is None:
        return _text(_NOTHING)
    if more == less:
        return _text(page.texts.translate(_SAME))
    return _text(f"{'+' if more > less else '−'}{group_digits(str(abs(more - less)))}")


def _changed_texts(page: ComparedPage, old: SourceDeclaration, new: SourceDeclaration) -> Iterator[PageValue]:
    for was, is_now in (
        *((old.facts[field], new.facts[field]) for field in ("name", "nature")),
        *zip(old.goals, new.goals, strict=True),
    ):
        if (was or "").strip() != (is_now or "").strip():
            for text in (was, is_now):
                yield from map(_text, page.prose(text))


def _find_fates(page: ComparedPage, old: SourceDeclaration, new: SourceDeclaration) -> list[_Fate]:
    """List the changes of targets: those of the later form in its order, then those that are gone."""
    before = {row.id: row for row in old.rows}
    ids_now = {row.id for row in new.rows}
    alone_before = _names_once(row for row in old.rows if row.id not in ids_now)
    alone_now = _names_once(row for row in new.rows if row.id not in before)
    crosswalk = page.sources.crosswalks.get(new.edition, {}).get(old.edition, {})
    fates = []
    for row in new.rows:
        same_name = alone_before.get(row.name) if alone_now.get(row.name) is row else None
        was = before.get(row.id, same_name)
        if was is not None:
            del before[was.id]
        fates.append(_Fate(_NEW if was is None else _find_fate(was, row, crosswalk), was, row))
    return [*fates, *(_Fate(_GONE, row, None) for row in before.values())]


def _names_once(rows: Iterable[SourceIndicator]) -> dict[str, SourceIndicator]:
    rows = list(rows)
    times = Counter(row.name for row in rows)
    return {row.name: row for row in rows if times[row.name] == 1}


def _find_fate(old: SourceIndicator, new: SourceIndicator, crosswalk: Mapping[str, str]) -> str:
    was_in = f"{old.level1}/{old.level2}"
    if old.name != new.name or crosswalk.get(was_in, was_in) != f"{new.level1}/{new.level2}":
        return _REDEFINED
    if old.target == new.target:
        return _SAME
    was, is_now = read_measure(old.target or ""), read_measure(new.target or "")
    if was is None or is_now is None or (was.sign, was.unit) != (is_now.sign, is_now.unit):
        return _REWORDED
    if was.number == is_now.number:
        return _SAME
    return _RAISED if was.number < is_now.number else _LOWERED


def _compared_target(
    page: ComparedPage, fate: _Fate, old: SourceDeclaration, new: SourceDeclaration
) -> Iterator[PageValue]:
    translate = page.texts.translate_content
    both = [row for row in (fate.old, fate.new) if row is not None]
    names = dict.fromkeys(translate(row.name) for row in both)
    classes = dict.fromkeys((row.level1, row.level2) for row in both)
    named = (*names, *(translate(level) for pair in classes for level in pair))
    yield PageValue(_COMPARED, "parts", tuple((name.strip(),) for name in named), is_tight=True)
    for row, declaration in ((fate.old, old), (fate.new, new)):
        if row is None:
            yield _text(_NOTHING)
        else:
            yield link_value(_COMPARED, f"{declaration.address}#i-{row.id}")
            target = page.texts.translate(BLANK) if row.target is None else translate(row.target)
            yield _text(target.strip())
    marks = dict.fromkeys(mark for row in both for mark in row.marks)
    yield _text(" ".join(map(page.texts.translate, (fate.fate, *marks))))
