"""No identity-card number stands in a text, nor in the form behind it.

Passes:

    goals: {annual: "完成巡诊，证件号码 110•••06 的人员已核对。"}

Fails:

    goals: {annual: 联系人身份证 110101190001010006。}
"""

from collections.abc import Iterator
from typing import Final

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.personal_data_findings import (
    PersonalDataFinding,
    describe_form_finding,
    find_declaration_personal_data,
    form_finding_hint,
)
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import Message, message
from jixiao.load.received_forms import FormFile
from jixiao.model.rule import RuleExplanation
from jixiao.personal_data.text_patterns import PersonalDataKind
from jixiao.problems import Severity

ID = "identity-number-in-text"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("文字里和申报表原件里都没有身份证号码。"),
    why=message(
        "公布的内容收不回来，身份证号码能被人拿去冒名。只查省份、出生日期、校验位都对的号码，全角或分组书写的也查；不能豁免。"
    ),
    source=message("GB 11643《公民身份号码》；《个人信息保护法》第二十八条"),
)
HINT: Final = message(
    "请删去，或用 • 遮住中间各位；不能公布，也不能豁免。申报表原件里也有的，请单位遮住后重交"
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each identity number."""
    for finding in find_declaration_personal_data(parsed, content):
        if finding.found.kind is PersonalDataKind.IDENTITY_NUMBER:
            form = content.forms.get(parsed.summary.form)
            is_typed = finding.in_form is None
            hint = HINT if is_typed else form_finding_hint(form, PersonalDataKind.IDENTITY_NUMBER)
            yield RuleFinding(path=finding.path, message=_describe(finding, form), hint=hint)


def _describe(finding: PersonalDataFinding, form: FormFile | None) -> Message:
    if finding.in_form is None:
        return message("文字里有身份证号码：{shown}", shown=finding.found.mask())
    return describe_form_finding(finding.in_form, form, None)
