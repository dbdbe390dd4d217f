"""Creation of a new site's folder from a few answers.

The folder holds content and settings only; program and theme stay in the package, so that upgrading the
package upgrades the site. An existing folder is not touched.

`requirements.txt` names the source that the program is installed from. The package is on no public index,
where its name may be taken by anybody. So a new site gets a wheel or an address, or no requirement at all.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import unquote, urlsplit

from jixiao import __version__
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
_WHEEL_NAME: Final = re.compile(r"jixiao-[0-9][A-Za-z0-9._+!-]*\.whl")
_INSTALL_ADDRESS: Final = re.compile(r"(?:git\+(?:https|ssh|file)|https)://[!-~]+")
_ARCHIVE_SUFFIX: Final = re.compile(r"\.(?:whl|zip|tar\.gz)$")
WHEELS_FOLDER: Final = "wheels"
"""Folder of a site for the wheel that it is built with."""


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


@dataclass(frozen=True, kw_only=True)
class InstallSource:
    """Source of the installed program, a local wheel, an address, or unknown."""

    wheel: Path | None = None
    address: str = ""


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
    source = read_install_source(answers.source) if answers.source else find_install_source()
    if source is None:
        raise UserError(
            message(
                "“{typed}”不能安装：请写 jixiao-….whl 文件，或 git+https://…、https://… 的网址",
                typed=answers.source,
            ),
            exit_code=EXIT_PROBLEMS,
        )
    files = dict(_render_files(answers))
    requirement = f"./{WHEELS_FOLDER}/{source.wheel.name}" if source.wheel else source.address
    if requirement:
        requirement = requirement if source.wheel else f"jixiao @ {requirement}"
        files["requirements.txt"] = f"# jixiao {__version__}\n{requirement}\n"
    with staged_folder(folder) as workshop:
        for path, text in files.items():
            file = workshop / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        for name in _EMPTY_FOLDERS:
            (workshop / name).mkdir(parents=True, exist_ok=True)
        paths = [folder / path for path in files]
        if source.wheel is not None:
            (workshop / WHEELS_FOLDER).mkdir()
            shutil.copy(source.wheel, workshop / WHEELS_FOLDER)
            paths.append(folder / WHEELS_FOLDER / source.wheel.name)
    return sorted(paths)


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


def _render_files(answers: InitAnswers) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file of the site."""
    languages = answers.list_languages()
    # Quoted, because a name may hold any character.
    quoted = {
        "name_zh": json.dumps(answers.name_zh, ensure_ascii=False),
        "name_en": json.dumps(answers.name_en, ensure_ascii=False),
        "languages": ", ".join(languages),
        "version": __version__,
        "department": answers.department,
        "department_name": json.dumps(answers.department_name, ensure_ascii=False),
        "address": f"address: {json.dumps(answers.address)}" if answers.address else "# address: https://…/",
    }
    plain = {**quoted, "name_zh": answers.name_zh, "name_en": answers.name_en}
    for file in sorted(_START_FOLDER.rglob("*")):
        if file.is_file() and not is_ignored_name(file.name):
            path = file.relative_to(_START_FOLDER).as_posix()
            folder, _, name = path.removeprefix("content/pages/").partition("/")
            # Pages in a language that the site does not have are left out.
            if not path.startswith("content/pages/") or not name or folder in languages:
                values = quoted if path.endswith(".yml") else plain
                yield (
                    _RENAMED_FILES.get(path, path),
                    Template(file.read_text("utf-8")).safe_substitute(values),
                )
    for language, name in SCHEMA_FILES.items():
        if language in languages:
            yield f"content/schema/{name}", build_declaration_schema(load_interface_catalogue(language))
    for name in (*_COPIED_FILES, "mkdocs.yml"):
        yield name, _find_package_file(name).read_text("utf-8")
    for taxonomy in sorted(_find_package_file("content/taxonomies").glob("*.yml")):
        yield f"content/taxonomies/{taxonomy.name}", taxonomy.read_text("utf-8")


def _find_package_file(path: str) -> Path:
    """Return the path of a file that ships with the package, or lies in the checkout."""
    installed = PACKAGE_THEME / path
    return installed if installed.exists() else PACKAGE_THEME.parent / path


def read_install_source(typed: str) -> InstallSource | None:
    """Read the path of a wheel or an install address, or return `None` if *typed* is neither."""
    path = Path(typed)
    if _WHEEL_NAME.fullmatch(path.name) and path.is_file():
        return InstallSource(wheel=path)
    parts = urlsplit(typed) if _INSTALL_ADDRESS.fullmatch(typed) else None
    if parts is None or not parts.path.strip("/"):
        return None
    # The file is committed and public, so it must hold neither a password nor a token.
    user = parts.netloc.rpartition("@")[0]
    if ":" in user or (user and parts.scheme.endswith("https")):
        return None
    is_installable = parts.scheme != "https" or _ARCHIVE_SUFFIX.search(parts.path) is not None
    return InstallSource(address=typed) if is_installable else None


def find_install_source() -> InstallSource:
    """Find the install source of this program in the metadata of its installer."""
    try:
        record = json.loads(distribution("jixiao").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return InstallSource()
    if not isinstance(record, dict):
        return InstallSource()
    parts = urlsplit(str(record.get("url", "")))
    # A user name or token belongs to the person who installed the program.
    host = parts.netloc.rpartition("@")[2] if parts.scheme in {"http", "https"} else parts.netloc
    address = parts._replace(netloc=host, fragment="").geturl()
    git, archive = record.get("vcs_info"), record.get("archive_info")
    if isinstance(git, dict) and git.get("commit_id"):
        folder = record.get("subdirectory")
        fragment = f"#subdirectory={folder}" if folder else ""
        return read_install_source(f"git+{address}@{git['commit_id']}{fragment}") or InstallSource()
    if parts.scheme == "file":
        return read_install_source(unquote(parts.path)) or InstallSource()
    if isinstance(archive, dict) and parts.scheme == "https":
        sha256 = (archive.get("hashes") or {}).get("sha256")
        return read_install_source(f"{address}#sha256={sha256}" if sha256 else address) or InstallSource()
    return InstallSource()


def has_requirement(requirements: str) -> bool:
    """Return whether the text of a `requirements.txt` names any package."""
    return any(line and not line.startswith("#") for line in map(str.strip, requirements.splitlines()))
