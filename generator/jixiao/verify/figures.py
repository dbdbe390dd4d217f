"""The page of a declaration says what its file says: every figure, every text, every blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.i18n import message
from jixiao.verify.declaration import SUMS, Cells, Declaration, Row
from jixiao.verify.figure import numbers_in
from jixiao.verify.finding import Finding
from jixiao.verify.glossary import on_one_line
from jixiao.verify.html_reading import ShownRow, address_of, paragraphs
from jixiao.verify.originals import published_form
from jixiao.verify.profiles import caption_of, compare_profile
from jixiao.verify.search_records import compare_search_records
from jixiao.verify.terms import compare_terms
from jixiao.verify.translations import SOURCE
from jixiao.verify.view import BLANK, View

_FACTS = (
    ("项目名称", "name"),
    ("项目性质", "nature"),
    ("主管部门", "department"),
    ("实施单位", "unit"),
    ("计划开始日期", "start"),
    ("计划完成日期", "end"),
)
_REMARKED = ("name", "period", "funding", "goals.overall", "goals.annual")
"""The fields that have remarks, in the order of the page."""
_OF_SOURCE = ("申报表文本", "校验值", "指标体系")
_CHECKSUM = re.compile(r"(?<![0-9A-Za-z])SHA-256 ([0-9a-f]{64})(?![0-9A-Za-z])")
_OF_CITATION = ("永久链接", "引用")
_LOOSE = ("一级指标", "二级指标", "三级指标", "指标目标值")
"""Titles of columns; in English there are numbers in them."""


def compare_declaration(view: View, filed: Declaration) -> Iterator[Finding]:
    """Compare a page with the declaration it shows."""
    yield from _names(view, filed)
    yield from _headline(view, filed)
    yield from _facts(view, filed)
    yield from _sums(view, filed)
    yield from _goals(view, filed)
    yield from _remarks(view, filed)
    yield from _rows(view, filed)
    yield from compare_terms(view)
    yield from compare_search_records(view, filed)
    listed = filed.listed()
    yield from compare_profile(view, listed)
    kicker = view.words.said("{year}年度", year=filed.facts["year"])
    blank = view.words.said("“未填报”是表上空着，不等于 0。")
    caption = view.words.said("{count} 项指标，按申报表的顺序", count=str(len(filed.rows)))
    yield from view.loose(
        kicker,
        view.article.heading(),
        blank,
        caption,
        *(view.words.said(title) for title in _LOOSE),
        caption_of(view, listed),
    )


def _names(view: View, filed: Declaration) -> Iterator[Finding]:
    names = [on_one_line(name) for name in view.names(filed.facts["name"])]
    yield from view.differs(message("页面标题"), names, on_one_line(view.article.heading()))
    site = view.sources.settings.names
    suffix = site.get(view.words.language) or site.get("zh", "")
    titles = [f"{name} · {suffix}" for name in names]
    yield from view.differs(message("浏览器标题"), titles, on_one_line(view.title))


def _headline(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = view.article.headline()
    labels = ("年度资金申请总额", "绩效指标", "目标值是数字", "缺损或不一致")
    yield from view.differ(
        message("页首各栏的名称"),
        [[view.words.said(label) for label in labels]],
        [label for label, _ in shown],
    )
    if len(shown) != len(labels):
        return
    annual, indicators, numeric, marked = (value for _, value in shown)
    yield from view.differs(message("年度资金申请总额"), view.sums(filed.annual, filed.unit), annual)
    yield from view.count(message("绩效指标"), len(filed.rows), indicators)
    yield from view.count(message("目标值是数字"), filed.numeric, numeric)
    if filed.marks:
        yield from view.count(message("缺损或不一致"), filed.marks, marked)
    else:
        yield from view.differs(message("缺损或不一致"), (view.words.said("无"),), marked)


def _facts(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = list(view.article.facts())
    facts = dict(filed.facts)
    facts["department"], facts["unit"] = (view.name_of(facts[field]) for field in ("department", "unit"))
    address = view.sources.settings.address
    labels = [*(label for label, _ in _FACTS), *_OF_SOURCE, *(_OF_CITATION if address else ())]
    yield from view.differ(
        message("基本情况和来源各栏的名称"),
        [[view.words.said(label) for label in labels]],
        [label for label, _ in shown],
    )
    for (label, field), (_, found) in zip(_FACTS, shown, strict=False):
        yield from view.differs(message(label), view.names(facts[field]), found)
    of_source = [value for _, value in shown[len(_FACTS) :]]
    yield from _source(view, filed, of_source)
    if address:
        yield from _citation(view, filed, of_source[len(_OF_SOURCE) :])


def _citation(view: View, filed: Declaration, shown: list[str]) -> Iterator[Finding]:
    """Compare the permanent address and the citation, piece by piece."""
    permanent, citation = (*shown, "", "")[:2]
    address = f"{view.sources.settings.address}{view.words.prefix}{filed.address}"
    yield from view.differs(message("永久链接"), (address,), permanent)
    publishers = view.sources.settings.publishers
    publisher = publishers.get(view.words.language) or publishers.get(SOURCE, "")
    expected = [
        _cited(view, filed, (department, name, publisher, address))
        for department in view.names(view.name_of(filed.facts["department"]))
        for name in view.names(filed.facts["name"])
    ]
    yield from view.differs(message("引用"), expected, citation)


def _cited(view: View, filed: Declaration, named: tuple[str, str, str, str]) -> str:
    """Write the citation; *named* are department, project, publisher (may be empty) and address."""
    said = view.words.said
    department, name, publisher, address = named
    work = said(
        "{department}：《{name}》，{year}年度财政项目支出绩效目标申报表",
        department=department,
        name=name,
        year=filed.facts["year"],
    )
    if publisher:
        work = said("{work}，{publisher}", work=work, publisher=publisher)
    edition = said("版本 {version}，{address}", version=filed.version, address=address)
    return said("{work}，{edition}", work=work, edition=edition)


def _source(view: View, filed: Declaration, shown: list[str]) -> Iterator[Finding]:
    form, checksum, edition = (*shown, "", "", "")[:3]
    name = filed.form.rpartition("/")[2]
    # The words around the numbers belong to the interface.
    yield from view.differs(message("申报表文本"), (name,), form[: len(name)])
    yield from view.differ(message("申报表文本的行号"), [filed.lines], numbers_in(form[len(name) :]))
    published = published_form(filed.form, view.sources)
    checksums = dict.fromkeys(view.sources.forms[one] for one in (filed.form, published) if one is not None)
    yield from view.differ(message("校验值"), [list(checksums)], _CHECKSUM.findall(checksum))
    title = view.sources.editions.get(filed.edition, filed.edition)
    titles = view.names(title)
    shown_title = next((one for one in titles if edition.startswith(one)), edition)
    yield from view.differs(message("指标体系"), titles, shown_title)
    yield from view.differ(message("指标体系"), [()], numbers_in(edition[len(shown_title) :]))
    links = [link.attributes.get("href", "") for link in view.article.every("a")]
    if published is not None and f"{published}/" not in {address_of(link, view.page) for link in links}:
        yield Finding(file=view.page, saying=message("没有链接到申报表文本 {form}", form=published))


def _sums(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = view.article.sums()
    yield from view.differ(
        message("资金各栏的名称"),
        [[view.words.said(label) for _, _, label in SUMS]],
        [label for label, _ in shown],
    )
    for (_, _, label), value, (_, found) in zip(SUMS, filed.sums, shown, strict=False):
        yield from view.differs(message(label), view.sums(value, None), found)
    units = [unit.text() for table in view.article.every("table.money") for unit in table.every("span.unit")]
    read = [view.words.said("单位：{unit}", unit=view.words.said(filed.unit))] * 2 if filed.unit else []
    yield from view.differ(message("金额单位"), [read], units)


def _goals(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = view.article.goals()
    labels = ("项目总目标", "年度总目标")
    yield from view.differ(
        message("目标各栏的名称"),
        [[view.words.said(label) for label in labels]],
        [label for label, _ in shown],
    )
    for label, goal, (_, found) in zip(labels, filed.goals, shown, strict=False):
        yield from view.differ(message(label), _prose(view, goal), found)


def _remarks(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = view.article.remarks()
    yield from view.differs(message("栏目说明的个数"), (str(len(filed.remarks)),), str(len(shown)))
    remarks = sorted(filed.remarks, key=lambda remark: _REMARKED.index(remark.field))
    for remark, found in zip(remarks, shown, strict=False):
        yield from view.differ(message("栏目的标记"), [map(view.words.said, remark.marks)], found.marks)
        yield from view.differ(message("栏目的说明"), _prose(view, remark.note), found.note)
        yield from _cells(view, remark.cells, found.cells)


def _rows(view: View, filed: Declaration) -> Iterator[Finding]:
    shown = view.article.rows()
    yield from view.differ(
        message("指标的编号和顺序"), [[f"i-{row.id}" for row in filed.rows]], [row.id for row in shown]
    )
    for row, found in zip(filed.rows, shown, strict=False):
        yield from _row(view, row, found)


def _row(view: View, row: Row, found: ShownRow) -> Iterator[Finding]:
    # Sentences are made only where something differs: nearly everywhere nothing does.
    filed = (view.words.said(BLANK),) if row.target is None else view.names(row.target)
    for what, accepted, shown in (
        ("指标 {id} 的一级指标", view.names(row.level1), found.level1),
        ("指标 {id} 的二级指标", view.names(row.level2), found.level2),
        ("指标 {id} 的名称", view.names(row.name), found.name),
        ("指标 {id} 的目标值", filed, found.target),
    ):
        if shown not in accepted:
            yield from view.differs(message(what, id=row.id), accepted, shown)
    # A translation may say the unit in another way, but never the figure.
    if row.number is not None and found.target in filed:
        number, shown_number = numbers_in(row.number), numbers_in(found.target)[:1]
        if number != shown_number:
            yield from view.differ(message("指标 {id} 的目标值", id=row.id), [number], shown_number)
    if row.marks or found.marks:
        marks = message("指标 {id} 的标记", id=row.id)
        yield from view.differ(marks, [map(view.words.said, row.marks)], found.marks)
    if row.note or found.note:
        yield from view.differ(message("指标 {id} 的说明", id=row.id), _prose(view, row.note), found.note)
    if row.cells != found.cells:
        yield from _cells(view, row.cells, found.cells)


def _cells(view: View, filed: Cells, found: Cells) -> Iterator[Finding]:
    if filed != found:
        expected, shown = (
            [text for line, cells in lines for text in (line, *cells)] for lines in (filed, found)
        )
        yield from view.differ(message("原文单元格"), [expected], shown)


def _prose(view: View, filed: str | None) -> list[tuple[str, ...]]:
    if filed is None:
        return [(view.words.said(BLANK),)]
    return [paragraphs(text) for text in view.words.accepted(filed)]
