"""Markdown extension of the site: HTML blocks stay untouched, headings have explicit anchors.

A block is a run of lines that begins with `<` in the first column and ends at a blank line, as in
CommonMark. It is stashed before the parser sees it, so tables and free text, already escaped, take no time
and cannot be changed. All text in a block is escaped, so no text can open or close one.

An anchor is written `## 来源 {#source}`. Nothing else in braces has a meaning, so no text can set attributes.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

_BLOCK_START = re.compile(r"</?[a-z]")
_ANCHOR = re.compile(r"(?<!\s)\s*+\{#(?P<id>[a-z0-9][a-z0-9-]*)\}$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PREPROCESSOR_PRIORITY = 25
"""Between the priorities of Python-Markdown's white space (30) and HTML (20) preprocessors."""
_TREEPROCESSOR_PRIORITY = 25
"""Above the priority of Python-Markdown's inline processor (20)."""


class VerbatimBlocks(Preprocessor):
    """Preprocessor that stashes blocks of HTML."""

    def run(self, lines: list[str]) -> list[str]:
        """Replace each block with a placeholder that is filled in after parsing."""
        kept: list[str] = []
        block: list[str] = []
        # The lines end with a blank one: Python-Markdown has normalized them.
        for line in lines:
            begins = not block and _BLOCK_START.match(line) is not None and (not kept or not kept[-1].strip())
            if begins or (block and line.strip()):
                block.append(line)
                continue
            if block:
                kept.append(self.md.htmlStash.store("\n".join(block)))
                block = []
            kept.append(line)
        return kept


class ExplicitAnchors(Treeprocessor):
    """Tree processor that sets heading ids from written anchors; Chinese headings would become `_1`."""

    def run(self, root: Element) -> None:
        """Move each anchor from the heading text to the id; the id of the page title is `title`."""
        for heading in root.iter():
            if heading.tag not in _HEADINGS:
                continue
            text = heading.text or ""
            found = _ANCHOR.search(text)
            if found:
                heading.set("id", found["id"])
                heading.text = text[: found.start()]
            elif heading.tag == "h1":
                heading.set("id", "title")


class SiteMarkdown(Extension):
    """Extension with both processors."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register the processors."""
        md.preprocessors.register(VerbatimBlocks(md), "verbatim-blocks", _PREPROCESSOR_PRIORITY)
        md.treeprocessors.register(ExplicitAnchors(), "explicit-anchors", _TREEPROCESSOR_PRIORITY)


def makeExtension() -> SiteMarkdown:  # noqa: N802 - the name is Python-Markdown's
    """Create the extension when `mkdocs.yml` names this module."""
    return SiteMarkdown()
