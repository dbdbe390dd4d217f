"""Which declarations are of one project in several years, found anew from addresses and `continues:`."""

from __future__ import annotations

from collections.abc import Mapping

PAGE = "projects/"
"""How the addresses of the pages of projects begin."""


def projects_in(continues: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Give the declarations of each project of two years or more, by the address of its page.

    Args:
        continues: Address of a declaration → id of the one that it says it continues.
    """
    addresses = sorted(continues, key=lambda address: address.rstrip("/"))
    following: dict[str, str] = {}
    for address in addresses:
        before = f"{continues[address]}/"
        if before in continues and before[:4] < address[:4]:
            following.setdefault(before, address)
    last: dict[str, str] = {}
    for address in addresses:
        before, last[address[5:]] = last.get(address[5:], ""), address
        if before and continues[address] is None:
            following.setdefault(before, address)
    projects: dict[str, tuple[str, ...]] = {}
    for first in following.keys() - set(following.values()):
        chain = [first]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        projects[f"{PAGE}{first[5:]}"] = tuple(chain)
    return projects
