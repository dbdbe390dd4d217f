"""Find the targets that are copied most, and read what they say: entries keep digests of words alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao.analysis.duplicates import CopiedTarget, TargetOccurrences, find_most_copied, find_target_text
from jixiao.analysis.site_content import SiteContent
from jixiao.analysis.summary import Summary
from jixiao.batch import filed_again
from jixiao.making_projects import content_of
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release
from jixiao.text import Text


def with_copied(catalogue: SiteContent, project: Path, release: Release) -> SiteContent:
    """Add what is copied most to the complete *catalogue*, reading a declaration for each that is new.

    Raises:
        BuildFailure: A declaration is no longer what was checked.
    """
    return replace(
        catalogue,
        copied_targets=tuple(_copied(one, project, release) for one in find_most_copied(catalogue.summaries)),
    )


def _copied(copies: TargetOccurrences, project: Path, release: Release) -> CopiedTarget:
    name, target = _words(copies.digest, copies.examples[0], project, release)
    return CopiedTarget(
        name=Text(name),
        target=Text(target),
        declarations=copies.declarations,
        projects=copies.projects,
        classes=len(copies.classes),
        examples=tuple(copies.examples),
    )


def _words(said: int, first: Summary, project: Path, release: Release) -> tuple[str, str]:
    """Give the name and the target of a wording as its first declaration writes them."""
    piece, key = f"copied:{said:012x}", digest_of(first.id, first.version)
    known = release.known(piece)
    if known is not None and known.key == key:
        release.keep(known.name)
        return known.facts["name"], known.facts["target"]
    filed = filed_again(first.id, content_of(first.id, first.version, project))
    name, target = find_target_text(said, filed.declaration)
    release.add(piece, key, {}, facts={"name": name, "target": target})
    return name, target
