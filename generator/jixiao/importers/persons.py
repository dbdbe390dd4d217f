"""Cells about a person: the labels of names, telephones and identity numbers, and what such cells hold.

Nothing of them is written or printed.
"""

from __future__ import annotations

import re

from jixiao.importers.grid import Cell
from jixiao.importers.tally import Tally, Use
from jixiao.person_labels import BEHIND_ROLE, CONTACT, MORE, NAME, ROLE
from jixiao.personal_data.text_patterns import personal_data

_BRACKET = r"(?:[（(].{0,12}[）)])?"
_ROLE = re.compile(rf"(?:其中[:：])?{ROLE}{BEHIND_ROLE}{MORE}{_BRACKET}").pattern
_CONTACT = re.compile(rf"(?:其中[:：])?{CONTACT}{MORE}{_BRACKET}").pattern
_LABEL = re.compile(rf"(?:{_ROLE}|{_CONTACT})[:：]?")
_NUMBER = r"[+(（]?(?=[A-Za-z_.+()（）-]{0,40}[0-9@])[0-9A-Za-z_.@+()（）–—-]{6,}"
_ROLE_BEFORE, _CONTACT_BEFORE = (
    rf"{label}(?:\s{{0,4}}[:：]|\s|(?<=[）)]))\s{{0,40}}" for label in (_ROLE, _CONTACT)
)
_SURELY = rf"(?:{_ROLE_BEFORE}|{_CONTACT_BEFORE})(?:{NAME}|{_NUMBER})"
_ROLE_WITH_COLON = rf"{_ROLE}\s{{0,4}}[:：]"
_NEXT_LABEL = rf"(?:{_ROLE}|{_CONTACT})\s{{0,4}}[:：]\s{{0,40}}(?:{ROLE}|{CONTACT})"
_BEGINS = re.compile(rf"(?:{_SURELY}|{_ROLE_WITH_COLON}|{_NEXT_LABEL})")
_BEGINS_SURELY = re.compile(_SURELY)
_WITHIN = re.compile(rf"(?:^|[^\w])(?:{_SURELY}|{_ROLE_WITH_COLON})")
_WITHIN_SURELY = re.compile(rf"(?:(?:^|[^\w]){_SURELY}|[ \u3000]{{2}}{_ROLE_WITH_COLON})")
_SENTENCE = re.compile("[。；;]")
_LONGEST_LINE = 200
"""Characters of a line in which a person may be named behind other labels; what is longer is a text."""
_LONGEST_LEFT_OUT = 60
"""Signs of a cell that holds a label with a name and numbers, and nothing else that could be lost."""


def is_label_of_person(cell: Cell) -> bool:
    """Return whether nothing but the label of a person's name or number stands in *cell*."""
    return len(cell.text) <= _LONGEST_LINE and _LABEL.fullmatch(cell.squeezed) is not None


def is_about_a_person(cell: Cell) -> bool:
    """Return whether *cell* holds the label of a person's name or number, perhaps with the name itself.

    A label of numbers that other words follow is none: `邮箱：升级一次` is about a mailbox.
    """
    return is_label_of_person(cell) or _is_found(_WITHIN, cell)


def begins_with_person(cell: Cell) -> bool:
    """Return whether a label of a person begins *cell*, and nothing but a name or a number follows."""
    if is_label_of_person(cell):
        return True
    is_line = len(cell.squeezed) <= _LONGEST_LEFT_OUT and not _SENTENCE.search(cell.words)
    pattern = _BEGINS if is_line else _BEGINS_SURELY
    return len(cell.text) <= _LONGEST_LINE and pattern.match(cell.words) is not None


def names_a_person(cell: Cell) -> bool:
    """Return whether *cell* names a person for sure, or is a line of several labels with one of a person."""
    return _is_found(_WITHIN_SURELY, cell)


def leave_out(cell: Cell, tally: Tally) -> None:
    """Leave *cell* out where it is about a person alone; hold back what may hold something else."""
    is_alone = is_label_of_person(cell) or _BEGINS.match(cell.words) or not _is_found(_WITHIN, cell)
    if is_alone and len(cell.squeezed) <= _LONGEST_LEFT_OUT:
        tally.take(Use.LEFT_OUT, cell)
    else:
        tally.hold_back(cell)


def has_value_of_person(cell: Cell) -> bool:
    """Return whether the name or number itself stands behind the label in *cell*."""
    _, colon, behind = cell.words.replace("：", ":").partition(":")
    return bool(colon and behind.strip())


def holds_a_number_of_a_person(cell: Cell) -> bool:
    """Return whether something in *cell* looks like a telephone, an identity number or the like."""
    return bool(personal_data(cell.text))


def _is_found(pattern: re.Pattern[str], cell: Cell) -> bool:
    return len(cell.text) <= _LONGEST_LINE and pattern.search(cell.words) is not None
