"""What the search reads of a page, with each 汉字 as a word of its own.

Which words a dictionary sees in a sentence depends on what stands around them: a search for 试运行 would not
find 开馆试运行. So the text is cut here, between all 汉字, and Pagefind is not told that it is Chinese; the
browser (`theme/search/words.js`) asks for a word of several 汉字 as a phrase. A blank that the text itself
has beside a 汉字 is marked, and so is the end of a cell or paragraph, where Pagefind sets a full stop: thus
the browser can show the text as the page has it.
"""

import re
from functools import lru_cache

MARK_OF_BLANK = "\u2800"
"""Before a blank of the text. `words.js` has both marks; no form has them, and Pagefind skips them."""
MARK_OF_END = "\u2801"
"""At the end of a cell, a paragraph, a heading."""
_RANGES = ((0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""First and last code of 汉字; `words.js` has the same."""
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES)
_MARKS = rf"[^\s<&A-Za-z0-9{_HAN}]*+"
"""What may stand between two words: it goes with the first."""
_REFERENCE = re.compile("&[#a-z0-9]+;")
_MARK_OF_REFERENCE = "\0"
"""In place of `&amp;` and its like while words are looked for: a sign, and no word. No page holds it."""
_BLANK = re.compile(rf"([{_HAN}]{_MARKS})\s+(?=[^\s<]|$)|([^\s>])\s+(?=[{_HAN}]|$)")
_WORDS_OF_HAN = re.compile(rf"[{_HAN}]{{2,}}")
"""The most of a Chinese text; what the pattern below does with it takes three times as long."""
_END_OF_WORD = re.compile(
    rf"([{_HAN}]{_MARKS})(?=[A-Za-z0-9{_HAN}]|$)|([A-Za-z0-9]{_MARKS})(?=[{_HAN}])|^>(?=[{_HAN}])"
)
_SEARCHED_TEXT = re.compile(r'>[^<]+(?=<)| data-aliases="[^"]*"')
_END_OF_BLOCK = re.compile(
    r"<(?<=[^\s>]<)"
    r"(?=(?:/(?:a|abbr|b|bdi|code|em|kbd|span|strong|time)><)*/(?:caption|dd|dt|h[1-6]|li|p|td|th)>)"
)
"""Begins with the sign that it looks for, so that most of a page is passed over quickly."""
_ROW_WITH_ANCHOR = re.compile(r'<tr id="[^"]*"')
_LEFT_OUT = re.compile(
    r'<(?P<name>details|dl|figure|nav|p|table) class="[a-z -]+" data-pagefind-ignore[ >].*?</(?P=name)>',
    re.DOTALL,
)
"""What our templates tell Pagefind to leave out, as far as it cannot hold another of its name."""


def searchable(html: str) -> str:
    """Give what Pagefind reads of a page: what `read_by_search` leaves of it, with 汉字 set apart."""
    left = read_by_search(html)
    if left is html:
        return html
    head, opening, article = left.partition("<article")
    article = _END_OF_BLOCK.sub(f"{MARK_OF_END}<", f"{opening}{article}")
    return head + _SEARCHED_TEXT.sub(lambda text: spaced(text[0]), article)


def read_by_search(html: str) -> str:
    """Leave of a page only what the search reads: title, and the article without what it leaves out.

    The index is the same but for the anchors of rows: results lead to pages, and fragments are a sixth
    smaller without them. Pages of which the same is left give the same index, so a changed sum in a list
    changes none.
    """
    head, opening, rest = html.partition("<article")
    article, closing, _ = rest.rpartition("</article>")
    _, is_html, root = head.partition("<html")
    _, is_title, title = head.partition("<title>")
    if not (closing and is_html and is_title):
        return html
    language, title = _language_of(root.partition(">")[0]), title.partition("</title>")[0]
    article = _ROW_WITH_ANCHOR.sub("<tr", _LEFT_OUT.sub("", f"{opening}{article}{closing}"))
    return f"<!doctype html><html{language}><head><title>{title}</title></head><body>{article}</body></html>"


def _language_of(attributes: str) -> str:
    """Keep what names the language, unless it is Chinese, which Pagefind would cut by a dictionary."""
    return "" if ' lang="zh' in attributes else attributes


# Nine of ten texts of a page are words of the form, which all pages have.
@lru_cache(maxsize=4096)
def spaced(text: str) -> str:
    """Set the 汉字 of a text apart."""
    if "&" not in text:
        return _spaced(text)
    references = _REFERENCE.findall(text)
    pieces = _spaced(_REFERENCE.sub(_MARK_OF_REFERENCE, text)).split(_MARK_OF_REFERENCE)
    return "".join(map("".join, zip(pieces, (*references, ""), strict=True)))


def _spaced(text: str) -> str:
    """Set the 汉字 of a text without references apart."""
    marked = _BLANK.sub(lambda found: f"{found[1] or found[2]}{MARK_OF_BLANK} ", text)
    apart = _WORDS_OF_HAN.sub(lambda run: " ".join(run[0]), marked)
    return _END_OF_WORD.sub(r"\g<0> ", apart)
