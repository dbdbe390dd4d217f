"""The page of one declaration: every fact of the form, the marks, and where it was taken from."""

from urllib.parse import quote

from jixiao.analysis import urls
from jixiao.analysis.defects import marks_of_remark
from jixiao.analysis.site_content import Filed
from jixiao.model.declaration import Funding
from jixiao.model.history import Event
from jixiao.model.project import Neighbours
from jixiao.pages.citation import citation_of
from jixiao.pages.glossary import terms_of
from jixiao.pages.indicator_table import table_of
from jixiao.pages.localizer import Voice
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.profile import segments_of
from jixiao.pages.search_facets import records_of
from jixiao.text import Text

PROJECT_FUNDS = (("total", "项目资金总额"), ("fiscal", "其中：财政资金"), ("other", "其他资金"))
ANNUAL_FUNDS = (
    ("total", "年度资金申请总额"),
    ("appropriation", "其中：当年财政拨款"),
    ("carryover", "上年结转资金"),
    ("other", "其他资金"),
)
"""Field of the model → cell of the form, in the order of the form."""
FUNDS = {("project", part): ("整个项目", title) for part, title in PROJECT_FUNDS} | {
    ("annual", part): ("申报年度", title) for part, title in ANNUAL_FUNDS
}
"""Block and part of the model → title of the block and cell of the form."""


def declaration_sheet(
    filed: Filed, neighbours: Neighbours | None, press: Press, events: tuple[Event, ...] = ()
) -> Sheet:
    """Lay out one declaration, with the ways to the same project in other years, and its history."""
    declaration = filed.declaration
    voice = press.voice
    return Sheet(
        kind=Kind.DECLARATION,
        address=urls.of_declaration(filed.id),
        title=voice.translated(declaration.name),
        description=voice.plainly(
            "{department}{year}年度财政项目支出绩效目标申报表：{name}",
            department=voice.translated(press.organisation_name(declaration.department)),
            year=declaration.year,
            name=voice.translated(declaration.name),
        ),
        template="declaration",
        values={
            "declaration": declaration,
            "blocks": _blocks(declaration.funding),
            "unit": declaration.funding.unit_in_use,
            "entry": filed.entry,
            "neighbours": neighbours,
            "events": events,
            "year_of": lambda identity: identity.partition("/")[0],
            "table": table_of(declaration),
            "segments": segments_of((filed.entry,)),
            "taxonomy": press.catalogue.taxonomies[declaration.edition],
            "form": press.catalogue.forms[declaration.source.form.plain()],
            "is_text": declaration.source.form.plain().endswith(".txt"),
            "identity": filed.id,
            "terms": terms_of(
                declaration, (title for _, title in (*PROJECT_FUNDS, *ANNUAL_FUNDS)), press.glossary
            ),
            "has_packs": press.config.packs,
            "has_downloads": press.config.downloads,
            "citation": citation_of(filed, press),
            "report": _report(filed, press),
            "has_guide": _explains_marks(press),
            "has_marked_rows": any(row.indicator.is_marked for row in declaration.rows()),
            "has_explained_rows": any(row.indicator.is_explained for row in declaration.rows()),
            "marks_of_remark": marks_of_remark,
            "text": Text,
            "day": lambda day: Text(day.isoformat()),
            "file_name": lambda path: Text(path.rpartition("/")[2]),
            "plain": voice.translated,
            "aliases": _aliases(filed, press),
            "amount": _amount(declaration.funding, voice),
            "yuan": _yuan(filed),
            "records": records_of(filed, press),
        },
        trail=(
            press.home(),
            press.year(declaration.year),
            press.department_year(declaration.department, declaration.year),
        ),
        year=declaration.year,
    )


def _blocks(funding: Funding) -> tuple[tuple[str, tuple[tuple[str, object], ...]], ...]:
    """Give the two halves of the money table: title, then (cell, sum or nothing filed)."""
    return (
        ("整个项目", tuple((title, getattr(funding.project, field)) for field, title in PROJECT_FUNDS)),
        ("申报年度", tuple((title, getattr(funding.annual, field)) for field, title in ANNUAL_FUNDS)),
    )


def _explains_marks(press: Press) -> bool:
    """Tell whether the publisher's guide has a section on marks to link to."""
    return any(page.slug == "guide" and "{#marks}" in page.markdown for page in press.catalogue.handwritten)


def _amount(funding: Funding, voice: Voice) -> Text:
    """Write the sum of the year for a search result, whole: Pagefind would cut it out of the table."""
    total, unit = funding.annual.total, funding.unit_in_use
    if total is None or unit is None:
        return voice.plainly("未填报")
    return Text(f"{total.value:,} {voice.plainly(unit.value).plain()}")


def _yuan(filed: Filed) -> Text:
    """Write the sum of the year in 元, by which results are sorted; nothing where it was left blank."""
    yuan = filed.entry.yuan
    return Text("" if yuan is None else f"{yuan:f}")


def _report(filed: Filed, press: Press) -> Text | None:
    """Give the link by which readers report a mistake; a mail names the page in its subject."""
    contact = press.config.contact
    if contact is None or not contact.startswith("mailto:"):
        return None if contact is None else Text(contact)
    subject = press.voice.plainly("差错：{page}", page=filed.id).plain()
    return Text(f"{contact}{'&' if '?' in contact else '?'}subject={quote(subject)}")


def _aliases(filed: Filed, press: Press) -> Text:
    """List what people call the department and the unit, and the sums in both ways of writing."""
    declaration = filed.declaration
    organisations = press.catalogue.organisations
    names = [
        alias.plain()
        for identity in (declaration.department, declaration.unit)
        for alias in organisations[identity].aliases
    ]
    sums = {
        form for _, _, money in declaration.funding.sums() for form in (f"{money.value:,}", f"{money.value}")
    }
    return Text(" ".join([*names, *sorted(sums)]))
