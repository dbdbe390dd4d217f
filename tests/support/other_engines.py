"""The pages of a build through another engine, for the day on which MkDocs is of no use any more.

A build has left the pages of each language in `build/pages/`. Zensical and ProperDocs read the settings that
MkDocs reads, with our theme, so their pages can be compared with those that are published; they go to
`build/<engine>/`. They have no search, no data and no manifest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import yaml

from jixiao.build.context import build_context
from jixiao.content import read_content
from jixiao.i18n import THEME
from jixiao.pages.page import add_language_prefix
from jixiao.site.mkdocs_engine import EngineSettings
from jixiao.theme import PACKAGE

COMMANDS: Final = {"zensical": ("zensical", "build"), "properdocs": ("properdocs", "build", "--quiet")}
_UNKNOWN: Final = ("not_in_nav", "validation")
"""Settings that only keep MkDocs from warning."""


def render_with(engine: str, project: Path) -> Path:
    """Render the pages of the last build of *project* with one of `COMMANDS`; return the folder."""
    read = read_content(project)
    assert read.config is not None
    site = project / "build" / engine
    workshop = project / "build" / f".{engine}"
    context = build_context(read, read.config)
    # Chinese comes first: the others go into folders of its site.
    for language, settings in context.engines.items():
        home = workshop / language
        shutil.copytree(project / "build/pages" / language, home / "pages")
        (home / "mkdocs.yml").write_text(_settings(settings), encoding="utf-8")
        _run(engine, home)
        shutil.copytree(home / "site", site / add_language_prefix("", language), dirs_exist_ok=True)
    return site


def _settings(settings: EngineSettings) -> str:
    inherited = yaml.safe_load(settings.inherited_yaml)
    theme = {"name": "material", "custom_dir": str(THEME / "engine"), "language": settings.language}
    whole = {
        **{name: value for name, value in inherited.items() if name not in _UNKNOWN},
        **settings.mkdocs_options,
        "theme": {**theme, "font": False},
        "docs_dir": "pages",
        "site_dir": "site",
        "extra": dict(settings.template_values),
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def _run(engine: str, home: Path) -> None:
    name, *arguments = COMMANDS[engine]
    command = Path(sys.executable).with_name(name)
    ways = (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))
    ran = subprocess.run(
        [str(command), *arguments, "-f", "mkdocs.yml"],
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, ways))},
    )
    assert ran.returncode == 0, (ran.stdout + ran.stderr).strip()[-2000:]
