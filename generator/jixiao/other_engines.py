"""Experimental rendering of the same Markdown with Zensical or ProperDocs, to compare with MkDocs.

The pages of the last build in `build/pages/` go in; `build/<engine>/` comes out. It is never published:
it has no search, no data and no manifest, and is not verified.
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

from jixiao.content import collect_build_context, read_content, read_verification_sources
from jixiao.i18n import THEME, message
from jixiao.pages.page import add_language_prefix
from jixiao.pipeline import Progress
from jixiao.site.build_failure import BuildFailure
from jixiao.site.mkdocs_engine import EngineSettings
from jixiao.theme import PACKAGE

_ENGINE_COMMANDS: Final = {
    "zensical": ("zensical", "build"),
    "properdocs": ("properdocs", "build", "--quiet"),
}
_MKDOCS_ONLY_SETTINGS: Final = ("not_in_nav", "validation")
"""Settings that only suppress warnings of MkDocs."""


class EngineName(StrEnum):
    """Engine that renders the Markdown."""

    MKDOCS = "mkdocs"
    ZENSICAL = "zensical"
    PROPERDOCS = "properdocs"


def render_with(engine: EngineName, root: Path, progress: Progress) -> Path:
    """Render the pages of the last build with another engine; return the output folder.

    Args:
        engine: The engine.
        root: The folder of the site, which has been built.
        progress: Called at the start of each step.

    Raises:
        BuildFailure: The engine is not installed, or failed; its output is in the failure.
        OSError: The disk refuses.
    """
    progress(message("生成页面"))
    read = read_content(root)
    if read.config is None:
        raise NotImplementedError
    site = root / "build" / engine
    workshop = root / "build" / f".{engine}"
    for folder in (site, workshop):
        shutil.rmtree(folder, ignore_errors=True)
    context = collect_build_context(read, read.config, read_verification_sources(read))
    # Chinese comes first: the others go into folders of its site.
    for language, settings in context.engines.items():
        home = workshop / language
        shutil.copytree(root / "build/pages" / language, home / "pages")
        (home / "mkdocs.yml").write_text(_format_settings(settings), encoding="utf-8")
        _run_engine(engine, home)
        shutil.copytree(home / "site", site / add_language_prefix("", language), dirs_exist_ok=True)
    shutil.rmtree(workshop)
    return site


def _format_settings(settings: EngineSettings) -> str:
    inherited = yaml.safe_load(settings.inherited_yaml)
    theme = {"name": "material", "custom_dir": str(THEME / "engine"), "language": settings.language}
    whole = {
        **{name: value for name, value in inherited.items() if name not in _MKDOCS_ONLY_SETTINGS},
        **settings.mkdocs_options,
        "theme": {**theme, "font": False},
        "docs_dir": "pages",
        "site_dir": "site",
        "extra": dict(settings.template_values),
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def _run_engine(engine: EngineName, home: Path) -> None:
    name, *arguments = _ENGINE_COMMANDS[engine]
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
