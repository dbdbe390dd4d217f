"""Source that this program was installed from, and the `requirements.txt` that names it.

The package is on no public index, where its name may be taken by anybody. So a new site is given a wheel or
an address, or no requirement at all.
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from jixiao import __version__

_WHEEL_NAME: Final = re.compile(r"jixiao-[0-9][A-Za-z0-9._+!-]*\.whl")
_INSTALL_ADDRESS: Final = re.compile(r"(?:git\+(?:https|ssh|file)|https)://[!-~]+")
_ARCHIVE_SUFFIX: Final = re.compile(r"\.(?:whl|zip|tar\.gz)$")
WHEELS_FOLDER: Final = "wheels"
"""Folder of a site for the wheel that it is built with."""


@dataclass(frozen=True, kw_only=True)
class InstallSource:
    """Source of the installed program, a local wheel, an address, or unknown."""

    wheel: Path | None = None
    address: str = ""


def read_install_source(typed: str) -> InstallSource | None:
    """Read the path of a wheel or an install address, or return `None` if *typed* is neither."""
    path = Path(typed)
    if _WHEEL_NAME.fullmatch(path.name) and path.is_file():
        return InstallSource(wheel=path)
    parts = urlsplit(typed) if _INSTALL_ADDRESS.fullmatch(typed) else None
    if parts is None or not parts.path.strip("/"):
        return None
    # The file is committed for everybody to read, so neither a password nor a token may stand in it.
    user = parts.netloc.rpartition("@")[0]
    if ":" in user or (user and parts.scheme.endswith("https")):
        return None
    is_of_file = parts.scheme != "https" or _ARCHIVE_SUFFIX.search(parts.path) is not None
    return InstallSource(address=typed) if is_of_file else None


def find_install_source() -> InstallSource:
    """Find the install source of this program in the metadata of its installer."""
    try:
        noted = json.loads(distribution("jixiao").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return InstallSource()
    if not isinstance(noted, dict):
        return InstallSource()
    parts = urlsplit(str(noted.get("url", "")))
    # Whoever signed in with a name or token did so for themselves.
    host = parts.netloc.rpartition("@")[2] if parts.scheme in {"http", "https"} else parts.netloc
    address = parts._replace(netloc=host, fragment="").geturl()
    of_git, of_archive = noted.get("vcs_info"), noted.get("archive_info")
    if isinstance(of_git, dict) and of_git.get("commit_id"):
        folder = noted.get("subdirectory")
        within = f"#subdirectory={folder}" if folder else ""
        return read_install_source(f"git+{address}@{of_git['commit_id']}{within}") or InstallSource()
    if parts.scheme == "file":
        return read_install_source(unquote(parts.path)) or InstallSource()
    if isinstance(of_archive, dict) and parts.scheme == "https":
        sha256 = (of_archive.get("hashes") or {}).get("sha256")
        return read_install_source(f"{address}#sha256={sha256}" if sha256 else address) or InstallSource()
    return InstallSource()


def format_requirements(source: InstallSource) -> str | None:
    """Return the text of `requirements.txt`, or `None` if the source is unknown."""
    if source.wheel is not None:
        return f"# jixiao {__version__}\n./{WHEELS_FOLDER}/{source.wheel.name}\n"
    return f"# jixiao {__version__}\njixiao @ {source.address}\n" if source.address else None


def has_requirement(requirements: str) -> bool:
    """Return whether the text of a `requirements.txt` names any package."""
    return any(line and not line.startswith("#") for line in map(str.strip, requirements.splitlines()))
