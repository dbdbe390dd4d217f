"""What every model shares to read with: the text of a scalar, yes or no, words, and what words may not be."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from jixiao.i18n import message
from jixiao.load.yaml_tokens import Commented, comment_cuts_text
from jixiao.problems import Misread

_MARKUP = re.compile(r"<[A-Za-z/!?]")


def read_scalar(value: object) -> str:
    """Give the text of a scalar, or refuse what is empty or is no scalar."""
    match value:
        case None | "":
            raise Misread(
                "empty-value", message("这里是空的"), message("请填写；表上本来空着的选填栏，请删除这一行")
            )
        case str():
            return value
        case _:
            raise Misread(
                "wrong-shape",
                message("这里应是一个值，不是一组"),
                message("请检查缩进；值写在冒号后面，不用方括号和花括号"),
            )


def read_whole(value: object) -> str:
    """Give the text of a scalar where words belong: none of them may have become a comment."""
    if isinstance(value, Commented):
        raise comment_cuts_text()
    return read_scalar(value)


def read_words(value: object) -> str:
    """Give words that somebody typed: more than blanks, and without the tags of a web page."""
    typed = read_whole(value)
    if not typed.strip():
        raise Misread(
            "empty-value", message("这里只有空格"), message("请填写；表上本来空着的选填栏，请删除这一行")
        )
    if _MARKUP.search(typed):
        raise Misread(
            "markup-in-text",
            message("文字里有网页标记（“<”后面紧跟字母或“/”）"),
            message("请删除标记；表上原样如此的，请记在 as_filed 里"),
        )
    return typed


def refuse_line_break(typed: str) -> None:
    """Refuse words on several lines where a form has one."""
    if "\n" in typed:
        raise Misread("line-break", message("这里不能换行"), message("请把文字接成一行"))


def refuse_longer_than(limit: int, typed: str) -> None:
    """Refuse words of more than *limit* characters: something else was pasted."""
    if len(typed) > limit:
        raise Misread(
            "text-too-long",
            message("有 {length} 个字，超过 {limit} 个", length=str(len(typed)), limit=str(limit)),
            message("请核对是否把别的内容粘了进来"),
        )


def read_flag(value: object) -> bool:
    """Read yes or no, written `true` or `false`."""
    match value:
        case "true":
            return True
        case "false":
            return False
        case _:
            raise Misread(
                "flag-format", message("这里应写 true 或 false"), message("true 是“是”，false 是“否”")
            )


Flag = Annotated[bool, BeforeValidator(read_flag), WithJsonSchema({"type": "boolean"})]
