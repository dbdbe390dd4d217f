"""What only looks like a source by its name: a Word file renamed, a web page saved, a merge half done."""

import re

from jixiao.i18n import Message, message
from jixiao.problems import Place, Problem

_SIGNATURES: tuple[tuple[bytes, Message], ...] = (
    (b"PK\x03\x04", message("Word、Excel 文件或压缩包")),
    (b"\xd0\xcf\x11\xe0", message("旧版 Word 或 Excel 文件")),
    (b"%PDF", message("PDF 文件")),
    (b"{\\rtf", message("Word 的 RTF 文件")),
    (b"\x89PNG", message("图片")),
    (b"\xff\xd8\xff", message("图片")),
    (b"Rar!", message("压缩包")),
)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_MERGE = re.compile(r"^[ \t]*(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_MIDDLE_OF_MERGE = re.compile(r"^={7}$", re.MULTILINE)
"""Left alone by who has deleted the other two lines. In Markdown it underlines a heading."""


def foreign_file(content: bytes, file: str) -> Problem | None:
    """Tell from its first bytes that *content* belongs to another program."""
    kind = kind_of(content)
    if kind is None:
        return None
    return Problem(
        rule="not-a-text-file",
        place=Place(file),
        message=message("这不是文本文件，内容是：{kind}；改扩展名没有用", kind=kind),
        hint=message("请用文本编辑器新建文件，把内容抄进去；收到的申报表放在 content/forms/"),
    )


def kind_of(content: bytes) -> Message | None:
    """Name the kind of file that *content* is by its first bytes, unless it may be text."""
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    return message("网页") if kind is None and _WEB_PAGE.match(content[:200]) else kind


def unfinished_merge(text: str, file: str) -> Problem | None:
    """Find the first line that git left where two versions could not be merged."""
    # A search for the seven signs alone is many times faster than one for the beginning of every line.
    found = _MERGE.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    middle = _MIDDLE_OF_MERGE.search(text) if "\n=======" in text and file.endswith(".yml") else None
    if found is not None:
        hint = message("请从 <<<<<<< 到 >>>>>>> 之间的两个版本里留一个，再删去三行标记")
    elif middle is not None:
        found, hint = middle, message("请核对上下的内容是不是同一处的两个版本，留一个，再删去这一行")
    else:
        return None
    return Problem(
        rule="merge-conflict",
        place=Place(file, text.count("\n", 0, found.start()) + 1),
        message=message("这里有两个版本没有合并完（git 的冲突标记）"),
        hint=hint,
    )
