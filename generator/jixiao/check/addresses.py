"""Check the register of addresses: nothing published is lost, nothing is published unregistered."""

from collections.abc import Iterator

from jixiao.analysis.site_content import Catalogue
from jixiao.i18n import Message, message
from jixiao.load.yaml_tree import Path, place_of
from jixiao.model.address_register import is_identity
from jixiao.problems import Place, Problem

FILE = "content/addresses.yml"
_DECLARATIONS = "content/declarations/"


def check_addresses(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the problems of the register as a whole."""
    if FILE in catalogue.unread:
        return
    book = catalogue.addresses
    living = {entry.id for entry in catalogue.entries} | _unread(catalogue)
    # A name that can be no address has an error of its own.
    for identity in sorted(filter(is_identity, living - set(book.published))):
        yield _problem(
            catalogue,
            ("published",),
            "address-not-registered",
            message("新的网址还没有登记：{id}", id=identity),
            message("请在 content/addresses.yml 的 published 下加一行：{line}", line=f"- {identity}"),
        )
    for position, identity in enumerate(book.published):
        if (
            identity not in living
            and identity not in book.renamed
            and identity not in book.withdrawn
            and not _is_within_unread(identity, catalogue)
        ):
            yield _problem(
                catalogue,
                ("published", position),
                "address-lost",
                message("发布过的申报表不见了：{id}", id=identity),
                message("请恢复文件；改了名的写进 renamed，撤下的写进 withdrawn 并说明理由"),
            )
    for old, new in book.renamed.items():
        if new not in living and new not in book.withdrawn and not _is_within_unread(new, catalogue):
            yield _problem(
                catalogue,
                ("renamed", old),
                "address-leads-nowhere",
                message("新网址没有申报表：{id}", id=new),
                message("请核对新网址"),
            )
    yield from _twice(catalogue)
    for field, identities in (("renamed", book.renamed), ("withdrawn", book.withdrawn)):
        for identity in identities:
            if identity in living:
                yield _problem(
                    catalogue,
                    (field, identity),
                    "address-taken",
                    message("这个网址还有申报表：{id}", id=identity),
                    message("请删除这一行，或删除那份申报表"),
                )


def _twice(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each address that would have two pages: one that leads on, one that says why."""
    for identity in sorted(set(catalogue.addresses.renamed) & set(catalogue.addresses.withdrawn)):
        yield _problem(
            catalogue,
            ("withdrawn", identity),
            "address-taken",
            message("这个网址同时写在 renamed 和 withdrawn 下：{id}", id=identity),
            message("改了名的留在 renamed，撤下的留在 withdrawn"),
        )


def _unread(catalogue: Catalogue) -> set[str]:
    """List the ids of files that are there and cannot be read yet."""
    return {
        file.removeprefix(_DECLARATIONS).removesuffix(".yml")
        for file in catalogue.unread
        if file.startswith(_DECLARATIONS)
    }


def _is_within_unread(identity: str, catalogue: Catalogue) -> bool:
    """Return whether the declaration may lie in a folder that could not be read."""
    return catalogue.is_unread(f"{_DECLARATIONS}{identity}.yml")


def _problem(catalogue: Catalogue, path: Path, rule: str, saying: Message, hint: Message) -> Problem:
    tree = catalogue.addresses_tree
    place = place_of(tree, path, of_key=len(path) == 1) if tree else Place(FILE)
    return Problem(rule=rule, place=place, message=saying, hint=hint)
