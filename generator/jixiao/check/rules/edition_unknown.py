"""The edition of a declaration is one whose lists are kept.

Passes:

    edition: "2015"

Fails:

    edition: "2051"
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.model.rule import About
from jixiao.problems import Severity

ID = "edition-unknown"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("指标体系版本是已收录的版本。"),
    why=message("没有这个版本的名目，指标的归类就无从核对。"),
    source=message("content/taxonomies/ 里的各版名目"),
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding when nobody has entered the lists of the edition."""
    is_unread = any(file.startswith("content/taxonomies/") for file in catalogue.unread)
    if filed.declaration.edition not in catalogue.taxonomies and not is_unread:
        yield Finding(
            path=("edition",),
            message=message("没有“{edition}”版的指标体系", edition=filed.declaration.edition),
            hint=message("可以用：{known}", known=tuple(sorted(catalogue.taxonomies))),
        )
