"""Where this program was installed from, and how `requirements.txt` of a site says so.

No index is known to have it, and a name that nobody has registered there may be anybody's tomorrow. So a new
site is told a file or an address, or nothing that would be installed.
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from jixiao import __version__

_WHEEL: Final = re.compile(r"jixiao-[0-9][A-Za-z0-9._+!-]*\.whl")
_ADDRESS: Final = re.compile(r"(?:git\+(?:https|ssh|file)|https)://[!-~]+")
_ARCHIVE: Final = re.compile(r"\.(?:whl|zip|tar\.gz)$")
WHEELS: Final = "wheels"
"""The folder of a site that keeps the wheel which it is built with."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A wheel on this machine, an address, or neither."""

    wheel: Path | None = None
    address: str = ""


def read_origin(typed: str) -> Origin | None:
    """Read what somebody has typed: the path of a wheel, or an address; `None` where it is neither."""
    path = Path(typed)
    if _WHEEL.fullmatch(path.name) and path.is_file():
        return Origin(wheel=path)
    parts = urlsplit(typed) if _ADDRESS.fullmatch(typed) else None
    if parts is None or not parts.path.strip("/"):
        return None
    # The file is committed for everybody to read, so neither a password nor a token may stand in it.
    user = parts.netloc.rpartition("@")[0]
    if ":" in user or (user and parts.scheme.endswith("https")):
        return None
    is_of_file = parts.scheme != "https" or _ARCHIVE.search(parts.path) is not None
    return Origin(address=typed) if is_of_file else None


def present_origin() -> Origin:
    """Find where this program was installed from, as the installer has noted it."""
    try:
        noted = json.loads(distribution("jixiao").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return Origin()
    if not isinstance(noted, dict):
        return Origin()
    parts = urlsplit(str(noted.get("url", "")))
    # Whoever signed in with a name or token did so for themselves.
    host = parts.netloc.rpartition("@")[2] if parts.scheme in {"http", "https"} else parts.netloc
    address = parts._replace(netloc=host, fragment="").geturl()
    of_git, of_archive = noted.get("vcs_info"), noted.get("archive_info")
    if isinstance(of_git, dict) and of_git.get("commit_id"):
        folder = noted.get("subdirectory")
        within = f"#subdirectory={folder}" if folder else ""
        return read_origin(f"git+{address}@{of_git['commit_id']}{within}") or Origin()
    if parts.scheme == "file":
        return read_origin(unquote(parts.path)) or Origin()
    if isinstance(of_archive, dict) and parts.scheme == "https":
        sha256 = (of_archive.get("hashes") or {}).get("sha256")
        return read_origin(f"{address}#sha256={sha256}" if sha256 else address) or Origin()
    return Origin()


def requirements_of(origin: Origin) -> str | None:
    """Write `requirements.txt`; `None` where nothing is known that could be installed."""
    if origin.wheel is not None:
        return f"# jixiao {__version__}\n./{WHEELS}/{origin.wheel.name}\n"
    return f"# jixiao {__version__}\njixiao @ {origin.address}\n" if origin.address else None


def is_installable(requirements: str) -> bool:
    """Tell whether `requirements.txt` names anything."""
    return any(line and not line.startswith("#") for line in map(str.strip, requirements.splitlines()))
