"""The form as received can be searched for personal data.

Passes, where the form is a text, a Word file, a workbook or a PDF with text:

    source: {form: forms/example.txt}

Fails, where it is a file of an old Word:

    source: {form: forms/old.doc}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.personal_data_findings import said_of_unsearched, way_out_of_unsearched
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.model.rule import About
from jixiao.problems import Severity

ID = "form-not-searched"
SEVERITY = Severity.WARNING
ABOUT = About(
    says=message("申报表原件里有没有个人信息，都查得到。"),
    why=message(
        "原件照样公布在网站上。旧版 Word 和 Excel、扫描件、图片、加密的和嵌在里面的文件，程序读不了，"
        "里面的姓名、电话、身份证号码要由人来看。"
    ),
    source=message("《个人信息保护法》第四条、第十三条"),
    field="source.form",
    is_safeguard=True,
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each part of the form that could not be searched."""
    form = catalogue.forms.get(filed.declaration.source.form.plain())
    if form is None:
        return
    for saying in form.unsearched:
        yield Finding(
            path=("source", "form"),
            message=said_of_unsearched(form, saying),
            hint=way_out_of_unsearched(form, ID),
        )
