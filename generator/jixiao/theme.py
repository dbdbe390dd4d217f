"""The active theme: the package's theme, in which files of the site's own `theme/` replace ours one by one.

`theme/pages/home.md.jinja` in a site replaces our template of that name, `theme/words/en/zz-own.po` adds to
our translations. The combination is written to `build/theme/`; the program digest covers it. No theme can
bypass the verification. Imported before any other module, because all others find the theme through it.
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

from jixiao.ignored_files import is_ignored_path

PACKAGE: Final = Path(__file__).parent
PACKAGE_THEME: Final = (
    PACKAGE / "_theme" if (PACKAGE / "_theme").is_dir() else PACKAGE.parent.parent / "theme"
)
"""Theme of the package; inside an installed package, or beside the source folder in a checkout."""
_THEME_VARIABLE: Final = "_JIXIAO_THEME"
"""Environment variable with the active theme, inherited by child processes."""
_REPLACEABLE_FOLDERS: Final = ("engine", "pages", "paper", "search", "words")
"""Theme folders in which a site may replace files."""
_UNUSED_FOLDERS: Final = ("screenshots", "start", "admin")
_EXIT_UNUSABLE: Final = 2


def find_theme() -> Path:
    """Return the folder of the active theme."""
    return Path(os.environ.get(_THEME_VARIABLE) or PACKAGE_THEME)


def activate_site_theme(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Combine the site's own theme files with ours, and activate the result for this process.

    Args:
        arguments: The arguments of the command line, which may name the site's folder.
        environment: The environment variables of this process, which are changed.
    """
    environment.pop(_THEME_VARIABLE, None)
    root = _find_root(arguments)
    # A folder that is not a site may have a theme of another program.
    own = dict(_find_own_files(root / "theme")) if (root / "site_config.yml").is_file() else {}
    if not own:
        return
    try:
        environment[_THEME_VARIABLE] = str(_write_combined_theme(own, root / "build"))
    except OSError as error:
        # Before any language is known.
        sys.stderr.write(f"build/theme: {error.strerror}\n")
        sys.exit(_EXIT_UNUSABLE)


def _find_root(arguments: Sequence[str]) -> Path:
    """Return the site's folder named on the command line, or the current folder."""
    for option, value in zip(arguments, [*arguments, ""][1:], strict=True):
        if option in {"--project", "-p"}:
            return Path(value).absolute()
        if option.startswith("--project="):
            return Path(option.partition("=")[2]).absolute()
        if re.fullmatch(r"-p[^-].*", option):
            return Path(option[2:]).absolute()
    return Path.cwd()


def _find_own_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the site's theme files that differ from ours, by path in the theme; links are skipped."""
    with suppress(OSError):
        if folder.resolve() == PACKAGE_THEME.resolve():
            return
        for part in _REPLACEABLE_FOLDERS:
            for file in sorted((folder / part).rglob("*")):
                path = file.relative_to(folder).as_posix()
                if is_ignored_path(path):
                    continue
                is_ours = (PACKAGE_THEME / path).is_file() and filecmp.cmp(
                    file, PACKAGE_THEME / path, shallow=False
                )
                if file.is_file() and not file.is_symlink() and not is_ours:
                    yield path, file


def _write_combined_theme(own: dict[str, Path], build: Path) -> Path:
    """Write the combined theme below *build*, unless an identical one is already there."""
    whole, new = build / "theme", build / ".theme.new"
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(PACKAGE_THEME, new, ignore=shutil.ignore_patterns(*_UNUSED_FOLDERS))
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
