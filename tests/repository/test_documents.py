"""Documents link to files and headings that exist, and decisions are numbered, dated and listed."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

OTHERS = ("content/", "tests/examples/", "theme/start/")
"""Folders whose Markdown is content, expected output or the start of another site."""
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LISTED = re.compile(r"^- \[([0-9]{3})\]\(([^)]+)\) ", re.MULTILINE)
DECISIONS = ROOT / "docs/decisions"
PACKAGE = ROOT / "generator/jixiao"
MODULE = re.compile(r"`([\w./-]+\.py)`")
LONGEST_DECISION = 20
"""Lines."""


def _documents() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], check=True, capture_output=True, text=True, encoding="utf-8", cwd=ROOT
    )
    yield from (ROOT / line for line in listed.stdout.splitlines() if not line.startswith(OTHERS))


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _leads_somewhere(link: str, document: Path) -> bool:
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    return "://" in link or (target.exists() and (not anchor or anchor in _anchors(target)))


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        (document.relative_to(ROOT).as_posix(), link)
        for document in _documents()
        for link in LINK.findall(CODE.sub("", document.read_text("utf-8")))
        if not _leads_somewhere(link, document)
    ]

    assert dead == []


def test_every_module_that_the_guides_name_exists() -> None:
    """With its folder, below the repository or the package, or by its name alone."""
    guides = (ROOT / "CONTRIBUTING.md", ROOT / "README.md", ROOT / "README.zh.md", PACKAGE / "README.md")
    known = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    missing = [
        (guide.name, path)
        for guide in guides
        for path in MODULE.findall(guide.read_text("utf-8"))
        if not (ROOT / path).exists() and not any(f"/{one}".endswith(f"/{path}") for one in known)
    ]

    assert missing == []


def test_each_decision_is_numbered_dated_short_and_listed() -> None:
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    listed = LISTED.findall((DECISIONS / "README.md").read_text("utf-8"))

    assert sorted(listed) == [(file.name[:3], file.name) for file in files]
    for number, file in enumerate(files, 1):
        text = file.read_text("utf-8")
        assert file.name.startswith(f"{number:03d}-")
        assert re.match(rf"# {number}\. .+\n\nDate: 20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}\n", text)
        assert len(text.splitlines()) <= LONGEST_DECISION
