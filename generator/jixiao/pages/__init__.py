"""Page data and Markdown: site content in, pages out.

Pages are values; only the page templates of the theme are read from the disk.
"""

from jixiao.pages.all_pages import build_all_pages
from jixiao.pages.declaration_page import build_declaration_page, build_project_page
from jixiao.pages.page import Page
from jixiao.pages.page_renderer import PageData, PageRenderer

__all__ = [
    "Page",
    "PageData",
    "PageRenderer",
    "build_all_pages",
    "build_declaration_page",
    "build_project_page",
]
