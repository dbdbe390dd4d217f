"""Packs to hand round beside the pages, as PDF and as workbooks.

A declaration becomes a PDF laid out like the official form. A department's year becomes a pack: its money,
targets that are hard to check, changes, questions to ask, and every form. Values go in, bytes come out;
nothing here touches the disk of the site. `pack_workbook` is not imported here: its library takes longer to
import than most commands run.
"""

from jixiao.packs.pack_tables import PackMember
from jixiao.packs.pdf_documents import DepartmentPack, typeset_form, typeset_pack
from jixiao.packs.typesetting import FONT_PACKAGE, TypesettingError, describe_fonts, has_fonts

__all__ = [
    "FONT_PACKAGE",
    "DepartmentPack",
    "PackMember",
    "TypesettingError",
    "describe_fonts",
    "has_fonts",
    "typeset_form",
    "typeset_pack",
]
