"""The year and the department of a declaration are those of its folder.

Passes, as content/declarations/2021/health/clinic.yml:

    year: 2021

Fails:

    year: 2022
    period: {start: 2022-01-01, end: 2022-12-31}
"""

from collections.abc import Iterator

from jixiao.analysis import urls
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.model.values import is_slug
from jixiao.problems import Severity

ID = "address-differs-from-file"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("申报表里的年度、主管部门与它所在的文件夹一致。"),
    why=message("文件的位置就是网页的永久网址，网址和页面不能各说各的。"),
    source=message("文件的位置：content/declarations/年度/主管部门/项目.yml"),
)
RESERVED_NAMES = frozenset({"index", "404", "assets", "search", "pagefind"})
"""Names that the site itself uses in URLs."""
_PARTS = 3


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each part of the path that is no valid id or contradicts the file."""
    parts = parsed.id.split("/")
    if len(parts) != _PARTS:
        yield RuleFinding(
            path=(),
            message=message("文件放错了地方：{path}", path=f"content/declarations/{parsed.id}.yml"),
            hint=message("应放在 content/declarations/年度/主管部门/项目.yml"),
        )
        return
    year, department, project = parts
    if not is_slug(project) or project in RESERVED_NAMES:
        yield RuleFinding(
            path=(),
            message=message("文件名“{name}”不能作网址", name=project),
            hint=message(
                "只用小写英文字母、数字和连字符，例如 vocational-training；不能用 index、404、search 等"
            ),
        )
    if department == urls.LIST_PARTS:
        yield RuleFinding(
            path=("department",),
            message=message("部门编号“{name}”不能作网址", name=department),
            hint=message("请换一个编号：长列表的续页用了这个网址"),
        )
    if year != str(parsed.declaration.year):
        yield RuleFinding(
            path=("year",),
            message=message(
                "年度是 {year}，文件却在 {folder} 文件夹里", year=str(parsed.declaration.year), folder=year
            ),
            hint=message("请改正年度，或把文件移到 {year} 文件夹", year=str(parsed.declaration.year)),
        )
    if department != parsed.declaration.department:
        yield RuleFinding(
            path=("department",),
            message=message(
                "主管部门是 {department}，文件却在 {folder} 文件夹里",
                department=parsed.declaration.department,
                folder=department,
            ),
            hint=message("请改正主管部门，或把文件移到对应的文件夹"),
        )
