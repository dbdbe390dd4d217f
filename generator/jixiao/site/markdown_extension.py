"""The Markdown extension of the site: blocks of HTML stay untouched, headings carry explicit anchors.

A block is a run of lines that begins with `<` at the first column and ends at a blank line, as in CommonMark.
It is stashed before the parser sees it: tables and free text, which the generator has escaped, cost nothing
and cannot be changed. All text inside is escaped, so no text can open or close a block.

An anchor is written `## 来源 {#source}`. Nothing else in braces has a meaning, so no text can set attributes.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

_BLOCK = re.compile(r"</?[a-z]")
_ANCHOR = re.compile(r"(?<!\s)\s*+\{#(?P<id>[a-z0-9][a-z0-9-]*)\}$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BEFORE_HTML_BLOCKS = 25
"""Python-Markdown normalizes white space at 30 and looks for HTML at 20."""
_BEFORE_INLINE = 25
"""Python-Markdown reads inline marks at 20."""


class VerbatimBlocks(Preprocessor):
    """Stashes blocks of HTML."""

    def run(self, lines: list[str]) -> list[str]:
        """Replace each block by a placeholder that is filled in after parsing."""
        kept: list[str] = []
        block: list[str] = []
        # The lines end with a blank one: Python-Markdown has normalized them.
        for line in lines:
            begins = not block and _BLOCK.match(line) is not None and (not kept or not kept[-1].strip())
            if begins or (block and line.strip()):
                block.append(line)
                continue
            if block:
                kept.append(self.md.htmlStash.store("\n".join(block)))
                block = []
            kept.append(line)
        return kept


class ExplicitAnchors(Treeprocessor):
    """Gives headings the ids that are written behind them; Chinese headings would otherwise become `_1`."""

    def run(self, root: Element) -> None:
        """Move each anchor from the text of its heading to the id; the title of the page is `title`."""
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
    """Both together."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register the processors."""
        md.preprocessors.register(VerbatimBlocks(md), "verbatim-blocks", _BEFORE_HTML_BLOCKS)
        md.treeprocessors.register(ExplicitAnchors(), "explicit-anchors", _BEFORE_INLINE)


def makeExtension() -> SiteMarkdown:  # noqa: N802 - the name is Python-Markdown's
    """Make the extension when it is named in `mkdocs.yml`."""
    return SiteMarkdown()
