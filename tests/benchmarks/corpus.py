"""Make a project with many declarations of realistic shape, marked as synthetic, the same for each seed."""

import random
import shutil
from pathlib import Path

from tests.conftest import ROOT

YEARS = (2019, 2020, 2021, 2022, 2023)
DEPARTMENTS = 20
_NAMES = ("道路养护", "社区食堂", "图书采购", "河道清淤", "技能培训", "义务巡诊", "校舍修缮", "档案数字化")
_TARGETS = (
    '">=90%"',
    '"=100%"',
    '"=0"',
    '">=1300人次"',
    "及时",
    "提高",
    "按合同要求完成",
    "一次性通过竣工验收",
)
_CLASSES = {
    "产出指标": ("数量指标", "质量指标", "时效指标"),
    "效益指标": ("社会效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}


def make_project(folder: Path, size: int, seed: int = 1) -> Path:
    """Write a project of *size* declarations to *folder*."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    shutil.copytree(ROOT / "content/taxonomies", folder / "content/taxonomies")
    for name in ("site_config.yml", "mkdocs.yml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "content/forms", folder / "content/forms")
    _write(folder / "content/organisations.yml", "".join(map(_organisation, range(DEPARTMENTS))))
    published = ["published:\n"]
    for number in range(size):
        year = YEARS[number % len(YEARS)]
        department = chance.randrange(DEPARTMENTS)
        path = f"content/declarations/{year}/department-{department}/project-{number}.yml"
        _write(folder / path, _declaration(number, year, department, chance))
        published.append(f"  - {year}/department-{department}/project-{number}\n")
    _write(folder / "content/addresses.yml", "".join(published))
    return folder


def _organisation(number: int) -> str:
    return (
        f"department-{number}:\n  name: 合成部门{number}\n  kind: department\n  aliases: [合成局{number}]\n"
        f"unit-{number}:\n  name: 合成单位{number}\n  kind: unit\n  parent: department-{number}\n"
    )


def _declaration(number: int, year: int, department: int, chance: random.Random) -> str:
    total = chance.randrange(10_000, 200_000_000)
    lines = [
        'edition: "2015"',
        f"year: {year}",
        f"name: 合成数据{number}号{chance.choice(_NAMES)}专项经费",
        "nature: 经常性项目",
        f"department: department-{department}",
        f"unit: unit-{department}",
        f"period:\n  start: {year}-01-01\n  end: {year}-12-31",
        f"funding:\n  unit: 元\n  project:\n    total: {total:,}\n  annual:\n    total: {total:,}",
        f"goals:\n  annual: 合成数据，仅供测速。{'完成年度工作，提高服务水平。' * chance.randrange(3, 30)}",
        "indicators:",
    ]
    # Long-tailed like the real ones: mostly about fifteen rows, now and then a hundred.
    rows = min(120, 6 + int(chance.paretovariate(1.5) * 6))
    for level1, classes in _CLASSES.items():
        lines.append(f"  {level1}:")
        for level2 in classes:
            lines.append(f"    {level2}:")
            for row in range(max(1, rows // 6)):
                lines += [
                    f"      - id: row-{len(lines)}",
                    f"        name: {chance.choice(_NAMES)}完成情况{row}",
                    f"        target: {chance.choice(_TARGETS)}",
                ]
    lines.append("source:\n  form: forms/declarations-2021.txt\n")
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
