"""One change as an editor makes it: a sum of one declaration is corrected."""

import re
from pathlib import Path

from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.likeness import identities_of

# In 元, and nothing but the total is filed for the year: a smaller total contradicts no other sum.
_ALONE = re.compile(r"(?<=\n  annual:\n    total: )[0-9,]{7,}(?=\n(?! {4}))")
_STEP = 100


def change_one_figure(project: Path) -> tuple[str, str]:
    """Lower the sum of a year in one declaration in the middle of the corpus; the same one every time.

    The sum stands on the page of the declaration and in the totals of its year, department, unit and the home
    page, so that more than one page changes.

    Returns:
        The identity of the declaration and the new sum, as it is filed and shown.
    """
    identities = identities_of(project)
    middle = len(identities) // 2
    for identity in (*identities[middle:], *identities[:middle]):
        file = project / f"content/declarations/{identity}.yml"
        text = file.read_text("utf-8")
        found = _ALONE.search(text)
        if found and "unit: 元\n" in text:
            changed = f"{int(found[0].replace(',', '')) - _STEP:,}"
            file.write_text(text[: found.start()] + changed + text[found.end() :], "utf-8", newline="\n")
            return identity, changed
    raise BenchmarkFailure(
        saying="no declaration of the corpus has a sum that can be changed; take a larger size"
    )
