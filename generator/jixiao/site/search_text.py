"""Text of a page for the search index, with each 汉字 as a word of its own.

Dictionary segmentation depends on context: a search for 试运行 would not find 开馆试运行. So the text is
split here between all 汉字, and Pagefind does not learn that it is Chinese; the browser
(`theme/search/words.js`) searches a word of several 汉字 as a phrase. Spaces of the original text beside a
汉字 are marked, and so are ends of cells and paragraphs, where Pagefind inserts a full stop: the browser can
then restore the text.
"""

import re
from functools import lru_cache

BLANK_MARK = "\u2800"
"""Mark before a space of the text. `words.js` has both marks; no form has them, and Pagefind skips them."""
END_MARK = "\u2801"
"""Mark at the end of a cell, paragraph or heading."""
_HAN_RANGES = ((0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""First and last code points of 汉字; `words.js` has the same."""
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN_RANGES)
_PUNCTUATION = rf"[^\s<&A-Za-z0-9{_HAN}]*+"
"""Characters that may stand between two words; they stay with the first."""
_REFERENCE = re.compile("&[#a-z0-9]+;")
_REFERENCE_MARK = "\0"
"""Replacement for `&amp;` and its like during word separation; no page holds it."""
_BLANK = re.compile(rf"([{_HAN}]{_PUNCTUATION})\s+(?=[^\s<]|$)|([^\s>])\s+(?=[{_HAN}]|$)")
_HAN_RUN = re.compile(rf"[{_HAN}]{{2,}}")
"""Runs of 汉字, most of a Chinese text; the next pattern alone would take three times as long."""
_END_OF_WORD = re.compile(
    rf"([{_HAN}]{_PUNCTUATION})(?=[A-Za-z0-9{_HAN}]|$)|([A-Za-z0-9]{_PUNCTUATION})(?=[{_HAN}])|^>(?=[{_HAN}])"
)
_SEARCHED_TEXT = re.compile(r'>[^<]+(?=<)| data-aliases="[^"]*"')
_END_OF_BLOCK = re.compile(
    r"<(?<=[^\s>]<)"
    r"(?=(?:/(?:a|abbr|b|bdi|code|em|kbd|span|strong|time)><)*/(?:caption|dd|dt|h[1-6]|li|p|td|th)>)"
)
"""End of a block. Begins with the character it searches for, so most of a page is skipped quickly."""
_ROW_WITH_ANCHOR = re.compile(r'<tr id="[^"]*"')
_IGNORED_ELEMENT = re.compile(
    r'<(?P<name>details|dl|figure|nav|p|table) class="[a-z -]+" data-pagefind-ignore[ >].*?</(?P=name)>',
    re.DOTALL,
)
"""Elements that our templates exclude from Pagefind and that cannot contain an element of their name."""


def extract_search_text(html: str) -> str:
    """Extract the HTML that Pagefind indexes, with 汉字 separated."""
    indexed = extract_indexed_html(html)
    if indexed is html:
        return html
    head, opening, article = indexed.partition("<article")
    article = _END_OF_BLOCK.sub(f"{END_MARK}<", f"{opening}{article}")
    return head + _SEARCHED_TEXT.sub(lambda text: separate_han(text[0]), article)


def extract_indexed_html(html: str) -> str:
    """Extract the HTML that Pagefind indexes: the title, and the article without excluded elements.

    Row anchors are removed as well: results link to pages, and index fragments are a sixth smaller without
    them. Pages with equal extracts give equal indexes, so a changed sum in a list changes no index.
    """
    head, opening, rest = html.partition("<article")
    article, closing, _ = rest.rpartition("</article>")
    _, is_html, root = head.partition("<html")
    _, is_title, title = head.partition("<title>")
    if not (closing and is_html and is_title):
        return html
    # Without its language, because Pagefind would segment Chinese.
    attributes, title = root.partition(">")[0], title.partition("</title>")[0]
    language = "" if ' lang="zh' in attributes else attributes
    article = _ROW_WITH_ANCHOR.sub("<tr", _IGNORED_ELEMENT.sub("", f"{opening}{article}{closing}"))
    return f"<!doctype html><html{language}><head><title>{title}</title></head><body>{article}</body></html>"


# Nine of ten texts of a page are words of the form, which all pages have.
@lru_cache(maxsize=4096)
def separate_han(text: str) -> str:
    """Separate the 汉字 of a text with spaces."""
    if "&" not in text:
        return _separate_han_in_plain_text(text)
    references = _REFERENCE.findall(text)
    pieces = _separate_han_in_plain_text(_REFERENCE.sub(_REFERENCE_MARK, text)).split(_REFERENCE_MARK)
    return "".join(map("".join, zip(pieces, (*references, ""), strict=True)))


def _separate_han_in_plain_text(text: str) -> str:
    """Separate the 汉字 of a text without character references."""
    marked = _BLANK.sub(lambda found: f"{found[1] or found[2]}{BLANK_MARK} ", text)
    apart = _HAN_RUN.sub(lambda run: " ".join(run[0]), marked)
    return _END_OF_WORD.sub(r"\g<0> ", apart)
