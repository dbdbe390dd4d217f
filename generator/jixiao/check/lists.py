"""The closed lists and registers of a project, for whoever writes declarations instead of checking them."""

from __future__ import annotations

from pathlib import Path

from jixiao.analysis.site_content import Catalogue
from jixiao.check.read_site_content import build_catalogue
from jixiao.i18n import message
from jixiao.load.content_files import load
from jixiao.problems import Place, Problem

TAXONOMIES = "content/taxonomies"
ORGANISATIONS = "content/organisations.yml"
ADDRESSES = "content/addresses.yml"


def read_lists(project: Path, needed: tuple[str, ...]) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Read the lists; give also what is wrong with those that are *needed*, by the names of their files."""
    sources, unreadable = load(project)
    catalogue, misshapen = build_catalogue(sources, unreadable)
    wrong = tuple(problem for problem in (*unreadable, *misshapen) if problem.place.file.startswith(needed))
    if not wrong and not catalogue.taxonomies:
        wrong = (
            Problem(
                rule="no-taxonomies",
                place=Place(TAXONOMIES),
                message=message("没有指标体系：认不出一级、二级指标"),
                hint=message("请在项目文件夹里运行，或用 --project 指明项目文件夹"),
            ),
        )
    return catalogue, wrong
