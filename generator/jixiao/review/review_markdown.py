"""Review as Markdown: a comment on a merge request, also readable in a terminal.

Everything typed by somebody stands in a code span, where no character has a meaning on GitHub, GitLab or
Gitea: no link, image, mention, reference or markup. Unprintable characters are escaped first, so that a
span is one line and no text controls a terminal; personal data is masked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from string import Formatter

from jixiao.history.diff_messages import describe_change, name_funding_cell
from jixiao.history.trailers import CHANGE_KIND_TITLES
from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Severity, escape_for_terminal
from jixiao.review.declaration_comparison import STATUS_TITLES, ChangeStatus, DeclarationComparison
from jixiao.review.register_changes import RegisterChange
from jixiao.review.review_result import ReviewedProblem, ReviewResult

_VALUE_LIMIT = 400
_LIST_LIMIT = 30
"""Changes of one file that are listed; JSON has all of them."""
_SECTION_LIMITS = {
    "questions": 14_000,
    "declarations": 24_000,
    "registers": 8_000,
    "problems": 12_000,
    "not_read": 2_000,
}
"""Characters of each section; together they fit into a comment on GitHub, which holds 65,536."""
_FIGURE = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_SUM_NAMES = frozenset({"sum", "difference"})
"""Names of message values that are sums of money."""
_COMMIT_NAMES = frozenset({"commit", "head"})
"""Names of message values that are commit ids, which may look like a figure or an account number."""
_MARKUP = re.compile(r"[\\`*\[\]<>|~&#!$@]")
_BACKTICKS = re.compile(r"`+")
_SHORT_ID_LENGTH = 10
"""Length of an abbreviated commit id."""
_LineBlock = list[str]
"""Lines that are kept or left out together."""


def render_review(review: ReviewResult, catalogue: TranslationCatalogue) -> Iterator[str]:
    """Yield *review* as lines of Markdown in the language of *catalogue*."""
    yield f"# {_render_message(message('合并以后，公众会看到的变化'), catalogue)}"
    yield ""
    yield from (f"- {_render_message(text, catalogue)}" for text in _summarize(review))
    colon = catalogue.translate("：")
    sections: tuple[tuple[Message, str, Iterable[_LineBlock]], ...] = (
        (message("请核对"), "questions", _render_questions(review, catalogue)),
        (message("申报表"), "declarations", _render_declarations(review, catalogue)),
        (
            message("登记、译文、设置和页面"),
            "registers",
            _render_register_changes(review.registers, catalogue),
        ),
        (message("检查发现的问题"), "problems", _render_problems(review.problems, catalogue)),
        (
            message("没有比较的文件"),
            "not_read",
            (
                [f"- {render_code(skipped.file)}{colon}{_render_message(skipped.reason, catalogue)}"]
                for skipped in review.not_read
            ),
        ),
    )
    for title, name, blocks in sections:
        lines = list(_limit_section(blocks, _SECTION_LIMITS[name], catalogue))
        if lines:
            yield from ("", f"## {_render_message(title, catalogue)}", "")
            yield from lines if lines[-1] else lines[:-1]


def _limit_section(
    blocks: Iterable[_LineBlock], limit: int, catalogue: TranslationCatalogue
) -> Iterator[str]:
    """Yield the lines of the *blocks* that fit, then the number of those left out."""
    omitted = 0
    for block in blocks:
        size = sum(len(line) + 1 for line in block)
        if size > limit:
            omitted += 1
        else:
            limit -= size
            yield from block
    if omitted:
        text = message("这里放不下，还有 {count} 项没有列出；全部见 --format json", count=str(omitted))
        yield f"- {_render_message(text, catalogue)}"


def render_code(text: str) -> str:
    """Render typed text as a code span on one line, with personal data masked."""
    return _render_span(mask_personal_data(text))


def _render_span(text: str) -> str:
    # Full-width blanks stand in Chinese texts and do not count as printable.
    shown = "\u3000".join(map(escape_for_terminal, text.split("\u3000")))
    shown = shown if len(shown) <= _VALUE_LIMIT else f"{shown[: _VALUE_LIMIT // 2]}…"
    if not shown:
        return "` `"
    ticks = "`" * (max((len(run) for run in _BACKTICKS.findall(shown)), default=0) + 1)
    # A tick at the edge would lengthen the fence, and a span loses one blank where it has one at both ends.
    edges = shown[0] + shown[-1]
    padding = " " if "`" in edges or (edges == "  " and shown.strip()) else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def _render_message(text: Message, catalogue: TranslationCatalogue) -> str:
    """Render a message, its own text escaped and typed values in code spans."""
    parts = []
    for literal, name, _, _ in Formatter().parse(catalogue.translate(text.template)):
        parts.append(_MARKUP.sub(r"\\\g<0>", literal))
        if name is not None:
            parts.append(_render_value(name, text.values[name], catalogue))
    return "".join(parts)


def _render_value(name: str, value: Message | str | tuple[str, ...], catalogue: TranslationCatalogue) -> str:
    match value:
        case Message():
            return _render_message(value, catalogue)
        case tuple():
            return catalogue.translate("、").join(map(render_code, value))
        case _ if name in _COMMIT_NAMES:
            return _render_span(value)
        case _ if name == "base":
            return render_code(value)
        case _:
            # A sum may resemble a telephone number, and is shown all the same.
            is_figure = name in _SUM_NAMES or mask_personal_data(value) == value
            return value if is_figure and _FIGURE.fullmatch(value) else render_code(value)


def _summarize(review: ReviewResult) -> Iterator[Message]:
    compared = review.range
    base = {"base": compared.base_name, "commit": compared.base[:_SHORT_ID_LENGTH]}
    if compared.head_name and compared.head:
        head = compared.head[:_SHORT_ID_LENGTH]
        yield message("比较：{base}（{commit}）→ 提议的 {head}", **base, head=head)
    else:
        yield message("比较：{base}（{commit}）→ 文件夹里现在的文件", **base)
    if compared.remark:
        yield compared.remark
    counts = Counter(comparison.status for comparison in review.declarations)
    for status, title in STATUS_TITLES.items():
        if counts[status]:
            yield message("申报表{status}：{count} 份", status=message(title), count=str(counts[status]))
    if not counts:
        yield message("申报表没有变")
    yield _count_problems("错误 {count} 处，其中新的 {new} 处", review, Severity.ERROR)
    yield _count_problems("提醒 {count} 处，其中新的 {new} 处", review, Severity.WARNING)
    if any(reviewed.problem.severity is Severity.ADVICE for reviewed in review.problems):
        yield _count_problems("改进建议 {count} 条，其中新的 {new} 条；这里只列新的", review, Severity.ADVICE)


def _count_problems(template: str, review: ReviewResult, severity: Severity) -> Message:
    is_new = [reviewed.is_new for reviewed in review.problems if reviewed.problem.severity is severity]
    return message(template, count=str(len(is_new)), new=str(sum(is_new)))


def _render_questions(review: ReviewResult, catalogue: TranslationCatalogue) -> Iterator[_LineBlock]:
    for question in review.questions:
        place = " ".join(render_code(part) for part in (question.declaration, question.field) if part)
        text = _render_message(question.message, catalogue)
        yield [f"- [ ] {place}{catalogue.translate('：')}{text}"]


def _render_declarations(review: ReviewResult, catalogue: TranslationCatalogue) -> Iterator[_LineBlock]:
    order = list(STATUS_TITLES)
    names = review.organisation_names
    for comparison in sorted(review.declarations, key=lambda comparison: order.index(comparison.status)):
        title = message(
            "{status}：{name}（{id}）",
            status=message(STATUS_TITLES[comparison.status]),
            name=comparison.name.plain() if comparison.name else message("名称不明"),
            id=comparison.id,
        )
        changes = [text for change in comparison.changes for text in describe_change(change, names)]
        texts = [
            *_describe_status(comparison, names),
            *_describe_statement(comparison),
            *_limit_list(changes),
        ]
        yield [
            f"### {_render_message(title, catalogue)}",
            "",
            *(f"- {_render_message(text, catalogue)}" for text in texts),
            "",
        ]


def _limit_list(texts: list[Message]) -> list[Message]:
    """Cut a list that is too long, and append the number of items left out."""
    omitted = len(texts) - _LIST_LIMIT
    if omitted <= 0:
        return texts
    return [*texts[:_LIST_LIMIT], message("还有 {count} 处，见 --format json", count=str(omitted))]


def _describe_status(
    comparison: DeclarationComparison, organisation_names: Mapping[str, str]
) -> Iterator[Message]:
    """Describe a rename, withdrawal or unreadable file, and list the main facts of a new declaration."""
    if comparison.former:
        yield message("原来的网址：{id}", id=comparison.former)
    if comparison.reason:
        yield message("撤下的理由：{reason}", reason=comparison.reason.plain())
    for state in comparison.unreadable:
        yield (
            message("原来的文件，现在的程序读不出来")
            if state == "old"
            else message("现在的文件有错误，读不出来")
        )
    if comparison.status is ChangeStatus.ADDED and comparison.new:
        declaration = comparison.new
        department = organisation_names.get(declaration.department, declaration.department)
        yield message("{title}：{value}", title=message("主管部门"), value=department)
        unit = declaration.funding.unit_in_use
        for block, part, money in declaration.funding.sums():
            yield message(
                "{title}：{sum} {unit}",
                title=name_funding_cell(block, part),
                sum=money.filed,
                unit=message(unit.value) if unit else message("（单位不明）"),
            )
        targets = [row.indicator.target for row in declaration.rows()]
        yield message(
            "指标 {count} 项，目标值是数字的 {numeric} 项",
            count=str(len(targets)),
            numeric=str(sum(bool(target and target.quantity) for target in targets)),
        )


def _describe_statement(comparison: DeclarationComparison) -> Iterator[Message]:
    statement = comparison.statement
    for kind in statement.kinds:
        yield message("变更类型：{kind}", kind=message(CHANGE_KIND_TITLES[kind]))
    for typed in statement.unknown_kinds:
        yield message("提交说明写的变更类型认不出：{typed}；只用更正、调整、补充", typed=typed)
    if not statement.kinds and not statement.unknown_kinds:
        yield message("变更类型不明：提交说明里没有写是更正、调整还是补充")
    for reason in statement.reasons:
        yield message("变更理由：{reason}", reason=reason)
    if statement.commits:
        latest = tuple(commit[:_SHORT_ID_LENGTH] for commit in statement.commits[:_LIST_LIMIT])
        yield message("提交：{commits}", commits=latest)
    if not comparison.is_committed:
        yield message("有改动还没有提交")


def _render_register_changes(
    changes: tuple[RegisterChange, ...], catalogue: TranslationCatalogue
) -> Iterator[_LineBlock]:
    for file, file_changes in groupby(changes, key=lambda change: change.file):
        for text in _limit_list([change.message for change in file_changes]):
            yield [f"- {render_code(file)}{catalogue.translate('：')}{_render_message(text, catalogue)}"]


def _render_problems(
    problems: tuple[ReviewedProblem, ...], catalogue: TranslationCatalogue
) -> Iterator[_LineBlock]:
    # Old advice is left out, because this change is not about it.
    titles = {
        (Severity.ERROR, True): "新的错误",
        (Severity.WARNING, True): "新的提醒",
        (Severity.ERROR, False): "原有的错误",
        (Severity.WARNING, False): "原有的提醒",
        (Severity.ADVICE, True): "新的改进建议",
    }
    colon = catalogue.translate("：")
    last_hint = ""
    for key, title in titles.items():
        for problem in (item.problem for item in problems if (item.problem.severity, item.is_new) == key):
            place = render_code(f"{problem.place.file}:{problem.place.line}:{problem.place.column}")
            text = _render_message(problem.message, catalogue)
            line = f"- {catalogue.translate(title)} {place}{colon}{text} ({render_code(problem.rule)})"
            hint = f"  {catalogue.translate('建议')}{colon}{_render_message(problem.hint, catalogue)}"
            # A hint is not repeated below the next problem.
            yield [line] if hint == last_hint else [line, hint]
            last_hint = hint
