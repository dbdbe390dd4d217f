"""Releases on a server: here, and behind an ssh that runs what it is told on this machine."""

import os
import shutil
import time
from pathlib import Path

import pytest

from jixiao.commands.deploy import DeployTarget, deploy, read_target, roll_back
from jixiao.i18n import load_interface_catalogue
from jixiao.problems import UserError
from tests.conftest import ROOT, jixiao
from tests.support.forked_command import forked_command
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

SSH = """#!/bin/sh
# ssh [-o OPTION] [-l USER] [--] HOST COMMAND…: the command runs here.
# It asks nobody and does not wait for ever, or nothing is reached.
options=
while [ "${1#-}" != "$1" ]; do
    case "$1" in
        -o) options="$options $2" && shift 2 ;;
        -l) shift 2 ;;
        *) shift ;;
    esac
done
for option in BatchMode=yes ConnectTimeout=30 ServerAliveInterval=30; do
    case "$options " in *" $option "*) ;; *) exit 255 ;; esac
done
echo "$1" >>"$SSH_LOG"
[ "$1" = unreachable.example ] && exit 255
shift
exec sh -c "$*"
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two sites that differ in one figure."""
    made = []
    for number in range(2):
        project = copy_small_project(tmp_path_factory.mktemp(f"site{number}") / "project")
        text = (project / CLINIC_PATH).read_text("utf-8").replace('target: "=0"', f'target: "={number}"')
        (project / CLINIC_PATH).write_text(text, encoding="utf-8")
        assert jixiao("build", "--project", str(project)).returncode == 0
        made.append(project / "build/site")
    return made


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ssh that runs its remote commands on this machine."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ssh").write_text(SSH, encoding="utf-8")
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SSH_LOG", str(tmp_path / "ssh.log"))


@pytest.fixture(params=["here", "behind ssh"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> DeployTarget:
    """Where releases go; its folder has a blank and a quote in its name."""
    folder = tmp_path / "it's srv" / "jixiao"
    if request.param == "here":
        return read_target(str(folder))
    request.getfixturevalue("ssh")
    return read_target(f"web@server.example:{folder}")


def _tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _deploy(site: Path, target: DeployTarget, **options: int) -> str:
    release = deploy(site, target, lambda _: None, **options)
    # Releases are named by the second.
    time.sleep(1.1)
    return release


def test_a_release_is_switched_to_and_taken_back(sites: list[Path], target: DeployTarget) -> None:
    current = Path(target.folder) / "current"
    first = _deploy(sites[0], target)
    assert current.readlink() == Path("releases", first)
    assert _tree(current) == _tree(sites[0])
    second = _deploy(sites[1], target)
    assert _tree(current) == _tree(sites[1])
    # What has not changed is one file for both.
    same = current / "assets/site.css"
    assert same.stat().st_ino == (Path(target.folder) / "releases" / first / "assets/site.css").stat().st_ino
    assert roll_back(target) == first
    assert _tree(current) == _tree(sites[0])
    assert roll_back(target, second) == second
    assert _tree(current) == _tree(sites[1])


def test_a_few_releases_stay_and_the_present_one_always(sites: list[Path], target: DeployTarget) -> None:
    releases = Path(target.folder) / "releases"
    all_of_them = [_deploy(sites[number % 2], target, kept=2) for number in range(3)]
    assert sorted(one.name for one in releases.iterdir()) == all_of_them[1:]
    roll_back(target)
    newest = _deploy(sites[0], target, kept=1)
    assert {one.name for one in releases.iterdir()} == {all_of_them[1], newest}


def test_a_run_that_died_leaves_no_release(sites: list[Path], target: DeployTarget) -> None:
    left = Path(target.folder) / "releases" / ".20200101T000000Z-dead.new"
    left.mkdir(parents=True)
    (Path(target.folder) / ".current.new").symlink_to("releases/nowhere")
    with pytest.raises(UserError):
        roll_back(target)
    release = _deploy(sites[0], target)
    assert [one.name for one in left.parent.iterdir()] == [release]
    assert _tree(Path(target.folder) / "current") == _tree(sites[0])


def test_a_site_that_was_changed_is_not_sent(sites: list[Path], target: DeployTarget, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(sites[0], site)
    (site / "index.html").write_text("owned", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        deploy(site, target, lambda _: None)
    assert [file for file, _ in refused.value.places] == ["index.html"]
    assert not Path(target.folder).exists()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "srv/jixiao",
        "/",
        "host:",
        "host:srv",
        "-oProxyCommand=x:/srv",
        "a b:/srv",
        "host:/a\nb",
        "x@-h:/srv",
        "-x",
        "-x@host:/srv",
        "/..",
        "/.",
        "/./",
        "//",
        "/a/../..",
        "/a/..",
        "/srv/../etc",
        "host:/..",
        "host:/a/../..",
        "host:/",
        "host:/./.",
        "/srv\r",
        "/srv\x1b[2J",
        "/proc/self/root",
    ],
)
def test_what_is_no_target_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_target(typed)
    assert "is no target to deploy to" in refused.value.message.translate(load_interface_catalogue("en"))


@pytest.mark.usefixtures("ssh")
def test_a_server_that_is_not_reached_is_told(sites: list[Path]) -> None:
    project = sites[0].parent.parent
    said = jixiao("ci", "publish", "--project", str(project), "--to", "unreachable.example:/srv/jixiao")
    assert said.returncode == 2
    assert "the server cannot be reached; nothing was deployed" in said.stderr


def test_an_unknown_release_is_refused_by_name(sites: list[Path], tmp_path: Path) -> None:
    target = read_target(str(tmp_path / "srv"))
    release = deploy(sites[0], target, lambda _: None)
    said = jixiao("ci", "rollback", "--to", target.rsync_path, "--release", "20200101T000000Z-x")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == f"there is no release 20200101T000000Z-x; there are: {release}\n"


def test_an_empty_target_is_refused_and_not_taken_for_none(sites: list[Path]) -> None:
    project = sites[0].parent.parent
    said = jixiao("ci", "publish", "--project", str(project), "--to", "")
    assert said.returncode == 2
    assert "is no target to deploy to" in said.stderr


def test_a_target_is_written_without_needless_steps() -> None:
    assert read_target("web@example.org://srv/./jixiao//").rsync_path == "web@example.org:/srv/jixiao"


@pytest.mark.parametrize("command", [("build", "--complete"), ("ci", "publish")])
def test_a_publication_that_lacks_its_packs_fails(tmp_path: Path, command: tuple[str, ...]) -> None:
    project = copy_small_project(tmp_path / "project")
    settings = project / "site_config.yml"
    settings.write_text(f"packs: true\n{settings.read_text('utf-8')}", encoding="utf-8")

    ran = forked_command().run(
        (*command, "--project", str(project)),
        environment={**os.environ, "JIXIAO_LANGUAGE": "en", "COLUMNS": "200", "NO_COLOR": "1"},
        cwd=ROOT,
        before="from jixiao import content; content.has_fonts = lambda: False",
    )

    said = "site_config.yml:1:1: error: no Chinese font was found; packs cannot be made [packs-without-font]"
    assert ran.returncode == 1
    assert ran.stdout.splitlines()[:3] == [
        said,
        "    hint: please install: apt-get install fonts-noto-cjk",
        "Declarations: 1. Errors: 1. Warnings: 0.",
    ]
    assert not (project / "build/site").exists()


@pytest.mark.parametrize("folder", ["", "content", "build/site"])
def test_a_folder_of_the_project_is_refused_before_anything_is_built(sites: list[Path], folder: str) -> None:
    project = sites[0].parent.parent
    before = sorted(path for path in project.rglob("*"))
    said = jixiao("ci", "publish", "--project", str(project), "--to", str(project / folder))

    assert (said.returncode, said.stdout) == (2, "")
    assert "lies in the project of the site itself" in said.stderr
    assert sorted(path for path in project.rglob("*")) == before
