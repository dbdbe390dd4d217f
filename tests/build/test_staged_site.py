"""Stages on a real disk: which tasks run, what is kept of the others, and what becomes of their files."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from jixiao.build.executor import Executor
from jixiao.build.paths import BuildPaths
from jixiao.build.staging import StagedSite, staged_site
from jixiao.build.task import Output, PageScan, Stage, Task, file_stage, merge_outputs
from jixiao.i18n import message
from jixiao.verify import VerificationFinding

HERE = Executor(context="context")


def _page(context: str, names: tuple[str, ...]) -> Iterator[Output]:
    for name in names:
        yield Output(
            files={f"site/{name}.html": f"{context} {name}".encode(), f"pages/{name}.md": name.encode()},
            scans={f"{name}.html": PageScan(("index.html", "layout.css"), f"hash of {name}")},
            notes=f'"notes of {name}"'.encode(),
            result=f'"result of {name}"'.encode(),
            is_cacheable=name != "unsound",
            findings=(VerificationFinding(file=name, message=message("错")),) if name == "wrong" else (),
        )


def _stage(inputs: dict[str, str], chunk_size: int = 2) -> Stage[str]:
    tasks = (Task(name=name, inputs=one, prepare=partial(str, name)) for name, one in inputs.items())
    return Stage(kind="page", run=_page, tasks=tasks, chunk_size=chunk_size)


def _run(staged: StagedSite, inputs: dict[str, str]) -> list[str]:
    """Run a stage; name the tasks that were run."""
    return [task.name for task, _ in staged.start(_stage(inputs), HERE)]


def _publish(root: Path, inputs: dict[str, str]) -> list[str]:
    with staged_site(BuildPaths(root=root), lambda _: None) as staged:
        ran = _run(staged, inputs)
        staged.complete()
        staged.publish(lambda _: None, {})
    return ran


def _site(root: Path) -> dict[str, str]:
    site = root / "build/site"
    return {path.name: path.read_text("utf-8") for path in site.glob("*.html")}


def test_only_tasks_with_other_inputs_run_again(tmp_path: Path) -> None:
    assert _publish(tmp_path, {"a": "1", "b": "1", "c": "1"}) == ["a", "b", "c"]
    assert _publish(tmp_path, {"a": "1", "b": "2", "d": "1"}) == ["b", "d"]
    assert _publish(tmp_path, {"a": "1", "b": "2", "d": "1"}) == []

    assert _site(tmp_path) == {f"{name}.html": f"context {name}" for name in "abd"}
    assert sorted(path.name for path in (tmp_path / "build/pages").iterdir()) == ["a.md", "b.md", "d.md"]


def test_later_stages_read_results_of_all_tasks_of_this_build_alone(tmp_path: Path) -> None:
    _publish(tmp_path, {"a": "1", "b": "1", "c": "1"})
    with staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
        assert dict(staged.notes("page")) == {name: f'"notes of {name}"'.encode() for name in "abc"}
        _run(staged, {"a": "1", "b": "2"})
        assert dict(staged.results("page")) == {name: f'"result of {name}"'.encode() for name in "ab"}
        assert dict(staged.kept_results("page")) == {"a": b'"result of a"'}
        assert staged.search_hashes(["a.html", "b.html", "z.html"]) == {
            "a.html": "hash of a",
            "b.html": "hash of b",
        }
        assert (staged.read("a.html"), staged.read("b.html")) == (b"context a", b"context b")
        staged.complete()
        assert set(staged.files) == {"a.html", "b.html"}
        assert (len(staged.files), {"a.html", "c.html"} - staged.files) == (2, {"c.html"})


def test_current_tasks_can_be_kept_before_their_payloads_are_known(tmp_path: Path) -> None:
    _publish(tmp_path, {"a": "1", "b": "1", "c": "1"})
    with staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
        staged.mark_outdated("page", "c")
        assert staged.keep_current("page", {"a": "1", "b": "2", "c": "1", "d": "1"}) == ["b", "c", "d"]
        assert list(staged.kept_results("page")) == [("a", b'"result of a"')]


def test_a_task_of_which_a_file_was_changed_runs_again(tmp_path: Path) -> None:
    _publish(tmp_path, {"a": "1", "b": "1"})
    (tmp_path / "build/site/a.html").write_text("context x", "utf-8")

    assert _publish(tmp_path, {"a": "1", "b": "1"}) == ["a"]
    assert _site(tmp_path)["a.html"] == "context a"


def test_what_is_not_sound_is_neither_published_nor_kept(tmp_path: Path) -> None:
    with staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
        assert _run(staged, {"a": "1", "unsound": "1", "wrong": "1"}) == ["a", "unsound", "wrong"]
        assert [finding.file for finding in staged.findings] == ["wrong"]
        assert dict(staged.results("page")).keys() == {"a", "wrong"}
        staged.complete()
        assert "unsound.html" not in staged.files


def test_links_of_the_layout_are_kept_once(tmp_path: Path) -> None:
    with staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
        layout = Output(files={"site/x.html": b""}, scans={"x.html": PageScan(("layout.css",))})
        tasks = [Task(name="zh", inputs="", prepare=lambda: layout)]
        staged.run(Stage(kind="layout", run=lambda _, outputs: outputs, tasks=tasks), HERE)
        staged.share_links("layout")
        _run(staged, {"a": "1"})
        assert dict(staged.leads_to()) == {"x.html": ["layout.css"], "a.html": ["index.html"]}


def test_a_build_that_fails_leaves_neither_files_nor_results(tmp_path: Path) -> None:
    _publish(tmp_path, {"a": "1"})
    before = sorted(path.name for path in (tmp_path / "build").iterdir())
    with pytest.raises(ZeroDivisionError), staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
        1 / len(_run(staged, {"a": "1"}))

    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == before
    assert _publish(tmp_path, {"a": "1"}) == []


def test_files_of_one_task_may_come_from_several_outputs() -> None:
    whole = merge_outputs(_page("x", ("a", "wrong")), result=b"1")
    assert sorted(whole.files) == ["pages/a.md", "pages/wrong.md", "site/a.html", "site/wrong.html"]
    assert (sorted(whole.scans), len(whole.findings), whole.result) == (["a.html", "wrong.html"], 1, b"1")


def test_files_that_are_known_already_run_when_a_byte_or_a_name_differs(tmp_path: Path) -> None:
    ran = []
    for files in ({"a": b"1"}, {"a": b"1"}, {"b": b"1"}, {"b": b"2"}):
        with staged_site(BuildPaths(root=tmp_path), lambda _: None) as staged:
            ran.append(len(list(staged.start(file_stage("file", {"": files}), HERE))))
            staged.complete()
            staged.publish(lambda _: None, {})
    assert ran == [1, 0, 1, 1]
