"""Check what declarations say about earlier years: what they continue is there, and continued by one."""

from collections.abc import Iterator

from jixiao.analysis.site_content import Catalogue
from jixiao.analysis.summary import Continued, Entry
from jixiao.i18n import Message, message
from jixiao.model.project import continued_by, is_earlier
from jixiao.problems import Place, Problem

_DECLARATIONS = "content/declarations/"


def check_continuing(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each `continues:` that names no declaration which could be continued."""
    stating = [(entry, entry.continues) for entry in catalogue.entries if entry.continues is not None]
    if not stating:
        return
    known = {entry.id for entry in catalogue.entries}
    earlier = continued_by(known, catalogue.stated)
    for entry, continued in stating:
        if not is_earlier(continued.id, entry.id):
            yield _problem(
                entry,
                continued,
                "continues-not-earlier",
                message("接续的应当是以前年度的申报表：{id}", id=continued.id),
                message("写同一个项目较早年度的申报表；晚的一份写 continues，早的不写"),
            )
        elif continued.id not in known and not catalogue.is_unread(f"{_DECLARATIONS}{continued.id}.yml"):
            yield _problem(
                entry,
                continued,
                "continues-unknown",
                message("没有这份申报表：{id}", id=continued.id),
                message("写成 年度/主管部门/项目，例如 2021/health/clinic；没有公开的，删去 continues"),
            )
        elif earlier.get(entry.id) != continued.id and continued.id in known:
            other = next(one for one, before in earlier.items() if before == continued.id)
            yield _problem(
                entry,
                continued,
                "continues-taken",
                message("{id}已经有一份接续的申报表：{other}", id=continued.id, other=other),
                message("一份申报表只能由一份接续；项目分成几个的，请留下主要的一个"),
            )


def _problem(entry: Entry, continued: Continued, rule: str, saying: Message, hint: Message) -> Problem:
    place = Place(f"{_DECLARATIONS}{entry.id}.yml", continued.line, continued.column)
    return Problem(rule=rule, place=place, message=saying, hint=hint)
