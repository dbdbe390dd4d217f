"""Pages: from the catalogue to Markdown. Values in, values out; only templates are read from the disk."""

from jixiao.pages.all_pages import all_sheets
from jixiao.pages.declaration_page import declaration_sheet
from jixiao.pages.page import Page
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.project_page import project_sheet

__all__ = ["Page", "Press", "Sheet", "all_sheets", "declaration_sheet", "project_sheet"]
