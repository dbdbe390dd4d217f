"""How an input is changed for the next try: as people edit text, and now and then byte by byte.

Bytes alone seldom stay UTF-8: three of four files fell at the first step of the loader, and the rest of it
was hardly examined. Edited as text, one of five does.
"""

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.tokens import TOKENS

MOST_EDITS = 3
BYTES_EVERY = 5
"""One input of so many is changed byte by byte."""
_LONGEST_SPAN = 12
_SHARE_KEPT = 0.7
_FIELD = re.compile(r"(?P<field>\s*(?:- )?[^\s:]+: )(?P<value>\S.*)?")

Mutator = Callable[[bytes, int, int], bytes]


def mutator(mutate_bytes: Callable[[bytes, int], bytes]) -> Mutator:
    """Make the function that atheris calls for each new input.

    Args:
        mutate_bytes: Atheris' own way, which uses what it learnt from comparisons in the code.
    """

    def mutate(content: bytes, longest: int, seed: int) -> bytes:
        chance = Random(seed)  # noqa: S311 - repeatable, not secret
        if chance.randrange(BYTES_EVERY) == 0:
            return mutate_bytes(content, longest)
        text = content.decode("utf-8", "ignore")
        for _ in range(chance.randint(1, MOST_EDITS)):
            text = chance.choice(_EDITS)(text, chance)
        return text.encode()[:longest]

    return mutate


def _insert(text: str, chance: Random) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(TOKENS) + text[place:]


def _remove(text: str, chance: Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _overwrite(text: str, chance: Random) -> str:
    start, end = _span(text, chance)
    return text[:start] + chance.choice(TOKENS) + text[end:]


def _copy(text: str, chance: Random) -> str:
    start, end = _span(text, chance)
    place = chance.randint(0, len(text))
    return text[:place] + text[start:end] + text[place:]


def _change_figure(text: str, chance: Random) -> str:
    places = [place for place, mark in enumerate(text) if mark.isdigit()]
    if not places:
        return _insert(text, chance)
    place = chance.choice(places)
    return text[:place] + chance.choice("0123456789,.-") + text[place + 1 :]


def _replace_value(text: str, chance: Random) -> str:
    """Put a token, or the value of another line, where a value stands."""
    lines = text.split("\n")
    fields = [(number, found) for number, line in enumerate(lines) if (found := _FIELD.fullmatch(line))]
    if not fields:
        return _overwrite(text, chance)
    number, found = chance.choice(fields)
    other = chance.choice(fields)[1]["value"] or ""
    lines[number] = found["field"] + chance.choice((other, chance.choice(TOKENS).strip("\r\n")))
    return "\n".join(lines)


def _move_line(text: str, chance: Random) -> str:
    """Take a line away, put it elsewhere or indent it otherwise."""
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    if chance.random() < _SHARE_KEPT:
        blanks = chance.choice((line[: len(line) - len(line.lstrip())], " " * chance.randrange(9)))
        lines.insert(chance.randint(0, len(lines)), blanks + line.lstrip())
    return "\n".join(lines)


def _span(text: str, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, start + chance.randint(0, _LONGEST_SPAN)


_EDITS = (_insert, _remove, _overwrite, _copy, _change_figure, _replace_value, _replace_value, _move_line)
