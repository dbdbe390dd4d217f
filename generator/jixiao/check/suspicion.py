"""A suspicion: what looks like personal data in all that a declaration brings onto the site."""

from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.analysis.summary import Entry
from jixiao.load.received import FormFile, FoundInForm
from jixiao.load.yaml_tree import Path
from jixiao.personal_data.text_patterns import Found


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Something found, and the field that answers for it."""

    path: Path
    """The field that was typed, or the one that names the form."""
    found: Found
    in_form: FoundInForm | None = None
    """Where it stands in the form as received."""


def suspicions(filed: Filed, catalogue: Catalogue) -> Iterator[Suspicion]:
    """Yield what is found in the texts and permanent names of *filed* and in its lines of the form."""
    for path, found in filed.declaration.personal_data:
        yield Suspicion(path=path, found=found)
    form = catalogue.forms.get(filed.declaration.source.form.plain())
    if form is None:
        return
    for one in form.findings:
        if answers_for(filed.entry, form, one):
            yield Suspicion(path=("source", "form"), found=one.found, in_form=one)


def answers_for(entry: Entry, form: FormFile, one: FoundInForm) -> bool:
    """Return whether the finding lies in the lines of *form* that the declaration was taken from."""
    if entry.form != form.path:
        return False
    if entry.lines is None or one.line is None:
        return True
    first, last = entry.lines
    return first <= one.line <= last
