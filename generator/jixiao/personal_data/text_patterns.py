"""Personal data in a text: a text comes in, what looks like personal data comes out.

Recognised are identity-card numbers, bank cards, mobile and landline numbers and e-mail addresses, also
when written full-width or in groups with blanks, hyphens, dots, strokes or a line break between them. A
figure is no number of a person: what has thousands separators or decimals, stands before a unit or behind a
comparison sign is left alone, and so is a check sum.
Nothing here knows what a declaration is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, auto
from itertools import accumulate, pairwise
from typing import NamedTuple


class Kind(StrEnum):
    """What a part of a text looks like."""

    IDENTITY_NUMBER = auto()
    """18 characters with a province, a birth date and the right check digit: no accident."""
    IDENTITY_NUMBER_MISTYPED = auto()
    """The same with a wrong check digit: perhaps mistyped, perhaps another number."""
    BANK_CARD = auto()
    MOBILE = auto()
    LANDLINE = auto()
    EMAIL = auto()
    PERSON = auto()
    """A name beside a label that says so. Found by the search of forms alone."""
    FIGURE = auto()
    """No personal data: its digits are not to be taken for some. Never given to anybody outside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A part of a text that looks like personal data."""

    kind: Kind
    start: int
    """Of its first character in the text."""
    end: int
    """Behind its last character."""
    number: str
    """Half-width, without blanks and hyphens. Never to be printed whole."""

    def masked(self) -> str:
        """Show enough to find it again, and too little to use it."""
        return (
            f"{self.number[0]}••" if self.kind is Kind.PERSON else f"{self.number[:3]}•••{self.number[-2:]}"
        )


class _Candidate(NamedTuple):
    """Groups of digits that stand next to each other and may be one number."""

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]
    """The length of each group."""
    marks: str
    """What parts them: `-` also for blanks, `.`, `/`, `_`, a line break; each once."""


class _Digits(NamedTuple):
    """All digits of a run, without what parts them."""

    digits: str
    offsets: list[int]
    """Where each group begins, and where the last ends."""


_HYPHENS = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_BLANKS = (
    "\t\v\f\N{NO-BREAK SPACE}\N{OGHAM SPACE MARK}\N{MEDIUM MATHEMATICAL SPACE}\N{IDEOGRAPHIC SPACE}"
    + "".join(
        # Of every width, and what takes no room at all: a file as received may hold it.
        map(
            chr,
            (
                0xAD,
                0x61C,
                0x180E,
                *range(0x2000, 0x2010),
                *range(0x202A, 0x2030),
                *range(0x2060, 0x2070),
                0xFEFF,
            ),
        )
    )
)
# One character for one, so that places stay true. The full-width comma stays: it parts sentences.
_NARROW = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
    | dict.fromkeys(map(ord, _HYPHENS), "-")
    | dict.fromkeys(map(ord, _BLANKS), " ")
    | dict.fromkeys(map(ord, "\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\N{NEXT LINE}"), "\n")
    | dict.fromkeys(map(ord, "\N{MIDDLE DOT}\N{BULLET OPERATOR}\N{KATAKANA MIDDLE DOT}"), ".")
    | dict.fromkeys(map(ord, "\N{ROMAN NUMERAL TEN}\N{SMALL ROMAN NUMERAL TEN}"), "X")
)
# Most texts hold neither ten digits nor an @, and are left at once.
_WORTH_A_LOOK = re.compile(r"[@＠]|\d(?:\D{0,5}\d){9}")
_BETWEEN = r"(?:[ ./_-]{1,3}| {0,2}\n[ \n]{0,2})"
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
"""The digits of other scripts and of mathematics."""
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*(?:{_BETWEEN}?[Xx](?![A-Za-z0-9]))?")
_GROUP = re.compile(r"[0-9]+|[Xx]")
_SHORTEST, _LONGEST = 10, 19

_COUNTRY_CODE = re.compile(r"(?<![0-9])(?:\+|00)86(?=1[3-9][0-9]{9}(?![0-9]))")
_AREA_IN_BRACKETS = re.compile(r"\((0[0-9]{2,3})\)")
_FIGURE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]{1,6}(?![0-9]))?"
    # With two points it is no figure.
    r"|(?<![0-9]\.)[0-9]{1,15}\.[0-9]{1,6}(?![0-9]|\.[0-9]))"
)
# What follows must not begin another word: 人社局, 次日, 个人, 户主.
_UNIT_BEHIND = re.compile(
    r" ?(?:[百千万亿]*(?:元|美元|欧元|港元|日元|人(?![事社力])|次(?!日)|个(?!人)|户(?!主)"
    r"|件|份|张|册|枚|株|吨|度|千克|公斤|千瓦时|公里|米|平方|立方|㎡|%|‰)|亿)"
)
_SIGN_BEFORE = re.compile(r"(?:[<>=≥≤¥￥$]|人民币) ?$")

# A check sum such as SHA-256, which may hold any digits.
_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])")

# GB 11643: the sum of the digits with these weights, modulo 11, gives the last character.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# The provinces of GB/T 2260, with 81 to 83 on residence permits; then a year of 1900 to 2099.
_IDENTITY_NUMBER = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}(?:19|20)[0-9]{9}[0-9X]"
)
_PAIR = 2
"""Groups of digits: who parts a number in two does so on purpose."""
_CUTS_OF_IDENTITY_NUMBER = frozenset({2, 4, 6, 10, 12, 14, 17})
"""Where its parts end: province, city, county, year, month, day, number, check digit."""
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (3, 3, 5)})
# Cards of 4, 5 and 35 have 16 digits; longer numbers that begin so are codes of organisations and projects.
_BANK_CARD = re.compile(r"(?:35(?:2[89]|[3-8][0-9])[0-9]{12}|[45][0-9]{15}|6[0-9]{15,18}|95[0-9]{14,17})")
_BANK_CARD_GROUPS = frozenset(
    {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 10), (6, 11), (6, 12), (6, 13)}
)
_BEGINS = re.compile(
    r"(?P<identity>[1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9X])"
    r"|(?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6}|1[3-9][0-9]{9}|(?:35|95)[0-9]{14}|[456][0-9]{15}"
)
"""The first digits of any kind of number; a quick look before a closer one."""
_MOST_GROUPS = 5
"""Groups of a number that is no identity number."""
_LANDLINE_GROUPS = frozenset({(7,), (8,), (3, 4), (4, 4)})
"""Behind the area code, where more than blanks and hyphens part them."""
_OF_A_NUMBER = re.compile(r"电话|手机|联系|热线|传真|卡号|[账帐]号|开户|[Tt][Ee][Ll]|[Pp]hone")
_WORDS_BEFORE = 12
"""Characters before a number in which a word may say what it is."""
_LANDLINE = re.compile(r"(?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6,7}")


def personal_data(text: str) -> tuple[Found, ...]:
    """Find what looks like personal data in *text*, in the order of the text."""
    if not _WORTH_A_LOOK.search(text):
        return ()
    narrow = _COUNTRY_CODE.sub(
        lambda match: " " * len(match[0]),
        _OTHER_DIGIT.sub(lambda match: str(int(match[0])), text.translate(_NARROW)),
    )
    narrow = _AREA_IN_BRACKETS.sub(r" \1 ", narrow)
    narrow = _HASH.sub(lambda match: " " * len(match[0]), narrow)
    found: list[Found] = []
    taken: set[int] = set()
    for one in _possible(narrow):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(one)
    return tuple(sorted((one for one in found if one.kind is not Kind.FIGURE), key=lambda one: one.start))


def may_hold_personal_data(texts: Iterable[str]) -> bool:
    """Tell whether any of *texts* is worth a look, in a single search: in most there is nothing."""
    # More characters between two texts than may stand between two digits.
    return _WORTH_A_LOOK.search("\n\n\n\n\n\n".join(texts)) is not None


def _possible(text: str) -> Iterator[Found]:
    """Give all that can be read into *text*, the surest first; parts may overlap."""
    candidates = tuple(_candidates(text))
    yield from _of_kind(Kind.IDENTITY_NUMBER, candidates, _is_identity_number)
    yield from _of_kind(Kind.IDENTITY_NUMBER_MISTYPED, candidates, _is_like_identity_number)
    yield from _matches(Kind.EMAIL, _EMAIL, text)
    yield from _matches(Kind.FIGURE, _FIGURE, text)
    likely = tuple(candidate for candidate in candidates if _is_likely_whole(text, candidate))
    for kind, is_one in (
        (Kind.BANK_CARD, _is_bank_card),
        (Kind.MOBILE, _is_mobile),
        (Kind.LANDLINE, _is_landline),
    ):
        for one in _of_kind(kind, likely, is_one):
            yield replace(one, kind=Kind.FIGURE) if _is_figure(text, one) else one


def _of_kind(
    kind: Kind, candidates: Iterable[_Candidate], is_one: Callable[[_Candidate], bool]
) -> Iterator[Found]:
    for candidate in candidates:
        if is_one(candidate):
            yield Found(kind=kind, start=candidate.start, end=candidate.end, number=candidate.digits)


def _matches(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(kind=kind, start=match.start(), end=match.end(), number=match[0])


def masked(text: str) -> str:
    """Give *text* with everything that looks like personal data made unusable, for a log that others read."""
    pieces: list[str] = []
    end = 0
    for found in personal_data(text):
        pieces += text[end : found.start], found.masked()
        end = found.end
    return "".join((*pieces, text[end:]))


def check_digit(digits: str) -> str:
    """Compute the last character of the identity number that begins with these 17 digits."""
    weighted = (int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[sum(weighted) % 11]


def _is_identity_number(candidate: _Candidate) -> bool:
    digits = candidate.digits
    return (
        _is_dated(digits)
        and digits[17] == check_digit(digits[:17])
        and (set(candidate.marks) <= {"-"} or _is_parted_on_purpose(candidate.groups))
    )


def _is_like_identity_number(candidate: _Candidate) -> bool:
    return set(candidate.marks) <= {"-"} and _is_dated(candidate.digits)


def _is_dated(digits: str) -> bool:
    return _IDENTITY_NUMBER.fullmatch(digits) is not None and _is_day(digits[6:14])


def _is_parted_on_purpose(groups: tuple[int, ...]) -> bool:
    """Tell groups of an identity number from figures that stand beside or below each other by accident."""
    cuts = set(accumulate(groups[:-1]))
    is_even = len(set(groups[:-1])) == 1 and groups[-1] <= groups[0]
    return len(groups) == _PAIR or is_even or cuts <= _CUTS_OF_IDENTITY_NUMBER


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_figure(text: str, one: Found) -> bool:
    before = text[max(0, one.start - 4) : one.start]
    return bool(_UNIT_BEHIND.match(text, one.end) or _SIGN_BEFORE.search(before))


def _is_likely_whole(text: str, candidate: _Candidate) -> bool:
    """Tell whether groups are one number; sums below each other and ratios look the same without a word."""
    if set(candidate.marks) <= {"-", "_"}:
        return True
    if "\n" not in candidate.marks and len(candidate.groups) > _PAIR:
        return True
    is_area = candidate.digits.startswith("0") and "\n" not in candidate.marks
    return (
        is_area
        or _OF_A_NUMBER.search(text, max(0, candidate.start - _WORDS_BEFORE), candidate.start) is not None
    )


def _is_bank_card(candidate: _Candidate) -> bool:
    return (
        _BANK_CARD.fullmatch(candidate.digits) is not None
        and (len(candidate.groups) == 1 or candidate.groups in _BANK_CARD_GROUPS)
        and _luhn_sum(candidate.digits) % 10 == 0
    )


def _luhn_sum(digits: str) -> int:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return sum(doubled) + sum(map(int, digits[::-2]))


def _is_mobile(candidate: _Candidate) -> bool:
    return candidate.groups in _MOBILE_GROUPS and _MOBILE.fullmatch(candidate.digits) is not None


def _is_landline(candidate: _Candidate) -> bool:
    """Only with a mark behind the area code: a mere row of digits that begins with 0 is a code."""
    area = 3 if candidate.digits.startswith(("01", "02")) else 4
    is_grouped = set(candidate.marks) <= {"-"} or candidate.groups[1:] in _LANDLINE_GROUPS
    return candidate.groups[0] == area and is_grouped and _LANDLINE.fullmatch(candidate.digits) is not None


def _candidates(text: str) -> Iterator[_Candidate]:
    """Yield every row of whole groups of digits that may be a number; a group is never cut."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() < _SHORTEST:
            continue
        groups = [match.span() for match in _GROUP.finditer(text, run.start(), run.end())]
        digits = "".join(text[start:end] for start, end in groups).upper()
        offsets = [0, *accumulate(end - start for start, end in groups)]
        for first in range(len(groups)):
            yield from _beginning_at(first, text, groups, _Digits(digits, offsets))


def _beginning_at(
    first: int, text: str, groups: Sequence[tuple[int, int]], run: _Digits
) -> Iterator[_Candidate]:
    """Yield the rows that begin with one of *groups*, as far as its first digits can be those of a number."""
    at = run.offsets[first]
    begins = _BEGINS.match(run.digits, at)
    if begins is None:
        return
    for last in range(first, len(groups)):
        length = run.offsets[last + 1] - at
        if length > _LONGEST or (last - first >= _MOST_GROUPS and not begins["identity"]):
            return
        if length >= _SHORTEST:
            yield _Candidate(
                start=groups[first][0],
                end=groups[last][1],
                digits=run.digits[at : at + length],
                groups=tuple(end - start for start, end in groups[first : last + 1]),
                marks=_marks(text, groups[first : last + 1]),
            )


def _marks(text: str, groups: Sequence[tuple[int, int]]) -> str:
    """List what parts *groups*; blanks beside another mark do not count."""
    between = (text[end:start] for (_, end), (start, _) in pairwise(groups))
    return "".join({mark for part in between for mark in part.strip(" ") or "-"})
