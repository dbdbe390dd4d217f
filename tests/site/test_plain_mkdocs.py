"""`mkdocs.yml` alone stays usable, as people who know MkDocs expect."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_plain_mkdocs_renders_the_chinese_pages_after_a_build(built: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(built, project)
    shutil.copytree(ROOT / "theme", project / "theme")

    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        check=False,
        capture_output=True,
        text=True,
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )

    assert result.returncode == 0, result.stderr
    ours = (project / "build/site/2021/shanghai-hrss/skilled-talent-bases/index.html").read_text("utf-8")
    plain = (project / "build/mkdocs/2021/shanghai-hrss/skilled-talent-bases/index.html").read_text("utf-8")
    article = ours[ours.index("<article") : ours.index("</article>")]
    assert article in plain
