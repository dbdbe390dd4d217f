"""Checks of hand-written pages: plain Markdown, working links, every page also in Chinese."""

import re
from collections.abc import Iterator
from itertools import islice

from jixiao.analysis.page_kinds import FIXED_ADDRESSES
from jixiao.analysis.site_content import HandwrittenPage, SiteContent
from jixiao.analysis.urls import PROJECTS, list_page_urls
from jixiao.check.rules.address_differs_from_file import RESERVED_NAMES
from jixiao.i18n import SOURCE_LANGUAGE, Message, list_languages, message
from jixiao.model.values import is_slug
from jixiao.problems import MAX_PROBLEMS_PER_FILE, Place, Problem

_LINK_START = re.compile(r"\]\(")
_LINK = re.compile(r"([^()\s<>\"'\\]+)(?: +\"[^\"()<>]*\")?\)")
_BRACKETS_LIMIT = 500
"""Markdown looks for a partner of each in the rest of the page: 20,000 of them took 73 seconds."""
_LENGTH_LIMIT = 200_000
"""Characters per page."""
_LINES_LIMIT = 5_000
"""Lines per paragraph; an empty line ends a paragraph."""
_MARKS_LIMIT = 2_000
"""Marks per paragraph."""
_MARKS = "\\`*_&["
"""Characters that may begin inline markup."""
_REFUSED_MARKUP = (
    (re.compile(r"<[A-Za-z/!?]"), message("页面里有网页标记（“<”后面紧跟字母或“/”）")),
    (
        re.compile(r"\{(?!#[a-z0-9][a-z0-9-]*\}\s*$)"),
        message("页面里有花括号；只有标题后面可以写 {example}", example="{#anchor}"),
    ),
    (
        re.compile(r"^[\s>*+0-9.-]*\[[^\]]+\]:"),
        message("页面里有引用式的链接或脚注（[名称]: 地址）"),
    ),
    (re.compile(r"!\["), message("页面里有图片")),
    (re.compile(r"(?<!-)-++8<-"), message("页面里有插入文件的记号（--8<--）")),
)
_HEADING_ID = re.compile(r"^#{1,6} .*\{#(?P<id>[a-z0-9][a-z0-9-]*)\}\s*$", re.MULTILINE)
RESERVED_SLUGS = RESERVED_NAMES | {"forms", *(url.rstrip("/") for url in (PROJECTS, *FIXED_ADDRESSES))}


def check_handwritten_pages(content: SiteContent, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Yield the problems of the hand-written pages."""
    urls = {f"/{url}" for url in (*list_page_urls(content), *_find_unread_urls(content))}
    anchors = {
        (page.language, f"/{page.slug}/"): {heading["id"] for heading in _HEADING_ID.finditer(page.markdown)}
        for page in content.handwritten_pages
    }
    chinese = {page.slug for page in content.handwritten_pages if page.language == SOURCE_LANGUAGE}
    for page in content.handwritten_pages:
        yield from _check_location(page, languages, has_chinese=page.slug in chinese)
        if len(page.markdown) > _LENGTH_LIMIT:
            yield _page_problem(
                "page-too-long",
                Place(page.file, page.first_line),
                message(
                    "页面有 {count} 个字，超过 {limit} 个",
                    count=str(len(page.markdown)),
                    limit=str(_LENGTH_LIMIT),
                ),
                message("请分成几页"),
            )
            continue
        yield from _check_paragraphs(page)
        yield from islice(_check_lines(page, urls, anchors), MAX_PROBLEMS_PER_FILE)


def _check_lines(
    page: HandwrittenPage, urls: set[str], anchors: dict[tuple[str, str], set[str]]
) -> Iterator[Problem]:
    """Yield the problems of the markup and the links of a page, line by line."""
    for number, line in enumerate(page.markdown.split("\n"), page.first_line):
        for pattern, description in _REFUSED_MARKUP:
            if markup := pattern.search(line):
                yield _page_problem(
                    "markup-in-page",
                    Place(page.file, number, markup.start() + 1),
                    description,
                    message("这里只用 Markdown 的标题、段落、列表、链接和表格"),
                )
        for opened in _LINK_START.finditer(line):
            place = Place(page.file, number, opened.end() + 1)
            link = _LINK.match(line, opened.end())
            if link is None:
                yield _page_problem(
                    "broken-link",
                    place,
                    message("链接写法不对"),
                    message("写成 [文字](/glossary/)，地址里没有空格和括号，写在一行里"),
                )
            else:
                yield from _check_link(link[1], page, place, urls, anchors)


def _check_paragraphs(page: HandwrittenPage) -> Iterator[Problem]:
    """Yield a problem for a paragraph that Markdown, quadratic in its marks, would render for minutes."""
    lines = marks = 0
    for number, line in enumerate(page.markdown.split("\n"), page.first_line):
        is_over = not line.strip()
        lines = 0 if is_over else lines + 1
        marks = 0 if is_over else marks + sum(map(line.count, _MARKS))
        if lines > _LINES_LIMIT or marks > _MARKS_LIMIT:
            yield _page_problem(
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


def _find_unread_urls(content: SiteContent) -> Iterator[str]:
    """Yield the URLs that files with problems will have once they are corrected."""
    for file in content.unread_paths:
        path = file.removeprefix("content/").removeprefix("declarations/").removesuffix(".yml")
        while path:
            yield f"{path}/"
            path = path.rpartition("/")[0]


def _check_location(
    page: HandwrittenPage, languages: tuple[str, ...], *, has_chinese: bool
) -> Iterator[Problem]:
    """Yield the problems of a page's name and folder, and of its missing Chinese version."""
    is_reserved = page.slug in RESERVED_SLUGS or page.slug in list_languages()
    if not is_slug(page.slug) or is_reserved or page.slug.isdigit():
        yield _page_problem(
            "page-name",
            Place(page.file),
            message("文件名“{name}”不能作网址", name=page.slug),
            message("只用小写英文字母、数字和连字符，例如 about.md"),
        )
    if page.language in languages and page.language != SOURCE_LANGUAGE and not has_chinese:
        yield _page_problem(
            "page-without-chinese",
            Place(page.file),
            message("这一页没有中文，不会发布"),
            message("请在 content/pages/zh/ 里放一个同名的文件，或删除这一页"),
        )
    unused_brackets = page.markdown.count("[") - page.markdown.count("](")
    if unused_brackets > _BRACKETS_LIMIT:
        yield _page_problem(
            "too-many-brackets",
            Place(page.file, page.first_line),
            message("页面里有 {count} 个没有用作链接的方括号", count=str(unused_brackets)),
            message("请删去多余的方括号；太多了，生成页面要很久"),
        )
    if page.file != f"content/pages/{page.language}/{page.slug}.md":
        yield _page_problem(
            "page-misplaced",
            Place(page.file),
            message("文件放错了地方：{path}", path=page.file),
            message("应放在 content/pages/语言/名称.md"),
        )
    elif page.language not in languages:
        yield _page_problem(
            "unknown-language",
            Place(page.file),
            message("网站没有“{language}”这种语言", language=page.language),
            message("页面放在 content/pages/zh/ 或 site_config.yml 里列出的语言下"),
        )


def _check_link(
    target: str,
    page: HandwrittenPage,
    place: Place,
    urls: set[str],
    anchors: dict[tuple[str, str], set[str]],
) -> Iterator[Problem]:
    if target.startswith(("https://", "http://", "mailto:", "tel:")):
        return
    url, _, anchor = target.partition("#")
    url = url or f"/{page.slug}/"
    known = anchors.get((page.language, url))
    if url not in urls:
        yield _page_problem(
            "broken-link",
            place,
            message("链接指向的页面不存在：{target}", target=target),
            message("网站内的链接从 / 写起，例如 /glossary/；外部链接以 https:// 开头"),
        )
    elif anchor and known is not None and anchor not in known:
        yield _page_problem(
            "broken-link",
            place,
            message("“{address}”没有“{anchor}”这个位置", address=url, anchor=anchor),
            message("可以用：{known}", known=tuple(sorted(known))),
        )


def _page_problem(rule: str, place: Place, problem_message: Message, hint: Message) -> Problem:
    return Problem(rule=rule, place=place, message=problem_message, hint=hint)
