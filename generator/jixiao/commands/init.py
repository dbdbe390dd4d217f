"""Creation of a new site's folder from a few answers.

The folder holds content and settings only; program and theme stay in the package, so that upgrading the
package upgrades the site. An existing folder is not touched.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from jixiao import __version__
from jixiao.commands.install_source import (
    WHEELS_FOLDER,
    find_install_source,
    format_requirements,
    read_install_source,
)
from jixiao.config import read_address
from jixiao.i18n import SOURCE_LANGUAGE, list_languages, load_interface_catalogue, message
from jixiao.ignored_files import is_ignored_name
from jixiao.model.declaration_schema import SCHEMA_FILES, build_declaration_schema
from jixiao.model.values import is_slug
from jixiao.problems import EXIT_PROBLEMS, ReadError, UserError
from jixiao.theme import PACKAGE_THEME
from jixiao.write_files import staged_folder

_START_FOLDER: Final = PACKAGE_THEME / "start"
_RENAMED_FILES: Final = {
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}
"""Files kept under another name, because they would take effect in this repository."""
_EMPTY_FOLDERS: Final = ("content/declarations", "content/forms", "content/translations/en")
"""Empty folders of a new site."""
_COPIED_FILES: Final = (
    ".gitea/workflows/site.yml",
    ".github/workflows/site.yml",
    *(f"deploy/{name}" for name in ("Caddyfile", "README.md", "gitlab.yml", "install.sh")),
    *(f"deploy/{name}" for name in ("nginx-headers.conf", "nginx.conf", "ssh.sh")),
)
"""Files of this repository that every new site gets, too."""


@dataclass(frozen=True, kw_only=True)
class InitAnswers:
    """Names and settings of a new site."""

    name_zh: str = "绩效公开"
    name_en: str = "Performance targets"
    department: str = "finance"
    """Id of the first department."""
    department_name: str = "财政局"
    address: str = ""
    """Public address; empty if there is none yet."""
    languages: str = "zh, en"
    """Language codes, separated by commas."""
    source: str = ""
    """Wheel or address to install the program from; empty for the source of this one."""

    def list_languages(self) -> tuple[str, ...]:
        """Return the language codes."""
        return tuple(filter(None, (code.strip() for code in self.languages.split(","))))


def init_site(folder: Path, answers: InitAnswers) -> list[Path]:
    """Write a new site; return its files.

    Args:
        folder: The output folder, which must not exist or be empty.
        answers: The names and settings of the site.

    Raises:
        UserError: The folder is not empty, or an answer is invalid.
        OSError: The disk refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(
            message("这里已经有东西了，没有动它：{path}", path=str(folder)), exit_code=EXIT_PROBLEMS
        )
    _check_answers(answers)
    origin = read_install_source(answers.source) if answers.source else find_install_source()
    if origin is None:
        raise UserError(
            message(
                "“{typed}”不能安装：请写 jixiao-….whl 文件，或 git+https://…、https://… 的网址",
                typed=answers.source,
            ),
            exit_code=EXIT_PROBLEMS,
        )
    files = {
        path: text for path, text in _render_files(answers) if _is_wanted(path, answers.list_languages())
    }
    if (requirements := format_requirements(origin)) is not None:
        files["requirements.txt"] = requirements
    with staged_folder(folder) as workshop:
        for path, text in files.items():
            file = workshop / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        for name in _EMPTY_FOLDERS:
            (workshop / name).mkdir(parents=True, exist_ok=True)
        written = [folder / path for path in files]
        if origin.wheel is not None:
            (workshop / WHEELS_FOLDER).mkdir()
            written.append(
                folder / WHEELS_FOLDER / Path(shutil.copy(origin.wheel, workshop / WHEELS_FOLDER)).name
            )
    return sorted(written)


def _check_answers(answers: InitAnswers) -> None:
    """Refuse answers that would make the settings invalid."""
    if not is_slug(answers.department):
        raise UserError(
            message("编号“{typed}”不合规定：只用小写英文字母、数字和连字符", typed=answers.department),
            exit_code=EXIT_PROBLEMS,
        )
    if answers.address:
        try:
            read_address(answers.address)
        except ReadError as misread:
            raise UserError(misread.message, misread.hint, exit_code=EXIT_PROBLEMS) from misread
    codes = answers.list_languages()
    if SOURCE_LANGUAGE not in codes or not set(codes) <= set(list_languages()):
        raise UserError(
            message(
                "语言“{typed}”不行：要有 zh，可以选 {known}", typed=answers.languages, known=list_languages()
            ),
            exit_code=EXIT_PROBLEMS,
        )


def _is_wanted(path: str, languages: tuple[str, ...]) -> bool:
    """Return whether *path* is not a page in a language that the site does not have."""
    folder, _, rest = path.removeprefix("content/pages/").partition("/")
    return not (path.startswith("content/pages/") and rest) or folder in languages


def _render_files(answers: InitAnswers) -> Iterator[tuple[str, str]]:
    # Quoted: a name may hold anything.
    said = {
        "name_zh": json.dumps(answers.name_zh, ensure_ascii=False),
        "name_en": json.dumps(answers.name_en, ensure_ascii=False),
        "languages": ", ".join(answers.list_languages()),
        "version": __version__,
        "department": answers.department,
        "department_name": json.dumps(answers.department_name, ensure_ascii=False),
        "address": f"address: {json.dumps(answers.address)}" if answers.address else "# address: https://…/",
    }
    plain = {**said, "name_zh": answers.name_zh, "name_en": answers.name_en}
    for file in sorted(_START_FOLDER.rglob("*")):
        if file.is_file() and not is_ignored_name(file.name):
            path = file.relative_to(_START_FOLDER).as_posix()
            words = said if path.endswith(".yml") else plain
            yield _RENAMED_FILES.get(path, path), Template(file.read_text("utf-8")).safe_substitute(words)
    for language in SCHEMA_FILES:
        if language in answers.list_languages():
            yield (
                f"content/schema/{SCHEMA_FILES[language]}",
                build_declaration_schema(load_interface_catalogue(language)),
            )
    for name in _COPIED_FILES:
        yield name, _find_package_file(name).read_text("utf-8")
    yield "mkdocs.yml", _find_package_file("mkdocs.yml").read_text("utf-8")
    for taxonomy in sorted(_find_package_file("content/taxonomies").glob("*.yml")):
        yield f"content/taxonomies/{taxonomy.name}", taxonomy.read_text("utf-8")


def _find_package_file(path: str) -> Path:
    """Return the path of a file that ships with the package, or lies in the checkout."""
    installed = PACKAGE_THEME / path
    return installed if installed.exists() else PACKAGE_THEME.parent / path
