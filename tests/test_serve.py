"""`jixiao serve`: a saved YAML file shows in the open browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.support import CLINIC, small_project


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A project under `jixiao serve`, and the address that it prints."""
    project = small_project(tmp_path / "project")
    command = [sys.executable, "-m", "generator", "serve", "--port", "0", "--project", str(project)]
    environment = {**os.environ, "JIXIAO_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        address = next(filter(None, (re.search(r"http://\S+/", line) for line in process.stdout)))
        yield project, address[0]
        process.terminate()


@pytest.mark.browser
def test_a_saved_file_shows_in_the_open_browser_and_a_broken_one_leaves_the_page_standing(
    served: tuple[Path, str], page: Page
) -> None:
    project, address = served
    file = project / CLINIC
    page.goto(f"{address}2021/health/clinic/")
    expect(page.locator("#i-visits .target")).to_have_text(">=120次")

    file.write_text(file.read_text("utf-8").replace(">=120次", ">=121次"), encoding="utf-8")
    expect(page.locator("#i-visits .target")).to_have_text(">=121次", timeout=20_000)

    file.write_text(file.read_text("utf-8").replace('">=121次"', ">=122次"), encoding="utf-8")
    file.write_text(file.read_text("utf-8").replace(">=122次", '">=123次"'), encoding="utf-8")
    expect(page.locator("#i-visits .target")).to_have_text(">=123次", timeout=20_000)
