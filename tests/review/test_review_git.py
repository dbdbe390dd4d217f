"""What a review reads from git: any name of a commit, any kind of repository, only what was stored."""

import json
from hashlib import sha1
from pathlib import Path

import pytest

from tests.conftest import jixiao
from tests.support.git_project import GitProject, start_git_project
from tests.support.sample_projects import CLINIC_PATH, copy_small_project


def review_comment(project: Path, base: str = "main") -> str:
    """Return the comment in English."""
    result = jixiao("review", base, cwd=project)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize("base", ["main", "HEAD~1", "v1.0", "分支-1", "HEAD"])
def test_any_name_of_a_commit_will_do(base: str, tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.git("tag", "v1.0")
    begun.git("branch", "分支-1")
    begun.commit("nothing")

    assert f"- Compared: `{base}` (`" in review_comment(begun.project, base)
    assert "- No declaration changes\n" in review_comment(begun.project, base)


def _commit_of_digits(begun: GitProject) -> str:
    """Make a commit whose id begins with ten digits and give these."""
    begun.commit("?")
    facts = begun.git("cat-file", "commit", "HEAD").removesuffix("?")
    for number in map(str, range(10_000)):
        text = f"{facts}{number}\n".encode()
        if sha1(b"commit %d\0%s" % (len(text), text), usedforsecurity=False).hexdigest()[:10].isdecimal():
            begun.git("commit", "--quiet", "--amend", "--allow-empty", "--message", number)
            break
    return begun.git("rev-parse", "HEAD")[:10]


def test_a_branch_and_a_commit_of_digits_are_no_figures(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    digits = _commit_of_digits(begun)
    begun.git("branch", "2026")

    assert digits.isdecimal()
    assert f"- Compared: `2026` (`{digits}`) → " in review_comment(begun.project, "2026")


def test_what_is_not_committed_counts_and_is_told(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))

    assert "- Part of this is not committed yet\n" in review_comment(begun.project)
    begun.commit("now it is")
    assert "not committed" not in review_comment(begun.project)


def test_a_project_in_a_folder_of_its_repository_is_found_there(tmp_path: Path) -> None:
    outer = GitProject(tmp_path)
    copy_small_project(tmp_path / "项目 “一”")
    outer.git("init", "--quiet", "--initial-branch", "main")
    outer.commit("start")
    inner = GitProject(tmp_path / "项目 “一”")
    inner.replace(CLINIC_PATH, (">=120次", ">=130次"))
    inner.commit("more", "", "变更类型：更正")

    said = review_comment(inner.project, "HEAD~1")
    assert "`>=120次` → `>=130次`" in said
    assert "Kind of change: correction" in said


def test_replaced_objects_do_not_hide_what_was_published(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("more")
    begun.git(
        "replace",
        begun.git("rev-parse", f"main:{CLINIC_PATH}"),
        begun.git("rev-parse", f"HEAD:{CLINIC_PATH}"),
    )

    assert "`>=120次` → `>=130次`" in review_comment(begun.project)


def test_a_repository_with_long_ids_is_read_as_well(tmp_path: Path) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--object-format", "sha256", "--initial-branch", "main")
    begun.commit("start")

    result = jixiao("review", "main", "--format", "json", cwd=begun.project)
    assert json.loads(result.stdout)["declarations"] == []
