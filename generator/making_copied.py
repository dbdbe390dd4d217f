"""Find the targets that are copied most, and read what they say: entries keep digests of words alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.batch import filed_again
from generator.making_projects import content_of
from generator.model.catalogue import Catalogue
from generator.model.wordings import Copied, Copies, copied, most_copied


def with_copied(catalogue: Catalogue, project: Path) -> Catalogue:
    """Add what is copied most to the complete *catalogue*, reading a declaration for each.

    Raises:
        BuildFailure: A declaration is no longer what was checked.
    """
    versions = {entry.id: entry.version for entry in catalogue.entries}

    def read(copies: Copies) -> Copied:
        first = copies.examples[0].id
        return copied(copies, filed_again(first, content_of(first, versions[first], project)).declaration)

    return replace(catalogue, copied=tuple(map(read, most_copied(catalogue.entries))))
