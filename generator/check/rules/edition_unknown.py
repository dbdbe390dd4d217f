"""The edition of a declaration is one whose lists are kept.

Why: without its closed lists no class of an indicator can be checked.
Source: content/taxonomies/.

Passes:

    edition: "2015"

Fails:

    edition: "2051"
"""

from collections.abc import Iterator

from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.problems import Severity
from generator.words import message

ID = "edition-unknown"
SEVERITY = Severity.ERROR


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding when nobody has entered the lists of the edition."""
    is_unread = any(file.startswith("content/taxonomies/") for file in catalogue.unread)
    if filed.declaration.edition not in catalogue.taxonomies and not is_unread:
        yield Finding(
            path=("edition",),
            message=message("没有“{edition}”版的指标体系", edition=filed.declaration.edition),
            hint=message("可以用：{known}", known=tuple(sorted(catalogue.taxonomies))),
        )
