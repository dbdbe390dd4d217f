"""Check translations: each file belongs to a language, and no figure changes on its way into another one."""

import re
from collections.abc import Iterator

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.i18n import known_languages, message
from jixiao.load.yaml_tree import place_of
from jixiao.problems import Place, Problem

_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def check_translated_figures(filed: Filed, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the targets of one declaration whose translations have other figures."""
    for language, dictionary in sorted(catalogue.translations.items()):
        for path, indicator in filed.declaration.indicators_with_paths():
            target = indicator.target
            said = dictionary.find(target.filed.plain()) if target and target.quantity else None
            if target and said and _FIGURE.findall(said) != _FIGURE.findall(target.filed.plain()):
                yield Problem(
                    rule="figure-differs-in-translation",
                    place=place_of(filed.tree, (*path, "target")),
                    message=message(
                        "译文里的数字与原文不同：{said}，原文是 {filed}",
                        said=said,
                        filed=target.filed.plain(),
                    ),
                    hint=message(
                        "请改正 content/translations/{language}/ 里的译文；数字必须与申报表一致",
                        language=language,
                    ),
                )


def check_languages(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each translation into a language that no site has."""
    for language in sorted(set(catalogue.translations) - set(known_languages())):
        yield Problem(
            rule="unknown-language",
            place=Place(f"content/translations/{language}"),
            message=message("没有“{typed}”这种语言", typed=language),
            hint=message(
                "翻译文件放在 content/translations/语言/，有这些语言：{known}", known=known_languages()
            ),
        )
