"""The cache of a build: what goes in comes out, and what cannot be believed is refused."""

import errno
import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from jixiao.build import cache as module
from jixiao.build.cache import BuildCache, BuiltFile, CacheError, JsonFormat
from jixiao.build.task import PageScan, hash_inputs

FILES = (
    BuiltFile("site/a.html", "11", (1, 2, 3), PageScan(("b.html", "c.html#d"), "aa")),
    BuiltFile("pages/a.md", "22", (4, 5, 2**63 - 1)),
)


def _open(folder: Path, last: str = "last") -> BuildCache:
    folder.mkdir(exist_ok=True)
    return BuildCache(folder / last, folder / "own")


def _store(folder: Path) -> Path:
    """Write a cache of two tasks; give its file."""
    cache = _open(folder)
    cache.put("page:a", "k", FILES, notes="“1”\n".encode(), result=b"[1]")
    cache.put("declaration:b", "l", [BuiltFile("site/b.html", "33", (7, 8, 9), PageScan(("a.html",), "bb"))])
    cache.finish()
    cache.close()
    return cache.file.replace(folder / "last")


def test_what_was_stored_is_known_to_the_next_build(tmp_path: Path) -> None:
    _store(tmp_path)
    cache = _open(tmp_path)

    assert not cache.is_new
    assert (cache.inputs("page"), cache.inputs("declaration")) == ({"a": "k"}, {"b": "l"})
    assert list(cache.notes("page")) == [("a", "“1”\n".encode())]
    assert list(cache.results("page")) == [("a", b"[1]")]
    assert sorted(cache.names()) == ["declaration:b", "page:a"]
    assert sorted(cache.stats()) == [
        ("declaration:b", "site/b.html", (7, 8, 9)),
        ("page:a", "pages/a.md", (4, 5, 2**63 - 1)),
        ("page:a", "site/a.html", (1, 2, 3)),
    ]
    assert list(cache.checksums()) == [
        ("pages/a.md", 4, "22"),
        ("site/a.html", 1, "11"),
        ("site/b.html", 7, "33"),
    ]
    assert (cache.checksum("site/a.html"), cache.checksum("site/无.html")) == ("11", None)
    assert sorted(cache.links()) == [("site/a.html", ["b.html", "c.html#d"]), ("site/b.html", ["a.html"])]
    assert cache.links_from("page") == {"b.html", "c.html#d"}
    assert cache.links_from("pag") == set()
    assert dict(cache.search_hashes(["site/b.html", "site/无.html", "pages/a.md"])) == {"site/b.html": "bb"}
    assert cache.missing(["site/a.html", "site/无.html", "pages/a.md"]) == ["site/无.html"]


def test_a_result_is_kept_until_the_task_runs_again(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("page:a", "k", FILES, result=b"[1]")
    cache.put("declaration:b", "k", [])
    cache.update_notes("page:a", b"2")
    assert list(cache.results("page")) == [("a", b"[1]")]
    assert list(cache.results("declaration")) == [("b", b"")]

    cache.put("page:a", "k", FILES)
    assert list(cache.results("page")) == [("a", b"")]


def test_the_last_cache_stays_as_it_is(tmp_path: Path) -> None:
    last = _store(tmp_path)
    before = last.read_bytes()
    cache = _open(tmp_path)
    cache.remove("page:a")
    cache.finish()
    cache.close()
    assert last.read_bytes() == before
    assert cache.file.read_bytes() != before


@pytest.mark.parametrize("count", [3, 500, 501, 1203])
def test_tasks_of_a_kind_come_by_name(tmp_path: Path, count: int) -> None:
    cache = _open(tmp_path)
    names = [f"{number:04}" for number in range(count)]
    for name in reversed(names):
        cache.put(f"page:{name}", name[::-1], [], notes=name.encode())
    for name in ("pages:0", "pag:0", "page"):
        cache.put(name, "", [])
    assert cache.inputs("page") == {name: name[::-1] for name in names}
    assert list(cache.notes("page")) == [(name, name.encode()) for name in names]


def test_a_kind_may_have_one_task_without_a_name(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("headers:", "k", FILES)
    assert cache.inputs("headers") == {"": "k"}
    assert cache.links_from("headers") == {"b.html", "c.html#d"}


def test_a_task_that_runs_again_has_its_new_files_alone(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    assert cache.put("page:a", "k", FILES) == []
    assert cache.put("page:a", "another", [FILES[0]._replace(sha256="99")]) == ["pages/a.md"]
    assert cache.inputs("page") == {"a": "another"}
    assert list(cache.checksums()) == [("site/a.html", 1, "99")]


def test_other_notes_change_no_file(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("page:a", "k", FILES, notes=b"1")
    cache.update_notes("page:a", b"2")
    assert (cache.inputs("page"), list(cache.notes("page"))) == ({"a": "k"}, [("a", b"2")])
    assert len(list(cache.stats())) == len(FILES)


def test_a_file_on_another_disk_keeps_its_checksum(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("page:a", "k", FILES)
    cache.update_stats([("site/a.html", (1, 20, 30))])
    assert sorted(cache.stats()) == [
        ("page:a", "pages/a.md", (4, 5, 2**63 - 1)),
        ("page:a", "site/a.html", (1, 20, 30)),
    ]
    assert cache.checksum("site/a.html") == "11"


def test_a_removed_task_is_gone_with_its_files(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("page:a", "k", FILES)
    cache.put("declaration:b", "l", [])
    assert sorted(cache.remove("page:a")) == ["pages/a.md", "site/a.html"]
    assert cache.names() == ["declaration:b"]
    assert list(cache.stats()) == []
    assert cache.remove("page:a") == []


def test_a_file_that_another_task_has_taken_is_not_missing(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache.put("page:a", "k", FILES)
    cache.put("declaration:b", "l", [FILES[0]])
    assert cache.missing(cache.remove("page:a")) == ["pages/a.md"]
    assert cache.missing(["site/a.html", "site/z.html"]) == ["site/z.html"]


@pytest.mark.parametrize("program", ["", "another"])
def test_a_cache_of_another_program_is_left_aside(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store(tmp_path)
    monkeypatch.setattr(module, "compute_program_digest", lambda: program)
    cache = _open(tmp_path)
    assert cache.is_new
    assert cache.names() == []
    cache.put("page:a", "k", FILES)
    cache.finish()
    cache.close()
    cache.file.replace(tmp_path / "last")
    assert not _open(tmp_path).is_new


@pytest.mark.parametrize("content", [b"", b"not a cache", b"SQLite format 3\0"])
def test_what_is_no_cache_is_left_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "last").write_bytes(content)
    cache = _open(tmp_path)
    assert cache.is_new
    assert cache.names() == []


def test_where_there_was_none_a_cache_begins(tmp_path: Path) -> None:
    assert _open(tmp_path).is_new


@pytest.mark.parametrize("content", [b"", b"{", b'["1", 2, 3]', b"\xff"])
def test_json_that_cannot_be_read_is_an_error_of_the_cache(content: bytes) -> None:
    pairs = JsonFormat[tuple[str, int]](tuple[str, int])
    assert pairs.read(pairs.write(("1", 2))) == ("1", 2)
    with pytest.raises(CacheError):
        pairs.read(content)


def test_a_table_that_is_missing_is_an_error_of_the_cache(tmp_path: Path) -> None:
    last = _store(tmp_path)
    with closing(sqlite3.connect(last)) as tasks, tasks:
        tasks.execute("DROP TABLE file")
    cache = _open(tmp_path)
    for read in (cache.stats, cache.links, partial(cache.search_hashes, ["site/a.html"]), cache.checksums):
        with pytest.raises(CacheError):
            list(read())
    with pytest.raises(CacheError):
        cache.put("page:a", "k", FILES)


def _built(folder: Path, changes: dict[str, int], gone: tuple[str, ...] = ()) -> int:
    """Do what a build does with its cache; give its length in bytes.

    Args:
        folder: Where the cache lies.
        changes: The tasks that run, with the length of their notes.
        gone: The tasks that are removed.
    """
    cache = _open(folder)
    for name, length in changes.items():
        files = [BuiltFile(f"site/{name}/{number}.html", "1" * 64, (1, 2, 3)) for number in range(3)]
        cache.put(f"page:{name}", "k" * 64, files, notes=b"x" * length, result=b"y" * length)
    for name in gone:
        cache.remove(f"page:{name}")
    cache.finish()
    cache.close()
    return cache.file.replace(folder / "last").stat().st_size


def _length_from_nothing(folder: Path) -> int:
    """Give the length of the same cache without holes."""
    packed = folder / "packed"
    packed.unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "last")) as last:
        last.execute("VACUUM INTO ?", (str(packed),))
    return packed.stat().st_size


def test_a_cache_does_not_grow_with_the_number_of_builds(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    names = [f"{number:04}" for number in range(300)]
    lengths = [_built(tmp_path, dict.fromkeys(names, 200))]
    for _ in range(200):
        changed = {name: chance.randrange(400) for name in chance.sample(names, 5)}
        lengths.append(_built(tmp_path, changed))

    assert max(lengths) < 1.4 * _length_from_nothing(tmp_path)
    assert _built(tmp_path, {}) == lengths[-1]
    assert len(_open(tmp_path).names()) == len(names)


def test_what_was_removed_gives_its_room_back(tmp_path: Path) -> None:
    names = [f"{number:04}" for number in range(300)]
    whole = _built(tmp_path, dict.fromkeys(names, 200))

    assert _built(tmp_path, {}, tuple(names[30:])) < whole / 5
    assert sorted(_open(tmp_path).names()) == [f"page:{name}" for name in names[:30]]


def test_a_full_disk_is_no_spoilt_cache(tmp_path: Path) -> None:
    cache = _open(tmp_path)
    cache._database.execute("PRAGMA max_page_count = 10")  # noqa: SLF001 - a disk of its own size
    with pytest.raises(OSError, match="full") as raised:
        cache.put("page:x", "", [], notes=b"x" * 100_000)
    assert raised.value.errno == errno.ENOSPC


def test_the_hash_tells_parts_apart() -> None:
    hashes = {hash_inputs(*parts) for parts in (["ab"], ["a", "b"], ["", "ab"], ["ab", ""], [])}
    assert len(hashes) == 5
    assert hash_inputs("年") == hash_inputs("年".encode())
    assert hash_inputs() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
