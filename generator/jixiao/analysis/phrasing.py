"""What the words of an indicator promise: a number, a date, a criterion, or nothing that could be checked.

The lists are short on purpose: a rule that finds fault with a sound target is soon read by nobody.
"""

import re
from collections.abc import Iterator
from typing import Final

from jixiao.load.yaml_tree import Path
from jixiao.model.declaration import Certainty, Declaration, Defect, Indicator

TIMELINESS: Final = "时效指标"
SATISFACTION: Final = "满意度指标"

_MARKS = re.compile(r"[\s，。、；：！？,.;:!?“”‘’\"'（）()《》·-]+")
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
_MOMENT = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十两]个?(?:月|日|天|季度|年|周|小时|工作日)|[月年季]末|[月年]底|[年月]内"
    r"|当[天日月年]|每[日天周月季年]|按[日周月季]|季度|学期|次[日月年]|同步|即时|实时|全年|年度内|期限|合同|协议|工期|前完成"
)
_SHORTEST_REPEATED = 3
"""Characters. 满足 or 通过 may well answer a name that says what."""
_UNCERTAIN_TEXT = frozenset({Defect.NUMBER_MISSING, Defect.TARGET_MISSING})


def indicators_of_certain_text(declaration: Declaration) -> Iterator[tuple[Path, Indicator]]:
    """List the indicators, each with its path, whose words are not marked as damaged or in doubt."""
    for path, indicator in declaration.indicators_with_paths():
        if is_certain(indicator):
            yield path, indicator


def is_certain(indicator: Indicator) -> bool:
    """Tell whether the words of *indicator* are not marked as damaged or in doubt."""
    is_doubted = indicator.certainty.text is Certainty.UNCONFIRMED
    return not is_doubted and _UNCERTAIN_TEXT.isdisjoint(indicator.defects)


def is_class_certain(indicator: Indicator) -> bool:
    """Tell whether nothing marks the class of *indicator* as in doubt."""
    is_doubted = indicator.certainty.class_ is Certainty.UNCONFIRMED
    return not is_doubted and Defect.CLASS_UNCERTAIN not in indicator.defects


def targets_of_words(declaration: Declaration) -> Iterator[tuple[Path, Indicator, str]]:
    """List the targets that are words and not marked as damaged: the path, the indicator, the bare words."""
    for path, indicator in declaration.indicators_with_paths():
        target = indicator.target
        # First what nearly every row has: a number.
        if target is None or target.quantity is not None or not is_certain(indicator):
            continue
        if words := bare(target.filed.plain()):
            yield path, indicator, words


def bare(typed: str) -> str:
    """Take blanks and punctuation out of a text, for comparing what it says."""
    return _MARKS.sub("", typed)


def as_filed(indicator: Indicator) -> str:
    """Give the target of words as it was filed, for a sentence that quotes it."""
    return indicator.target.filed.plain() if indicator.target else ""


def repeats(words: str, name: str) -> bool:
    """Tell whether a target says only what its name says already."""
    return len(words) >= _SHORTEST_REPEATED and words in bare(name)


def is_vague(words: str, name: str) -> bool:
    """Tell whether a target only praises: `提高`, or `体系完善` of `机构体系建设的完善性`."""
    if _VAGUE.fullmatch(words):
        return True
    bare_name = bare(name)
    subject = next((words[:end] for end in range(len(words) - 1, 1, -1) if words[:end] in bare_name), "")
    return bool(subject) and _VAGUE.fullmatch(words, len(subject)) is not None


def has_measure(words: str) -> bool:
    """Tell whether a target of words holds a number, or a word that stands for one, such as 全部."""
    return _MEASURE.search(words) is not None


def has_moment(words: str) -> bool:
    """Tell whether a target of words says by when, how long or how often."""
    return _MOMENT.search(words) is not None


def is_rate(name: str) -> bool:
    """Tell whether an indicator of this name is a percentage."""
    # Most names hold neither word, and every row is asked.
    return ("率" in name or "比" in name) and _RATE.search(_BRACKETS_AT_END.sub("", name)) is not None


def is_count(name: str) -> bool:
    """Tell whether an indicator of this name is a number of something."""
    return _COUNT.search(_BRACKETS_AT_END.sub("", name)) is not None
