"""Pages: from the catalogue to Markdown. Values in, values out; only templates are read from the disk."""

from generator.pages.all_pages import all_sheets
from generator.pages.declaration import declaration_sheet
from generator.pages.page import Page
from generator.pages.press import Press, Sheet
from generator.pages.project import project_sheet

__all__ = ["Page", "Press", "Sheet", "all_sheets", "declaration_sheet", "project_sheet"]
