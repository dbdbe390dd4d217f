"""Check what sound declarations say: every rule on every declaration, then the rules across files."""

from collections.abc import Iterable, Iterator

from generator.check.handwritten import check_handwritten
from generator.check.organisations import check_organisations
from generator.check.rules import RULES
from generator.model.catalogue import Catalogue, Filed
from generator.problems import Problem


def check_meaning(catalogue: Catalogue, languages: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems of *catalogue* that only its meaning shows.

    Args:
        catalogue: The sound content.
        languages: The languages of the site, which hand-written pages may be in.
    """
    for filed in catalogue.declarations:
        yield from check_declaration(filed, catalogue)
    yield from check_organisations(catalogue)
    yield from check_handwritten(catalogue, tuple(languages))


def check_declaration(filed: Filed, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what the rules find in one declaration."""
    for rule in RULES:
        for finding in rule.check(filed, catalogue):
            yield finding.at(rule.ID, filed, rule.SEVERITY)
