"""The form as received can be searched for personal data.

Passes, where the form is a text, a Word file, a workbook or a PDF with text:

    source: {form: forms/example.txt}

Fails, where it is a file of an old Word:

    source: {form: forms/old.doc}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.personal_data_findings import describe_unsearched_form, unsearched_form_hint
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "form-not-searched"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("申报表原件里有没有个人信息，都查得到。"),
    why=message(
        "原件照样公布在网站上。旧版 Word 和 Excel、扫描件、图片、加密的和嵌在里面的文件，程序读不了，"
        "里面的姓名、电话、身份证号码要由人来看。"
    ),
    source=message("《个人信息保护法》第四条、第十三条"),
    field="source.form",
    is_safeguard=True,
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each part of the form that could not be searched."""
    form = content.forms.get(parsed.declaration.source.form.plain())
    if form is None:
        return
    for reason in form.unsearched:
        yield RuleFinding(
            path=("source", "form"),
            message=describe_unsearched_form(form, reason),
            hint=unsearched_form_hint(form, ID),
        )
