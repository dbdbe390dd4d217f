"""What is laid out travels to other processes, and is known again in the next build."""

import pickle

import pytest
from jixiao import pipeline
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import rules_of_meaning
from jixiao.config import SiteConfig
from jixiao.model.rule import Rules
from jixiao.pages import Press, all_sheets
from jixiao.pages.fingerprint import fingerprint_of

from tests.conftest import ROOT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_is_the_same_on_the_other_side(language: str) -> None:
    checked = pipeline.check(ROOT)
    assert isinstance(checked.config, SiteConfig)
    press = Press.for_language(language, checked.catalogue, checked.config)
    rules = Rules(of_meaning=rules_of_meaning(checked.config.rules), of_shape=EXPLANATIONS)
    sheets = list(all_sheets(press, rules))
    assert len(sheets) > 15
    for sheet in sheets:
        travelled = pickle.loads(pickle.dumps(sheet))  # noqa: S301 - our own
        assert fingerprint_of(travelled) == fingerprint_of(sheet), sheet.address
