"""Received forms and their register of checksums, `content/forms/SHA256SUMS`.

The register may be written by `sha256sum`, `shasum` or BSD's `sha256`, also in upper case, with `*` before
the name or with `./`. A line of another tool is refused with the line that is meant.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jixiao.i18n import Message, message
from jixiao.ignored_files import is_ignored_path
from jixiao.load.source_files import SourceText
from jixiao.personal_data.text_patterns import PersonalDataMatch
from jixiao.problems import Place, Problem, ReadError

CHECKSUM_FILE: Final = "SHA256SUMS"
_CHECKSUM_PATH: Final = f"content/forms/{CHECKSUM_FILE}"
_GNU_LINE: Final = re.compile(r"(?P<sum>[0-9A-Fa-f]{64}) [ *](?P<name>\S.*)")
_BSD_LINE: Final = re.compile(r"SHA2?-?256 ?\((?P<name>.+)\) ?= ?(?P<sum>[0-9A-Fa-f]{64})", re.IGNORECASE)
_WRONG_LENGTH_SUM: Final = re.compile(r"(?P<sum>[0-9A-Fa-f]{32,128})\s+\*?\S")
_SUM_ANYWHERE: Final = re.compile(
    r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){31})(?![0-9A-Fa-f])"
)
"""Checksum anywhere in a line; older versions of Windows separate the digits in pairs."""
_MAX_CHECKSUM_PROBLEMS: Final = 50
"""Number of problems after which the file is taken for a different kind of file."""
_MAX_SEARCHED_LENGTH: Final = 4096
"""Characters of an unreadable line in which a form's name is searched."""
_MISTAKEN_NAMES: Final = frozenset(
    {"sha256sums", "sha256sum", "sha256", "sha256sums.txt", "sha256sum.txt", "sha256.txt"}
)


@dataclass(frozen=True)
class ChecksumRegister:
    """Parsed register of checksums."""

    checksum_by_name: Mapping[str, str] = field(default_factory=dict)
    """Name below `content/forms/` → checksum in lower case."""
    reported_names: frozenset[str] = frozenset()
    """Names found in refused lines, so that they are not reported a second time."""
    problems: tuple[Problem, ...] = ()


def read_checksums(source: SourceText, forms: Mapping[str, str]) -> ChecksumRegister:
    """Parse the register of checksums.

    Args:
        source: The text of the register.
        forms: The existing forms: name below `content/forms/` → checksum.
    """
    reader = _ChecksumReader(forms)
    reader.read(source.lines)
    return ChecksumRegister(reader.checksum_by_name, frozenset(reader.reported_names), tuple(reader.problems))


def is_misnamed_register(name: str) -> bool:
    """Return whether *name* is one that other programs use for a register of checksums."""
    return name != CHECKSUM_FILE and name.lower() in _MISTAKEN_NAMES


def normalize_name(name: str) -> str:
    """Return *name* in Unicode form NFC; macOS decomposes accents and letters."""
    return unicodedata.normalize("NFC", name)


def has_converted_line_ends(content: bytes, checksum: str) -> bool:
    """Return whether *content* matches *checksum* after its line ends are converted."""
    lines = content.replace(b"\r\n", b"\n")
    return any(
        hashlib.sha256(converted).hexdigest() == checksum
        for converted in (lines, lines.replace(b"\n", b"\r\n"))
    )


class _ChecksumReader:
    """Line-by-line parser of a register of checksums."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self.checksum_by_name: dict[str, str] = {}
        self.reported_names: set[str] = set()
        self.problems: list[Problem] = []
        self._forms = forms
        self._by_sum = {checksum: name for name, checksum in forms.items()}
        self._line_by_name: dict[str, int] = {}
        self._line_above = ""
        # Computed once, because every line is searched for both names of every form.
        self._name_parts = [
            (part, name) for name in forms for part in {name.lower(), name.rpartition("/")[2].lower()}
        ]
        self._is_within_unreadable = False

    def read(self, lines: Iterable[str]) -> None:
        """Parse *lines*, and stop if too many of them are unreadable."""
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                self._read_line(number, line)
            if len(self.problems) > _MAX_CHECKSUM_PROBLEMS:
                self.reported_names.update(self._forms)
                return

    def _read_line(self, number: int, line: str) -> None:
        match = _GNU_LINE.fullmatch(line) or _BSD_LINE.fullmatch(line.strip())
        if match is None:
            self._refuse_line(number, line)
            return
        self._is_within_unreadable, self._line_above = False, ""
        name, checksum = normalize_name(match["name"].removeprefix("./")), match["sum"].lower()
        if name in self._line_by_name:
            line_above = str(self._line_by_name[name])
            error = ReadError(
                "checksum-repeated",
                message("“{name}”登记了两次，第 {line} 行已经有一个", name=name, line=line_above),
                message("一份申报表只登记一次；请留下收到时的一行，删去另一行"),
            )
            self._add_problem(number, match.start("name"), error)
            return
        self._line_by_name[name] = number
        meant = name if name in self._forms else self._find_form(name)
        if meant == name:
            self.checksum_by_name[name] = checksum
        elif meant is None:
            self._add_problem(number, match.start("name"), _refuse_unknown_form(name))
        else:
            self.reported_names.add(meant)
            self._add_problem(number, match.start("name"), _suggest_line(f"{checksum}  {meant}"))

    def _refuse_line(self, number: int, line: str) -> None:
        """Report an unreadable line; of several without a checksum only the first."""
        typed, wrong = _SUM_ANYWHERE.search(line), _WRONG_LENGTH_SUM.match(line)
        if typed is None:
            if wrong is not None or not self._is_within_unreadable:
                column = len(line) - len(line.lstrip())
                self._add_problem(number, column, _refuse_unreadable_line(len(wrong["sum"]) if wrong else 0))
            self._line_above = line
        else:
            checksum = typed[0].replace(" ", "").lower()
            # certutil writes the name in the line above.
            meant = self._find_form(line) or self._by_sum.get(checksum) or self._find_form(self._line_above)
            self.reported_names.update([meant] if meant else ())
            refusal = _suggest_line(f"{checksum}  {meant}") if meant else _refuse_unreadable_line(0)
            self._add_problem(number, typed.start(), refusal)
        self._is_within_unreadable = True

    def _find_form(self, line: str) -> str | None:
        """Find the form that *line* refers to, maybe by a foreign path or in another case."""
        searched = normalize_name(line[:_MAX_SEARCHED_LENGTH]).replace("\\", "/").lower()
        found = [
            (len(part), name)
            for part, name in self._name_parts
            if part in searched and _is_whole_name(part, searched)
        ]
        return max(found)[1] if found else None

    def _add_problem(self, number: int, column: int, error: ReadError) -> None:
        self.problems.append(error.to_problem(Place(_CHECKSUM_PATH, number, column + 1)))


def _is_whole_name(part: str, line: str) -> bool:
    """Return whether *part* occurs in *line* as a whole name, not inside another one."""
    at = line.find(part)
    while at >= 0:
        before, behind = line[at - 1 : at], line[at + len(part) : at + len(part) + 1]
        if (not before or before.isspace() or before in "/*(") and (
            not behind or behind.isspace() or behind in "):："
        ):
            return True
        at = line.find(part, at + 1)
    return False


def _refuse_unreadable_line(digits: int) -> ReadError:
    """Return the error for a line without checksum and name; *digits* is the length of another sum."""
    description = (
        message("这里的校验值有 {count} 位；SHA-256 有 64 位", count=str(digits))
        if digits
        else message("这一行不是校验值和文件名")
    )
    hint = message("请删去这一行；每份申报表写一行：64 位校验值、两个空格、文件名")
    return ReadError("checksum-line", description, hint)


def _suggest_line(line: str) -> ReadError:
    """Return the error for a line that should read *line*."""
    description = message("这一行的写法读不懂，或者文件名写成了别处的路径")
    return ReadError("checksum-line", description, message("请把这一行换成：{line}", line=line))


def _refuse_unknown_form(name: str) -> ReadError:
    """Return the error for a checksum of a form that does not exist."""
    hint = (
        message("这里只登记收到的申报表；请删去这一行")
        if name == CHECKSUM_FILE or is_ignored_path(name)
        else message("请核对文件名，或从原件恢复文件；不再公开的，删去这一行")
    )
    description = message("content/forms/ 里没有登记的这份申报表：{name}", name=name)
    return ReadError("checksum-without-form", description, hint)


PUBLISHED_COPIES = "forms/published/"
"""Folder of published copies, e.g. `forms/published/museum.docx` for `forms/museum.docx`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFinding:
    """Possible personal data in a form, with its place."""

    found: PersonalDataMatch
    line: int | None = None
    """Line in a plain-text form, counted from 1."""
    place: Message | None = None
    """Place in any other form, e.g. `表 1，第 7 行，第 3 格`."""


@dataclass(frozen=True, kw_only=True)
class PublishedForm:
    """File that readers get for a form, either the form itself or a redacted copy."""

    path: str
    """Path relative to `content/`, and in the site."""
    sha256: str
    """Checksum in hexadecimal, lower case."""


@dataclass(frozen=True, kw_only=True)
class FormFile:
    """A form as received, kept under `content/forms/`."""

    path: str
    """Path relative to `content/`, e.g. `forms/declarations-2021.txt`."""
    sha256: str
    """Checksum in hexadecimal, lower case."""
    size: int
    """Size in bytes."""
    published: PublishedForm | None = None
    """File that readers get, or `None` if the site publishes no forms."""
    findings: tuple[FormFinding, ...] = ()
    """Possible personal data in the published file."""
    unsearched: tuple[Message, ...] = ()
    """Reasons that the published file, or a part of it, could not be searched."""
    garbled: Problem | None = None
    """Problem of a published plain-text form that was saved in a wrong encoding."""

    @property
    def display_key(self) -> str:
        """Text that changes whenever a page showing this form would change."""
        return f"{self.sha256} {self.published}"

    @property
    def is_copied(self) -> bool:
        """Whether readers get a redacted copy."""
        return self.published is not None and self.published.path != self.path
