"""How a page is cited and found again: its permanent address, the version of its source, a code for phones.

The code is a QR code (ISO/IEC 18004) that only paper shows. Its mask is fixed: choosing the best of eight
costs ten times as much, and every reader reads all of them.
"""

from dataclasses import dataclass
from typing import Final

import segno

from jixiao.analysis import urls
from jixiao.analysis.site_content import Filed
from jixiao.pages.links import from_root
from jixiao.pages.page_renderer import Press
from jixiao.text import Text

_MASK: Final = 2
_QUIET: Final = 4
"""Modules that stay white around a code."""


@dataclass(frozen=True, kw_only=True)
class Citation:
    """What a reader copies to cite a declaration."""

    address: Text
    """The permanent address, with the host of the site."""
    text: Text
    """Author, title, kind, publisher, version and address, in one line."""
    code: str
    """The black modules of the QR code as an SVG path, one unit a module."""
    size: int
    """Width and height of the code with the white around it."""


def citation_of(filed: Filed, press: Press) -> Citation | None:
    """Give the citation of a declaration's page; `None` where the site has no public address."""
    root = press.config.address
    if root is None:
        return None
    voice, declaration = press.voice, filed.declaration
    address = f"{root}{from_root(urls.of_declaration(filed.id), press.language)}"
    work = voice.plainly(
        "{department}：《{name}》，{year}年度财政项目支出绩效目标申报表",
        department=voice.translated(press.organisation_name(declaration.department)),
        name=voice.translated(declaration.name),
        year=declaration.year,
    )
    edition = voice.plainly("版本 {version}，{address}", version=filed.version, address=address)
    publisher = press.config.said(press.config.publisher, press.language)
    if publisher:
        work = voice.plainly("{work}，{publisher}", work=work, publisher=publisher)
    text = voice.plainly("{work}，{edition}", work=work, edition=edition)
    code, size = _code(address)
    return Citation(address=Text(address), text=text, code=code, size=size)


def _code(address: str) -> tuple[str, int]:
    """Draw the QR code of an address: runs of black modules as rectangles of a path."""
    matrix = segno.make(address, micro=False, error="m", boost_error=False, mask=_MASK).matrix
    steps: list[str] = []
    for row, modules in enumerate(matrix, start=_QUIET):
        column = 0
        while column < len(modules):
            start = column
            while column < len(modules) and modules[column]:
                column += 1
            if column > start:
                steps.append(f"M{start + _QUIET} {row}h{column - start}v1h{start - column}z")
            column += 1
    return "".join(steps), len(matrix) + 2 * _QUIET
