"""A repository that attacks its reviewer: links, ways out of a folder, traps; nothing runs or changes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from jixiao.load.source_files import FILE_SIZE_LIMIT
from tests.conftest import ROOT
from tests.support.git_project import GitProject, run_review, start_git_project
from tests.support.sample_projects import CLINIC_PATH

SECOND = "content/declarations/2021/health/second.yml"


@pytest.fixture
def begun(tmp_path: Path) -> GitProject:
    """The sample project on a branch of its own, nothing changed yet."""
    return start_git_project(tmp_path / "project")


def _review_comment(project: Path) -> str:
    code, said, complaint = run_review(project, "main")
    assert (code in {0, 1}, complaint) == (True, "")
    return said


def test_links_other_repositories_and_huge_files_of_the_base_are_told_and_never_followed(
    begun: GitProject,
) -> None:
    secret = begun.project.parent / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    (begun.project / SECOND).symlink_to(secret)
    begun.write("content/declarations/2021/health/huge.yml", "# " + "x" * FILE_SIZE_LIMIT)
    begun.commit("odd files")
    begun.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},content/declarations/2021/other")
    begun.git("commit", "--quiet", "--message", "a submodule")
    begun.git("branch", "--force", "main")
    (begun.project / SECOND).unlink()
    (begun.project / "content/declarations/2021/health/huge.yml").unlink()
    code, said, _ = run_review(begun.project, "main")

    assert "SECRET" not in said
    assert code == 0
    folder = "content/declarations/2021"
    assert said.partition("## Files that were not compared\n\n")[2].splitlines() == [
        f"- `{folder}/health/huge.yml`: the file has 1048578 bytes, which is too large, and was not compared",
        f"- `{folder}/health/second.yml`: this is a link, not a file",
        f"- `{folder}/other`: this is another repository (a submodule), and its content was not compared",
    ]


def test_a_tree_that_leads_out_of_its_folder_writes_nothing_there(begun: GitProject) -> None:
    blob = begun.git("hash-object", "-w", CLINIC_PATH)
    tree = blob
    kind = "100644 blob"
    for name in ("stolen.yml", "..", "..", "..", "declarations", "content"):
        begun.write("tree", f"{kind} {tree}\t{name}\n")
        with (begun.project / "tree").open("rb") as stream:
            made = subprocess.run(
                ["git", "mktree"], check=True, capture_output=True, stdin=stream, cwd=begun.project
            )
        tree, kind = made.stdout.decode("ascii").strip(), "040000 tree"
    (begun.project / "tree").unlink()
    begun.git("update-ref", "refs/heads/main", begun.git("commit-tree", tree, "-m", "x"))
    said = _review_comment(begun.project)

    assert "content/declarations/../../../stolen.yml`: the name is not UTF-8 or leads elsewhere" in said
    assert not list(begun.project.parent.rglob("stolen.yml"))


def _lay_traps(begun: GitProject) -> tuple[Path, str]:
    """Set every hook that git can run to write a file; return it, and an object promised elsewhere."""
    ran = begun.project.parent / "ran"
    script = begun.project.parent / "script"
    script.write_text(f"#!/bin/sh\necho $0 >>{ran}\nexit 1\n", encoding="utf-8")
    script.chmod(0o755)
    missing = begun.git("rev-parse", f"main:{CLINIC_PATH}")
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        shutil.copy(script, begun.project / ".git/hooks" / hook)
    for name in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass", "gpg.program"),
        *("diff.external", "diff.own.textconv", "diff.own.command", "filter.own.smudge", "filter.own.clean"),
        *("pager.log", "pager.rev-parse", "interactive.diffFilter", "alias.log", "credential.helper"),
    ):
        begun.git("config", name, str(script))
    for name, value in (
        ("log.showSignature", "true"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::{script}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        begun.git("config", name, value)
    return ran, missing


def test_no_setting_hook_filter_or_helper_of_the_repository_runs(begun: GitProject) -> None:
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.write(".gitattributes", "* filter=own diff=own\n")
    begun.commit("change")
    ran, missing = _lay_traps(begun)
    assert "`>=120次` → `>=130次`" in _review_comment(begun.project)

    # An object that is not there would be fetched from the promised place.
    (begun.project / ".git/objects" / missing[:2] / missing[2:]).unlink()
    code, said, complaint = run_review(begun.project, "main")
    assert (code, said) == (2, "")
    assert complaint.startswith(
        "git lacks a file that is to be compared; run git fetch --refetch to complete it\n"
    )
    assert not ran.exists()

    for arguments in (("status",), ("cat-file", "-p", missing)):
        subprocess.run(["git", *arguments], check=False, capture_output=True, cwd=begun.project)
        assert ran.exists(), "the trap is none"
        ran.unlink()


def test_inside_a_hook_of_another_repository_the_project_is_still_the_one_compared(
    begun: GitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(ROOT))
    monkeypatch.setenv("GIT_INDEX_FILE", "elsewhere")

    assert "`>=120次` → `>=130次`" in _review_comment(begun.project)


def test_a_review_changes_nothing_in_the_project_or_its_repository(begun: GitProject) -> None:
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    before = _all_files(begun.project)
    _review_comment(begun.project)

    assert _all_files(begun.project) == before


def _all_files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
