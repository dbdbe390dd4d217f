"""From a few answers to the folder of a new site: what `jixiao init` does.

The folder holds content and settings alone; generator and theme stay in the package, so that whoever upgrades
it upgrades the site. Nothing that is there is touched.
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
from jixiao.commands.install_source import WHEELS, present_origin, read_origin, requirements_of
from jixiao.config import read_address
from jixiao.i18n import SOURCE_LANGUAGE, Message, interface_words, known_languages, message
from jixiao.ignored_files import is_leftover
from jixiao.model.schema import SCHEMAS, declaration_schema
from jixiao.model.values import is_slug
from jixiao.problems import Misread
from jixiao.staging import staged
from jixiao.theme import OURS, PACKAGE

_START: Final = OURS / "start"
_RENAMED: Final = {
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}
"""Files that would have an effect where they are kept."""
_KEPT: Final = ("content/declarations", "content/forms", "content/translations/en")
"""Folders that a site begins with; they are empty."""
_SHARED: Final = (
    ".gitea/workflows/site.yml",
    ".github/workflows/site.yml",
    *(f"deploy/{name}" for name in ("Caddyfile", "README.md", "gitlab.yml", "install.sh")),
    *(f"deploy/{name}" for name in ("nginx-headers.conf", "nginx.conf", "ssh.sh")),
)
"""What every site begins with and this repository has as well."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a new site is called."""

    name_zh: str = "绩效公开"
    name_en: str = "Performance targets"
    department: str = "finance"
    """The id of the first department."""
    department_name: str = "财政局"
    address: str = ""
    """The public address; empty where there is none yet."""
    languages: str = "zh, en"
    """Codes of its languages, with commas between them."""
    source: str = ""
    """What the program is installed from: a wheel or an address; empty as this one was."""

    def codes(self) -> tuple[str, ...]:
        """List the languages."""
        return tuple(filter(None, (code.strip() for code in self.languages.split(","))))


class CannotStart(Exception):  # noqa: N818 - named for what it says
    """Why no folder was made."""

    def __init__(self, saying: Message, hint: Message | None = None) -> None:
        """Keep what to tell the user."""
        super().__init__(saying)
        self.saying = saying
        self.hint = hint


def start(folder: Path, answers: Answers) -> list[Path]:
    """Write a new site; give its files.

    Args:
        folder: Where it goes; it is not there, or empty.
        answers: What it is called.

    Raises:
        CannotStart: Something is there already, or an answer cannot be one.
        OSError: The disk refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotStart(message("这里已经有东西了，没有动它：{path}", path=str(folder)))
    _require_sound(answers)
    origin = read_origin(answers.source) if answers.source else present_origin()
    if origin is None:
        raise CannotStart(
            message(
                "“{typed}”不能安装：请写 jixiao-….whl 文件，或 git+https://…、https://… 的网址",
                typed=answers.source,
            )
        )
    files = {path: text for path, text in _files(answers) if _is_wanted(path, answers.codes())}
    if (requirements := requirements_of(origin)) is not None:
        files["requirements.txt"] = requirements
    with staged(folder) as workshop:
        for path, text in files.items():
            file = workshop / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        for name in _KEPT:
            (workshop / name).mkdir(parents=True, exist_ok=True)
        written = [folder / path for path in files]
        if origin.wheel is not None:
            (workshop / WHEELS).mkdir()
            written.append(folder / WHEELS / Path(shutil.copy(origin.wheel, workshop / WHEELS)).name)
    return sorted(written)


def _require_sound(answers: Answers) -> None:
    """Refuse what the settings could not hold."""
    if not is_slug(answers.department):
        raise CannotStart(
            message("编号“{typed}”不合规定：只用小写英文字母、数字和连字符", typed=answers.department)
        )
    if answers.address:
        try:
            read_address(answers.address)
        except Misread as misread:
            raise CannotStart(misread.saying, misread.hint) from misread
    codes = answers.codes()
    if SOURCE_LANGUAGE not in codes or not set(codes) <= set(known_languages()):
        raise CannotStart(
            message(
                "语言“{typed}”不行：要有 zh，可以选 {known}", typed=answers.languages, known=known_languages()
            )
        )


def _is_wanted(path: str, languages: tuple[str, ...]) -> bool:
    """Leave out pages in a language that the site does not have."""
    folder, _, rest = path.removeprefix("content/pages/").partition("/")
    return not (path.startswith("content/pages/") and rest) or folder in languages


def _files(answers: Answers) -> Iterator[tuple[str, str]]:
    # Quoted: a name may hold anything.
    said = {
        "name_zh": json.dumps(answers.name_zh, ensure_ascii=False),
        "name_en": json.dumps(answers.name_en, ensure_ascii=False),
        "languages": ", ".join(answers.codes()),
        "version": __version__,
        "department": answers.department,
        "department_name": json.dumps(answers.department_name, ensure_ascii=False),
        "address": f"address: {json.dumps(answers.address)}" if answers.address else "# address: https://…/",
    }
    plain = {**said, "name_zh": answers.name_zh, "name_en": answers.name_en}
    for file in sorted(_START.rglob("*")):
        if file.is_file() and not is_leftover(file.name):
            path = file.relative_to(_START).as_posix()
            words = said if path.endswith(".yml") else plain
            yield _RENAMED.get(path, path), Template(file.read_text("utf-8")).safe_substitute(words)
    for language in SCHEMAS:
        if language in answers.codes():
            yield f"content/schema/{SCHEMAS[language]}", declaration_schema(interface_words(language))
    for name in _SHARED:
        yield name, _of_package(name).read_text("utf-8")
    yield "mkdocs.yml", _of_package("mkdocs.yml").read_text("utf-8")
    for taxonomy in sorted(_of_package("content/taxonomies").glob("*.yml")):
        yield f"content/taxonomies/{taxonomy.name}", taxonomy.read_text("utf-8")


def _of_package(path: str) -> Path:
    """Give a file of the project that every site begins with: in the package, or in the checkout."""
    installed = OURS / path
    return installed if installed.exists() else PACKAGE.parent / path
