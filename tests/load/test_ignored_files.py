"""What systems, editors and office programs leave in a folder is no part of it, wherever it lies."""

import re
import subprocess
from pathlib import Path

from tests.conftest import jixiao
from tests.support.sample_projects import copy_small_project

NAMES = (
    ".DS_Store",
    "._clinic.yml",
    "._about.md",
    "._content.po",
    "Thumbs.db",
    "desktop.ini",
    "~$clinic.docx",
    ".~clinic.docx",
    ".~lock.clinic.xlsx#",
    "~WRL0001.tmp",
    "1A2B3C4D.tmp",
    "pptC01.tmp",
    ".clinic.yml.swp",
    ".clinic.yml.swx",
    "clinic.yml~",
    "#clinic.yml#",
    "4913",
    ".goutputstream-AB12CD",
    ".nfs000000000a0b0c0d",
    ".syncthing.clinic.yml.tmp",
    "~syncthing~clinic.yml.tmp",
    ".dropbox.attr",
    ".gitkeep",
    ".clinic.yml.4711.new",
)
FOLDERS = (".git", "__MACOSX", "@eaDir", ".stversions", ".Trash-1000")
WHERE = (
    "content",
    "content/declarations",
    "content/declarations/2021/health",
    "content/forms",
    "content/pages",
    "content/pages/zh",
    "content/taxonomies",
    "content/translations/en",
    "theme",
    "theme/engine/assets",
    "theme/pages",
    "theme/search",
    "theme/words",
    "theme/words/en",
)


def _leave_everything(project: Path) -> None:
    """Leave each file and folder in every folder of content and theme, with unreadable content."""
    for folder in (project / name for name in WHERE):
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (folder / name).write_bytes(b"\xff\0: [")
        # Emacs notes by a link to nowhere who edits a file.
        (folder / ".#clinic.yml").symlink_to("clerk@office.4711")
        for name in FOLDERS:
            (folder / name / "deeper").mkdir(parents=True)
            (folder / name / "deeper" / "clinic.yml").write_bytes(b"\xff\0: [")


def test_what_is_left_over_changes_nothing_anywhere(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    assert jixiao("build", "--project", str(project)).returncode == 0
    manifest = (project / "build/site/data/manifest.json").read_bytes()
    _leave_everything(project)

    checked = jixiao("check", "--project", str(project))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "Declarations: 1. No problems found.\n"
    assert jixiao("build", "--project", str(project)).returncode == 0
    assert (project / "build/site/data/manifest.json").read_bytes() == manifest
    assert jixiao("verify", "--project", str(project)).returncode == 0
    laid_out = jixiao("fmt", "--check", "--project", str(project)).stdout
    assert re.search(r"Files: 4\..* With problems: 0\n$", laid_out), laid_out
    (project / "build/site/.DS_Store").write_bytes(b"Bud1")
    packed = tmp_path / "site.zip"
    assert jixiao("archive", str(packed), "--project", str(project)).returncode == 0
    assert b"DS_Store" not in packed.read_bytes()


def test_what_is_left_over_is_no_change_for_git(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    git = ("git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@example.org")
    (project / "content/.DS_Store").write_bytes(b"Bud1")
    for arguments in (("init", "-q"), ("add", "-Af"), ("commit", "-qm", "a")):
        subprocess.run([*git, *arguments], check=True)
    (project / "content/.DS_Store").unlink()
    for name in ("~$form.docx", ".form.txt.swp"):
        (project / "content/forms" / name).write_bytes(b"x")

    reviewed = jixiao("review", "HEAD", "--project", str(project))
    assert reviewed.returncode == 0, reviewed.stderr
    assert "No declaration changes\n" in reviewed.stdout
    assert "form" not in reviewed.stdout


def test_an_open_form_is_passed_over_where_all_forms_are_imported(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    open_form = project / "content/forms/~$example.docx"
    open_form.write_bytes(b"x")
    form = project / "content/forms/example.txt"
    said = jixiao(
        "import", str(form), str(open_form), "--to", str(tmp_path / "out"), "--project", str(project)
    )

    assert "~$" not in said.stdout + said.stderr
