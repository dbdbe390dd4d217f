"""The tools that are compared: ours and its peers; how each is called, and what it reads and writes."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import yaml

from jixiao import __version__
from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.frame import Frame
from tests.conftest import ROOT

OURS = "jixiao"
PEERS = ("hugo", "zensical", "mkdocs")
TITLES = {
    OURS: "Jixiao",
    "hugo": "Hugo + Pagefind",
    "zensical": "Zensical",
    "mkdocs": "MkDocs + Material",
}
_HERE = Path(__file__).parent
_LOCKED = _HERE / "peers.txt"
_PEERS_HOME = ROOT / "build" / "bench-peers"
_EXTENSION = ROOT / "generator/jixiao/site/markdown_extension.py"


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool, ready to build in a folder of its own."""

    name: str
    folder: Path
    content: Path | None
    """Where it reads Markdown; nothing for ours, which reads the declarations."""
    site: Path
    left: tuple[Path, ...]
    """What a build leaves; removed before a build from nothing."""
    steps: tuple[tuple[str, ...], ...]
    search: str
    """The files of its search index, as a pattern under the site."""
    environment: Mapping[str, str] = field(default_factory=dict)
    branches: bool = False
    """Whether pages that have others under them have another file name."""


def versions_of(names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Find the tools on this machine.

    Returns:
        Those that are there with their versions, and for each that is not how to install it.
    """
    found: dict[str, str] = {}
    missing: dict[str, str] = {}
    for name in names:
        try:
            found[name] = _version(name)
        except BenchmarkFailure as failure:
            missing[name] = str(failure)
    return found, missing


def _version(name: str) -> str:
    match name:
        case "hugo":
            if not shutil.which("hugo"):
                raise BenchmarkFailure(
                    saying="not on this machine; on Debian and Ubuntu: apt-get install hugo"
                )
            said = subprocess.run(["hugo", "version"], check=True, capture_output=True, text=True).stdout
            hugo = re.sub("^v|[-+].*", "", said.split()[1])
            return f"Hugo {hugo} + Pagefind {version('pagefind')}"
        case "zensical":
            python = _python_of_peers()
            asked = "from importlib.metadata import version; print(version('zensical'))"
            said = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout
            return f"Zensical {said.strip()}"
        case "mkdocs":
            return f"MkDocs {version('mkdocs')} + Material {version('mkdocs-material')}"
        case _:
            return f"Jixiao {__version__}"


def _python_of_peers() -> str:
    """Install the peers of `peers.txt` beside everything else that is generated, once for each list."""
    python, stamp = _PEERS_HOME / "bin/python", _PEERS_HOME / "installed.txt"
    wanted = _LOCKED.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return str(python)
    venv.create(_PEERS_HOME, clear=True, with_pip=True)
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
    result = subprocess.run([python, *install, _LOCKED], check=False, capture_output=True, text=True)
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise BenchmarkFailure(saying=f"could not be installed from tests/benchmarks/peers.txt: {last}")
    stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def ours(project: Path) -> Tool:
    """Build the site of *project* as its editors do."""
    return Tool(
        name=OURS,
        folder=project,
        content=None,
        site=project / "build/site",
        left=(project / "build",),
        steps=((sys.executable, "-m", "jixiao", "build"),),
        search="pagefind/*/*/pagefind-entry.json",
        environment={"PYTHONPATH": str(ROOT / "generator")},
    )


def peer(name: str, folder: Path, frame: Frame) -> Tool:
    """Set up the peer called *name* in *folder*."""
    folder.mkdir(parents=True)
    match name:
        case "hugo":
            return _hugo(folder, frame)
        case "zensical":
            _settings(folder, frame)
            zensical = str(Path(_python_of_peers()).with_name("zensical"))
            return _reader_of_mkdocs_settings(name, folder, (zensical, "build"), "search.json")
        case _:
            _settings(folder, frame)
            command = (sys.executable, "-m", "mkdocs", "build", "--quiet")
            return _reader_of_mkdocs_settings(name, folder, command, "search/search_index.json")


def _hugo(folder: Path, frame: Frame) -> Tool:
    shutil.copytree(_HERE / "hugo", folder, dirs_exist_ok=True)
    shutil.copytree(frame.assets, folder / "static/assets")
    navigation = [{"title": title, "address": address} for title, address in frame.navigation]
    words = {"policy": frame.policy, "stylesheet": frame.stylesheet, "navigation": navigation}
    settings = {"title": frame.name, "params": words}
    (folder / "site.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    return Tool(
        name="hugo",
        folder=folder,
        content=folder / "content",
        site=folder / "public",
        left=(folder / "public", folder / "resources", folder / "cache"),
        steps=(
            ("hugo", "--quiet", "--noBuildLock", "--config", "hugo.toml,site.json"),
            (sys.executable, "-m", "pagefind", "--site", "public"),
        ),
        search="pagefind/pagefind-entry.json",
        environment={"HUGO_CACHEDIR": str(folder / "cache")},
        branches=True,
    )


def _settings(folder: Path, frame: Frame) -> None:
    """Write the plain settings that MkDocs and Zensical both read.

    The extension that reads our Markdown is ours, so that tables cost them as little as they cost us.
    """
    settings = {
        "site_name": frame.name,
        "docs_dir": "content",
        "site_dir": "public",
        "theme": {"name": "material", "language": "zh", "font": False},
        "nav": [{"首页": "index.md"}, *({title: f"{way}index.md"} for title, way in frame.navigation)],
        "not_in_nav": "*",
        "plugins": ["search"],
        "markdown_extensions": ["def_list", "site_markdown"],
        "validation": {"links": {"unrecognized_links": "ignore", "anchors": "ignore"}},
    }
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    shutil.copyfile(_EXTENSION, folder / "site_markdown.py")


def _reader_of_mkdocs_settings(name: str, folder: Path, command: tuple[str, ...], search: str) -> Tool:
    return Tool(
        name=name,
        folder=folder,
        content=folder / "content",
        site=folder / "public",
        left=(folder / "public", folder / ".cache"),
        steps=(command,),
        search=search,
        environment={"PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1"},
    )


def machine() -> str:
    """Describe this machine: cores, system, Python."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} cores, {os.uname().sysname} {os.uname().machine}, Python {sys.version.split()[0]}"
