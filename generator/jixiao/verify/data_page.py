"""The page of data counts the declarations of each year as the project has them."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.view import View

PAGE = "data/"


def compare_data_page(view: View) -> Iterator[Finding]:
    """Compare the table of years; without files of data there is none."""
    everything = view.sources.groups[""].totals
    counted = view.words.said(
        "本站现有申报表 {declarations} 份、指标 {indicators} 项。",
        declarations=f"{everything.declarations:,}",
        indicators=f"{everything.indicators:,}",
    )
    told = "\n".join(one.text() for one in view.article.every("p.published"))
    yield from view.differs(message("清单"), [counted], told)
    if not view.sources.settings.downloads:
        return
    years = sorted((address for address in view.sources.groups if address.count("/") == 1), reverse=True)
    expected = [
        [address.rstrip("/"), f"{view.sources.groups[address].totals.declarations:,}"]
        for address in years
        if address.rstrip("/").isdigit()
    ]
    table = next(iter(view.article.every("table.list")), None)
    rows = [row.every("th", "td.number") for row in table.every("tr")] if table else []
    shown = [[cell.text() for cell in row] for row in rows][1:]
    for wanted, found in zip(expected, shown, strict=False):
        yield from view.differ(message("各年度"), [wanted], found)
    yield from view.differs(message("各年度"), [str(len(expected))], str(len(shown)))
