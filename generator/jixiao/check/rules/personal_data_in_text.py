"""Telephone numbers, bank cards and e-mail addresses in a text are looked at twice.

Passes:

    goals: {annual: "共13800138000元，平均 13,800,138.00 元。"}

Passes:

    goals: {annual: 服务热线021-12345678。}
    waivers: [{rule: personal-data-in-text, field: goals.annual, reason: 单位对外公布的热线}]

Fails:

    goals: {annual: 联系人电话13800138000。}
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

ID = "personal-data-in-text"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("文字里的电话号码、银行卡号和电子邮箱再看一眼。"),
    why=message(
        "私人的号码一经公布就收不回来；单位对外公布的电话可以刊载，在文件里写明理由即可。金额不查；带千分位、小数、单位或比较符号的是数值，也不查。"
    ),
    source=message("《个人信息保护法》第四条、第十三条"),
    field="goals.annual",
    is_safeguard=True,
)
KIND_NAMES: Final = {
    PersonalDataKind.IDENTITY_NUMBER_MISTYPED: message("身份证号码（校验位不对）"),
    PersonalDataKind.BANK_CARD: message("银行卡号"),
    PersonalDataKind.MOBILE: message("手机号码"),
    PersonalDataKind.LANDLINE: message("固定电话号码"),
    PersonalDataKind.EMAIL: message("电子邮箱"),
    PersonalDataKind.PERSON: message("姓名"),
}

_HINT: Final = message(
    "属于个人的，请删去或用 • 遮住；可以公开的，在文件末尾的 waivers: 下面加一行："
    '- {{rule: {rule}, field: {field}, reason: "写明理由"}}',
)
_FORM_HINT: Final = message(
    "{way}；可以公开的，在文件末尾的 waivers: 下面加一行："
    '- {{rule: {rule}, field: {field}, reason: "写明理由"}}',
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each number or address that may belong to a person."""
    for finding in find_declaration_personal_data(parsed, content):
        if finding.found.kind in KIND_NAMES:
            form = content.forms.get(parsed.summary.form)
            hint = _HINT if finding.in_form is None else _FORM_HINT
            values = {"rule": ID, "field": parsed.declaration.name_field(finding.path)}
            way = form_finding_hint(form, finding.found.kind)
            yield RuleFinding(
                path=finding.path,
                message=_describe(finding, form),
                hint=message(hint.template, **values, **({} if finding.in_form is None else {"way": way})),
            )


def _describe(finding: PersonalDataFinding, form: FormFile | None) -> Message:
    kind = KIND_NAMES[finding.found.kind]
    if finding.in_form is None:
        return message("文字里好像有{kind}：{shown}", kind=kind, shown=finding.found.mask())
    return describe_form_finding(finding.in_form, form, kind)
