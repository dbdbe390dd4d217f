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

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.personal_data_findings import said_of_finding, way_out_of_finding
from jixiao.check.rule_finding import Finding
from jixiao.check.suspicion import Suspicion, suspicions
from jixiao.i18n import Message, message
from jixiao.load.received import FormFile
from jixiao.model.rule import About
from jixiao.personal_data.text_patterns import Kind
from jixiao.problems import Severity

ID = "personal-data-in-text"
SEVERITY = Severity.WARNING
ABOUT = About(
    says=message("文字里的电话号码、银行卡号和电子邮箱再看一眼。"),
    why=message(
        "私人的号码一经公布就收不回来；单位对外公布的电话可以刊载，在文件里写明理由即可。金额不查；带千分位、小数、单位或比较符号的是数值，也不查。"
    ),
    source=message("《个人信息保护法》第四条、第十三条"),
    field="goals.annual",
    is_safeguard=True,
)
NAMES: Final = {
    Kind.IDENTITY_NUMBER_MISTYPED: message("身份证号码（校验位不对）"),
    Kind.BANK_CARD: message("银行卡号"),
    Kind.MOBILE: message("手机号码"),
    Kind.LANDLINE: message("固定电话号码"),
    Kind.EMAIL: message("电子邮箱"),
    Kind.PERSON: message("姓名"),
}

_HINT: Final = message(
    "属于个人的，请删去或用 • 遮住；可以公开的，在文件末尾的 waivers: 下面加一行："
    '- {{rule: {rule}, field: {field}, reason: "写明理由"}}',
)
_HINT_OF_FORM: Final = message(
    "{way}；可以公开的，在文件末尾的 waivers: 下面加一行："
    '- {{rule: {rule}, field: {field}, reason: "写明理由"}}',
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each number or address that may be a person's."""
    for suspicion in suspicions(filed, catalogue):
        if suspicion.found.kind in NAMES:
            form = catalogue.forms.get(filed.entry.form)
            hint = _HINT if suspicion.in_form is None else _HINT_OF_FORM
            values = {"rule": ID, "field": filed.declaration.field_at(suspicion.path)}
            way = way_out_of_finding(form, suspicion.found.kind)
            yield Finding(
                path=suspicion.path,
                message=_saying(suspicion, form),
                hint=message(hint.template, **values, **({} if suspicion.in_form is None else {"way": way})),
            )


def _saying(suspicion: Suspicion, form: FormFile | None) -> Message:
    kind = NAMES[suspicion.found.kind]
    if suspicion.in_form is None:
        return message("文字里好像有{kind}：{shown}", kind=kind, shown=suspicion.found.masked())
    return said_of_finding(suspicion.in_form, form, kind)
