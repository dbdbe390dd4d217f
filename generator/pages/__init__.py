"""Pages: from the catalogue to Markdown. Values in, values out; only templates are read from the disk."""

from generator.pages.all_pages import all_pages
from generator.pages.page import Page

__all__ = ["Page", "all_pages"]
