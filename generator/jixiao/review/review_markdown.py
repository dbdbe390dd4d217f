"""A review as Markdown: a comment on a merge request, and readable as it is in a terminal.

Whatever was typed by somebody stands in a code span. There no mark has a meaning on GitHub, GitLab or Gitea:
no link, no picture, no mention, no reference, no markup. What cannot be printed is shown as an escape first,
so that a span is one line and no text speaks to a terminal; personal data is masked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from string import Formatter

from jixiao.history.diff_messages import KINDS, STATUSES, cell_of, said
from jixiao.i18n import Dictionary, Message, message
from jixiao.model.declaration import Declaration
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Severity, one_line
from jixiao.review.declaration_comparison import Compared, Status
from jixiao.review.outcome import FoundProblem, Review
from jixiao.review.register_changes import RegisterChange

_VALUE_LIMIT = 400
_LISTED = 30
"""Changes of one file that are listed one by one; the JSON has all."""
_ROOM = {
    "questions": 14_000,
    "declarations": 24_000,
    "registers": 8_000,
    "problems": 12_000,
    "not_read": 2_000,
}
"""Characters of a section. All together fit into a comment, of which GitHub takes 65,536."""
_PLAIN = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_SUMS = frozenset({"sum", "difference"})
"""Names in sentences for what was read as money."""
_COMMITS = frozenset({"commit", "head"})
"""Names in sentences for the id of a commit, which git made: it may look like a figure or an account."""
_MARKS = re.compile(r"[\\`*\[\]<>|~&#!$@]")
_TICKS = re.compile(r"`+")
_SHORT = 10
"""Digits by which a commit is known."""
_Block = list[str]
"""Lines that stand together or are left out together."""


def markdown(review: Review, words: Dictionary) -> Iterator[str]:
    """Write *review* line by line in the language of *words*."""
    yield f"# {_say(message('合并以后，公众会看到的变化'), words)}"
    yield ""
    for line in _summary(review):
        yield f"- {_say(line, words)}"
    sections = (
        (message("请核对"), "questions", _questions(review, words)),
        (message("申报表"), "declarations", _declarations(review, words)),
        (message("登记、译文、设置和页面"), "registers", _registers(review.registers, words)),
        (message("检查发现的问题"), "problems", _problems(review.problems, words)),
        (message("没有比较的文件"), "not_read", _not_read(review, words)),
    )
    for title, name, blocks in sections:
        lines = list(_fitting(blocks, _ROOM[name], words))
        if lines:
            yield from ("", f"## {_say(title, words)}", "")
            yield from lines if lines[-1] else lines[:-1]


def _fitting(blocks: Iterable[_Block], room: int, words: Dictionary) -> Iterator[str]:
    """Yield the lines of the *blocks* that fit, and how many more there are."""
    rest = 0
    for block in blocks:
        size = sum(len(line) + 1 for line in block)
        if size > room:
            rest += 1
        else:
            room -= size
            yield from block
    if rest:
        saying = message("这里放不下，还有 {count} 项没有列出；全部见 --format json", count=str(rest))
        yield f"- {_say(saying, words)}"


def code(text: str) -> str:
    """Put what somebody typed into a code span, on one line and without personal data."""
    return _span(masked(text))


def _span(text: str) -> str:
    # Full-width blanks stand in Chinese texts and do not count as printable.
    shown = "\u3000".join(map(one_line, text.split("\u3000")))
    shown = shown if len(shown) <= _VALUE_LIMIT else f"{shown[: _VALUE_LIMIT // 2]}…"
    if not shown:
        return "` `"
    ticks = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    # A tick at the edge would lengthen the fence, and a span loses one blank where it has one at both ends.
    edges = shown[0] + shown[-1]
    padding = " " if "`" in edges or (edges == "  " and shown.strip()) else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def _say(sentence: Message, words: Dictionary) -> str:
    """Write a sentence: our words escaped, what stands for names in code spans."""
    written = []
    for literal, name, _, _ in Formatter().parse(words.say(sentence.template)):
        written.append(_MARKS.sub(r"\\\g<0>", literal))
        if name is not None:
            written.append(_value(name, sentence.values[name], words))
    return "".join(written)


def _value(name: str, value: Message | str | tuple[str, ...], words: Dictionary) -> str:
    match value:
        case Message():
            return _say(value, words)
        case tuple():
            return words.say("、").join(map(code, value))
        case _ if name in _COMMITS:
            return _span(value)
        case _ if name == "base":
            return code(value)
        case _:
            # A sum looks like the number of a telephone by chance only.
            is_figure = name in _SUMS or masked(value) == value
            return value if is_figure and _PLAIN.fullmatch(value) else code(value)


def _summary(review: Review) -> Iterator[Message]:
    compared = review.range
    base = {"base": compared.base_name, "commit": compared.base[:_SHORT]}
    if compared.head_name and compared.head:
        yield message("比较：{base}（{commit}）→ 提议的 {head}", **base, head=compared.head[:_SHORT])
    else:
        yield message("比较：{base}（{commit}）→ 文件夹里现在的文件", **base)
    if compared.remark:
        yield compared.remark
    counts = Counter(one.status for one in review.declarations)
    shown = [(status, counts[status]) for status in STATUSES if counts[status]]
    for status, count in shown:
        yield message("申报表{status}：{count} 份", status=message(STATUSES[status]), count=str(count))
    if not shown:
        yield message("申报表没有变")
    yield _count_of("错误 {count} 处，其中新的 {new} 处", review, Severity.ERROR)
    yield _count_of("提醒 {count} 处，其中新的 {new} 处", review, Severity.WARNING)
    if any(found.problem.severity is Severity.ADVICE for found in review.problems):
        yield _count_of("改进建议 {count} 条，其中新的 {new} 条；这里只列新的", review, Severity.ADVICE)


def _count_of(template: str, review: Review, severity: Severity) -> Message:
    found = [one for one in review.problems if one.problem.severity is severity]
    return message(template, count=str(len(found)), new=str(sum(one.is_new for one in found)))


def _questions(review: Review, words: Dictionary) -> Iterator[_Block]:
    for question in review.questions:
        place = [code(part) for part in (question.declaration, question.field) if part]
        yield [f"- [ ] {' '.join(place)}{words.say('：')}{_say(question.saying, words)}"]


def _declarations(review: Review, words: Dictionary) -> Iterator[_Block]:
    order = list(STATUSES)
    for compared in sorted(review.declarations, key=lambda one: order.index(one.status)):
        title = message(
            "{status}：{name}（{id}）",
            status=message(STATUSES[compared.status]),
            name=compared.name.plain() if compared.name else message("名称不明"),
            id=compared.id,
        )
        changes = [line for change in compared.changes for line in said(change, review.names)]
        lines = [*_about(compared, review), *_kind(compared), *changes[:_LISTED]]
        if len(changes) > _LISTED:
            lines.append(_more(len(changes) - _LISTED))
        yield [f"### {_say(title, words)}", "", *(f"- {_say(line, words)}" for line in lines), ""]


def _more(count: int) -> Message:
    return message("还有 {count} 处，见 --format json", count=str(count))


def _about(compared: Compared, review: Review) -> Iterator[Message]:
    if compared.former:
        yield message("原来的网址：{id}", id=compared.former)
    if compared.reason:
        yield message("撤下的理由：{reason}", reason=compared.reason.plain())
    for state in compared.unreadable:
        yield (
            message("原来的文件，现在的程序读不出来")
            if state == "old"
            else message("现在的文件有错误，读不出来")
        )
    if compared.status is Status.ADDED and compared.new:
        yield from _added(compared.new, review)


def _added(declaration: Declaration, review: Review) -> Iterator[Message]:
    department = review.names.get(declaration.department, declaration.department)
    yield message("{title}：{value}", title=message("主管部门"), value=department)
    unit = declaration.funding.unit_in_use
    for block, part, money in declaration.funding.sums():
        yield message(
            "{title}：{sum} {unit}",
            title=cell_of(block, part),
            sum=money.filed,
            unit=message(unit.value) if unit else message("（单位不明）"),
        )
    rows = declaration.rows()
    numeric = sum(bool(row.indicator.target and row.indicator.target.quantity) for row in rows)
    yield message("指标 {count} 项，目标值是数字的 {numeric} 项", count=str(len(rows)), numeric=str(numeric))


def _kind(compared: Compared) -> Iterator[Message]:
    statement = compared.statement
    for kind in statement.kinds:
        yield message("变更类型：{kind}", kind=message(KINDS[kind]))
    for typed in statement.unknown:
        yield message("提交说明写的变更类型认不出：{typed}；只用更正、调整、补充", typed=typed)
    if not statement.kinds and not statement.unknown:
        yield message("变更类型不明：提交说明里没有写是更正、调整还是补充")
    for reason in statement.reasons:
        yield message("变更理由：{reason}", reason=reason)
    if statement.commits:
        latest = tuple(commit[:_SHORT] for commit in statement.commits[:_LISTED])
        yield message("提交：{commits}", commits=latest)
    if not compared.is_committed:
        yield message("有改动还没有提交")


def _registers(changes: tuple[RegisterChange, ...], words: Dictionary) -> Iterator[_Block]:
    for file, of_file in groupby(changes, key=lambda change: change.file):
        sayings = [change.saying for change in of_file]
        if len(sayings) > _LISTED:
            sayings[_LISTED:] = [_more(len(sayings) - _LISTED)]
        yield from ([f"- {code(file)}{words.say('：')}{_say(saying, words)}"] for saying in sayings)


def _problems(problems: tuple[FoundProblem, ...], words: Dictionary) -> Iterator[_Block]:
    severities = {
        (Severity.ERROR, True): "新的错误",
        (Severity.WARNING, True): "新的提醒",
        (Severity.ERROR, False): "原有的错误",
        (Severity.WARNING, False): "原有的提醒",
        (Severity.ADVICE, True): "新的改进建议",
    }
    order = list(severities)
    # Advice about what nobody has changed is no matter of this review.
    shown = [one for one in problems if (one.problem.severity, one.is_new) in severities]
    last_hint = ""
    for found in sorted(shown, key=lambda one: order.index((one.problem.severity, one.is_new))):
        problem = found.problem
        place = code(f"{problem.place.file}:{problem.place.line}:{problem.place.column}")
        severity = words.say(severities[problem.severity, found.is_new])
        saying = _say(problem.message, words)
        hint = f"  {words.say('建议')}{words.say('：')}{_say(problem.hint, words)}"
        finding = f"- {severity} {place}{words.say('：')}{saying} ({code(problem.rule)})"
        # A hint that stands just above would only hide the next finding.
        yield [finding] if hint == last_hint else [finding, hint]
        last_hint = hint


def _not_read(review: Review, words: Dictionary) -> Iterator[_Block]:
    for one in review.not_read:
        yield [f"- {code(one.file)}{words.say('：')}{_say(one.saying, words)}"]
