"""A hard-linked copy on a real disk: what is linked, what is removed, what is noticed."""

import errno
import os
from pathlib import Path

import pytest

from jixiao.build.hard_links import link_files, remove_files, restore_modes
from jixiao.load.source_files import file_stat


def _folder(path: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(content, encoding="utf-8")
    return path


def _below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _is_same_file(one: Path, other: Path) -> bool:
    return one.stat().st_ino == other.stat().st_ino


def test_every_file_below_a_folder_has_its_size_its_time_and_its_number(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "site", {"a": "1", "b/c/d": "four"})
    os.utime(folder / "a", ns=(1, 2))
    os.utime(folder / "b/c/d", ns=(3, 4))

    assert restore_modes(folder) == {
        "a": (1, 2, (folder / "a").stat().st_ino),
        "b/c/d": (4, 4, (folder / "b/c/d").stat().st_ino),
    }
    assert file_stat((folder / "a").stat()) == (1, 2, (folder / "a").stat().st_ino)


def test_the_number_of_a_file_is_cut_to_what_a_database_holds() -> None:
    file = (0o100644, 2**63 + 5, 1, 1, 0, 0, 7, 0, 0, 0)

    assert file_stat(os.stat_result(file, {"st_mtime_ns": 3})) == (7, 3, 5)


def test_where_no_folder_is_there_are_no_files(tmp_path: Path) -> None:
    _folder(tmp_path, {"file": "1"})

    assert restore_modes(tmp_path / "nowhere") == {}
    assert restore_modes(tmp_path / "file") == {}


def test_what_is_no_file_has_a_stat_that_no_file_has_and_no_link_is_followed(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "site", {"a": "1"})
    _folder(tmp_path / "other", {"b": "1"})
    (folder / "to-a").symlink_to("a")
    (folder / "to-other").symlink_to(tmp_path / "other")
    os.mkfifo(folder / "pipe")

    stats = restore_modes(folder)
    assert sorted(stats) == ["a", "pipe", "to-a", "to-other"]
    assert [stats[name] for name in ("pipe", "to-a", "to-other")] == [(-1, 0, 0)] * 3


def test_a_copy_holds_exactly_the_wanted_files_as_links(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1", "b/c": "2", "b/d/e": "3", "unwanted": "4"})
    copy = tmp_path / "copy"
    wanted = {name: stat for name, stat in restore_modes(original).items() if name != "unwanted"}

    link_files(original, wanted, copy)

    assert _below(copy) == ["a", "b", "b/c", "b/d", "b/d/e"]
    assert restore_modes(copy) == wanted
    assert _below(original) == ["a", "b", "b/c", "b/d", "b/d/e", "unwanted"]


def test_a_copy_of_nothing_is_an_empty_folder(tmp_path: Path) -> None:
    link_files(_folder(tmp_path / "site", {}), {}, tmp_path / "copy")

    assert _below(tmp_path) == ["copy"]


def test_a_copy_in_any_state_becomes_whole(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1", "b/c": "2", "b/d": "3", "same": "4"})
    files = restore_modes(original)
    copy = _folder(tmp_path / "copy", {"a": "x", "b/d": "3", "stray/f/g": "5", "stray/f/h": "6"})
    os.link(original / "same", copy / "same")
    os.utime(copy, ns=(0, 0))

    link_files(original, files, copy)
    link_files(original, files, copy)

    assert _below(copy) == ["a", "b", "b/c", "b/d", "same"]
    assert restore_modes(copy) == files
    assert (original / "a").read_text("utf-8") == "1"
    assert [(copy / name).read_text("utf-8") for name in files] == [
        (original / name).read_text("utf-8") for name in files
    ]


def test_what_is_linked_already_is_left_alone(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1", "b": "2"})
    files, copy = restore_modes(original), tmp_path / "copy"
    link_files(original, files, copy)
    (original / "a").unlink()

    link_files(original, files, copy)

    assert restore_modes(copy) == files


def test_a_link_in_a_copy_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1"})
    copy = _folder(tmp_path / "copy", {})
    copy.mkdir()
    _folder(tmp_path, {"mine": "2"})
    (copy / "a").symlink_to(tmp_path / "mine")

    link_files(original, restore_modes(original), copy)

    assert _is_same_file(copy / "a", original / "a")
    assert (tmp_path / "mine").read_text("utf-8") == "2"


def test_a_link_of_the_original_is_copied_as_a_link(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1"})
    (original / "to-a").symlink_to("a")

    link_files(original, restore_modes(original), tmp_path / "copy")

    assert (tmp_path / "copy/to-a").readlink() == Path("a")


@pytest.mark.parametrize("number", [errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL])
def test_where_the_disk_has_no_hard_links_files_are_copied_with_their_time(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = _folder(tmp_path / "site", {"a": "1"})
    (original / "to-a").symlink_to("a")
    os.utime(original / "a", ns=(1, 2))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    link_files(original, restore_modes(original), tmp_path / "copy")

    assert (tmp_path / "copy/a").read_text("utf-8") == "1"
    assert (tmp_path / "copy/a").stat().st_mtime_ns == 2
    assert not _is_same_file(tmp_path / "copy/a", original / "a")
    assert (tmp_path / "copy/to-a").readlink() == Path("a")


def test_a_file_that_cannot_be_linked_for_another_reason_is_told(tmp_path: Path) -> None:
    original = _folder(tmp_path / "site", {"a": "1"})

    with pytest.raises(FileNotFoundError) as caught:
        link_files(original, {"gone": (1, 2, 3)}, tmp_path / "copy")

    assert caught.value.filename == str(original / "gone")
    assert caught.value.filename2 == str(tmp_path / "copy/gone")


def test_removed_files_take_the_folders_along_that_hold_nothing_then(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "site", {"a/b/c": "1", "a/b/d/e": "2", "f/g/h": "3", "i": "4", "j": "5"})

    remove_files(folder, ["f/g/h", "i", "a/b/d/e", "gone"])

    assert _below(folder) == ["a", "a/b", "a/b/c", "j"]


def test_a_file_that_is_gone_already_is_no_reason_to_stop(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "site", {"a/b": "1", "c/d": "2", "e": "3"})
    (folder / "a/b").unlink()
    (folder / "a").rmdir()

    remove_files(folder, ["a/b", "c/d"])
    remove_files(folder, ["e"])

    assert folder.is_dir()
    assert _below(folder) == []
