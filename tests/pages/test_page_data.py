"""What is laid out travels to other processes, and is known again in the next build."""

import pickle

import pytest

from jixiao import pipeline
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import describe_rules
from jixiao.config import SiteConfig
from jixiao.model.rule import RuleSet
from jixiao.pages import PageRenderer, build_all_pages
from jixiao.pages.page_renderer import hash_page_data
from tests.conftest import ROOT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_is_the_same_on_the_other_side(language: str) -> None:
    checked = pipeline.check(ROOT)
    assert isinstance(checked.config, SiteConfig)
    press = PageRenderer.for_language(language, checked.catalogue, checked.config)
    rules = RuleSet(rules=describe_rules(checked.config.rules), schema_checks=EXPLANATIONS)
    sheets = list(build_all_pages(press, rules))
    assert len(sheets) > 15
    for sheet in sheets:
        travelled = pickle.loads(pickle.dumps(sheet))  # noqa: S301 - our own
        assert hash_page_data(travelled) == hash_page_data(sheet), sheet.address
