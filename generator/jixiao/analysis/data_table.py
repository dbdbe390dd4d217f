"""Views of the database: ready answers to what deputies ask most."""

from __future__ import annotations

from typing import Final

from jixiao.analysis.measurability import HARD_TO_CHECK

# Whole yuan and millionths of a yuan are added up apart: both are exact in a double, and no total overflows.
# A sum has up to six decimals, and a double 15 digits: what stands behind these is none of the sum. They are
# put together with one rounding, so that the total is the nearest double to the exact one.
_WHOLE: Final = "CAST(annual_total_yuan AS INTEGER)"
_DECIMALS: Final = f"MAX(2, MIN(6, 15 - LENGTH({_WHOLE})))"
_MILLIONTHS: Final = f"TOTAL(ROUND(ROUND(annual_total_yuan - {_WHOLE}, {_DECIMALS}) * 1000000))"
_TOTAL: Final = f"""CASE WHEN TOTAL({_WHOLE}) < 9000000000
        THEN (TOTAL({_WHOLE}) * 1000000 + {_MILLIONTHS}) / 1000000
        ELSE TOTAL({_WHOLE}) + {_MILLIONTHS} / 1000000 END"""
_QUOTED: Final = ", ".join(f"'{words}'" for words in sorted(HARD_TO_CHECK))
VIEWS: Final = {
    "department_years": (
        "每个部门每个年度：申报表数、年度资金申请总额合计（元）和合计包含的份数、指标数、目标值是数字的指标数。",
        f"""SELECT year, department, department_name, COUNT(*) AS declarations,
        CASE WHEN COUNT(annual_total_yuan) > 0 THEN {_TOTAL} END AS annual_total_yuan,
        COUNT(annual_total_yuan) AS with_annual_total,
        SUM(indicators) AS indicators, SUM(numeric_targets) AS numeric_targets
        FROM declarations GROUP BY year, department, department_name""",  # noqa: S608 - words of ours alone
    ),
    "hard_to_check": (
        "难以核对的目标值：没有标准、重复名称、有缺损或者空着；资金多的在前。",
        f"""SELECT d.year, d.department_name, d.name AS project, d.annual_total_yuan, i.level1, i.level2,
        i.name AS indicator, i.target, i.measurability, i.page
        FROM indicators AS i JOIN declarations AS d ON d.id = i.declaration
        WHERE i.measurability IN ({_QUOTED})
        ORDER BY d.annual_total_yuan DESC, d.id, i.position""",  # noqa: S608 - words of ours alone
    ),
    "damaged": (
        "原文有缺损或者待核的指标。",
        """SELECT d.year, d.department_name, d.name AS project, i.name AS indicator, i.target, i.marks,
        i.note, i.page FROM indicators AS i JOIN declarations AS d ON d.id = i.declaration
        WHERE i.marks IS NOT NULL ORDER BY d.id, i.position""",
    ),
    "project_years": (
        "同一部门同一编号的项目历年的年度资金申请总额。",
        """SELECT department, SUBSTR(id, LENGTH(year) + LENGTH(department) + 3) AS project, year, name,
        annual_total_filed, annual_total_yuan FROM declarations ORDER BY department, project, year""",
    ),
}
"""Name → what it answers, and its query."""
