"""Admin form for clerks who do not use git: a folder with Decap CMS, generated from the model.

The form is not part of the site. The folder holds our page and scripts (`theme/admin/`), the Decap settings
with every field that a clerk may change, and two npm packages, compared with the checksums below.
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

from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.content import read_content
from jixiao.i18n import message
from jixiao.model.declaration import Declaration
from jixiao.model.declaration_schema import FIELD_GUIDANCE
from jixiao.problems import EXIT_PROBLEMS, UserError
from jixiao.theme import PACKAGE_THEME
from jixiao.write_files import staged_folder

LOCAL_SERVER: Final = "http://127.0.0.1:8081"
"""Address of Decap's server for local use (`npx decap-server`)."""
_PAGE_FILES: Final = ("before.js", "form.js", "index.html")
_OMITTED_FIELDS: Final = frozenset(
    {"continues", "remarks", "source", "waivers", "as_filed", "defects", "certainty", "edition"}
)
"""Fields about the origin and defects of a declaration, which are too complex for the form."""
_HINTS: Final = {
    "target": "照表填写；表上没有目标值的就空着。",
    "overall": "照表填写；表上分行的照样分行，空着的就空着。",
    "annual": "照表填写；表上分行的照样分行，空着的就空着。",
}
"""Hints that replace the editor's hints about YAML syntax."""
_SERVER_ADDRESS: Final = re.compile(r"https?://[\w.-]+(?::[0-9]+)?(?:/[\w./-]*)?", re.ASCII)
_ESCAPES: Final = str.maketrans({character: f"&#{ord(character)};" for character in "&<>\"'"})
"""Character references for HTML."""
_GITHUB_HOSTS: Final = ("https://api.github.com", "https://github.com", "https://*.githubusercontent.com")


class Backend(StrEnum):
    """Service that stores the repository."""

    LOCAL = "local"
    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"


@dataclass(frozen=True, kw_only=True)
class RepositoryHost:
    """Repository that the form edits."""

    backend: Backend = Backend.LOCAL
    repository: str = ""
    """Repository as `owner/name`."""
    branch: str = "main"
    server: str = ""
    """Address of a self-hosted forge, of the OAuth service (GitHub), or of Decap's local server."""
    app_id: str = ""
    """Application id registered at GitLab or Gitea."""


@dataclass(frozen=True, kw_only=True)
class _NpmPackage:
    name: str
    sha512: str
    """Checksum of the archive, base64 as in an npm lock file."""
    folder: str
    """Folder of the archive to extract from."""
    suffix: str
    target_folder: str


_PACKAGES: Final = (
    _NpmPackage(
        name="decap-cms@3.16.3",
        sha512="hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw==",
        folder="package/dist/",
        suffix="decap-cms.js",
        target_folder="",
    ),
    _NpmPackage(
        name="yaml@2.8.1",
        sha512="lcYcMxX2PO9XMGvAJkJ3OsNMw+/7FKes7/hgerGUYWIoWu5j/+YQqcZr5JnPZWzOsEBgMbSbiSTn/dv/69Mkpw==",
        folder="package/browser/",
        suffix=".js",
        target_folder="yaml/",
    ),
)


def write_admin_form(folder: Path, root: Path, host: RepositoryHost) -> None:
    """Write the admin form into *folder*.

    Args:
        folder: The output folder, which must not exist or be empty.
        root: The folder of the site, with its closed lists, organisations and settings.
        host: The repository that the form edits.

    Raises:
        UserError: The folder is not empty, the repository or its address is missing, the settings cannot be
            read, npm is missing or fails, or a package does not match its checksum.
        OSError: The disk refuses.
    """
    _check_host(host)
    content = read_content(root)
    if content.config is None:
        raise UserError(
            message("设置读不出来，没有做表单；请运行 {command}", command="jixiao check"),
            exit_code=EXIT_PROBLEMS,
        )
    if folder.exists() and any(folder.iterdir()):
        raise UserError(
            message("这里已经有东西了，没有动它：{path}", path=str(folder)), exit_code=EXIT_PROBLEMS
        )
    programs = dict(_fetch_programs())
    values = {
        "policy": build_form_policy(host),
        "title": content.config.name["zh"].plain().translate(_ESCAPES),
    }
    settings = build_decap_settings(content.registers, content.config, host)
    config_json = json.dumps(settings, ensure_ascii=False, indent=1)
    with staged_folder(folder) as workshop:
        for path, program in programs.items():
            (workshop / path).parent.mkdir(parents=True, exist_ok=True)
            (workshop / path).write_bytes(program)
        for name in _PAGE_FILES:
            text = (PACKAGE_THEME / "admin" / name).read_text("utf-8")
            text = Template(text).substitute(values) if name.endswith(".html") else text
            (workshop / name).write_text(text, encoding="utf-8", newline="\n")
        (workshop / "config.json").write_text(f"{config_json}\n", encoding="utf-8", newline="\n")


def _check_host(host: RepositoryHost) -> None:
    """Refuse a host without a repository, or with an address that would widen the security policy."""
    if host.backend is not Backend.LOCAL and not re.fullmatch(
        r"[\w.-]+(?:/[\w.-]+)+", host.repository, re.ASCII
    ):
        raise UserError(message("请写明仓库：--repository 所有者/名称"), exit_code=EXIT_PROBLEMS)
    if host.server and not _SERVER_ADDRESS.fullmatch(host.server):
        raise UserError(message("网址写法不对：{typed}", typed=host.server), exit_code=EXIT_PROBLEMS)
    if host.backend is Backend.GITEA and not host.server:
        raise UserError(message("请写明 Gitea 的网址：--server https://…"), exit_code=EXIT_PROBLEMS)


def build_form_policy(host: RepositoryHost) -> str:
    """Return the content security policy of the form, which allows requests to the forge only."""
    known = {
        Backend.GITHUB: _GITHUB_HOSTS,
        Backend.GITLAB: ("https://gitlab.com",),
        Backend.LOCAL: (LOCAL_SERVER,),
    }
    is_own = bool(host.server) and host.backend is not Backend.GITHUB
    connects = " ".join(("'self'", "blob:", *((host.server,) if is_own else known.get(host.backend, ()))))
    return (
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src {connects}; form-action 'self'; base-uri 'none'"
    )


def build_decap_settings(registers: SiteContent, config: SiteConfig, host: RepositoryHost) -> dict[str, Any]:
    """Return the Decap settings, one collection with the fields of a declaration."""
    fields = _build_fields("Declaration", Declaration.model_json_schema(by_alias=True), registers)
    return {
        **_build_backend_settings(host),
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


def _build_backend_settings(host: RepositoryHost) -> dict[str, Any]:
    """Return the settings of the repository and of authentication."""
    if host.backend is Backend.LOCAL:
        proxy = f"{host.server or LOCAL_SERVER}/api/v1"
        return {"backend": {"name": "proxy", "proxy_url": proxy, "branch": host.branch}}
    server = {"base_url": host.server} if host.server else {}
    authentication: dict[Backend, dict[str, str]] = {
        # GitHub needs a separate OAuth server to issue the token of a session.
        Backend.GITHUB: server,
        Backend.GITLAB: {
            "auth_type": "pkce",
            **_build_forge_addresses(host.server or "https://gitlab.com", "v4", host),
        },
        Backend.GITEA: _build_forge_addresses(host.server, "v1", host),
    }
    return {
        "backend": {
            "name": host.backend,
            "repo": host.repository,
            "branch": host.branch,
            **authentication[host.backend],
        },
        # A change becomes a merge request; Decap does not support that on Gitea.
        **({"publish_mode": "editorial_workflow"} if host.backend is not Backend.GITEA else {}),
    }


def _build_forge_addresses(server: str, version: str, host: RepositoryHost) -> dict[str, str]:
    return {"base_url": server, "api_root": f"{server}/api/{version}", "app_id": host.app_id}


def _build_fields(model: str, schema: Mapping[str, Any], registers: SiteContent) -> Iterator[dict[str, Any]]:
    """Yield the Decap fields of one model of the schema, in the order of the form."""
    definitions = schema.get("$defs", {})
    part = schema if model == "Declaration" else definitions[model]
    required = set(part.get("required", ()))
    for name, definition in part["properties"].items():
        if name not in _OMITTED_FIELDS:
            yield {
                "name": name,
                "label": definition.get("title", name),
                "required": name in required and name != "target",
                "hint": _HINTS.get(name, FIELD_GUIDANCE[f"{model}.{name}"]),
                **_build_widget(name, definition, schema, registers),
            }


def _build_widget(
    name: str, field: Mapping[str, Any], schema: Mapping[str, Any], registers: SiteContent
) -> dict[str, Any]:
    if name == "indicators":
        return {"widget": "object", "fields": list(_build_class_fields(schema, registers))}
    choices = _list_choices(name, registers)
    references = (part["$ref"] for part in (field, *field.get("anyOf", ())) if "$ref" in part)
    model = next(references, "").rpartition("/")[2]
    definition = schema["$defs"].get(model, {})
    if "enum" in definition:
        choices = definition["enum"]
    if choices:
        return {"widget": "select", "options": choices}
    if definition:
        return {"widget": "object", "fields": list(_build_fields(model, schema, registers))}
    return {"widget": "text" if name in {"overall", "annual", "note"} else "string"}


def _list_choices(name: str, registers: SiteContent) -> list[Any]:
    if name in {"department", "unit"}:
        return [
            {"label": organisation.name.plain(), "value": identity}
            for identity, organisation in sorted(registers.organisations.items())
        ]
    if name == "nature":
        taxonomies = registers.taxonomies.values()
        return list(dict.fromkeys(nature for taxonomy in taxonomies for nature in taxonomy.natures))
    return []


def _build_class_fields(schema: Mapping[str, Any], registers: SiteContent) -> Iterator[dict[str, Any]]:
    """Yield the indicator classes of all editions, each with the fields of its indicators."""
    levels: dict[str, dict[str, None]] = {}
    for taxonomy in registers.taxonomies.values():
        for level1, classes in taxonomy.levels.items():
            levels.setdefault(level1, {}).update(dict.fromkeys(classes))
    fields = list(_build_fields("Indicator", schema, registers))
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
                "fields": fields,
            }
            for name in level2
        ]
        yield {"name": level1, "label": level1, "widget": "object", "required": False, "fields": lists}


def _fetch_programs() -> Iterator[tuple[str, bytes]]:
    """Fetch the pinned npm packages; yield their files with their paths in the form's folder.

    Raises:
        UserError: npm is missing or fails, or an archive does not match its checksum.
    """
    with TemporaryDirectory() as temporary:
        for package in _PACKAGES:
            archive = _fetch_archive(package, Path(temporary))
            digest = base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
            if digest != package.sha512:
                raise UserError(
                    message("{name} 与登记的校验和不符，没有使用", name=package.name), exit_code=EXIT_PROBLEMS
                )
            with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as files:
                for member in files:
                    file, name = files.extractfile(member), member.name
                    if file and name.startswith(package.folder) and name.endswith(package.suffix):
                        yield f"{package.target_folder}{name.removeprefix(package.folder)}", file.read()


def _fetch_archive(package: _NpmPackage, folder: Path) -> bytes:
    command = ("npm", "pack", package.name, "--silent", "--ignore-scripts", "--pack-destination", str(folder))
    try:
        process = subprocess.run(command, check=False, capture_output=True, cwd=folder)  # noqa: S603 - nothing from outside
    except FileNotFoundError as missing:
        raise UserError(
            message(
                "没有找到 {program}：请先安装，例如 {command}", program="npm", command="apt-get install npm"
            ),
            exit_code=EXIT_PROBLEMS,
        ) from missing
    if process.returncode:
        details = process.stderr.decode("utf-8", "replace")
        raise UserError(message("{name} 没有取到", name=package.name), details, exit_code=EXIT_PROBLEMS)
    name, _, version = package.name.rpartition("@")
    return (folder / f"{name}-{version}.tgz").read_bytes()
