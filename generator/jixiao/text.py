"""Text typed by a person, and the only ways by which it may leave the program.

Text of editors, translators and publishers is wrapped when it is read. It becomes a `str` again only through
methods that escape it for one destination; templates refuse a bare `str` (see `pages/templates.py`).
"""

import html
import re
from dataclasses import dataclass
from string import punctuation

from markupsafe import Markup

_MARKDOWN_ESCAPES = {ord(mark): f"&#{ord(mark)};" for mark in punctuation}
_BREAK_ESCAPES = {ord(mark): f"&#{ord(mark)};" for mark in "\n\r\t"}
_BLANKS = re.compile(r"[ \t\n\r]+")
_CHINESE_MARKS = frozenset("，。；：、“”（）《》")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """Text typed by a person; it leaves the program only through an escaping method.

    Example:
        >>> Text("a < b & c").html()
        'a &lt; b &amp; c'
    """

    typed: str
    """The characters as typed. For comparing and measuring, never for printing into a page."""

    def __bool__(self) -> bool:
        """Return whether the text is not empty."""
        return bool(self.typed)

    def __str__(self) -> str:
        """Raise an error, because the right escaping depends on the destination."""
        raise NotImplementedError

    def html(self) -> str:
        """Return the text escaped for HTML content and quoted attributes.

        Line breaks become references, because a blank line would end the block of HTML (see
        `site/markdown.py`), and so do tabs, because Markdown turns them into blanks. A carriage return cannot
        be typed into YAML, but into a translation, and Markdown reads it as a line break.
        """
        return html.escape(self.typed).translate(_BREAK_ESCAPES)

    def __html__(self) -> Markup:
        """Return escaped markup, so that templates with autoescape print the text correctly."""
        return Markup(self.html())

    def markdown(self) -> str:
        """Return the text escaped for a line of Markdown, with ASCII punctuation as references.

        Line breaks and runs of blanks become one blank, so that the text stays on its line.
        """
        return _BLANKS.sub(" ", self.typed).translate(_MARKDOWN_ESCAPES)

    def plain(self) -> str:
        """Return the raw text for places without markup: JSON values, terminals, gettext look-ups."""
        return self.typed

    def paragraphs(self) -> tuple["Text", ...]:
        """Split the text into its non-blank lines; each is a paragraph of the form."""
        return tuple(Text(line.strip()) for line in self.typed.split("\n") if line.strip())


def has_chinese(text: str) -> bool:
    """Return whether *text* contains Chinese characters or punctuation."""
    return any("\u3400" <= character <= "\u9fff" or character in _CHINESE_MARKS for character in text)
