"""A long goal or target is not that of another project.

Passes:

    goals: {annual: 为全县四十个行政村的村民每月巡诊一次，建立健康档案，并为六十五岁以上的老人体检。}

Fails, where another project has the same goal:

    goals: {annual: 加强组织领导，完善工作机制，提高资金使用效益，确保各项工作任务按时保质完成。}
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from jixiao.analysis.duplicates import TEXT_COPIED_RULE, LongText, unpack_long_texts
from jixiao.analysis.summary import Summary
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Place, Problem, Severity

ID = TEXT_COPIED_RULE
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("较长的目标和目标值，不与另一个项目的完全相同。"),
    why=message(
        "换一个项目也成立的目标，没有说出这个项目要做什么。只比30字以上的目标和目标值，标点和书名号里的文件名不算；同一项目各年度相同的不算。"
    ),
    source=message("申报表的“项目绩效目标”“指标目标值”两栏"),
    criterion=ReviewCriterion.RELEVANCE,
    field="goals.annual",
)


class _TextUse(NamedTuple):
    """One use of a text in a declaration."""

    summary: Summary
    text: LongText

    @property
    def project(self) -> tuple[str, str]:
        """Project part of the id, and name; a renamed project still has one of them in common."""
        return self.summary.id.partition("/")[2], self.summary.name.plain()


def check_all(summaries: Iterable[Summary]) -> Iterator[Problem]:
    """Yield a problem for each text of another project, and for each unused waiver."""
    uses = _find_uses(summaries)
    for text_uses in uses.values():
        use_by_project = {use.project: use for use in reversed(text_uses)}
        for use in text_uses:
            identity, name = use.project
            # A renamed project has its id or its name in common with its former self.
            others = (
                other
                for (other_id, other_name), other in use_by_project.items()
                if other_id != identity and other_name != name
            )
            yield from _report(use, next(others, None))


def _find_uses(summaries: Iterable[Summary]) -> dict[int, list[_TextUse]]:
    """Return the uses, by digest, of texts that are repeated or waived."""
    summaries = [summary for summary in summaries if summary.packed_texts]
    # Sorted numbers: a dictionary of all texts of a hundred thousand declarations would take 30 MB.
    digests = array(
        "Q", (text.digest for summary in summaries for text in unpack_long_texts(summary.packed_texts))
    )
    repeated = {digest for digest, following in pairwise(sorted(digests)) if digest == following}
    uses: dict[int, list[_TextUse]] = {}
    for summary in summaries:
        for text in unpack_long_texts(summary.packed_texts):
            if text.digest in repeated or text.is_waived:
                uses.setdefault(text.digest, []).append(_TextUse(summary, text))
    return uses


def _report(use: _TextUse, other: _TextUse | None) -> Sequence[Problem]:
    place = Place(f"content/declarations/{use.summary.id}.yml", use.text.line, use.text.column)
    if (other is None) is not use.text.is_waived:
        return ()
    if other is None:
        return (
            Problem(
                rule="waiver-unused",
                severity=Severity.WARNING,
                place=place,
                message=message("这项豁免没有用：没有另一个项目写着同样的文字"),
                hint=message("文字已经改好的，请删除这项豁免"),
            ),
        )
    return (
        Problem(
            rule=ID,
            severity=SEVERITY,
            place=place,
            message=message("文字与另一个项目完全相同：{other}", other=other.summary.id),
            hint=message("写出这个项目自己的目标；应当相同的，在 waivers 里写明理由"),
        ),
    )
