"""No identity-card number stands in a text, nor in the form behind it.

Passes:

    goals: {annual: "完成巡诊，证件号码 110•••06 的人员已核对。"}

Fails:

    goals: {annual: 联系人身份证 110101190001010006。}
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

ID = "identity-number-in-text"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("文字里和申报表原件里都没有身份证号码。"),
    why=message(
        "公布的内容收不回来，身份证号码能被人拿去冒名。只查省份、出生日期、校验位都对的号码，全角或分组书写的也查；不能豁免。"
    ),
    source=message("GB 11643《公民身份号码》；《个人信息保护法》第二十八条"),
)
HINT: Final = message(
    "请删去，或用 • 遮住中间各位；不能公布，也不能豁免。申报表原件里也有的，请单位遮住后重交"
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each identity number."""
    for suspicion in suspicions(filed, catalogue):
        if suspicion.found.kind is Kind.IDENTITY_NUMBER:
            form = catalogue.forms.get(filed.entry.form)
            is_typed = suspicion.in_form is None
            hint = HINT if is_typed else way_out_of_finding(form, Kind.IDENTITY_NUMBER)
            yield Finding(path=suspicion.path, message=_saying(suspicion, form), hint=hint)


def _saying(suspicion: Suspicion, form: FormFile | None) -> Message:
    if suspicion.in_form is None:
        return message("文字里有身份证号码：{shown}", shown=suspicion.found.masked())
    return said_of_finding(suspicion.in_form, form, None)
