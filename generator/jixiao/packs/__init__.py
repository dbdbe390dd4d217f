"""Paper: what is handed round beside the pages, as PDF and as workbooks.

A declaration comes as a form, laid out like the official one. A department's year comes as a pack: its money,
its targets that are hard to check, its changes, the questions to ask, and every form. Values go in, bytes
come out; nothing here touches the disk of the project. The workbook is imported by whoever makes one: its
library takes longer to import than most commands run.
"""

from jixiao.packs.pack_tables import Member
from jixiao.packs.pdf_documents import form_pdf
from jixiao.packs.typesetting import FONT_PACKAGE, NotTypeset, fonts_in_use, has_fonts
from jixiao.paper.pack import Pack, pack_pdf

__all__ = [
    "FONT_PACKAGE",
    "Member",
    "NotTypeset",
    "Pack",
    "fonts_in_use",
    "form_pdf",
    "has_fonts",
    "pack_pdf",
]
