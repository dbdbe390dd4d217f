"""What a declaration brings onto the site in words: its texts, permanent names, and the form behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.load.content import FormFile
from generator.load.tree import Path
from generator.model.catalogue import Catalogue, Filed


@dataclass(frozen=True, kw_only=True)
class PublishedText:
    """One text, and the field that answers for it."""

    path: Path
    """The field that was typed, or the one that names the form."""
    text: str
    line_of_form: int | None = None
    """Counted from 1, where the text stands in the form as received."""


def published_texts(filed: Filed, catalogue: Catalogue) -> Iterator[PublishedText]:
    """Yield every text that is published with *filed*; of a form that holds several, its own lines."""
    for path, text in filed.declaration.free_texts():
        yield PublishedText(path=path, text=text.plain())
    for path, indicator in filed.declaration.indicators_with_paths():
        yield PublishedText(path=(*path, "id"), text=indicator.id)
    form = catalogue.forms.get(filed.declaration.source.form.plain())
    if form is not None:
        for number in lines_of_form(filed, form):
            yield PublishedText(path=("source", "form"), text=form.lines[number - 1], line_of_form=number)


def lines_of_form(filed: Filed, form: FormFile) -> range:
    """Give the numbers of the lines of *form* that *filed* was taken from, counted from 1."""
    first, last = filed.declaration.source.lines or (1, len(form.lines))
    return range(first, min(last, len(form.lines)) + 1)
