"""The contact sheet holds a picture of every page that was asked for."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.contact_sheet import WIDTHS, list_screenshots, main, photograph
from tests.browser.test_pages_in_browser import KINDS

pytestmark = pytest.mark.browser


def test_every_kind_is_photographed_in_each_medium_scheme_and_language() -> None:
    shots = list_screenshots(())
    assert len({shot.file for shot in shots}) == len(shots) == len(KINDS) * 2 * 5


def test_pictures_and_sheet_lie_beside_the_site(browser: Browser, site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site")
    photograph(browser, list_screenshots(["en/404"]), tmp_path / "site")
    sheet = (tmp_path / "shots/index.html").read_text("utf-8")
    shown = re.findall(r'<img src="([^"]+)"', sheet)
    assert shown == [
        f"en-404.{rest}.png"
        for rest in ("desktop.light", "desktop.dark", "phone.light", "phone.dark", "print.light")
    ]
    for name in shown:
        picture = (tmp_path / "shots" / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert int.from_bytes(picture[16:20]) == WIDTHS[name.split(".")[1]]


def test_without_a_site_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tmp_path / "site") == 1
    assert "make site" in capsys.readouterr().err
