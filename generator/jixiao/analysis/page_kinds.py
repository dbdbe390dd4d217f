"""Register of the kinds of pages: fixed address, link in the header or footer, whether searches find them.

Reserved addresses, navigation, search indexes, and the list of all URLs follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, kw_only=True)
class PageTraits:
    """Traits of a kind of page."""

    address: str | None = None
    """Fixed address without the language prefix, or `None` if there are many pages of this kind."""
    header: str = ""
    """Chinese title of the link in the header of every page; empty if there is none."""
    footer: str = ""
    """Chinese title of the link in the footer of every page; empty if there is none."""
    is_searched: bool = True
    """Whether searches find such pages, and not only the pages that they list or repeat."""


class PageKind(StrEnum):
    """Kind of a page; links are in the order of the members."""

    traits: PageTraits

    def __new__(cls, name: str, traits: PageTraits) -> Self:
        """Create a member with its traits."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.traits = traits
        return member

    @property
    def address(self) -> str:
        """Address of the only page of this kind.

        Raises:
            LookupError: There are many pages of this kind.
        """
        if self.traits.address is None:
            raise LookupError(self)
        return self.traits.address

    HOME = "home", PageTraits(address="", header="首页", is_searched=False)
    ORGANISATIONS = "organisations", PageTraits(address="organisations/", header="部门和单位")
    INDICATORS = "indicators", PageTraits(address="indicators/", header="指标", is_searched=False)
    SEARCH = "search", PageTraits(address="search/", header="搜索", is_searched=False)
    QUALITY = "quality", PageTraits(address="quality/", footer="缺损和公开情况", is_searched=False)
    CHANGES = "changes", PageTraits(address="changes/", footer="公开和改动记录", is_searched=False)
    DATA = "data", PageTraits(address="data/", footer="数据")
    RULES = "rules", PageTraits(address="rules/", footer="检查规则")
    COMPARE = "compare", PageTraits(address="compare/", is_searched=False)
    YEAR = "year", PageTraits()
    DEPARTMENT_YEAR = "department-year", PageTraits()
    DECLARATION = "declaration", PageTraits()
    PROJECT = "project", PageTraits(is_searched=False)
    """One project over the years."""
    ORGANISATION = "organisation", PageTraits()
    HANDWRITTEN = "handwritten", PageTraits()
    RENAMED = "renamed", PageTraits(is_searched=False)
    """Former address of a declaration, which redirects to the new one."""
    WITHDRAWN = "withdrawn", PageTraits(is_searched=False)
    """Address of a declaration that is no longer published."""


FIXED_ADDRESSES = tuple(kind.traits.address for kind in PageKind if kind.traits.address is not None)
"""Addresses of the pages that every site has."""
