"""Wording of indicators, and measurability of targets: by number, date, words, or not at all.

A program reads the wording; it describes the writing and does not judge the project. A damaged target and a
blank one have classes of their own: neither counts as vague. The lists are short on purpose: editors soon
ignore a rule that complains about sound targets.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import Final
from unicodedata import numeric

from jixiao.load.yaml_tree import TreePath
from jixiao.model.declaration import Certainty, Declaration, Defect, Indicator

TIMELINESS: Final = "时效指标"
SATISFACTION: Final = "满意度指标"

_PUNCTUATION = re.compile(r"[\s，。、；：！？,.;:!?“”‘’\"'（）()《》·-]+")
_BRACKETS_AT_END = re.compile(r"(?<!\s)\s*+[（(][^（）()]*+[）)]$")
_VAGUE = re.compile(
    r"(?:逐步|不断|持续|有所|明显|显著|有效|进一步|稳步|大幅|全面|切实|较为|较|更加|更|比较|平稳|有序|继续|得到|基本|充分"
    r"|日益|长期|大力|积极|很|越来越)*"
    r"(?:(?:和|与|并)?(?:及时|有效|提高|提升|稳定|完善|广|高|好|强|良好|明显|显著|加强|增强|改善|优化|优|优良|优秀|推进"
    r"|促进|推动|持续|长期|可持续|规范|合理|充分|健全|正常|可控|改进|扩大|增加|减少|降低|下降|上升|发展|保障|落实"
    r"|先进)){1,2}"
)
_MEASURE = re.compile(
    r"[0-9０-９]|百分|[一二三四五六七八九十两][个次人场项天年月日名户家级等]|全部|全覆盖|全额|全员|应.[尽全].|无|零|不发生|未发生"
)
_RATE = re.compile(r"(?:(?<![效频功利汇税费曲概速])率|比例|比重|占比)$")
_COUNT = re.compile(
    r"(?:数量|人数|人次|次数|场次|批次|个数|件数|户数|篇数|天数|台数|套数|课时数|面积|里程|金额|总额|发生数)$"
)
_TIME = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十两]个?(?:月|日|天|季度|年|周|小时|工作日)|[月年季]末|[月年]底|[年月]内"
    r"|当[天日月年]|每[日天周月季年]|按[日周月季]|季度|学期|次[日月年]|同步|即时|实时|全年|年度内|期限|合同|协议|工期|前完成"
)
_SHORTEST_REPETITION = 3
"""Characters. A shorter target, such as 满足 or 通过, may properly answer its name."""
_TEXT_DEFECTS = frozenset({Defect.NUMBER_MISSING, Defect.TARGET_MISSING})


def find_indicators_with_certain_text(declaration: Declaration) -> Iterator[tuple[TreePath, Indicator]]:
    """Yield the indicators, with paths, whose text is not marked as damaged or doubtful."""
    for path, indicator in declaration.indicators_with_paths():
        if is_text_certain(indicator):
            yield path, indicator


def is_text_certain(indicator: Indicator) -> bool:
    """Return whether the text of *indicator* is not marked as damaged or doubtful."""
    is_doubted = indicator.certainty.text is Certainty.UNCONFIRMED
    return not is_doubted and _TEXT_DEFECTS.isdisjoint(indicator.defects)


def is_class_certain(indicator: Indicator) -> bool:
    """Return whether the class of *indicator* is not marked as doubtful."""
    is_doubted = indicator.certainty.class_ is Certainty.UNCONFIRMED
    return not is_doubted and Defect.CLASS_UNCERTAIN not in indicator.defects


def find_worded_targets(declaration: Declaration) -> Iterator[tuple[TreePath, Indicator, str]]:
    """Yield undamaged targets in words: the path, the indicator, the words without punctuation."""
    for path, indicator in declaration.indicators_with_paths():
        target = indicator.target
        # Nearly every row has a number.
        if target is None or target.quantity is not None or not is_text_certain(indicator):
            continue
        if words := strip_punctuation(target.filed.plain()):
            yield path, indicator, words


def strip_punctuation(typed: str) -> str:
    """Remove blanks and punctuation from a text, for comparison."""
    return _PUNCTUATION.sub("", typed)


def quote_target(indicator: Indicator) -> str:
    """Return the filed text of a target in words, for quotation in a message."""
    return indicator.target.filed.plain() if indicator.target else ""


def is_repetition(words: str, name: str) -> bool:
    """Return whether a target only repeats part of its name."""
    return len(words) >= _SHORTEST_REPETITION and words in strip_punctuation(name)


def is_vague(words: str, name: str) -> bool:
    """Return whether a target only praises: `提高`, or `体系完善` of `机构体系建设的完善性`."""
    if _VAGUE.fullmatch(words):
        return True
    bare_name = strip_punctuation(name)
    subject = next((words[:end] for end in range(len(words) - 1, 1, -1) if words[:end] in bare_name), "")
    return bool(subject) and _VAGUE.fullmatch(words, len(subject)) is not None


def has_measure(words: str) -> bool:
    """Return whether a target in words contains a number or an equivalent word, such as 全部."""
    return _MEASURE.search(words) is not None


def has_time(words: str) -> bool:
    """Return whether a target in words contains a date, a duration or a frequency."""
    return _TIME.search(words) is not None


def is_rate(name: str) -> bool:
    """Return whether an indicator with this name is a percentage."""
    # Most names have neither character, and the pattern is slower.
    return ("率" in name or "比" in name) and _RATE.search(_BRACKETS_AT_END.sub("", name)) is not None


def is_count(name: str) -> bool:
    """Return whether an indicator with this name is a number of something."""
    return _COUNT.search(_BRACKETS_AT_END.sub("", name)) is not None


_HANZI = re.compile("(?:十[一二]|[一二三四五六七八九十])(?=月)")
_MONTH_IN_DATE = re.compile(r"[12][0-9]{3}[-./](1[0-2]|0?[1-9])(?![0-9])")
_MONTH = r"(?:1[0-2]|0?[1-9])(?![0-9])"
_MONTH_LIST = re.compile(rf"(?<![0-9])({_MONTH}(?:[、，,和及]{_MONTH})*+)(月?)")
"""One month or a list of months, or other numbers if no 月 follows the last one."""
_NUMBER = re.compile("[0-9]+")
_RANGE = re.compile("(?<![0-9])(1[0-2]|0?[1-9])月?份?[-~～—–至到]++(1[0-2]|0?[1-9])月")
_QUARTER = re.compile("([一二三四1-4])季度")
_PERIODS = (
    (re.compile("[每按各逐](?:个?月|季)|月度"), range(1, 13)),
    (re.compile("上半年"), range(1, 7)),
    (re.compile("下半年"), range(7, 13)),
    (re.compile("年底|年末"), range(12, 13)),
)
"""Words for a period of several months, with those months."""


def find_months(text: str) -> frozenset[int]:
    """Return the months that *text* names, whatever the year."""
    # 十二 is ten and two.
    text = _HANZI.sub(lambda numeral: str(int(sum(map(numeric, numeral[0])))), text)
    found = set(map(int, _MONTH_IN_DATE.findall(text)))
    for listed, sign in _MONTH_LIST.findall(text):
        if sign:
            found.update(map(int, _NUMBER.findall(listed)))
    for first, last in _RANGE.findall(text):
        found.update(range(int(first), int(last) + 1))
    for quarter in _QUARTER.findall(text):
        last_month = 3 * int(numeric(quarter))
        found.update(range(last_month - 2, last_month + 1))
    for words, months in _PERIODS:
        if words.search(text):
            found.update(months)
    return frozenset(found)


class Measurability(StrEnum):
    """Ways to check a target value, from the best to the worst; the values are Chinese words."""

    NUMBER = "数字"
    """A quantity: `>=90%`, `=0`."""
    MOMENT = "日期或期限"
    """Words with a date, a deadline or a frequency: `6月底前完成`, `每月一次`."""
    CRITERION = "文字，有标准"
    """Words with an observable criterion: `一次性通过竣工验收`."""
    REFERENCE = "见其他文件"
    """Reference to the requirements of another document: `符合合同要求`."""
    WORDS = "文字，须由人判断"
    """Words in which a program finds neither a criterion nor its absence: `更多企业参与`."""
    PRAISE = "文字，无标准"
    """Words without a criterion: `及时`, `体系完善`."""
    REPETITION = "重复指标名称"
    """Repetition of the name of the indicator."""
    DAMAGED = "原文有缺损"
    """The form has lost its number, or nobody knows whether the words are right."""
    BLANK = "未填报"
    """The cell is empty on the form."""


HARD_TO_CHECK: Final = frozenset(
    {Measurability.PRAISE, Measurability.REPETITION, Measurability.DAMAGED, Measurability.BLANK}
)
"""Classes of targets that nobody can compare with a result at the end of the year."""
MeasurabilityCounts = tuple[int, ...]
"""Number of targets in each class, in the order of `Measurability`."""

_MEASURABILITIES: Final = tuple(Measurability)
_MOMENT = re.compile(
    r"[0-9一二三四五六七八九十两]个?(?:年|月|日|天|季度|周|小时|工作日)|[年月季]底|[年月季]末|季度|每[日天周月季年]"
)
_REFERENCE = re.compile(
    r"(?:符合|按照?|依据|根据|达到|满足|执行|参照|依照|对照).{0,16}(?:合同|协议|计划|方案|要求|规定|办法|规范|文件|大纲)"
)
_ACHIEVED = re.compile("通过|满足|符合|达到|达标|合格|完成|已完成|建成|已建成")
"""Words that state success and take their subject from the name."""
_PASSED, _ACCEPTANCE = re.compile("通过"), re.compile("验收")
_OUTCOME = re.compile("验收合格|拨付到位|建成|投入使用|上线|印发|出台|发布|交付|启动")
"""Outcomes that can be observed."""


def classify_target(indicator: Indicator) -> Measurability:
    """Return the class of measurability of the target of *indicator*."""
    target = indicator.target
    if target is None:
        return Measurability.BLANK
    if target.quantity is not None:
        return Measurability.NUMBER
    if not is_text_certain(indicator):
        return Measurability.DAMAGED
    return _classify_words(target.filed.plain(), indicator.name.plain())


def _classify_words(typed: str, name: str) -> Measurability:
    words = strip_punctuation(typed)
    if is_vague(words, name):
        return Measurability.PRAISE
    if is_repetition(words, name) and not has_measure(words):
        return Measurability.REPETITION
    if _MOMENT.search(words):
        return Measurability.MOMENT
    if _REFERENCE.search(words):
        return Measurability.REFERENCE
    passed = _PASSED.search(words)
    is_accepted = passed is not None and _ACCEPTANCE.search(words, passed.end()) is not None
    has_outcome = is_accepted or _OUTCOME.search(words) is not None
    has_criterion = has_measure(words) or _ACHIEVED.fullmatch(words) or has_outcome
    return Measurability.CRITERION if has_criterion else Measurability.WORDS


def count_measurability(indicators: Iterable[Indicator]) -> MeasurabilityCounts:
    """Count the targets of *indicators* by class."""
    counts = Counter(map(classify_target, indicators))
    return intern_measurability_counts(tuple(counts[measurability] for measurability in _MEASURABILITIES))


@cache
def intern_measurability_counts(counts: MeasurabilityCounts) -> MeasurabilityCounts:
    """Return equal counts as one object: many declarations of a site have the same."""
    return counts


def add_counts(counts: Iterable[MeasurabilityCounts]) -> MeasurabilityCounts:
    """Add counts up, class by class."""
    return tuple(map(sum, zip((0,) * len(_MEASURABILITIES), *counts, strict=True)))


def pair_with_classes(counts: MeasurabilityCounts) -> tuple[tuple[Measurability, int], ...]:
    """Return the counts paired with their classes."""
    return tuple(zip(_MEASURABILITIES, counts, strict=True))
