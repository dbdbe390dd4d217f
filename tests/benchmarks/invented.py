"""The blocks of an invented declaration, as lines of YAML. Names, goals, notes say that they are synthetic.

How often blanks and damage occur is an assumption: blanks are common, damaged rows rare. Damage in our three
real declarations is far more frequent, because a conversion of their form went wrong.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SYNTHETIC = "合成数据，仅供测速，不是任何单位的申报表。"
EDITION_OF_2021 = 2022
"""The year from which forms follow the edition of 2021."""
_MOST_ROWS = 120
_LONGEST_NAME = 120
_LONGEST_GOAL = 4000
_DAMAGED = 0.04
"""The share of declarations that hold damaged rows."""
_DAMAGED_ROWS = 0.15
"""The share of rows that are damaged in such a declaration."""
_NO_TARGET = 0.01
_REMARKED = 0.01
_THINGS = (
    "道路",
    "社区食堂",
    "图书",
    "河道",
    "职业技能",
    "校舍",
    "档案",
    "诊所",
    "农田水利",
    "公园",
    "消防设施",
    "老年大学",
    "路灯",
    "饮水工程",
)
_ACTIONS = (
    "养护",
    "采购",
    "清淤",
    "培训",
    "修缮",
    "数字化",
    "巡诊",
    "改造",
    "更新",
    "验收",
    "补助",
    "检测",
    "宣传",
    "评估",
)
_ASPECTS = (
    "完成率",
    "合格率",
    "覆盖率",
    "及时率",
    "人数",
    "场次",
    "知晓率",
    "使用率",
    "满意度",
    "提升程度",
    "规范性",
    "延续性",
    "增长情况",
)
_CLAUSES = (
    "完成年度工作任务",
    "提高公共服务水平",
    "按合同要求组织验收",
    "资金及时足额到位",
    "加强日常巡查和维护",
    "建立健全长效机制",
    "使居民的获得感得到提升",
)
_TARGETS = (
    *(">={}%", "={}%", "=100%", ">={}人次", "<={}天", "={}", ">={}个", "<={}万元", "{}月底前完成", "=0"),
    *("及时", "提高", "稳定", "符合合同要求", "按合同要求完成", "一次性通过竣工验收"),
)
_WORDY_TARGETS = 0.06
_CLASSES = {
    "2015": (
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("产出指标", "成本指标"),
        ("效益指标", "经济效益指标"),
        ("效益指标", "社会效益指标"),
        ("效益指标", "生态效益指标"),
        ("效益指标", "可持续影响指标"),
        ("满意度指标", "服务对象满意度指标"),
    ),
    "2021": (
        ("成本指标", "经济成本指标"),
        ("成本指标", "社会成本指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("效益指标", "经济效益指标"),
        ("效益指标", "社会效益指标"),
        ("效益指标", "可持续影响指标"),
        ("满意度指标", "服务对象满意度指标"),
    ),
}
_WEIGHTS = {"数量指标": 6, "质量指标": 3, "时效指标": 3, "社会效益指标": 3}
"""How often a class is used, for each row; other classes once."""


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What the real declarations measure: numbers of indicators, and characters of texts."""

    rows: tuple[int, ...]
    names: tuple[int, ...]
    goals: tuple[int, ...]


def heading(number: int, year: int, chance: random.Random) -> tuple[str, str, list[str]]:
    """Invent the head of a form; give name, nature and lines."""
    name = f"合成数据{number}号{chance.choice(_THINGS)}{chance.choice(_ACTIONS)}专项经费"
    nature = chance.choices(("经常性项目", "一次性项目", "阶段性项目"), (6, 3, 1))[0]
    first, last = (
        (year - chance.randint(0, 2), year + chance.randint(0, 2)) if _lasts(nature) else (year, year)
    )
    lines = [
        f'edition: "{edition_of(year)}"',
        f"year: {year}",
        f"name: {name}",
        f"nature: {nature}",
        f"period:\n  start: {first}-{chance.choice(('01-01', '03-01'))}\n  end: {last}-12-31",
    ]
    return name, nature, lines


def edition_of(year: int) -> str:
    """Name the edition of the classes that forms of *year* follow."""
    return "2021" if year >= EDITION_OF_2021 else "2015"


def _lasts(nature: str) -> bool:
    return nature == "阶段性项目"


def funding(nature: str, chance: random.Random) -> Iterator[str]:
    """Invent the sums: many small ones, few very large ones, some not filed, some without a unit."""
    stated = chance.choices(("unit: 元", "unit_read_as: 元", "unit: 万元"), (7, 2, 1))[0]
    unit = Decimal(10_000 if stated.endswith("万元") else 1)
    total = min(max(round(chance.lognormvariate(14.5, 1.6)), 100) * 100, 10**13)
    annual = total // 300 * 100 if _lasts(nature) else total
    other = total // 1000 * 100 if chance.random() < 0.1 else 0
    carried = annual // 2000 * 100 if chance.random() < 0.15 else 0
    project = {"total": total, "fiscal": total - other, "other": other}
    year = {"total": annual, "appropriation": annual - carried, "carryover": carried}
    # Mostly the total alone is filed twice, as in the real ones; a part is blank more often than it is 0.
    for block, part, share in (
        (project, "other", 0.7),
        (project, "fiscal", 0.05),
        (year, "total", 0.06),
        (year, "appropriation", 0.6),
        (year, "carryover", 0.8),
    ):
        if (
            not (part == "other" and other)
            and not (part == "carryover" and carried)
            and chance.random() < share
        ):
            del block[part]
    yield f"funding:\n  {stated}"
    for title, block in (("project", project), ("annual", year)):
        if block:
            yield f"  {title}:"
            yield from (f"    {part}: {_sum(yuan, unit)}" for part, yuan in block.items())


def _sum(yuan: int, unit: Decimal) -> str:
    return f"{(yuan / unit).normalize():,f}"


def goals(lengths: Lengths, chance: random.Random) -> Iterator[str]:
    """Invent the goals: nearly always one of the year, in a third of the forms one of the whole project."""
    kinds = [kind for kind, share in (("overall", 0.35), ("annual", 0.97)) if chance.random() < share]
    if kinds:
        yield "goals:"
    for kind in kinds:
        length = _stretched(chance.choice(lengths.goals), 0.6, _LONGEST_GOAL, chance)
        yield f"  {kind}: |\n    {SYNTHETIC}"
        while length > 0:
            paragraph = prose(min(length, chance.randint(80, 400)), chance)
            yield f"    {paragraph}"
            length -= len(paragraph)


def indicators(year: int, lengths: Lengths, chance: random.Random) -> Iterator[str]:
    """Invent the table of indicators."""
    rows = max(3, _stretched(chance.choice(lengths.rows), 0.4, _MOST_ROWS, chance))
    classes = _CLASSES[edition_of(year)]
    weights = [_WEIGHTS.get(level2, 1) for _, level2 in classes]
    drawn = sorted(chance.choices(range(len(classes)), weights, k=rows))
    damaged = chance.random() < _DAMAGED
    yield "indicators:"
    before = ("", "")
    for row, place in enumerate(drawn, 1):
        level1, level2 = classes[place]
        if level1 != before[0]:
            yield f"  {level1}:"
        if (level1, level2) != before:
            yield f"    {level2}:"
        before = (level1, level2)
        name = f"{_name(_stretched(chance.choice(lengths.names), 0.25, _LONGEST_NAME, chance), chance)}{row}"
        is_damaged = damaged and (row == 1 or chance.random() < _DAMAGED_ROWS)
        yield from _indicator(row, name, is_damaged=is_damaged, chance=chance)


def _indicator(row: int, name: str, *, is_damaged: bool, chance: random.Random) -> Iterator[str]:
    yield f"      - id: row-{row}\n        name: {name}"
    if is_damaged:
        yield from _damage(row, name, chance)
    elif chance.random() < _NO_TARGET:
        yield "        target: null"
    else:
        yield f'        target: "{_target(chance)}"'


def _damage(row: int, name: str, chance: random.Random) -> Iterator[str]:
    """Invent a row that the form shows damaged, beside its cells as filed."""
    line = 20 + row
    target = _target(chance)
    half = len(name) // 2
    kinds: tuple[tuple[str, str | None, list[list[str]], str], ...] = (
        ("shifted-left", target, [["", "", name, target, ""]], "class: restored"),
        ("target-missing", None, [["", "", "", name, ""]], "text: unconfirmed"),
        ("number-missing", "为期个月", [["", "", "", name, "为期个月"]], ""),
        ("class-uncertain", target, [["", "", "", name, target]], "class: unconfirmed"),
        (
            "split-by-page-break",
            target,
            [["", "", "", name[:half], target], ["", "", name[half:], ""]],
            "text: restored",
        ),
        ("name-and-target-in-one-cell", target, [["", "", "", "", f"{name} {target}"]], "text: restored"),
    )
    defect, read, cells, certainty = chance.choice(kinds)
    yield "        target: null" if read is None else f'        target: "{read}"'
    yield f"        as_filed:\n          lines: [{', '.join(str(line + at) for at in range(len(cells)))}]"
    yield "          cells:"
    for of_line in cells:
        quoted = (f'"{cell}"' for cell in of_line)
        yield f"            - [{', '.join(quoted)}]"
    yield f"        defects: [{defect}]"
    if certainty:
        yield f"        certainty:\n          {certainty}"
    yield f"        note: 合成数据：{prose(40, chance)}"


def remarks(name: str, chance: random.Random) -> Iterator[str]:
    """Invent damage of the name, in one form of a hundred."""
    if chance.random() < _REMARKED:
        filed = f"{name[:6]} {name[6:]}"
        yield "remarks:\n  - field: name\n    as_filed:\n      lines: [7]"
        yield f'      cells:\n        - ["{filed}"]'
        yield f"    defects: [line-break-in-name]\n    note: 合成数据：{prose(30, chance)}"


def _target(chance: random.Random) -> str:
    if chance.random() < _WORDY_TARGETS:
        return prose(chance.randint(15, 50), chance)
    return chance.choice(_TARGETS).format(chance.randrange(1, 13))


def _stretched(length: int, spread: float, limit: int, chance: random.Random) -> int:
    """Vary *length*: half come out shorter, half longer, and a few several times as long."""
    return min(round(length * chance.lognormvariate(0, spread)), limit)


def _name(length: int, chance: random.Random) -> str:
    """Make a name of about *length* characters."""
    name = ""
    while len(name) < length - 4:
        name += chance.choice(_THINGS) + chance.choice(_ACTIONS)
    return name + chance.choice(_ASPECTS)


def prose(length: int, chance: random.Random) -> str:
    """Make sentences of about *length* characters."""
    text = ""
    while len(text) < length:
        text += chance.choice(_CLAUSES) + chance.choice("，，。")
    return f"{text[:-1]}。"
