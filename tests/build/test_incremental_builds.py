"""A build makes only what has changed, and what it publishes is what a build from nothing would publish."""

import os
import random
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.change import change_one_figure
from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao
from tests.support.build_runs import build, list_differing_files, read_all_files

SIZE = 48
SOME = 16
FEW = 4
ROUNDS = 2
SEED = 20210101
WRITTEN = ("site", "pages", ".next-site")
"""Folders that a build writes; the cache knows their files by size, time and number on the disk."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of many declarations with its site, which no test changes."""
    project = make_project(tmp_path_factory.mktemp("warm") / "project", SIZE)
    assert jixiao("build", "--project", str(project)).returncode == 0
    return project


@pytest.fixture(scope="module")
def built_of_few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of a few declarations with its site, for tests that make all of it again."""
    project = make_project(tmp_path_factory.mktemp("few") / "project", FEW, languages=("zh",))
    assert jixiao("build", "--project", str(project)).returncode == 0
    return project


def _skip_written_folders(folder: str, _names: list[str]) -> tuple[str, ...]:
    return WRITTEN if Path(folder).name == "build" else ()


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A project to change: content and cache are copies, the files of the site are links to the same ones."""
    return _copy_with_hard_links(built, tmp_path / "project")


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """A project of some declarations with its site, to change again and again."""
    project = make_project(tmp_path / "project", SOME)
    _build(project)
    return project


@pytest.fixture
def few(built_of_few: Path, tmp_path: Path) -> Path:
    """A project of a few declarations to change, as `project` is."""
    return _copy_with_hard_links(built_of_few, tmp_path / "project")


@pytest.fixture
def few_of_their_own(few: Path) -> Path:
    """A project of a few declarations, the files of its site writable too."""
    for name in WRITTEN:
        shutil.rmtree(few / "build" / name)
    _build(few)
    return few


def _copy_with_hard_links(built: Path, folder: Path) -> Path:
    copy = shutil.copytree(built, folder, ignore=_skip_written_folders)
    for name in WRITTEN:
        shutil.copytree(built / "build" / name, copy / "build" / name, copy_function=os.link)
    return copy


def _build(project: Path) -> None:
    result = jixiao("build", "--project", str(project))
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr


def _build_from_scratch(project: Path, folder: Path) -> dict[str, bytes]:
    """Build the same content where nothing was built before; return every file of it."""
    copy = shutil.copytree(project, folder, ignore=shutil.ignore_patterns("build"))
    _build(copy)
    return _read_published_files(copy)


def _read_published_files(project: Path) -> dict[str, bytes]:
    """Return the Markdown and every file of the site but the manifest, whose counter tells builds apart."""
    site = read_all_files(project / "build/site")
    del site["data/manifest.json"]
    return {
        **site,
        **{f"pages/{path}": text for path, text in read_all_files(project / "build/pages").items()},
    }


def _stamps(project: Path) -> dict[str, tuple[int, int]]:
    """Return a stat stamp for each file, to see which were rewritten."""
    site = project / "build/site"
    files = (path for path in site.rglob("*") if path.is_file())
    return {
        path.relative_to(site).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files
    }


def _declarations(project: Path) -> list[Path]:
    return sorted((project / "content/declarations").rglob("*.yml"))


def _register(project: Path) -> None:
    """Register the existing files as published, as an editor must."""
    home = project / "content/declarations"
    ids = (file.relative_to(home).with_suffix("").as_posix() for file in _declarations(project))
    lines = "".join(f"  - {identity}\n" for identity in ids)
    (project / "content/addresses.yml").write_text(f"published:\n{lines}", "utf-8")


def _change_a_target(project: Path, chance: random.Random) -> None:
    file = chance.choice(_declarations(project))
    text = file.read_text("utf-8")
    head, quote, tail = text.partition('        target: "')
    file.write_text(f"{head}{quote}第{chance.randrange(1000)}批{tail[tail.index(chr(34)) :]}", "utf-8")


def _change_a_name(project: Path, chance: random.Random) -> None:
    file = chance.choice(_declarations(project))
    file.write_text(
        file.read_text("utf-8").replace("\nname: ", f"\nname: 改{chance.randrange(1000)}", 1), "utf-8"
    )


def _remove(project: Path, chance: random.Random) -> None:
    chance.choice(_declarations(project)).unlink()
    _register(project)


def _add(project: Path, chance: random.Random) -> None:
    file = chance.choice(_declarations(project))
    shutil.copy(file, file.with_name(f"another-{chance.randrange(1000)}.yml"))
    _register(project)


def _change_the_register(project: Path, chance: random.Random) -> None:
    file = project / "content/organisations.yml"
    file.write_text(
        file.read_text("utf-8").replace("合成部门0\n", f"合成部门零{chance.randrange(1000)}\n"), "utf-8"
    )


def _change_the_settings(project: Path, chance: random.Random) -> None:
    file = project / "site_config.yml"
    file.write_text(
        file.read_text("utf-8").replace("合成数据", f"合成数据{chance.randrange(1000)}", 1), "utf-8"
    )


EDITS: tuple[Callable[[Path, random.Random], None], ...] = (
    _change_a_target,
    _change_a_target,
    _change_a_name,
    _remove,
    _add,
    _change_the_register,
    _change_the_settings,
)


def test_after_random_edits_the_site_is_byte_for_byte_that_of_a_build_from_nothing(
    some: Path, tmp_path: Path
) -> None:
    project = some
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    for number in range(ROUNDS):
        for _ in range(chance.randint(3, 5)):
            chance.choice(EDITS)(project, chance)
        _build(project)
        assert (
            list_differing_files(
                _read_published_files(project),
                _build_from_scratch(project, tmp_path / f"from-nothing-{number}"),
            )
            == []
        )
        assert jixiao("verify", "--project", str(project)).returncode == 0


def test_one_changed_target_writes_its_pages_and_one_index_of_each_language_anew(project: Path) -> None:
    before = _stamps(project)
    file = _declarations(project)[7]
    _change_a_target(project, random.Random(1))  # noqa: S311 - repeatable
    changed = next(file for file in _declarations(project) if "批" in file.read_text("utf-8"))
    address = changed.relative_to(project / "content/declarations").with_suffix("").as_posix()

    _build(project)

    after = _stamps(project)
    written = {path for path in after if after[path] != before.get(path)}
    year, department, _ = address.split("/")
    # What the target was is in another class now, which these lists show.
    places = (f"{address}/", f"{year}/{department}/", f"{year}/", "indicators/")
    assert {path for path in written if not path.startswith("pagefind/")} == {
        "data/manifest.json",
        *(f"{language}{place}index.html" for language in ("", "en/") for place in places),
    }
    assert {path.split("/")[2].partition("-")[0] for path in written if path.startswith("pagefind/")} == {
        year
    }
    assert file.exists()


def test_one_changed_sum_writes_the_lists_that_show_it_and_one_index_of_each_language_anew(
    project: Path,
) -> None:
    before = _stamps(project)
    identity, _ = change_one_figure(project)
    year, department, _ = identity.split("/")
    text = (project / f"content/declarations/{identity}.yml").read_text("utf-8")
    unit = text.partition("\nunit: ")[2].partition("\n")[0]

    _build(project)

    after = _stamps(project)
    written = {path for path in after if after[path] != before.get(path)}
    places = (
        *("", f"{year}/", f"{year}/{department}/", f"{identity}/"),
        *(f"organisations/{department}/", f"organisations/{unit}/", "indicators/"),
    )
    assert {path for path in written if not path.startswith("pagefind/")} == {
        "data/manifest.json",
        *(f"{language}{place}index.html" for language in ("", "en/") for place in places),
    }
    assert {path.split("/")[2].partition("-")[0] for path in written if path.startswith("pagefind/")} == {
        year
    }


def _carried_elsewhere(project: Path, folder: Path) -> Path:
    """Copy a project through tar, as another machine gets it: with other numbers, times and no hard links."""
    with tarfile.open(folder / "project.tar", "w", dereference=True) as archive:
        archive.add(project, "project")
    with tarfile.open(folder / "project.tar") as archive:
        archive.extractall(folder / "elsewhere", filter="data")
    for path in (folder / "elsewhere").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder / "elsewhere/project"


def test_a_build_folder_from_another_machine_is_as_good_as_our_own(project: Path, tmp_path: Path) -> None:
    copy = _carried_elsewhere(project, tmp_path)
    before = _stamps(copy)
    changed = copy / "build/site/2022/index.html"
    changed.write_bytes(changed.read_bytes()[:-1] + b" ")

    _build(copy)

    after = _stamps(copy)
    written = {path for path in after if after[path] != before.get(path)}
    assert written == {"data/manifest.json", "2022/index.html"}
    assert list_differing_files(_read_published_files(copy), _read_published_files(project)) == []


def test_what_came_from_another_machine_is_known_by_its_stats_afterwards(few: Path, tmp_path: Path) -> None:
    copy = _carried_elsewhere(few, tmp_path)
    _build(copy)
    read = "import hashlib\ndef refuse(*_): raise SystemExit(99)\nhashlib.file_digest = refuse"

    assert build(copy, code=read).returncode == 0


def test_nothing_changed_writes_the_manifest_alone_and_keeps_its_counter(project: Path) -> None:
    before, manifest = _stamps(project), (project / "build/site/data/manifest.json").read_bytes()

    _build(project)

    after = _stamps(project)
    assert {path for path in after if after[path] != before.get(path)} == {"data/manifest.json"}
    assert (project / "build/site/data/manifest.json").read_bytes() == manifest


def test_what_somebody_has_changed_or_removed_in_the_site_is_made_again(few_of_their_own: Path) -> None:
    project = few_of_their_own
    before = _read_published_files(project)
    for changed in ("index.html", "2022/index.html", "assets/site.css", "_headers"):
        file = project / "build/site" / changed
        file.write_bytes(file.read_bytes() + b" ")
    (project / "build/site/404.html").unlink()
    (project / "build/site/stray.txt").write_text("mine", "utf-8")

    _build(project)

    assert list_differing_files(_read_published_files(project), before) == []
    assert jixiao("verify", "--project", str(project)).returncode == 0


def _change_cache(cache: Path, statement: str) -> None:
    with closing(sqlite3.connect(cache)) as tasks, tasks:
        assert tasks.execute(statement).rowcount > 0


@pytest.mark.parametrize("spoil", ["cut", "torn", "text", "notes", "result", "older", "empty", "gone"])
def test_a_cache_that_cannot_be_read_is_no_cache(spoil: str, few: Path) -> None:
    project = few
    before = _read_published_files(project)
    cache = project / "build/.cache"
    match spoil:
        case "cut":
            cache.write_bytes(cache.read_bytes()[:5000])
        case "text":
            cache.write_text("not a cache", "utf-8")
        case "torn":
            whole = cache.read_bytes()
            middle = len(whole) // 2
            cache.write_bytes(whole[:middle] + b"\x5a" * 20_000 + whole[middle + 20_000 :])
        case "notes" | "result":
            _change_cache(cache, f"UPDATE task SET {spoil} = '{{' WHERE name LIKE 'declaration:%'")  # noqa: S608
        case "older":
            _change_cache(cache, "UPDATE program SET digest = 'another'")
        case "empty":
            cache.write_bytes(b"")
        case _:
            cache.unlink()

    _build(project)

    assert list_differing_files(_read_published_files(project), before) == []


def test_a_hard_linked_copy_that_somebody_has_changed_publishes_nothing_of_it(few: Path) -> None:
    project = few
    copy = project / "build/.next-site"
    (copy / "stray.txt").write_text("mine", "utf-8")
    (copy / "index.html").unlink()
    (copy / "index.html").write_text("changed", "utf-8")
    before = _read_published_files(project)

    _build(project)

    assert list_differing_files(_read_published_files(project), before) == []


def test_an_error_in_one_file_leaves_the_site_and_the_next_build_is_right(few: Path, tmp_path: Path) -> None:
    project = few
    before = _read_published_files(project)
    file = _declarations(project)[3]
    sound = file.read_text("utf-8")
    file.write_text(sound.replace("year: ", "year: x", 1), "utf-8")
    assert jixiao("build", "--project", str(project)).returncode == 1
    assert list_differing_files(_read_published_files(project), before) == []

    file.write_text(sound, "utf-8")
    _change_a_target(project, random.Random(2))  # noqa: S311 - repeatable
    _build(project)

    assert (
        list_differing_files(
            _read_published_files(project), _build_from_scratch(project, tmp_path / "from-nothing")
        )
        == []
    )
