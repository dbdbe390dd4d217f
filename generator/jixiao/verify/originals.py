"""The forms that a site holds: those that its settings publish, unchanged, and no other file beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.sources import COPIES, Sources

_FOLDER = "forms/"


def published_form(form: str, sources: Sources) -> str | None:
    """Name the file that readers get for *form*: itself, a copy, or none."""
    if not sources.settings.originals:
        return None
    copy = f"{COPIES}{form.removeprefix(_FOLDER)}"
    return copy if copy in sources.forms else form


def forms_for(form: str, sources: Sources) -> Mapping[str, str]:
    """Pick what a page that names *form* is compared with: path → SHA-256."""
    published = published_form(form, sources)
    return {path: sources.forms[path] for path in (form, published) if path is not None}


def compare_forms(
    forms: Iterable[str], sources: Sources, files: AbstractSet[str], checksum: Callable[[str], str | None]
) -> Iterator[Finding]:
    """Yield the forms that are missing, changed, or there although they are not to be published.

    Args:
        forms: Those that declarations were taken from.
        sources: With the checksums of forms and copies.
        files: All of the site.
        checksum: Gives the SHA-256 of a file of the site, or `None` where there is none.
    """
    expected = {published for form in forms if (published := published_form(form, sources)) is not None}
    for form in sorted(expected):
        found = checksum(form)
        if found is None:
            yield Finding(file=form, saying=message("缺少申报表文本"))
        elif found != sources.forms[form]:
            yield Finding(file=form, saying=message("申报表文本与项目里的不同"))
    for file in sorted(files):
        if file.startswith(_FOLDER) and not file.endswith(".html") and file not in expected:
            yield Finding(file=file, saying=message("这份申报表不该公布"))
