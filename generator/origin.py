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

from generator import __version__

_WHEEL: Final = re.compile(r"jixiao-[0-9][A-Za-z0-9._+!-]*\.whl")
_ADDRESS: Final = re.compile(r"(?:git\+(?:https|ssh|file)|https)://[!-~]+")
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
    return Origin(address=typed) if _ADDRESS.fullmatch(typed) else None


def present_origin() -> Origin:
    """Find where this program was installed from, as the installer has noted it."""
    try:
        noted = json.loads(distribution("jixiao").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError, OSError):
        return Origin()
    url = str(noted.get("url", ""))
    parts = urlsplit(url)
    if commit := noted.get("vcs_info", {}).get("commit_id"):
        # Whoever signed in with a name or token did so for themselves.
        host = parts.netloc.rpartition("@")[2] if parts.scheme in {"http", "https"} else parts.netloc
        return read_origin(f"git+{parts._replace(netloc=host).geturl()}@{commit}") or Origin()
    if parts.scheme == "file":
        return read_origin(unquote(parts.path)) or Origin()
    return Origin()


def requirements_of(origin: Origin) -> str | None:
    """Write `requirements.txt`; `None` where nothing is known that could be installed."""
    if origin.wheel is not None:
        return f"# jixiao {__version__}\n./{WHEELS}/{origin.wheel.name}\n"
    return f"# jixiao {__version__}\njixiao @ {origin.address}\n" if origin.address else None


def is_installable(requirements: str) -> bool:
    """Tell whether `requirements.txt` names anything."""
    return any(line and not line.startswith("#") for line in map(str.strip, requirements.splitlines()))
