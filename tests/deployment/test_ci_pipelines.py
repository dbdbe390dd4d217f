"""The pipelines of GitHub, GitLab and Gitea: linted, and their shell steps run on a repository.

What only the forge can do is left out: its actions, its containers. Everything that a pipeline says in shell
is run as it stands, in a fresh clone each time, with the variables that the forge would set.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.conftest import ROOT, jixiao, serve
from tests.support.sample_projects import CLINIC_PATH, SMALL_SITE

FORGES = ("github", "gitlab", "gitea")
FILES = {
    "github": ".github/workflows/site.yml",
    "gitlab": "deploy/gitlab.yml",
    "gitea": ".gitea/workflows/site.yml",
}
IDENTITY = ("-c", "user.name=editor", "-c", "user.email=editor@example.org")
ALWAYS = "${{ !cancelled() }}"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout.strip()


@dataclass
class Remote:
    """A bare repository, the clone of an editor, and a folder that stands for the server."""

    bare: Path
    editor: Path
    server: Path

    def propose(self, branch: str, files: dict[str, str]) -> str:
        """Push a branch that changes *files*; return its commit."""
        _git(self.editor, "switch", "--quiet", "-C", branch, "main")
        for path, text in files.items():
            (self.editor / path).write_text(text, encoding="utf-8")
        _git(self.editor, "commit", "--quiet", "--all", "--message", f"{branch}\n\n变更类型：更正")
        _git(self.editor, "push", "--quiet", "--force", "origin", branch)
        return _git(self.editor, "rev-parse", "HEAD")

    def merge(self, branch: str) -> None:
        """Merge a branch into main, as the forge does."""
        _git(self.editor, "switch", "--quiet", "main")
        _git(self.editor, "merge", "--quiet", "--no-edit", branch)
        _git(self.editor, "push", "--quiet", "origin", "main")


@dataclass
class Ran:
    """How a job ended."""

    status: int = 0
    said: str = ""
    steps: list[tuple[str, int]] = field(default_factory=list)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    editor = tmp_path / "editor"
    assert jixiao("init", str(editor), "--yes", "--department", "health").returncode == 0
    for name in ("declarations", "forms", "organisations.yml", "addresses.yml"):
        place = editor / "content" / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        copy = shutil.copytree if (SMALL_SITE / "content" / name).is_dir() else shutil.copy
        copy(SMALL_SITE / "content" / name, place)
    settings = (editor / "site_config.yml").read_text("utf-8")
    # Neither PDF nor data: they are tested elsewhere and take most of the time.
    settings = settings.replace("packs: true", "packs: false").replace("downloads: true", "downloads: false")
    (editor / "site_config.yml").write_text(settings, encoding="utf-8")
    _git(editor, "init", "--quiet", "--initial-branch", "main")
    _git(editor, "add", "--all")
    _git(editor, "commit", "--quiet", "--message", "begin")
    bare = tmp_path / "remote.git"
    _git(tmp_path, "clone", "--quiet", "--bare", str(editor), str(bare))
    _git(editor, "remote", "add", "origin", str(bare))
    return Remote(bare=bare, editor=editor, server=tmp_path / "srv/jixiao")


def _clone(remote: Remote, commit: str, folder: Path) -> Path:
    """Check out the proposed commit with all branches, as the forge does first."""
    shutil.rmtree(folder, ignore_errors=True)
    _git(remote.bare.parent, "clone", "--quiet", str(remote.bare), str(folder))
    _git(folder, "checkout", "--quiet", "--detach", commit)
    # In place of the installation, which needs a registry: deploy/install.sh takes it as it is.
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/jixiao").symlink_to(Path(sys.executable).parent / "jixiao")
    return folder


def _run(forge: str, job: str, remote: Remote, commit: str, variables: dict[str, str]) -> tuple[Ran, Path]:
    """Run the shell steps of a job in a fresh clone."""
    folder = _clone(remote, commit, remote.bare.parent / f"run-{forge}")
    home = remote.bare.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "JIXIAO_LANGUAGE": "zh",
        "DEPLOY_TO": str(remote.server),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "BASE": "main",
        "HEAD": commit,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_COMMIT_SHA": commit,
        **variables,
    }
    ran = Ran()
    for name, script, always in _steps(forge, job):
        if ran.status and not always:
            continue
        said = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        ran.status = ran.status or said.returncode
        ran.said += said.stdout + said.stderr
        ran.steps.append((name, said.returncode))
    return ran, folder


def _steps(forge: str, job: str) -> Iterator[tuple[str, str, bool]]:
    """Yield name, script and whether it runs after a failure."""
    described: dict[str, Any] = yaml.safe_load((ROOT / FILES[forge]).read_text("utf-8"))
    if forge == "gitlab":
        yield job, "\n".join(described[job]["script"]), False
        return
    is_back = job == "rollback"
    for step in described["jobs"]["server" if is_back else job]["steps"]:
        condition = step.get("if", "")
        if "run" in step and "rollback" in condition and ("!" in condition) == is_back:
            continue
        if "run" in step:
            yield step["name"], step["run"], condition == ALWAYS


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("forge", FORGES)
def test_a_bad_file_fails_at_its_line(forge: str, remote: Remote) -> None:
    text = (SMALL_SITE / CLINIC_PATH).read_text("utf-8")
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "target: " in one)
    bad = re.sub(r"target: .*", "target: >=90%", text, count=1)
    commit = remote.propose("bad", {CLINIC_PATH: bad})
    ran, folder = _run(forge, "review", remote, commit, {})
    assert ran.status == 1, ran.said
    report = (folder / "build/ci/report.md").read_text("utf-8")
    assert "有错误，没有生成预览。" in report
    assert not (folder / "build/ci/preview").exists()
    if forge == "github":
        assert re.search(
            rf"^::error file={re.escape(CLINIC_PATH)},line={line},col=\d+,title=", ran.said, re.MULTILINE
        )
    else:
        assert f"{CLINIC_PATH}:{line}:" in ran.said
    if forge == "gitlab":
        (first, *_) = yaml.safe_load((folder / "build/ci/code-quality.json").read_text("utf-8"))
        assert first["location"] == {"path": CLINIC_PATH, "lines": {"begin": line}}
        assert (first["severity"], len(first["fingerprint"])) == ("blocker", 64)
    else:
        assert (folder / "summary.md").read_text("utf-8") == report


def test_a_link_and_a_file_that_is_too_large_are_named_and_nothing_is_previewed(remote: Remote) -> None:
    folder = remote.editor / "content/declarations/2021/health"
    (folder / "link.yml").symlink_to("/etc/passwd")
    (folder / "huge.yml").write_text("a: b\n" * 2_000_000, encoding="utf-8")
    _git(remote.editor, "add", "--all")
    commit = remote.propose("strange", {})
    ran, run = _run("github", "review", remote, commit, {})
    assert ran.status == 1
    report = (run / "build/ci/report.md").read_text("utf-8")
    assert "- `content/declarations/2021/health/link.yml`：这是一个链接，不是文件" in report
    assert "- `content/declarations/2021/health/huge.yml`：文件有 10000000 字节，太大，没有比较" in report
    assert "root:" not in report + ran.said
    assert not (run / "build/ci/preview").exists()


def test_settings_and_programs_of_a_proposal_are_not_used(remote: Remote) -> None:
    """Whoever proposes a change decides nothing about how its preview is made."""
    (remote.editor / "generator/jixiao").mkdir(parents=True)
    (remote.editor / "generator/jixiao/__init__.py").write_text("raise SystemExit(99)\n", encoding="utf-8")
    page = remote.editor / "theme/engine/main.html"
    page.parent.mkdir(parents=True)
    page.write_text("owned", encoding="utf-8")
    (remote.editor / "deploy/install.sh").write_text("exit 99\n", encoding="utf-8")
    (remote.editor / "mkdocs.yml").write_text("hooks: [hook.py]\n", encoding="utf-8")
    (remote.editor / "hook.py").write_text("raise SystemExit(99)\n", encoding="utf-8")
    _git(remote.editor, "add", "--all")
    commit = remote.propose("owned", {})
    ran, run = _run("github", "review", remote, commit, {})
    assert ran.status == 0, ran.said
    report = (run / "build/ci/report.md").read_text("utf-8")
    listed = re.findall(r"^- `([\w./]+)`$", report, re.MULTILINE)
    assert listed == [
        "deploy/install.sh",
        "generator/jixiao/__init__.py",
        "hook.py",
        "mkdocs.yml",
        "theme/engine/main.html",
    ]
    assert "owned" not in (run / "build/ci/preview/index.html").read_text("utf-8")


@pytest.mark.parametrize("forge", FORGES)
def test_a_good_change_is_reviewed_previewed_published_and_taken_back(forge: str, remote: Remote) -> None:
    first = _git(remote.bare, "rev-parse", "main")
    ran, folder = _run(forge, "server", remote, first, {})
    assert ran.status == 0, ran.said
    before = _tree(remote.server / "current/")
    assert before == _tree(folder / "build/site")

    text = (SMALL_SITE / CLINIC_PATH).read_text("utf-8")
    changed = text.replace('target: "=0"', 'target: "=1"')
    settings = (remote.editor / "site_config.yml").read_text("utf-8")
    commit = remote.propose(
        "good", {CLINIC_PATH: changed, "site_config.yml": settings.replace("绩效公开", "别的名字")}
    )
    ran, folder = _run(forge, "review", remote, commit, {})
    assert ran.status == 0, ran.said
    report = (folder / "build/ci/report.md").read_text("utf-8")
    assert f"- 比较：`main`（`{first[:10]}`）→ 提议的 `{commit[:10]}`" in report
    assert "## 预览" in report
    assert "`=0`" in report
    assert "`=1`" in report
    assert "- `site_config.yml`" in report
    page = (folder / "build/ci/preview/2021/health/clinic/index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert "预览：供审阅改动，还没有发布。" in page
    assert "别的名字" not in page
    # What the review says stands in the preview, and nothing is published.
    assert _tree(remote.server / "current/") == before

    remote.merge("good")
    ran, folder = _run(forge, "server", remote, _git(remote.bare, "rev-parse", "main"), {})
    assert ran.status == 0, ran.said
    built = _tree(folder / "build/site")
    for address in serve(remote.server / "current"):
        with urlopen(f"{address}2021/health/clinic/index.html") as answer:
            assert answer.read() == built["2021/health/clinic/index.html"]
    assert built != before
    assert _tree(remote.server / "current/") == built
    assert len(list((remote.server / "releases").iterdir())) == 2

    ran, _ = _run(forge, "rollback", remote, _git(remote.bare, "rev-parse", "main"), {})
    assert ran.status == 0, ran.said
    assert _tree(remote.server / "current/") == before


def test_the_pipelines_are_sound() -> None:
    binaries = Path(sys.executable).parent
    workflows = [".github/workflows/check.yml", FILES["github"], FILES["gitea"]]
    commands = (
        ("zizmor", "--offline", "--no-progress", "--quiet", *workflows),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows),
        (
            "check-jsonschema",
            *("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
            *(".gitlab-ci.yml", "theme/start/gitlab-ci.yml", FILES["gitlab"]),
        ),
        ("shellcheck", *map(str, sorted((ROOT / "deploy").glob("*.sh"))), "tests/install_browser.sh"),
    )
    for command in commands:
        said = subprocess.run(
            [str(binaries / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("forge", "job"),
    [("github", job) for job in ("review", "build", "server")]
    + [("gitea", job) for job in ("review", "server")]
    + [("gitlab", job) for job in ("review", "server", "rollback")],
)
def test_the_shell_of_each_job_is_sound(forge: str, job: str, tmp_path: Path) -> None:
    for number, (_, script, _) in enumerate(_steps(forge, job)):
        file = tmp_path / f"{number}.sh"
        file.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        said = subprocess.run(
            [str(Path(sys.executable).parent / "shellcheck"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("forge", ["github", "gitea"])
def test_actions_are_pinned_and_tokens_read_only(forge: str) -> None:
    described = yaml.safe_load((ROOT / FILES[forge]).read_text("utf-8"))
    assert described["permissions"] == {}
    for name, job in described["jobs"].items():
        # Only the job that deploys to Pages may write, and it runs no code of ours.
        writes = {kind for kind, right in job["permissions"].items() if right == "write"}
        assert not writes or (name == "pages" and not any("run" in step for step in job["steps"]))
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}", step["uses"])
                assert "cache" not in step["uses"]
    assert "secrets" not in yaml.safe_dump(described["jobs"]["review"])


@pytest.mark.parametrize("forge", FORGES)
def test_every_job_that_makes_a_site_is_prepared_by_the_same_script(forge: str) -> None:
    jobs = {"github": ("review", "build", "server")}.get(forge, ("review", "server"))
    for job in jobs:
        scripts = [script for _, script, _ in _steps(forge, job)]
        first = next(number for number, script in enumerate(scripts) if ".venv/bin/jixiao" in script)
        assert any("sh deploy/install.sh" in script for script in scripts[: first + 1])
