"""The same Markdown through another engine: an experiment, for the day on which MkDocs is of no use any more.

A build has left the pages of each language in `build/pages/`. Zensical and ProperDocs read the settings that
MkDocs reads, with our theme, so their pages can be compared with those that are published; they go to
`build/<engine>/` and are never published themselves: they have no search, no data and no manifest, and nobody
has verified them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Final

import yaml

from jixiao.content import context_of, read_project, sources_of
from jixiao.i18n import THEME, message
from jixiao.pages.links import from_root
from jixiao.pipeline import Progress
from jixiao.site.build_failure import BuildFailure
from jixiao.site.mkdocs_engine import EngineSettings
from jixiao.theme import PACKAGE

_COMMANDS: Final = {"zensical": ("zensical", "build"), "properdocs": ("properdocs", "build", "--quiet")}
_UNKNOWN: Final = ("not_in_nav", "validation")
"""Settings that only keep MkDocs from warning."""


class EngineName(StrEnum):
    """What renders the Markdown."""

    MKDOCS = "mkdocs"
    ZENSICAL = "zensical"
    PROPERDOCS = "properdocs"


def render_with(engine: EngineName, project: Path, progress: Progress) -> Path:
    """Render the pages of the last build with another engine; give the folder.

    Args:
        engine: Which.
        project: The folder of the project, which has been built.
        progress: Is told what begins.

    Raises:
        BuildFailure: The engine is not installed, or failed; its words are in the failure.
        OSError: The disk refuses.
    """
    progress(message("生成页面"))
    read = read_project(project)
    if read.config is None:
        raise NotImplementedError
    site = project / "build" / engine
    workshop = project / "build" / f".{engine}"
    for folder in (site, workshop):
        shutil.rmtree(folder, ignore_errors=True)
    context = context_of(read, read.config, sources_of(read))
    # Chinese comes first: the others go into folders of its site.
    for language, settings in context.engines.items():
        home = workshop / language
        shutil.copytree(project / "build/pages" / language, home / "pages")
        (home / "mkdocs.yml").write_text(_settings(settings), encoding="utf-8")
        _run(engine, home)
        shutil.copytree(home / "site", site / from_root("", language), dirs_exist_ok=True)
    shutil.rmtree(workshop)
    return site


def _settings(settings: EngineSettings) -> str:
    inherited = yaml.safe_load(settings.inherited)
    theme = {"name": "material", "custom_dir": str(THEME / "engine"), "language": settings.language}
    whole = {
        **{name: value for name, value in inherited.items() if name not in _UNKNOWN},
        **settings.own,
        "theme": {**theme, "font": False},
        "docs_dir": "pages",
        "site_dir": "site",
        "extra": dict(settings.printed),
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def _run(engine: EngineName, home: Path) -> None:
    name, *arguments = _COMMANDS[engine]
    command = Path(sys.executable).with_name(name)
    if not command.exists():
        raise BuildFailure(
            message(
                "没有找到 {program}：请先安装，例如 {command}", program=name, command=f"pip install {name}"
            )
        )
    ways = (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))
    ran = subprocess.run(  # noqa: S603 - one of two programs, no argument from outside
        [str(command), *arguments, "-f", "mkdocs.yml"],
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, ways))},
    )
    if ran.returncode:
        raise BuildFailure(message("页面没有渲染成功"), (ran.stdout + ran.stderr).strip()[-2000:])
