"""The engines that may come after MkDocs: the same addresses, titles, languages, alternates and articles."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.conftest import copy_project, jixiao
from tests.support.other_engines import COMMANDS, render_with
from tests.support.sample_projects import EXAMPLES

UNLIKE = {"zensical": {"404.html", "en/404.html"}, "properdocs": set[str]()}
"""Zensical gives its page for what is not found to templates as a page like others."""


def _facts(file: Path) -> dict[str, Any]:
    page = html.fromstring(file.read_text("utf-8"))
    (article,), (header,), (footer,) = (page.xpath(f"//{tag}") for tag in ("article", "header", "footer"))
    return {
        "title": page.xpath("string(//title)").strip(),
        "lang": page.get("lang"),
        "policy": page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)"),
        "alternates": [(link.get("hreflang"), link.get("href")) for link in page.xpath("//link[@hreflang]")],
        "article": " ".join(article.text_content().split()),
        "links": article.xpath(".//a/@href"),
        "anchors": article.xpath(".//@id"),
        "cells": [" ".join(cell.text_content().split()) for cell in article.xpath(".//td | .//th")],
        "header": (" ".join(header.text_content().split()), header.xpath(".//a/@href")),
        "footer": (" ".join(footer.text_content().split()), footer.xpath(".//a/@href")),
    }


def _pages(site: Path) -> dict[str, Path]:
    return {file.relative_to(site).as_posix(): file for file in site.rglob("*.html")}


@pytest.fixture(params=["real", "years"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The real declarations; and a sample of three years, two editions and renamed addresses."""
    folder = copy_project(tmp_path / "project")
    if request.param == "years":
        for name in ("content", "site_config.yml"):
            _take(EXAMPLES / "sites/years" / name, folder / name)
    settings = folder / "site_config.yml"
    words = settings.read_text("utf-8").replace("packs: true", "packs: false")
    settings.write_text(words.replace("downloads: true", "downloads: false"), encoding="utf-8")
    return folder


def _take(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target)
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


@pytest.mark.parametrize("engine", COMMANDS)
def test_another_engine_makes_the_same_pages(project: Path, engine: str) -> None:
    said = jixiao("build", "--project", str(project))
    assert said.returncode == 0, said.stdout + said.stderr
    ours = _pages(project / "build/site")
    other = _pages(render_with(engine, project))
    assert ours.keys() == other.keys()
    for path in sorted(ours.keys() - UNLIKE[engine]):
        assert _facts(other[path]) == _facts(ours[path]), path
