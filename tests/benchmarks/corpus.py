"""Make a project with many declarations of realistic shape, plainly marked as synthetic, the same for a seed.

How many indicators a declaration has and how long its texts are is drawn from our three real declarations;
now and then one is several times as long, as in every set of real ones. Names, sums and texts are invented.
"""

import hashlib
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.conftest import ROOT

YEARS = (2019, 2020, 2021, 2022, 2023)
DEPARTMENTS = 40
FORM = "forms/synthetic.txt"
_SYNTHETIC = "合成数据，仅供测速，不是任何单位的申报表。"
_THINGS = [
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
]
_ACTIONS = [
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
]
_ASPECTS = [
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
]
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
    ">={}%",
    "={}%",
    ">={}人次",
    "<={}天",
    "={}",
    "及时",
    "提高",
    "按合同要求完成",
    "一次性通过竣工验收",
)
_CLASSES = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("效益指标", "社会效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度指标"),
)
_LONG = 0.03
"""One in thirty is several times as long as any of the real ones."""


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What the real declarations measure: numbers of indicators, and characters of texts."""

    rows: tuple[int, ...]
    names: tuple[int, ...]
    goals: tuple[int, ...]


def make_project(folder: Path, size: int, seed: int = 1, languages: tuple[str, ...] = ("zh", "en")) -> Path:
    """Write a project of *size* declarations to *folder*; a larger one begins with those of a smaller one."""
    lengths = lengths_of_the_real()
    shutil.copytree(ROOT / "content/taxonomies", folder / "content/taxonomies")
    about = f"---\ntitle: 关于\ndescription: {_SYNTHETIC}\n---\n\n# 关于\n\n{_SYNTHETIC}\n"
    _write(folder / "content/pages/zh/about.md", about)
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    settings = f"name:\n  zh: 合成数据\n  en: Synthetic data\nlanguages: [{', '.join(languages)}]\n"
    _write(folder / "site_config.yml", settings)
    _write(folder / "content" / FORM, f"{_SYNTHETIC}\n")
    checksum = hashlib.sha256((folder / "content" / FORM).read_bytes()).hexdigest()
    _write(folder / "content/forms/SHA256SUMS", f"{checksum}  {FORM.removeprefix('forms/')}\n")
    _write(folder / "content/organisations.yml", "".join(map(_organisation, range(DEPARTMENTS))))
    published = ["published:\n"]
    for number in range(size):
        # Of its own for each declaration, so that the others stay as they are when one is added.
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
        year, department = YEARS[number % len(YEARS)], chance.randrange(DEPARTMENTS)
        identity = f"{year}/department-{department}/project-{number}"
        text = _declaration(number, identity, lengths, chance)
        _write(folder / f"content/declarations/{identity}.yml", text)
        published.append(f"  - {identity}\n")
    _write(folder / "content/addresses.yml", "".join(published))
    return folder


def lengths_of_the_real() -> Lengths:
    """Measure the real declarations in `content/`."""
    files = sorted((ROOT / "content/declarations").rglob("*.yml"))
    declarations = [yaml.load(file.read_text("utf-8"), yaml.BaseLoader) for file in files]  # noqa: S506 - builds only text
    rows = [
        [row for groups in one["indicators"].values() for group in groups.values() for row in group]
        for one in declarations
    ]
    return Lengths(
        rows=tuple(map(len, rows)),
        names=tuple(len(row["name"]) for of_one in rows for row in of_one),
        goals=tuple(len(goal) for one in declarations for goal in one["goals"].values()),
    )


def _organisation(number: int) -> str:
    return (
        f"department-{number}:\n  name: 合成部门{number}\n  kind: department\n  aliases: [合成局{number}]\n"
        f"unit-{number}:\n  name: 合成单位{number}\n  kind: unit\n  parent: department-{number}\n"
    )


def _declaration(number: int, identity: str, lengths: Lengths, chance: random.Random) -> str:
    year, department, _ = identity.split("/")
    stretch = chance.randint(2, 6) if chance.random() < _LONG else 1
    goal = _prose(chance.choice(lengths.goals) * stretch, chance)
    total, other = chance.randrange(10_000, 200_000_000), chance.randrange(3) * 10_000
    lines = [
        'edition: "2015"',
        f"year: {year}",
        f"name: 合成数据{number}号{chance.choice(_THINGS)}{chance.choice(_ACTIONS)}专项经费",
        f"nature: {chance.choice(('经常性项目', '一次性项目'))}",
        f"department: {department}",
        f"unit: {department.replace('department', 'unit')}",
        f"period:\n  start: {year}-01-01\n  end: {year}-12-31",
        "funding:\n  unit: 元",
        f"  project:\n    total: {total + other:,}\n    fiscal: {total:,}\n    other: {other:,}",
        f"  annual:\n    total: {total:,}",
        f"goals:\n  annual: |\n    {_SYNTHETIC}\n    {goal}",
        "indicators:",
        *_indicators(chance.choice(lengths.rows) * stretch, lengths, chance),
        f"source:\n  form: {FORM}\n",
    ]
    return "\n".join(lines)


def _indicators(rows: int, lengths: Lengths, chance: random.Random) -> list[str]:
    shares = [rows // len(_CLASSES) + (place < rows % len(_CLASSES)) for place in range(len(_CLASSES))]
    lines: list[str] = []
    above = ""
    row = 0
    for (level1, level2), share in zip(_CLASSES, shares, strict=True):
        if share and level1 != above:
            lines.append(f"  {level1}:")
            above = level1
        lines += [f"    {level2}:"] if share else []
        for _ in range(share):
            row += 1
            target = chance.choice(_TARGETS).format(chance.randrange(1, 100))
            lines += [
                f"      - id: row-{row}",
                f"        name: {_name(chance.choice(lengths.names), chance)}{row}",
                f'        target: "{target}"',
            ]
    return lines


def _name(length: int, chance: random.Random) -> str:
    """Make a name of about *length* characters."""
    name = ""
    while len(name) < length - 4:
        name += chance.choice(_THINGS) + chance.choice(_ACTIONS)
    return name + chance.choice(_ASPECTS)


def _prose(length: int, chance: random.Random) -> str:
    text = ""
    while len(text) < length:
        text += chance.choice(_CLAUSES) + chance.choice("，，。")
    return f"{text[:-1]}。"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
