"""The form that a declaration was taken from is kept.

Passes:

    source: {form: forms/example.txt, lines: [1, 20]}

Fails:

    source: {form: forms/lost.txt}

Fails:

    source: {form: forms/example.txt, lines: [20, 1]}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "form-unknown"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("申报表原件已收录。"),
    why=message("读者要能拿网页对照申报表。"),
    source=message("content/forms/"),
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if the form is missing or its first line is after its last."""
    source = parsed.declaration.source
    form = f"content/{source.form.plain()}"
    if source.form.plain() not in content.forms and not content.is_unread(form):
        yield RuleFinding(
            path=("source", "form"),
            message=message("content/ 下没有这份申报表：{form}", form=source.form.plain()),
            hint=message("请把收到的申报表放在 content/forms/，并写 forms/文件名"),
        )
    if source.lines and source.lines[0] > source.lines[1]:
        yield RuleFinding(
            path=("source", "lines"),
            message=message(
                "行号颠倒：{first} 在 {last} 之后", first=str(source.lines[0]), last=str(source.lines[1])
            ),
            hint=message("先写第一行，再写最后一行"),
        )
