"""What pipelines run on: pinned images, the font of the packs, and the time that a slow machine needs."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT


def test_every_container_image_is_pinned_by_its_digest() -> None:
    files = [*ROOT.glob(".git*.yml"), *ROOT.glob(".git*/**/*.yml"), *ROOT.glob("deploy/*.yml")]
    files.append(ROOT / "theme/start/gitlab-ci.yml")
    images = [image for file in files for image in _images(yaml.safe_load(file.read_text("utf-8")))]

    assert images
    assert [image for image in images if not re.fullmatch(r"[a-z.:0-9/-]+@sha256:[0-9a-f]{64}", image)] == []
    # The same wherever the same is meant: a check on one forge says something of the other.
    assert len(set(images)) == 1


def _images(described: Any) -> Iterator[str]:  # noqa: ANN401 - YAML
    """Find every image in the description of a pipeline."""
    entries = described.items() if isinstance(described, dict) else ()
    for name, value in entries:
        if name in {"image", "container"}:
            yield value if isinstance(value, str) else str(value.get("name", value.get("image")))
        elif name == "uses" and str(value).startswith("docker://"):
            yield str(value).removeprefix("docker://")
        elif name == "services":
            yield from map(str, value)
    for value in described.values() if isinstance(described, dict) else described:
        if isinstance(value, dict | list):
            yield from _images(value)


@pytest.mark.parametrize(("user", "prefix"), [("0", ""), ("1000", "sudo -n ")])
def test_a_pipeline_installs_the_font_that_packs_are_set_in(tmp_path: Path, user: str, prefix: str) -> None:
    programs, log = tmp_path / "bin", tmp_path / "log"
    programs.mkdir()
    commands = {
        "find": "exit 0",
        "id": f"echo {user}",
        "sudo": f'echo "sudo $*" >>{log}',
        "apt-get": f'echo "apt-get $*" >>{log}',
    }
    for name, command in commands.items():
        (programs / name).write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    venv = tmp_path / ".venv/bin/jixiao"
    venv.parent.mkdir(parents=True)
    venv.symlink_to("/bin/true")

    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", str(ROOT / "deploy/install.sh")], cwd=tmp_path, env={**os.environ, "PATH": path}, check=False
    )

    assert ran.returncode == 0
    assert log.read_text("utf-8").splitlines() == [
        f"{prefix}apt-get update -qq",
        f"{prefix}apt-get install -qqy --no-install-recommends fonts-noto-cjk",
    ]


def test_ci_tells_the_time_of_each_part_and_has_time_for_a_slow_machine(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    make = tmp_path / "bin/make"
    make.parent.mkdir()
    make.write_text('#!/bin/sh\n[ "$1" != check ]\n', encoding="utf-8")
    make.chmod(0o755)
    path = f"{make.parent}{os.pathsep}{os.environ['PATH']}"

    ran = subprocess.run(
        ["bash", str(tmp_path / ".ci/run")],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert re.findall("=== make .+ s ===", re.sub("after [0-9]+ s", "after 0 s", ran.stdout)) == [
        "=== make ready: exit 0 after 0 s ===",
        "=== make check: exit 1 after 0 s ===",
        "=== make test: exit 0 after 0 s ===",
    ]
    assert ran.stderr == "\nFailed: make check\n"
    assert "all_seconds=4500\n" in (tmp_path / ".ci/run").read_text("utf-8")
    # What runs it gives it that time, and some for itself.
    on_github = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text("utf-8"))["jobs"]["check"]
    on_gitlab = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text("utf-8"))["check"]
    assert (on_github["timeout-minutes"], on_gitlab["timeout"]) == (90, "90 minutes")
