"""The department and the unit of a declaration are in the register.

Passes:

    department: health
    unit: clinic-office

Fails:

    unit: clinic-ofice
"""

from collections.abc import Iterator
from difflib import get_close_matches

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.organisation import OrganisationKind
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "organisation-unknown"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("主管部门和实施单位都已登记。"),
    why=message("名称、简称和单位页面都取自登记表；编号没有登记，项目就没有负责的单位。"),
    source=message("content/organisations.yml"),
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each unregistered id, and for a department that is registered as a unit."""
    if "content/organisations.yml" in content.unread_paths:
        return
    declaration = parsed.declaration
    for field, typed in (("department", declaration.department), ("unit", declaration.unit)):
        organisation = content.organisations.get(typed)
        if organisation is None:
            near = get_close_matches(typed, content.organisations)
            yield RuleFinding(
                path=(field,),
                message=message("organisations.yml 里没有“{id}”", id=typed),
                hint=message("是不是“{near}”？", near=near[0])
                if near
                else message("请先在 content/organisations.yml 里登记"),
            )
        elif field == "department" and organisation.kind is not OrganisationKind.DEPARTMENT:
            yield RuleFinding(
                path=(field,),
                message=message("“{name}”登记的是单位，不是主管部门", name=organisation.name.plain()),
                hint=message("请填主管部门的编号，或在 organisations.yml 里改正它的 kind"),
            )
