"""What of a target can be checked is read from its words, and a bar shows every class with its count."""

from pathlib import Path

import pytest

from jixiao import pipeline
from jixiao.analysis.phrasing import (
    HARD_TO_CHECK,
    Measurability,
    add_counts,
    classify_target,
    pair_with_classes,
)
from jixiao.model.declaration import Indicator
from jixiao.pages.quality_pages import MeasurabilitySegment, build_measurability_segments
from tests.conftest import ROOT
from tests.support.render_pages import parse_declarations
from tests.support.sample_projects import SMALL_SITE

CLASSES = {
    Measurability.NUMBER: (">=90%", "=0", "985米", "1,300人次"),
    Measurability.MOMENT: (
        "2021年6月底前完成",
        "每月一次",
        "十个工作日内答复",
        "年底前建成",
        "第三季度",
        "二年",
    ),
    Measurability.CRITERION: (
        "一次性通过竣工验收",
        "拨付到位，项目启动建设",
        "通过",
        "符合",
        "应保尽保",
        "全部投入使用",
    ),
    Measurability.REFERENCE: (
        "符合合同要求",
        "达到各项目计划训练人数",
        "按要求完成",
        "展品满足展陈要求",
        "依据协议",
    ),
    Measurability.WORDS: ("成为人才培养的一种有效途径", "为创业者降低创业成本", "更多企业参与"),
    Measurability.PRAISE: ("及时", "提高", "平稳推进", "更广", "明显改善", "体系完善"),
    Measurability.REPETITION: ("动态化管理", "机构体系"),
}
NAME = "机构体系的完善性和动态化管理"


def make_indicator(**fields: object) -> Indicator:
    """Return an indicator as the model reads it."""
    return Indicator.model_validate({"id": "a", "name": NAME, **fields})


@pytest.mark.parametrize(
    ("expected", "typed"), [(expected, typed) for expected, texts in CLASSES.items() for typed in texts]
)
def test_a_target_is_in_the_class_of_its_words(expected: Measurability, typed: str) -> None:
    assert classify_target(make_indicator(target=typed)) is expected


def test_a_blank_and_a_damaged_target_have_classes_of_their_own() -> None:
    lost = {
        "as_filed": {"lines": ["1"], "cells": [["", "", "", "举办为期个月的展览"]]},
        "defects": ["number-missing"],
    }

    assert classify_target(make_indicator(target=None)) is Measurability.BLANK
    assert classify_target(make_indicator(target="举办为期个月的展览", **lost)) is Measurability.DAMAGED
    # The figure is there, and its own mark says that it is in doubt.
    doubted = {**lost, "defects": ["shifted"], "certainty": {"text": "unconfirmed"}, "note": "待核"}
    assert classify_target(make_indicator(target=">=90%", **doubted)) is Measurability.NUMBER
    assert classify_target(make_indicator(target="提高", **doubted)) is Measurability.DAMAGED


def test_the_51_targets_of_the_real_declarations() -> None:
    catalogue = pipeline.check(ROOT).catalogue
    filed = parse_declarations(ROOT, catalogue)

    assert {one.id.rpartition("/")[2]: one.summary.measurability_counts for one in filed} == {
        "skilled-talent-bases": (7, 0, 2, 0, 2, 5, 1, 0, 0),
        "vocational-training-capacity": (9, 0, 2, 3, 1, 9, 0, 0, 1),
        "worldskills-46-preparation": (1, 0, 4, 2, 0, 1, 0, 1, 0),
    }
    together = add_counts(one.summary.measurability_counts for one in filed)
    assert sum(together) == 51
    assert sum(count for of_class, count in pair_with_classes(together) if of_class in HARD_TO_CHECK) == 18


def test_a_bar_has_a_segment_for_each_class_with_targets_where_the_one_before_ends() -> None:
    entries = pipeline.check(SMALL_SITE).catalogue.summaries

    assert build_measurability_segments(entries) == (
        MeasurabilitySegment(name="number", label="数字", count=3, start=0),
        MeasurabilitySegment(name="blank", label="未填报", count=1, start=3),
    )
    assert build_measurability_segments(()) == ()


def test_the_page_names_large_declarations_with_vague_targets_and_no_others(built: Path) -> None:
    page = (built / "build/site/indicators/index.html").read_text("utf-8")

    large = page.partition('id="large"')[2]
    assert large.index("高技能人才培养基地建设资助") < large.index("职业培训基础能力建设资助")
    assert "世界技能大赛" not in large
