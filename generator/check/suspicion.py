"""A suspicion: what looks like personal data in all that a declaration brings onto the site."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.load.content import FormFile
from generator.load.tree import Path
from generator.model.catalogue import Catalogue, Filed
from generator.model.entry import Entry
from generator.personal_data import Found


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Something found, and the field that answers for it."""

    path: Path
    """The field that was typed, or the one that names the form."""
    found: Found
    line_of_form: int | None = None
    """Counted from 1, where it stands in the form as received."""


def suspicions(filed: Filed, catalogue: Catalogue) -> Iterator[Suspicion]:
    """Yield what is found in the texts and permanent names of *filed* and in its lines of the form."""
    for path, found in filed.declaration.personal_data:
        yield Suspicion(path=path, found=found)
    form = catalogue.forms.get(filed.declaration.source.form.plain())
    if form is None:
        return
    for number, found in form.personal_data:
        if answers_for(filed.entry, form, number):
            yield Suspicion(path=("source", "form"), found=found, line_of_form=number)


def answers_for(entry: Entry, form: FormFile, line: int) -> bool:
    """Tell whether a declaration was taken from this line of *form*, or from the whole of it."""
    if entry.form != form.path:
        return False
    first, last = entry.lines or (line, line)
    return first <= line <= last
