"""No identity-card number stands in a text.

Why: what is published cannot be taken back, and an identity number lets others act in a person's name.
Only numbers with a province, a birth date and the right check digit are refused, also when they are written
full-width or in groups. This cannot be waived.
Source: GB 11643, 公民身份号码; 个人信息保护法, article 28.

Passes:

    goals: {annual: "完成巡诊，证件号码 110•••06 的人员已核对。"}

Fails:

    goals: {annual: 联系人身份证 110101190001010006。}
"""

from collections.abc import Iterator

from generator.check.finding import Finding
from generator.check.personal_data import Kind, personal_data
from generator.model.catalogue import Catalogue, Filed
from generator.problems import Severity
from generator.words import message

ID = "identity-number-in-text"
SEVERITY = Severity.ERROR


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each identity number."""
    for path, text in filed.declaration.free_texts():
        for found in personal_data(text.plain()):
            if found.kind is Kind.IDENTITY_NUMBER:
                yield Finding(
                    path=path,
                    message=message("文字里有身份证号码：{shown}", shown=found.masked()),
                    hint=message(
                        "请删去，或用 • 遮住中间各位；不能公布，也不能豁免。"
                        "申报表原件里也有的，请单位遮住后重交"
                    ),
                )
