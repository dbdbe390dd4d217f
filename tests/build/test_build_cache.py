"""The ledger keeps what a site is made of: what goes in comes out, and what cannot be believed is refused."""

import errno
import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from jixiao.site import ledger as module
from jixiao.site.ledger import FileMade, Ledger, LedgerError, Piece, digest_of

A = Piece(name="page:a", key="k", facts={"one": "“1”\n", "none": None})
B = Piece(name="declaration:b", key="l")
FILES = (
    FileMade("site/a.html", "11", (1, 2, 3), ("b.html", "c.html#d"), "aa"),
    FileMade("pages/a.md", "22", (4, 5, 2**63 - 1)),
)


def _ledger(folder: Path, last: str = "last") -> Ledger:
    folder.mkdir(exist_ok=True)
    return Ledger(folder / last, folder / "own")


def _write_cache(folder: Path) -> Path:
    """Write a cache of two entries; return its file."""
    ledger = _ledger(folder)
    ledger.put(A, FILES)
    ledger.put(B, [FileMade("site/b.html", "33", (7, 8, 9), ("a.html",), "bb")])
    ledger.finish()
    ledger.close()
    return ledger.file.replace(folder / "last")


def test_what_was_kept_is_known_to_the_next_build(tmp_path: Path) -> None:
    _write_cache(tmp_path)
    ledger = _ledger(tmp_path)

    assert not ledger.is_new
    assert (ledger.piece("page:a"), ledger.piece("declaration:b"), ledger.piece("page:b")) == (A, B, None)
    assert sorted(ledger.names()) == ["declaration:b", "page:a"]
    assert sorted(ledger.stamps()) == [
        ("declaration:b", "site/b.html", (7, 8, 9)),
        ("page:a", "pages/a.md", (4, 5, 2**63 - 1)),
        ("page:a", "site/a.html", (1, 2, 3)),
    ]
    assert list(ledger.checksums()) == [
        ("pages/a.md", 4, "22"),
        ("site/a.html", 1, "11"),
        ("site/b.html", 7, "33"),
    ]
    assert sorted(ledger.leads_to()) == [("site/a.html", ["b.html", "c.html#d"]), ("site/b.html", ["a.html"])]
    assert ledger.leads_to_from(["page:a"]) == {"b.html", "c.html#d"}
    assert ledger.leads_to_from([]) == set()
    assert dict(ledger.searched(["site/b.html", "site/无.html", "pages/a.md"])) == {"site/b.html": "bb"}
    assert ledger.missing(["site/a.html", "site/无.html", "pages/a.md"]) == ["site/无.html"]


def test_what_came_of_a_piece_is_kept_until_it_is_made_anew(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger.put(A, FILES)
    ledger.put(B, [])
    ledger.note_outcome(A.name, {"名称": [1, None]})
    ledger.note(A)
    assert list(ledger.outcomes("page")) == [(A.name, {"名称": [1, None]})]
    assert list(ledger.outcomes("declaration")) == [(B.name, None)]

    ledger.put(A, FILES)
    assert list(ledger.outcomes("page")) == [(A.name, None)]


def test_the_last_ledger_stays_as_it_is(tmp_path: Path) -> None:
    last = _write_cache(tmp_path)
    before = last.read_bytes()
    ledger = _ledger(tmp_path)
    ledger.forget("page:a")
    ledger.finish()
    ledger.close()
    assert last.read_bytes() == before
    assert ledger.file.read_bytes() != before


@pytest.mark.parametrize("count", [3, 500, 501, 1203])
def test_pieces_of_a_kind_come_by_name(tmp_path: Path, count: int) -> None:
    ledger = _ledger(tmp_path)
    names = [f"page:{number:04}" for number in range(count)]
    for name in reversed(names):
        ledger.put(Piece(name=name, key=name[::-1]), [])
    ledger.put(Piece(name="pages:0", key=""), [])
    ledger.put(Piece(name="pag:0", key=""), [])
    assert [(piece.name, piece.key) for piece in ledger.pieces("page")] == [
        (name, name[::-1]) for name in names
    ]


def test_a_piece_that_is_made_anew_has_its_new_files_alone(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    assert ledger.put(A, FILES) == []
    changed = Piece(name=A.name, key="another")
    assert ledger.put(changed, [FILES[0]._replace(sha256="99")]) == ["pages/a.md"]
    assert ledger.piece(A.name) == changed
    assert list(ledger.checksums()) == [("site/a.html", 1, "99")]


def test_a_note_changes_the_facts_and_no_file(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger.put(A, FILES)
    noted = Piece(name=A.name, key="k", facts={"two": "2"})
    ledger.note(noted)
    assert ledger.piece(A.name) == noted
    assert len(list(ledger.stamps())) == len(FILES)


def test_what_is_forgotten_is_gone_with_its_files(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger.put(A, FILES)
    ledger.put(B, [])
    assert sorted(ledger.forget(A.name)) == ["pages/a.md", "site/a.html"]
    assert list(ledger.names()) == [B.name]
    assert list(ledger.stamps()) == []
    assert ledger.forget(A.name) == []


def test_a_file_that_another_piece_has_taken_is_not_missing(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger.put(A, FILES)
    ledger.put(B, [FILES[0]])
    assert ledger.missing(ledger.forget(A.name)) == ["pages/a.md"]
    assert ledger.missing(["site/a.html", "site/z.html"]) == ["site/z.html"]


@pytest.mark.parametrize("program", ["", "another"])
def test_a_ledger_of_another_program_is_left_aside(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_cache(tmp_path)
    monkeypatch.setattr(module, "compute_program_digest", lambda: program)
    ledger = _ledger(tmp_path)
    assert ledger.is_new
    assert list(ledger.names()) == []
    ledger.put(A, FILES)
    ledger.finish()
    ledger.close()
    ledger.file.replace(tmp_path / "last")
    assert not _ledger(tmp_path).is_new


@pytest.mark.parametrize("content", [b"", b"not a ledger", b"SQLite format 3\0"])
def test_what_is_no_ledger_is_left_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "last").write_bytes(content)
    ledger = _ledger(tmp_path)
    assert ledger.is_new
    assert list(ledger.names()) == []


def test_where_there_was_none_a_ledger_begins(tmp_path: Path) -> None:
    assert _ledger(tmp_path).is_new


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    last = _write_cache(tmp_path)
    with closing(sqlite3.connect(last)) as pieces, pieces:
        pieces.execute("UPDATE piece SET facts = '{', outcome = ']'")
    ledger = _ledger(tmp_path)
    with pytest.raises(LedgerError):
        list(ledger.outcomes("page"))
    with pytest.raises(LedgerError):
        ledger.piece(A.name)
    with pytest.raises(LedgerError):
        list(ledger.pieces("page"))


def test_a_table_that_is_missing_is_told(tmp_path: Path) -> None:
    last = _write_cache(tmp_path)
    with closing(sqlite3.connect(last)) as pieces, pieces:
        pieces.execute("DROP TABLE file")
    ledger = _ledger(tmp_path)
    for read in (ledger.stamps, ledger.leads_to, partial(ledger.searched, ["site/a.html"]), ledger.checksums):
        with pytest.raises(LedgerError):
            list(read())
    with pytest.raises(LedgerError):
        ledger.put(A, FILES)


def _rebuild(folder: Path, changes: dict[str, int], gone: tuple[str, ...] = ()) -> int:
    """Use the cache as a build does; return its length in bytes.

    Args:
        folder: Where the ledger lies.
        changes: The pieces that are made, with the length of their facts.
        gone: The pieces that are forgotten.
    """
    ledger = _ledger(folder)
    for name, length in changes.items():
        files = [FileMade(f"site/{name}/{number}.html", "1" * 64, (1, 2, 3)) for number in range(3)]
        ledger.put(Piece(name=f"page:{name}", key="k" * 64, facts={"much": "x" * length}), files)
        ledger.note_outcome(f"page:{name}", "y" * length)
    for name in gone:
        ledger.forget(f"page:{name}")
    ledger.finish()
    ledger.close()
    return ledger.file.replace(folder / "last").stat().st_size


def _fresh_length(folder: Path) -> int:
    """Return the length of the same cache without holes."""
    packed = folder / "packed"
    packed.unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "last")) as last:
        last.execute("VACUUM INTO ?", (str(packed),))
    return packed.stat().st_size


def test_a_ledger_does_not_grow_with_the_number_of_builds(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    names = [f"{number:04}" for number in range(300)]
    lengths = [_rebuild(tmp_path, dict.fromkeys(names, 200))]
    for _ in range(200):
        changed = {name: chance.randrange(400) for name in chance.sample(names, 5)}
        lengths.append(_rebuild(tmp_path, changed))

    assert max(lengths) < 1.4 * _fresh_length(tmp_path)
    assert _rebuild(tmp_path, {}) == lengths[-1]
    assert len(list(_ledger(tmp_path).names())) == len(names)


def test_what_was_forgotten_gives_its_room_back_with_the_next_build(tmp_path: Path) -> None:
    names = [f"{number:04}" for number in range(300)]
    whole = _rebuild(tmp_path, dict.fromkeys(names, 200))
    _rebuild(tmp_path, {}, tuple(names[30:]))

    assert _rebuild(tmp_path, {}) < whole / 5
    assert sorted(_ledger(tmp_path).names()) == [f"page:{name}" for name in names[:30]]


def test_a_ledger_that_cannot_be_packed_is_copied_as_it_is(tmp_path: Path) -> None:
    names = [f"{number:04}" for number in range(300)]
    _rebuild(tmp_path, dict.fromkeys(names, 200))
    whole = _rebuild(tmp_path, {}, tuple(names[30:]))
    # What is in the way of the packed one is not in the way of a copy.
    (tmp_path / "own").write_text("something", encoding="utf-8")

    assert _rebuild(tmp_path, {}) == whole


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger._pieces.execute("PRAGMA max_page_count = 10")  # noqa: SLF001 - a disk of its own size
    with pytest.raises(OSError, match="full") as raised:
        ledger.put(Piece(name="page:x", key="", facts={"much": "x" * 100_000}), [])
    assert raised.value.errno == errno.ENOSPC


def test_the_digest_tells_parts_apart() -> None:
    digests = {digest_of("ab"), digest_of("a", "b"), digest_of("", "ab"), digest_of("ab", ""), digest_of()}
    assert len(digests) == 5
    assert digest_of("年") == digest_of("年".encode())
    assert digest_of() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
