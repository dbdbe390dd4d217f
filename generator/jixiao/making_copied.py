"""Find the targets that are copied most, and read what they say: entries keep digests of words alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao.analysis.duplicates import Copied, Copies, most_copied, words_of
from jixiao.analysis.site_content import Catalogue
from jixiao.analysis.summary import Entry
from jixiao.batch import filed_again
from jixiao.making_projects import content_of
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release
from jixiao.text import Text


def with_copied(catalogue: Catalogue, project: Path, release: Release) -> Catalogue:
    """Add what is copied most to the complete *catalogue*, reading a declaration for each that is new.

    Raises:
        BuildFailure: A declaration is no longer what was checked.
    """
    return replace(
        catalogue, copied=tuple(_copied(one, project, release) for one in most_copied(catalogue.entries))
    )


def _copied(copies: Copies, project: Path, release: Release) -> Copied:
    name, target = _words(copies.said, copies.examples[0], project, release)
    return Copied(
        name=Text(name),
        target=Text(target),
        declarations=copies.declarations,
        projects=copies.projects,
        classes=len(copies.classes),
        examples=tuple(copies.examples),
    )


def _words(said: int, first: Entry, project: Path, release: Release) -> tuple[str, str]:
    """Give the name and the target of a wording as its first declaration writes them."""
    piece, key = f"copied:{said:012x}", digest_of(first.id, first.version)
    known = release.known(piece)
    if known is not None and known.key == key:
        release.keep(known.name)
        return known.facts["name"], known.facts["target"]
    filed = filed_again(first.id, content_of(first.id, first.version, project))
    name, target = words_of(said, filed.declaration)
    release.add(piece, key, {}, facts={"name": name, "target": target})
    return name, target
