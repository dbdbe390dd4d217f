"""The theme in use: ours, in which files of the site's own `theme/` take the place of ours, one by one.

A site that is made with the installed package cannot change it, and need not: `theme/pages/home.md.jinja`
in its folder replaces our page template of that name, `theme/words/en/zz-own.po` adds to our words, and all
other files stay ours. Both together are laid out in `build/theme/`; the digest of the program covers it, so
a changed template makes its pages anew. What a theme may do to a page ends where the verification begins: a
page without our security policy, with a script or style inside, or with something from elsewhere is not
published.

This module is imported before any other, because all others find the theme through it.
"""

import filecmp
import os
import re
import shutil
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from jixiao.ignored_files import is_among_leftovers

PACKAGE: Final = Path(__file__).parent
OURS: Final = PACKAGE / "_theme" if (PACKAGE / "_theme").is_dir() else PACKAGE.parent.parent / "theme"
"""Our theme: inside an installed package, or beside it in a checkout."""
_VARIABLE: Final = "_JIXIAO_THEME"
"""By which the processes that this one starts find the same theme."""
_PARTS: Final = ("engine", "pages", "paper", "search", "words")
"""Folders of a theme of which a site may replace files."""
_USELESS: Final = ("screenshots", "start", "admin")
_UNUSABLE: Final = 2


def theme() -> Path:
    """Give the folder of the theme in use."""
    return Path(os.environ.get(_VARIABLE) or OURS)


def lay_over(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Lay the theme of the site over ours, if it has one that differs.

    Args:
        arguments: Of the command line, among which the folder of the project is named.
        environment: The variables of this process.
    """
    environment.pop(_VARIABLE, None)
    project = _project_of(arguments)
    # A folder that is no project may have a theme of something else.
    own = dict(_replaced(project / "theme")) if (project / "site_config.yml").is_file() else {}
    if not own:
        return
    try:
        environment[_VARIABLE] = str(_laid_out(own, project / "build"))
    except OSError as error:
        # Before any language is known.
        sys.stderr.write(f"build/theme: {error.strerror}\n")
        sys.exit(_UNUSABLE)


def _project_of(arguments: Sequence[str]) -> Path:
    """Find the folder of the project as the command line will."""
    for option, value in zip(arguments, [*arguments, ""][1:], strict=True):
        if option in {"--project", "-p"}:
            return Path(value).absolute()
        if option.startswith("--project="):
            return Path(option.partition("=")[2]).absolute()
        if re.fullmatch(r"-p[^-].*", option):
            return Path(option[2:]).absolute()
    return Path.cwd()


def _replaced(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files of a site's theme that are not as ours, by their path in the theme; links aside."""
    with suppress(OSError):
        if folder.resolve() == OURS.resolve():
            return
        for part in _PARTS:
            for file in sorted((folder / part).rglob("*")):
                path = file.relative_to(folder).as_posix()
                if is_among_leftovers(path):
                    continue
                is_ours = (OURS / path).is_file() and filecmp.cmp(file, OURS / path, shallow=False)
                if file.is_file() and not file.is_symlink() and not is_ours:
                    yield path, file


def _laid_out(own: dict[str, Path], build: Path) -> Path:
    """Write the theme in use; one that is there already and the same is left alone."""
    whole, new = build / "theme", build / ".theme.new"
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(OURS, new, ignore=shutil.ignore_patterns(*_USELESS))
    for path, file in own.items():
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, new / path)
    if whole.is_dir() and _is_same(filecmp.dircmp(whole, new, ignore=[])):
        shutil.rmtree(new)
        return whole
    shutil.rmtree(whole, ignore_errors=True)
    new.rename(whole)
    return whole


def _is_same(compared: "filecmp.dircmp[str]") -> bool:
    if compared.left_only or compared.right_only or compared.funny_files:
        return False
    names = compared.common_files
    unlike = filecmp.cmpfiles(compared.left, compared.right, names, shallow=False)[1:]
    return not any(unlike) and all(map(_is_same, compared.subdirs.values()))
