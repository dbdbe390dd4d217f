"""Check where translation files stand: one that belongs to no language would never be read."""

from collections.abc import Iterator

from generator.config import HTML_LANGUAGES
from generator.model.catalogue import Catalogue
from generator.problems import Place, Problem
from generator.words import message


def check_translations(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each folder of translations that is named after no language."""
    for language in sorted(set(catalogue.translations) - set(HTML_LANGUAGES)):
        yield Problem(
            rule="unknown-language",
            place=Place(f"content/translations/{language}"),
            message=message("没有“{typed}”这种语言", typed=language),
            hint=message("翻译文件放在 content/translations/en/"),
        )
