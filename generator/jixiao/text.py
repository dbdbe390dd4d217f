"""Text that was typed by somebody, and the only ways by which it may leave the program.

Whatever an editor, a translator or a publisher typed is wrapped here when it is read. It becomes a plain
`str` again only through one of the methods below, each of which escapes for one place; templates refuse a
bare `str` (see `pages/templates.py`), so no text can reach a page unescaped.
"""

import html
import re
from dataclasses import dataclass
from string import punctuation

from markupsafe import Markup

_MARKDOWN = {ord(mark): f"&#{ord(mark)};" for mark in punctuation}
_BREAKS = {ord(mark): f"&#{ord(mark)};" for mark in "\n\r\t"}
_BLANKS = re.compile(r"[ \t\n\r]+")
_CHINESE_MARKS = frozenset("，。；：、“”（）《》")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """Words as typed.

    Example:
        >>> Text("a < b & c").html()
        'a &lt; b &amp; c'
    """

    typed: str
    """The characters as typed. For comparing and measuring, never for printing into a page."""

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return bool(self.typed)

    def __str__(self) -> str:
        """Refuse: which escaping is right depends on the place the text goes to."""
        raise NotImplementedError

    def html(self) -> str:
        """Escape for HTML content and for a quoted attribute.

        Line breaks become references, because a blank line would end the block of HTML in which the text
        stands (see `site/markdown.py`), and so do tabs, because Markdown turns them into blanks. A carriage
        return cannot be typed into YAML, but into a translation, and Markdown reads it as a line break.
        """
        return html.escape(self.typed).translate(_BREAKS)

    def __html__(self) -> Markup:
        """Let templates with autoescape print a text without being told how, and escape it once."""
        return Markup(self.html())

    def markdown(self) -> str:
        """Escape for a line of Markdown: every ASCII mark becomes a character reference.

        Line breaks and runs of blanks become one blank, so that the text stays on its line.
        """
        return _BLANKS.sub(" ", self.typed).translate(_MARKDOWN)

    def plain(self) -> str:
        """Give the text to a place that does not read markup: JSON values, terminals, gettext look-ups."""
        return self.typed

    def paragraphs(self) -> tuple["Text", ...]:
        """Split at line breaks, as a form is read: each line that is not blank is a paragraph."""
        return tuple(Text(line.strip()) for line in self.typed.split("\n") if line.strip())


def has_chinese(text: str) -> bool:
    """Tell whether *text* holds something that only readers of Chinese can read."""
    return any("\u3400" <= character <= "\u9fff" or character in _CHINESE_MARKS for character in text)
