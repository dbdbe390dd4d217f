"""The department and the unit of a declaration are in the register.

Passes:

    department: health
    unit: clinic-office

Fails:

    unit: clinic-ofice
"""

from collections.abc import Iterator
from difflib import get_close_matches

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.model.organisation import Kind
from jixiao.model.rule import About
from jixiao.problems import Severity

ID = "organisation-unknown"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("主管部门和实施单位都已登记。"),
    why=message("名称、简称和单位页面都取自登记表；编号没有登记，项目就没有负责的单位。"),
    source=message("content/organisations.yml"),
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each id that is not registered, and for a department that is a unit."""
    if "content/organisations.yml" in catalogue.unread:
        return
    declaration = filed.declaration
    for field, typed in (("department", declaration.department), ("unit", declaration.unit)):
        organisation = catalogue.organisations.get(typed)
        if organisation is None:
            near = get_close_matches(typed, catalogue.organisations)
            yield Finding(
                path=(field,),
                message=message("organisations.yml 里没有“{id}”", id=typed),
                hint=message("是不是“{near}”？", near=near[0])
                if near
                else message("请先在 content/organisations.yml 里登记"),
            )
        elif field == "department" and organisation.kind is not Kind.DEPARTMENT:
            yield Finding(
                path=(field,),
                message=message("“{name}”登记的是单位，不是主管部门", name=organisation.name.plain()),
                hint=message("请填主管部门的编号，或在 organisations.yml 里改正它的 kind"),
            )
