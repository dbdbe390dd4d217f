"""The register of forms, `content/forms/SHA256SUMS`: each form as received with its checksum, one a line.

What `sha256sum`, `shasum` and BSD's `sha256` write is read, also in upper case, with `*` before the name or
with `./`. What other tools write is refused at its line, with the line that is meant.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jixiao.i18n import message
from jixiao.ignored_files import is_among_leftovers
from jixiao.load.source_files import SourceText
from jixiao.problems import Misread, Place, Problem

NAME: Final = "SHA256SUMS"
_FILE: Final = f"content/forms/{NAME}"
_GNU: Final = re.compile(r"(?P<sum>[0-9A-Fa-f]{64}) [ *](?P<name>\S.*)")
_BSD: Final = re.compile(r"SHA2?-?256 ?\((?P<name>.+)\) ?= ?(?P<sum>[0-9A-Fa-f]{64})", re.IGNORECASE)
_WRONG_LENGTH: Final = re.compile(r"(?P<sum>[0-9A-Fa-f]{32,128})\s+\*?\S")
_ANY_SUM: Final = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){31})(?![0-9A-Fa-f])"
)
"""Older Windows parts the digits in pairs."""
_PATIENCE: Final = 50
"""Problems after which the file is that of something else."""
_LONGEST: Final = 4096
"""Signs of a line that cannot be read in which a name is looked for."""
_OTHER_NAMES: Final = frozenset(
    {"sha256sums", "sha256sum", "sha256", "sha256sums.txt", "sha256sum.txt", "sha256.txt"}
)


@dataclass(frozen=True)
class Checksums:
    """What the register says."""

    listed: Mapping[str, str] = field(default_factory=dict)
    """Name below `content/forms/` → checksum in lower case."""
    meant: frozenset[str] = frozenset()
    """Names that stand in lines which are refused: of them nothing more is said."""
    problems: tuple[Problem, ...] = ()


def read_checksums(source: SourceText, forms: Mapping[str, str]) -> Checksums:
    """Read the register.

    Args:
        source: Its text.
        forms: The forms that there are: name below `content/forms/` → checksum.
    """
    reader = _Reader(forms)
    reader.read(source.lines)
    return Checksums(reader.listed, frozenset(reader.meant), tuple(reader.problems))


def is_register_by_another_name(name: str) -> bool:
    """Tell whether *name* is that of a register of checksums as other programs call it."""
    return name != NAME and name.lower() in _OTHER_NAMES


def in_one_form(name: str) -> str:
    """Give *name* as every system writes it: macOS takes accents and letters apart."""
    return unicodedata.normalize("NFC", name)


def differs_in_line_ends_alone(content: bytes, checksum: str) -> bool:
    """Tell whether *content* has *checksum* once its lines end as on another system."""
    lines = content.replace(b"\r\n", b"\n")
    return any(hashlib.sha256(one).hexdigest() == checksum for one in (lines, lines.replace(b"\n", b"\r\n")))


class _Reader:
    """Takes one line after another."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self.listed: dict[str, str] = {}
        self.meant: set[str] = set()
        self.problems: list[Problem] = []
        self._forms = forms
        self._by_sum = {checksum: name for name, checksum in forms.items()}
        self._lines: dict[str, int] = {}
        self._above = ""
        # Both ways to name a form, made once: they are looked for in line after line.
        self._parts = [
            (part, name) for name in forms for part in {name.lower(), name.rpartition("/")[2].lower()}
        ]
        self._is_within_unreadable = False

    def read(self, lines: Iterable[str]) -> None:
        """Read *lines*, until too many of them are of another kind of file."""
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                self._take(number, line)
            if len(self.problems) > _PATIENCE:
                self.meant.update(self._forms)
                return

    def _take(self, number: int, line: str) -> None:
        match = _GNU.fullmatch(line) or _BSD.fullmatch(line.strip())
        if match is None:
            self._refuse(number, line)
            return
        self._is_within_unreadable, self._above = False, ""
        name, checksum = in_one_form(match["name"].removeprefix("./")), match["sum"].lower()
        if name in self._lines:
            self._report(number, match.start("name"), _repeated(name, self._lines[name]))
            return
        self._lines[name] = number
        meant = name if name in self._forms else self._form_in(name)
        if meant == name:
            self.listed[name] = checksum
        elif meant is None:
            self._report(number, match.start("name"), _without_form(name))
        else:
            self.meant.add(meant)
            self._report(number, match.start("name"), _rather(f"{checksum}  {meant}"))

    def _refuse(self, number: int, line: str) -> None:
        """Refuse a line that cannot be read; of several without a checksum only the first."""
        typed, wrong = _ANY_SUM.search(line), _WRONG_LENGTH.match(line)
        if typed is None:
            if wrong is not None or not self._is_within_unreadable:
                column = len(line) - len(line.lstrip())
                self._report(number, column, _unreadable(len(wrong["sum"]) if wrong else 0))
            self._above = line
        else:
            checksum = typed[0].replace(" ", "").lower()
            # certutil writes the name in the line above.
            meant = self._form_in(line) or self._by_sum.get(checksum) or self._form_in(self._above)
            self.meant.update([meant] if meant else ())
            refusal = _rather(f"{checksum}  {meant}") if meant else _unreadable(0)
            self._report(number, typed.start(), refusal)
        self._is_within_unreadable = True

    def _form_in(self, line: str) -> str | None:
        """Find the form that *line* means, of which it may give a path of another system or in other case."""
        said = in_one_form(line[:_LONGEST]).replace("\\", "/").lower()
        found = [
            (len(part), name) for part, name in self._parts if part in said and _stands_alone(part, said)
        ]
        return max(found)[1] if found else None

    def _report(self, number: int, column: int, refusal: Misread) -> None:
        self.problems.append(refusal.at(Place(_FILE, number, column + 1)))


def _stands_alone(part: str, said: str) -> bool:
    """Tell whether *part* is a whole name somewhere in *said*, not a part of another."""
    at = said.find(part)
    while at >= 0:
        before, behind = said[at - 1 : at], said[at + len(part) : at + len(part) + 1]
        if (not before or before.isspace() or before in "/*(") and (
            not behind or behind.isspace() or behind in "):："
        ):
            return True
        at = said.find(part, at + 1)
    return False


def _unreadable(digits: int) -> Misread:
    """Refuse a line that is no checksum with a name; *digits* are those of a checksum of another kind."""
    saying = (
        message("这里的校验值有 {count} 位；SHA-256 有 64 位", count=str(digits))
        if digits
        else message("这一行不是校验值和文件名")
    )
    hint = message("请删去这一行；每份申报表写一行：64 位校验值、两个空格、文件名")
    return Misread("checksum-line", saying, hint)


def _rather(line: str) -> Misread:
    """Refuse a line that means what *line* says."""
    saying = message("这一行的写法读不懂，或者文件名写成了别处的路径")
    return Misread("checksum-line", saying, message("请把这一行换成：{line}", line=line))


def _repeated(name: str, line: int) -> Misread:
    saying = message("“{name}”登记了两次，第 {line} 行已经有一个", name=name, line=str(line))
    hint = message("一份申报表只登记一次；请留下收到时的一行，删去另一行")
    return Misread("checksum-repeated", saying, hint)


def _without_form(name: str) -> Misread:
    """Refuse a line about a file that is not there."""
    hint = (
        message("这里只登记收到的申报表；请删去这一行")
        if name == NAME or is_among_leftovers(name)
        else message("请核对文件名，或从原件恢复文件；不再公开的，删去这一行")
    )
    saying = message("content/forms/ 里没有登记的这份申报表：{name}", name=name)
    return Misread("checksum-without-form", saying, hint)
