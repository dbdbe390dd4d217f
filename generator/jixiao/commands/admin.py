"""A web form for those who will never use git: a folder with Decap CMS, made from the model.

The folder is no part of the site: readers' pages keep their policy, and whoever does not want the form does
not make it. It holds our page and scripts (`theme/admin/`), the settings of Decap with every field of a
declaration that a clerk changes (labels are the words of the form, hints those of the editor, lists
closed), and two programs of others, taken from npm at this moment and compared with the checksums below.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any, Final

from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.content import read_project
from jixiao.i18n import Message, message
from jixiao.model.declaration import Declaration
from jixiao.model.declaration_schema import GUIDANCE
from jixiao.staging import staged
from jixiao.theme import OURS

LOCAL: Final = "http://127.0.0.1:8081"
"""Where Decap's server for one's own machine (`npx decap-server`) listens."""
_OURS: Final = ("before.js", "form.js", "index.html")
_LEFT_ALONE: Final = frozenset(
    {"continues", "remarks", "source", "waivers", "as_filed", "defects", "certainty", "edition"}
)
"""Fields that say where a declaration comes from and how it is damaged: they take more than a form."""
_HINTS: Final = {
    "target": "照表填写；表上没有目标值的就空着。",
    "overall": "照表填写；表上分行的照样分行，空着的就空着。",
    "annual": "照表填写；表上分行的照样分行，空着的就空着。",
}
"""Where the hint of the editor speaks of signs that a form needs not."""
_SERVER: Final = re.compile(r"https?://[\w.-]+(?::[0-9]+)?(?:/[\w./-]*)?", re.ASCII)
_GITHUB: Final = ("https://api.github.com", "https://github.com", "https://*.githubusercontent.com")


class Backend(StrEnum):
    """Where the form reads and writes."""

    LOCAL = "local"
    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"


@dataclass(frozen=True, kw_only=True)
class Host:
    """The repository that the form changes."""

    backend: Backend = Backend.LOCAL
    repository: str = ""
    """`owner/name`."""
    branch: str = "main"
    server: str = ""
    """The address of one's own forge, of what lets clerks in (GitHub), or of Decap's server here."""
    app_id: str = ""
    """Under which GitLab or Gitea knows the form."""


@dataclass(frozen=True, kw_only=True)
class _Package:
    name: str
    sha512: str
    """Of the archive, as npm writes it in a lock."""
    folder: str
    """Which part of the archive is wanted."""
    suffix: str
    goes_to: str


_PACKAGES: Final = (
    _Package(
        name="decap-cms@3.16.3",
        sha512="hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw==",
        folder="package/dist/",
        suffix="decap-cms.js",
        goes_to="",
    ),
    _Package(
        name="yaml@2.8.1",
        sha512="lcYcMxX2PO9XMGvAJkJ3OsNMw+/7FKes7/hgerGUYWIoWu5j/+YQqcZr5JnPZWzOsEBgMbSbiSTn/dv/69Mkpw==",
        folder="package/browser/",
        suffix=".js",
        goes_to="yaml/",
    ),
)


class CannotMake(Exception):  # noqa: N818 - named for what it says
    """Why the form was not made."""

    def __init__(self, saying: Message, details: str = "") -> None:
        """Keep what to tell the user, and what npm said."""
        super().__init__(saying)
        self.saying = saying
        self.details = details


def make_admin(folder: Path, project: Path, host: Host) -> None:
    """Write the form.

    Args:
        folder: Where it goes; it is not there, or empty.
        project: The folder of the site, of which closed lists, organisations and settings are taken.
        host: The repository that the form changes.

    Raises:
        CannotMake: Something is there already, the repository or its address is missing, the settings cannot
            be read, npm is missing or fails, or a program is not the one that we know.
        OSError: The disk refuses.
    """
    _require_place(host)
    read = read_project(project)
    if read.config is None:
        raise CannotMake(message("设置读不出来，没有做表单；请运行 {command}", command="jixiao check"))
    catalogue, config = read.catalogue, read.config
    if folder.exists() and any(folder.iterdir()):
        raise CannotMake(message("这里已经有东西了，没有动它：{path}", path=str(folder)))
    programs = dict(_programs())
    title = config.name["zh"].plain()
    said = {"policy": policy_for(host), "title": "".join(_escaped(sign) for sign in title)}
    settings = json.dumps(settings_for(catalogue, config, host), ensure_ascii=False, indent=1)
    with staged(folder) as workshop:
        for path, content in programs.items():
            (workshop / path).parent.mkdir(parents=True, exist_ok=True)
            (workshop / path).write_bytes(content)
        for name in _OURS:
            text = (OURS / "admin" / name).read_text("utf-8")
            text = Template(text).substitute(said) if name.endswith(".html") else text
            (workshop / name).write_text(text, encoding="utf-8", newline="\n")
        (workshop / "config.json").write_text(f"{settings}\n", encoding="utf-8", newline="\n")


def _require_place(host: Host) -> None:
    """Refuse a form that would not know where to write, or an address that would widen its policy."""
    if host.backend is not Backend.LOCAL and not re.fullmatch(
        r"[\w.-]+(?:/[\w.-]+)+", host.repository, re.ASCII
    ):
        raise CannotMake(message("请写明仓库：--repository 所有者/名称"))
    if host.server and not _SERVER.fullmatch(host.server):
        raise CannotMake(message("网址写法不对：{typed}", typed=host.server))
    if host.backend is Backend.GITEA and not host.server:
        raise CannotMake(message("请写明 Gitea 的网址：--server https://…"))


def policy_for(host: Host) -> str:
    """Write the policy of the page: Decap compiles its schema, styles inline, and asks the forge alone."""
    known = {Backend.GITHUB: _GITHUB, Backend.GITLAB: ("https://gitlab.com",), Backend.LOCAL: (LOCAL,)}
    is_own = bool(host.server) and host.backend is not Backend.GITHUB
    connects = " ".join(("'self'", "blob:", *((host.server,) if is_own else known.get(host.backend, ()))))
    return (
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src {connects}; form-action 'self'; base-uri 'none'"
    )


def settings_for(catalogue: Catalogue, config: SiteConfig, host: Host) -> dict[str, Any]:
    """Write the settings of Decap: one collection, with the fields of a declaration."""
    fields = _fields_of("Declaration", Declaration.model_json_schema(by_alias=True), catalogue)
    return {
        **_backend(host),
        "load_config_file": False,
        "locale": "zh_Hans",
        "media_folder": "content/forms",
        "public_folder": "forms",
        **({"site_url": config.address} if config.address else {}),
        "collections": [
            {
                "name": "declarations",
                "label": "申报表",
                "folder": "content/declarations",
                "path": "{{year}}/{{department}}/{{slug}}",
                "extension": "yml",
                "format": "jixiao",
                "identifier_field": "name",
                "summary": "{{year}} {{name}}",
                "create": False,
                "delete": False,
                "editor": {"preview": False},
                "fields": list(fields),
            }
        ],
    }


def _backend(host: Host) -> dict[str, Any]:
    """Say where the form reads and writes, and who lets a clerk in."""
    if host.backend is Backend.LOCAL:
        proxy = f"{host.server or LOCAL}/api/v1"
        return {"backend": {"name": "proxy", "proxy_url": proxy, "branch": host.branch}}
    server = {"base_url": host.server} if host.server else {}
    own: dict[Backend, dict[str, str]] = {
        # On GitHub another server exchanges the key of a session (OAuth); the others do it themselves.
        Backend.GITHUB: server,
        Backend.GITLAB: {"auth_type": "pkce", **_forge(host.server or "https://gitlab.com", "v4", host)},
        Backend.GITEA: _forge(host.server, "v1", host),
    }
    return {
        "backend": {
            "name": host.backend,
            "repo": host.repository,
            "branch": host.branch,
            **own[host.backend],
        },
        # A change becomes a request that somebody reviews; on Gitea Decap knows none.
        **({"publish_mode": "editorial_workflow"} if host.backend is not Backend.GITEA else {}),
    }


def _forge(server: str, version: str, host: Host) -> dict[str, str]:
    return {"base_url": server, "api_root": f"{server}/api/{version}", "app_id": host.app_id}


def _fields_of(model: str, schema: Mapping[str, Any], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Give the fields of a part of the schema, in the order of the form."""
    definitions = schema.get("$defs", {})
    part = schema if model == "Declaration" else definitions[model]
    needed = set(part.get("required", ()))
    for name, described in part["properties"].items():
        if name in _LEFT_ALONE:
            continue
        about = {
            "name": name,
            "label": described.get("title", name),
            "required": name in needed and name != "target",
            "hint": _HINTS.get(name, GUIDANCE[f"{model}.{name}"]),
        }
        yield about | _widget(name, described, schema, catalogue)


def _widget(
    name: str, described: Mapping[str, Any], schema: Mapping[str, Any], catalogue: Catalogue
) -> dict[str, Any]:
    if name == "indicators":
        return {"widget": "object", "fields": list(_classes(schema, catalogue))}
    choices = _choices(name, catalogue)
    target = next((one["$ref"] for one in (described, *described.get("anyOf", ())) if "$ref" in one), "")
    definition = schema["$defs"].get(target.rpartition("/")[2], {})
    if "enum" in definition:
        choices = definition["enum"]
    if choices:
        return {"widget": "select", "options": choices}
    if definition:
        return {"widget": "object", "fields": list(_fields_of(target.rpartition("/")[2], schema, catalogue))}
    return {"widget": "text" if name in {"overall", "annual", "note"} else "string"}


def _choices(name: str, catalogue: Catalogue) -> list[Any]:
    if name in {"department", "unit"}:
        return [
            {"label": organisation.name.plain(), "value": identity}
            for identity, organisation in sorted(catalogue.organisations.items())
        ]
    if name == "nature":
        return list(dict.fromkeys(nature for one in catalogue.taxonomies.values() for nature in one.natures))
    return []


def _classes(schema: Mapping[str, Any], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Give the classes of all editions, each with its indicators."""
    levels: dict[str, dict[str, None]] = {}
    for taxonomy in catalogue.taxonomies.values():
        for level1, classes in taxonomy.levels.items():
            levels.setdefault(level1, {}).update(dict.fromkeys(classes))
    rows = list(_fields_of("Indicator", schema, catalogue))
    for level1, level2 in levels.items():
        lists = [
            {
                "name": name,
                "label": name,
                "label_singular": "指标",
                "widget": "list",
                "required": False,
                "collapsed": False,
                "summary": "{{fields.name}} {{fields.target}}",
                "fields": rows,
            }
            for name in level2
        ]
        yield {"name": level1, "label": level1, "widget": "object", "required": False, "fields": lists}


def _programs() -> Iterator[tuple[str, bytes]]:
    """Fetch the programs of others; give their files by the path in the folder.

    Raises:
        CannotMake: npm is missing or fails, or an archive is not the one that we know.
    """
    with TemporaryDirectory() as temporary:
        for package in _PACKAGES:
            archive = _fetched(package, Path(temporary))
            digest = base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
            if digest != package.sha512:
                raise CannotMake(message("{name} 与登记的校验和不符，没有使用", name=package.name))
            with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as packed:
                for member in packed:
                    content = packed.extractfile(member)
                    if (
                        content
                        and member.name.startswith(package.folder)
                        and member.name.endswith(package.suffix)
                    ):
                        yield f"{package.goes_to}{member.name.removeprefix(package.folder)}", content.read()


def _fetched(package: _Package, folder: Path) -> bytes:
    command = ("npm", "pack", package.name, "--silent", "--ignore-scripts", "--pack-destination", str(folder))
    try:
        ran = subprocess.run(command, check=False, capture_output=True, cwd=folder)  # noqa: S603 - nothing from outside
    except FileNotFoundError as missing:
        raise CannotMake(
            message(
                "没有找到 {program}：请先安装，例如 {command}", program="npm", command="apt-get install npm"
            )
        ) from missing
    if ran.returncode:
        raise CannotMake(message("{name} 没有取到", name=package.name), ran.stderr.decode("utf-8", "replace"))
    name, _, version = package.name.rpartition("@")
    return (folder / f"{name}-{version}.tgz").read_bytes()


def _escaped(sign: str) -> str:
    return f"&#{ord(sign)};" if sign in "&<>\"'" else sign
