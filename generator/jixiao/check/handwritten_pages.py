"""Check the hand-written pages: plain Markdown, links that lead somewhere, every language complete."""

import re
from collections.abc import Iterator
from itertools import islice

from jixiao.analysis.site_content import Catalogue, HandwrittenPage
from jixiao.analysis.urls import all_addresses
from jixiao.i18n import SOURCE_LANGUAGE, Message, known_languages, message
from jixiao.model.values import is_slug
from jixiao.problems import MOST_OF_FILE, Place, Problem

_MARKUP = re.compile(r"<[A-Za-z/!?]")
_OPENED = re.compile(r"\]\(")
_LINK = re.compile(r"([^()\s<>\"'\\]+)(?: +\"[^\"()<>]*\")?\)")
_REFERENCE = re.compile(r"^[\s>*+0-9.-]*\[[^\]]+\]:")
_IMAGE = re.compile(r"!\[")
_BRACES = re.compile(r"\{(?!#[a-z0-9][a-z0-9-]*\}\s*$)")
_BRACKETS_LIMIT = 500
"""Markdown looks for a partner of each through all that follows: 20,000 of them took 73 seconds."""
_LENGTH_LIMIT = 200_000
"""Characters of a page."""
_LINES_LIMIT = 5_000
"""Of a paragraph, that is, up to an empty line."""
_MARKS_LIMIT = 2_000
"""Of a paragraph."""
_MARKS = "\\`*_&["
"""What may begin a mark within a line."""
_SNIPPET = re.compile(r"(?<!-)-++8<-")
_HEADING_ID = re.compile(r"^#{1,6} .*\{#(?P<id>[a-z0-9][a-z0-9-]*)\}\s*$", re.MULTILINE)
RESERVED = frozenset(
    {
        "index",
        "404",
        "assets",
        "search",
        "pagefind",
        "organisations",
        "forms",
        "indicators",
        "quality",
        "projects",
        "compare",
        "data",
        "changes",
        "rules",
    }
)


def check_handwritten(catalogue: Catalogue, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Yield the problems of the hand-written pages."""
    addresses = {f"/{address}" for address in (*all_addresses(catalogue), *_unread_addresses(catalogue))}
    anchors = {
        (page.language, f"/{page.slug}/"): {found["id"] for found in _HEADING_ID.finditer(page.markdown)}
        for page in catalogue.handwritten
    }
    chinese = {page.slug for page in catalogue.handwritten if page.language == SOURCE_LANGUAGE}
    for page in catalogue.handwritten:
        yield from _address(page, languages, has_chinese=page.slug in chinese)
        if len(page.markdown) > _LENGTH_LIMIT:
            yield _too_long(page)
            continue
        yield from _paragraphs(page)
        yield from islice(_lines(page, addresses, anchors), MOST_OF_FILE)


def _lines(
    page: HandwrittenPage, addresses: set[str], anchors: dict[tuple[str, str], set[str]]
) -> Iterator[Problem]:
    for number, line in enumerate(page.markdown.split("\n"), page.first_line):
        yield from _markup(page, number, line)
        for opened in _OPENED.finditer(line):
            place = Place(page.file, number, opened.end() + 1)
            link = _LINK.match(line, opened.end())
            if link is None:
                yield _problem(
                    "broken-link",
                    place,
                    message("链接写法不对"),
                    message("写成 [文字](/glossary/)，地址里没有空格和括号，写在一行里"),
                )
            else:
                yield from _link(link[1], page, place, addresses, anchors)


def _too_long(page: HandwrittenPage) -> Problem:
    return _problem(
        "page-too-long",
        Place(page.file, page.first_line),
        message(
            "页面有 {count} 个字，超过 {limit} 个", count=str(len(page.markdown)), limit=str(_LENGTH_LIMIT)
        ),
        message("请分成几页"),
    )


def _paragraphs(page: HandwrittenPage) -> Iterator[Problem]:
    """Yield a problem where Markdown would take minutes: for each mark it writes the paragraph once more."""
    lines = marks = 0
    for number, line in enumerate(page.markdown.split("\n"), page.first_line):
        is_over = not line.strip()
        lines = 0 if is_over else lines + 1
        marks = 0 if is_over else marks + sum(map(line.count, _MARKS))
        if lines > _LINES_LIMIT or marks > _MARKS_LIMIT:
            yield _problem(
                "paragraph-too-long",
                Place(page.file, number),
                message(
                    "到这里为止，这一段有 {lines} 行、{marks} 个 Markdown 记号（{signs}）",
                    lines=str(lines),
                    marks=str(marks),
                    signs=" ".join(_MARKS),
                ),
                message(
                    "请用空行分成几段；一段最多 {lines} 行、{marks} 个记号",
                    lines=str(_LINES_LIMIT),
                    marks=str(_MARKS_LIMIT),
                ),
            )
            return


def _unread_addresses(catalogue: Catalogue) -> Iterator[str]:
    """List the addresses that files with problems will have once they are mended."""
    for file in catalogue.unread:
        path = file.removeprefix("content/").removeprefix("declarations/").removesuffix(".yml")
        while path:
            yield f"{path}/"
            path = path.rpartition("/")[0]


def _address(page: HandwrittenPage, languages: tuple[str, ...], *, has_chinese: bool) -> Iterator[Problem]:
    is_reserved = page.slug in RESERVED or page.slug in known_languages()
    if not is_slug(page.slug) or is_reserved or page.slug.isdigit():
        yield _problem(
            "page-name",
            Place(page.file),
            message("文件名“{name}”不能作网址", name=page.slug),
            message("只用小写英文字母、数字和连字符，例如 about.md"),
        )
    if page.language in languages and page.language != SOURCE_LANGUAGE and not has_chinese:
        yield _problem(
            "page-without-chinese",
            Place(page.file),
            message("这一页没有中文，不会发布"),
            message("请在 content/pages/zh/ 里放一个同名的文件，或删除这一页"),
        )
    loose = page.markdown.count("[") - page.markdown.count("](")
    if loose > _BRACKETS_LIMIT:
        yield _problem(
            "too-many-brackets",
            Place(page.file, page.first_line),
            message("页面里有 {count} 个没有用作链接的方括号", count=str(loose)),
            message("请删去多余的方括号；太多了，生成页面要很久"),
        )
    if page.file != f"content/pages/{page.language}/{page.slug}.md":
        yield _problem(
            "page-misplaced",
            Place(page.file),
            message("文件放错了地方：{path}", path=page.file),
            message("应放在 content/pages/语言/名称.md"),
        )
    elif page.language not in languages:
        yield _problem(
            "unknown-language",
            Place(page.file),
            message("网站没有“{language}”这种语言", language=page.language),
            message("页面放在 content/pages/zh/ 或 site_config.yml 里列出的语言下"),
        )


def _markup(page: HandwrittenPage, number: int, line: str) -> Iterator[Problem]:
    for pattern, saying in (
        (_MARKUP, message("页面里有网页标记（“<”后面紧跟字母或“/”）")),
        (_BRACES, message("页面里有花括号；只有标题后面可以写 {example}", example="{#anchor}")),
        (_REFERENCE, message("页面里有引用式的链接或脚注（[名称]: 地址）")),
        (_IMAGE, message("页面里有图片")),
        (_SNIPPET, message("页面里有插入文件的记号（--8<--）")),
    ):
        found = pattern.search(line)
        if found:
            yield _problem(
                "markup-in-page",
                Place(page.file, number, found.start() + 1),
                saying,
                message("这里只用 Markdown 的标题、段落、列表、链接和表格"),
            )


def _link(
    target: str,
    page: HandwrittenPage,
    place: Place,
    addresses: set[str],
    anchors: dict[tuple[str, str], set[str]],
) -> Iterator[Problem]:
    if target.startswith(("https://", "http://", "mailto:", "tel:")):
        return
    address, _, anchor = target.partition("#")
    address = address or f"/{page.slug}/"
    known = anchors.get((page.language, address))
    if address not in addresses:
        yield _problem(
            "broken-link",
            place,
            message("链接指向的页面不存在：{target}", target=target),
            message("网站内的链接从 / 写起，例如 /glossary/；外部链接以 https:// 开头"),
        )
    elif anchor and known is not None and anchor not in known:
        yield _problem(
            "broken-link",
            place,
            message("“{address}”没有“{anchor}”这个位置", address=address, anchor=anchor),
            message("可以用：{known}", known=tuple(sorted(known))),
        )


def _problem(rule: str, place: Place, saying: Message, hint: Message) -> Problem:
    return Problem(rule=rule, place=place, message=saying, hint=hint)
