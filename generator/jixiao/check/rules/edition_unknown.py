"""The edition of a declaration is one whose lists are kept.

Passes:

    edition: "2015"

Fails:

    edition: "2051"
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "edition-unknown"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("指标体系版本是已收录的版本。"),
    why=message("没有这个版本的名目，指标的归类就无从核对。"),
    source=message("content/taxonomies/ 里的各版名目"),
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if there is no taxonomy of the edition."""
    is_unread = any(file.startswith("content/taxonomies/") for file in content.unread_paths)
    if parsed.declaration.edition not in content.taxonomies and not is_unread:
        yield RuleFinding(
            path=("edition",),
            message=message("没有“{edition}”版的指标体系", edition=parsed.declaration.edition),
            hint=message("可以用：{known}", known=tuple(sorted(content.taxonomies))),
        )
