"""Patterns of personal data in text: text comes in, matches go out.

Recognised are identity-card numbers, bank cards, mobile and landline numbers and e-mail addresses, also
full-width or in groups separated by blanks, hyphens, dots, strokes or a line break. Figures are not matched:
numbers with thousands separators or decimals, before a unit or behind a comparison sign, and checksums.
Nothing here knows declarations.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, auto
from itertools import accumulate, pairwise
from typing import NamedTuple

from stdnum import luhn
from stdnum.cn import ric


class PersonalDataKind(StrEnum):
    """Kind of personal data."""

    IDENTITY_NUMBER = auto()
    """18 characters with a province, a birth date and the right check digit: not a coincidence."""
    IDENTITY_NUMBER_MISTYPED = auto()
    """The same with a wrong check digit: perhaps mistyped, perhaps another number."""
    BANK_CARD = auto()
    MOBILE = auto()
    LANDLINE = auto()
    EMAIL = auto()
    PERSON = auto()
    """Name beside a label of a person. Found only by the search of forms."""
    FIGURE = auto()
    """Figure whose digits must not be matched as personal data. Internal: never returned to callers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalDataMatch:
    """Part of a text that looks like personal data."""

    kind: PersonalDataKind
    start: int
    """Position of its first character in the text."""
    end: int
    """Position after its last character."""
    number: str
    """Matched text, half-width, without blanks and hyphens. Never to be printed in full."""

    def mask(self) -> str:
        """Return enough characters to find it again, and too few to use it."""
        return (
            f"{self.number[0]}••"
            if self.kind is PersonalDataKind.PERSON
            else f"{self.number[:3]}•••{self.number[-2:]}"
        )


class _NumberCandidate(NamedTuple):
    """Adjacent groups of digits that may be one number."""

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]
    """Length of each group."""
    separators: str
    """Separators, each once: `-` also for blanks, `.`, `/`, `_`, a line break."""


class _DigitRun(NamedTuple):
    """Digits of a run of groups, without separators."""

    digits: str
    offsets: list[int]
    """Start of each group, and end of the last."""


_HYPHENS = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_BLANKS = (
    "\t\v\f\N{NO-BREAK SPACE}\N{OGHAM SPACE MARK}\N{MEDIUM MATHEMATICAL SPACE}\N{IDEOGRAPHIC SPACE}"
    + "".join(
        # Blanks of every width, and invisible characters, which received files may hold.
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
# Each character is replaced by one, so that positions stay valid. A full-width comma separates sentences.
_TO_HALF_WIDTH = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
    | dict.fromkeys(map(ord, _HYPHENS), "-")
    | dict.fromkeys(map(ord, _BLANKS), " ")
    | dict.fromkeys(map(ord, "\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\N{NEXT LINE}"), "\n")
    | dict.fromkeys(map(ord, "\N{MIDDLE DOT}\N{BULLET OPERATOR}\N{KATAKANA MIDDLE DOT}"), ".")
    | dict.fromkeys(map(ord, "\N{ROMAN NUMERAL TEN}\N{SMALL ROMAN NUMERAL TEN}"), "X")
)
# Most texts hold neither ten digits nor an @, and need no search.
_QUICK_TEST = re.compile(r"[@＠]|\d(?:\D{0,5}\d){9}")
_GROUP_SEPARATOR = r"(?:[ ./_-]{1,3}| {0,2}\n[ \n]{0,2})"
_NON_ASCII_DIGIT = re.compile(r"(?![0-9])\d")
"""Digits of other scripts and of mathematics."""
_DIGIT_GROUPS = re.compile(rf"[0-9]+(?:{_GROUP_SEPARATOR}[0-9]+)*(?:{_GROUP_SEPARATOR}?[Xx](?![A-Za-z0-9]))?")
_DIGIT_GROUP = re.compile(r"[0-9]+|[Xx]")
_MIN_DIGITS, _MAX_DIGITS = 10, 19

_COUNTRY_CODE = re.compile(r"(?<![0-9])(?:\+|00)86(?=1[3-9][0-9]{9}(?![0-9]))")
_AREA_IN_BRACKETS = re.compile(r"\((0[0-9]{2,3})\)")
_FIGURE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]{1,6}(?![0-9]))?"
    # With two points it is no figure.
    r"|(?<![0-9]\.)[0-9]{1,15}\.[0-9]{1,6}(?![0-9]|\.[0-9]))"
)
# A unit must not be the beginning of another word: 人社局, 次日, 个人, 户主.
_UNIT_AFTER = re.compile(
    r" ?(?:[百千万亿]*(?:元|美元|欧元|港元|日元|人(?![事社力])|次(?!日)|个(?!人)|户(?!主)"
    r"|件|份|张|册|枚|株|吨|度|千克|公斤|千瓦时|公里|米|平方|立方|㎡|%|‰)|亿)"
)
_SIGN_BEFORE = re.compile(r"(?:[<>=≥≤¥￥$]|人民币) ?$")

# A checksum such as SHA-256 may hold any digits.
_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])")

_CHECKED_DIGITS = 17
# The provinces of GB/T 2260, with 81 to 83 on residence permits; then a year of 1900 to 2099.
_IDENTITY_NUMBER = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}(?:19|20)[0-9]{9}[0-9X]"
)
_TWO_GROUPS = 2
"""Number of groups in a number that was split in two on purpose."""
_IDENTITY_NUMBER_CUTS = frozenset({2, 4, 6, 10, 12, 14, 17})
"""Ends of its parts: province, city, county, year, month, day, number, check digit."""
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (3, 3, 5)})
# Cards that begin with 4, 5 or 35 have 16 digits; longer numbers are codes of organisations and projects.
_BANK_CARD = re.compile(r"(?:35(?:2[89]|[3-8][0-9])[0-9]{12}|[45][0-9]{15}|6[0-9]{15,18}|95[0-9]{14,17})")
_BANK_CARD_GROUPS = frozenset(
    {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 10), (6, 11), (6, 12), (6, 13)}
)
_NUMBER_START = re.compile(
    r"(?P<identity>[1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9X])"
    r"|(?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6}|1[3-9][0-9]{9}|(?:35|95)[0-9]{14}|[456][0-9]{15}"
)
"""First digits of any kind of number; a quick test before a closer one."""
_MAX_GROUPS = 5
"""Most groups of a number that is not an identity number."""
_LANDLINE_GROUPS = frozenset({(7,), (8,), (3, 4), (4, 4)})
"""Groups after the area code if separators other than blanks and hyphens are used."""
_PHONE_OR_ACCOUNT_WORD = re.compile(r"电话|手机|联系|热线|传真|卡号|[账帐]号|开户|[Tt][Ee][Ll]|[Pp]hone")
_CONTEXT_LENGTH = 12
"""Characters before a number in which a word may identify it."""
_LANDLINE = re.compile(r"(?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6,7}")


def find_personal_data(text: str) -> tuple[PersonalDataMatch, ...]:
    """Find personal data in *text*, in text order."""
    if not _QUICK_TEST.search(text):
        return ()
    narrow = _COUNTRY_CODE.sub(
        lambda match: " " * len(match[0]),
        _NON_ASCII_DIGIT.sub(lambda match: str(int(match[0])), text.translate(_TO_HALF_WIDTH)),
    )
    narrow = _AREA_IN_BRACKETS.sub(r" \1 ", narrow)
    narrow = _HASH.sub(lambda match: " " * len(match[0]), narrow)
    matches: list[PersonalDataMatch] = []
    covered: set[int] = set()
    for match in _find_possible_matches(narrow):
        positions = range(match.start, match.end)
        if covered.isdisjoint(positions):
            covered.update(positions)
            if match.kind is not PersonalDataKind.FIGURE:
                matches.append(match)
    return tuple(sorted(matches, key=lambda match: match.start))


def may_hold_personal_data(texts: Iterable[str]) -> bool:
    """Return whether any of *texts* needs a full search, by one quick test; most do not."""
    # The separator is longer than any gap between two digits of a number.
    return _QUICK_TEST.search("\n\n\n\n\n\n".join(texts)) is not None


def _find_possible_matches(text: str) -> Iterator[PersonalDataMatch]:
    """Yield all possible matches in *text*, the most certain first; they may overlap."""
    candidates = tuple(_find_candidates(text))
    yield from _match_candidates(PersonalDataKind.IDENTITY_NUMBER, candidates, _is_identity_number)
    yield from _match_candidates(
        PersonalDataKind.IDENTITY_NUMBER_MISTYPED, candidates, _is_like_identity_number
    )
    yield from _match_pattern(PersonalDataKind.EMAIL, _EMAIL, text)
    yield from _match_pattern(PersonalDataKind.FIGURE, _FIGURE, text)
    likely = tuple(candidate for candidate in candidates if _is_likely_whole(text, candidate))
    for kind, has_kind in (
        (PersonalDataKind.BANK_CARD, _is_bank_card),
        (PersonalDataKind.MOBILE, _is_mobile),
        (PersonalDataKind.LANDLINE, _is_landline),
    ):
        for match in _match_candidates(kind, likely, has_kind):
            before = text[max(0, match.start - 4) : match.start]
            is_figure = _UNIT_AFTER.match(text, match.end) or _SIGN_BEFORE.search(before)
            yield replace(match, kind=PersonalDataKind.FIGURE) if is_figure else match


def _match_candidates(
    kind: PersonalDataKind,
    candidates: Iterable[_NumberCandidate],
    has_kind: Callable[[_NumberCandidate], bool],
) -> Iterator[PersonalDataMatch]:
    for candidate in candidates:
        if has_kind(candidate):
            yield PersonalDataMatch(
                kind=kind, start=candidate.start, end=candidate.end, number=candidate.digits
            )


def _match_pattern(
    kind: PersonalDataKind, pattern: re.Pattern[str], text: str
) -> Iterator[PersonalDataMatch]:
    for match in pattern.finditer(text):
        yield PersonalDataMatch(kind=kind, start=match.start(), end=match.end(), number=match[0])


def mask_personal_data(text: str) -> str:
    """Return *text* with all personal data masked, for logs that others read."""
    pieces: list[str] = []
    end = 0
    for match in find_personal_data(text):
        pieces += text[end : match.start], match.mask()
        end = match.end
    return "".join((*pieces, text[end:]))


def compute_check_digit(digits: str) -> str:
    """Compute the last character of the identity number that begins with these 17 digits.

    Raises:
        ValueError: There are more or fewer digits.
    """
    if len(digits) != _CHECKED_DIGITS:
        raise ValueError(len(digits))
    return ric.calc_check_digit(f"{digits}0")


def _is_identity_number(candidate: _NumberCandidate) -> bool:
    """Return whether it is an identity number, in one piece or in groups that do not look like figures."""
    digits, groups = candidate.digits, candidate.groups
    if not _has_birth_date(digits) or digits[17] != compute_check_digit(digits[:17]):
        return False
    is_even = len(set(groups[:-1])) == 1 and groups[-1] <= groups[0]
    return (
        set(candidate.separators) <= {"-"}
        or len(groups) == _TWO_GROUPS
        or is_even
        or set(accumulate(groups[:-1])) <= _IDENTITY_NUMBER_CUTS
    )


def _is_like_identity_number(candidate: _NumberCandidate) -> bool:
    return set(candidate.separators) <= {"-"} and _has_birth_date(candidate.digits)


def _has_birth_date(digits: str) -> bool:
    if not _IDENTITY_NUMBER.fullmatch(digits):
        return False
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return True


def _is_likely_whole(text: str, candidate: _NumberCandidate) -> bool:
    """Return whether groups are one number; without a word nearby, sums and ratios look the same."""
    if set(candidate.separators) <= {"-", "_"}:
        return True
    if "\n" not in candidate.separators and len(candidate.groups) > _TWO_GROUPS:
        return True
    is_area = candidate.digits.startswith("0") and "\n" not in candidate.separators
    return (
        is_area
        or _PHONE_OR_ACCOUNT_WORD.search(text, max(0, candidate.start - _CONTEXT_LENGTH), candidate.start)
        is not None
    )


def _is_bank_card(candidate: _NumberCandidate) -> bool:
    return (
        _BANK_CARD.fullmatch(candidate.digits) is not None
        and (len(candidate.groups) == 1 or candidate.groups in _BANK_CARD_GROUPS)
        and luhn.is_valid(candidate.digits)
    )


def _is_mobile(candidate: _NumberCandidate) -> bool:
    return candidate.groups in _MOBILE_GROUPS and _MOBILE.fullmatch(candidate.digits) is not None


def _is_landline(candidate: _NumberCandidate) -> bool:
    """Return whether it is a landline number, with a separator after its area code; others are codes."""
    area = 3 if candidate.digits.startswith(("01", "02")) else 4
    is_grouped = set(candidate.separators) <= {"-"} or candidate.groups[1:] in _LANDLINE_GROUPS
    return candidate.groups[0] == area and is_grouped and _LANDLINE.fullmatch(candidate.digits) is not None


def _find_candidates(text: str) -> Iterator[_NumberCandidate]:
    """Yield every sequence of whole digit groups that may be a number; groups are never cut."""
    for run in _DIGIT_GROUPS.finditer(text):
        if run.end() - run.start() < _MIN_DIGITS:
            continue
        groups = [match.span() for match in _DIGIT_GROUP.finditer(text, run.start(), run.end())]
        digits = "".join(text[start:end] for start, end in groups).upper()
        offsets = [0, *accumulate(end - start for start, end in groups)]
        for first in range(len(groups)):
            yield from _find_candidates_at(first, text, groups, _DigitRun(digits, offsets))


def _find_candidates_at(
    first: int, text: str, groups: Sequence[tuple[int, int]], run: _DigitRun
) -> Iterator[_NumberCandidate]:
    """Yield the candidates that begin with one of *groups*, while their first digits can be a number's."""
    offset = run.offsets[first]
    beginning = _NUMBER_START.match(run.digits, offset)
    if beginning is None:
        return
    for last in range(first, len(groups)):
        length = run.offsets[last + 1] - offset
        if length > _MAX_DIGITS or (last - first >= _MAX_GROUPS and not beginning["identity"]):
            return
        if length >= _MIN_DIGITS:
            between = [text[end:start] for (_, end), (start, _) in pairwise(groups[first : last + 1])]
            # Blanks beside another separator do not count.
            separators = {character for part in between for character in part.strip(" ") or "-"}
            yield _NumberCandidate(
                start=groups[first][0],
                end=groups[last][1],
                digits=run.digits[offset : offset + length],
                groups=tuple(end - start for start, end in groups[first : last + 1]),
                separators="".join(separators),
            )
