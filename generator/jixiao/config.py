"""The publisher's choices: `site_config.yml`, read as strictly as the content.

Every key is documented below; the comments in `site_config.yml` say the same in Chinese. What is not
configured is not shown on the site.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from jixiao.i18n import SOURCE_LANGUAGE, known_languages, message
from jixiao.load.scalars import Flag, read_scalar, read_words, refuse_line_break, refuse_longer_than
from jixiao.load.source_files import read_text
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import read_tree
from jixiao.problems import Misread, Problem
from jixiao.text import Text

FILE = "site_config.yml"
FORMAT = 1
"""The format of content files that this program reads."""
_WORDS_LIMIT = 200
"""Characters. Names stand in the head of every page and in the tab of the browser."""


def _read_text(value: object) -> Text:
    typed = read_words(value).strip()
    refuse_line_break(typed)
    refuse_longer_than(_WORDS_LIMIT, typed)
    return Text(typed)


def _host(typed: str) -> str | None:
    """Give the host of a web address, or nothing if it is none that a browser can open."""
    try:
        parts = urlsplit(typed)
        has_port = parts.port is not None
    except ValueError:
        return None
    is_web = parts.scheme in {"https", "http"} and not parts.username
    return parts.hostname if is_web and (has_port or not parts.netloc.endswith(":")) else None


def read_address(value: object) -> str:
    """Return the public address of a site with `/` at its end, or refuse what is none."""
    typed = read_scalar(value).strip()
    if (
        not _host(typed)
        or {".", ".."} & set(typed.split("/"))
        or not re.fullmatch(r"[\w./:\[\]-]+", typed, re.ASCII)
    ):
        raise Misread(
            "bad-address",
            message("网址写法不对：{typed}", typed=typed),
            message("请写完整的网址，例如 https://example.gov.cn/jixiao/"),
        )
    return typed if typed.endswith("/") else f"{typed}/"


def _read_contact(value: object) -> str:
    typed = read_scalar(value).strip()
    if re.fullmatch(r"mailto:[\w.+-]+@[\w-]+(\.[\w-]+)+", typed, re.ASCII):
        return typed
    return _read_link(value)


def _read_link(value: object) -> str:
    typed = read_scalar(value).strip()
    if not _host(typed) or re.search(r"[\s<>\"'\\]", typed):
        raise Misread(
            "bad-address",
            message("链接写法不对：{typed}", typed=typed),
            message("请写 https:// 开头的网址；联系方式也可写 mailto: 加邮箱"),
        )
    return typed


def _read_language(value: object) -> str:
    typed = read_scalar(value).strip()
    if typed not in known_languages():
        raise Misread(
            "unknown-language",
            message("没有“{typed}”这种语言", typed=typed),
            message("可以用：{known}", known=known_languages()),
        )
    return typed


def _read_format(value: object) -> int:
    typed = read_scalar(value).strip()
    number = int(typed) if re.fullmatch(r"[1-9][0-9]{0,3}", typed) else 0
    if not 1 <= number <= FORMAT:
        raise Misread(
            "unknown-format",
            message(
                "这个程序不认识内容文件的第 {typed} 版格式，只认识到第 {known} 版",
                typed=typed,
                known=str(FORMAT),
            ),
            message("请升级 jixiao；format 由 jixiao migrate 改，不要手改"),
        )
    return number


_string = WithJsonSchema({"type": "string"})
Words = Annotated[Text, BeforeValidator(_read_text), _string]
Address = Annotated[str, BeforeValidator(read_address), _string]
Link = Annotated[str, BeforeValidator(_read_link), _string]
Contact = Annotated[str, BeforeValidator(_read_contact), _string]
Language = Annotated[str, BeforeValidator(_read_language), _string]
ByLanguage = Mapping[Language, Words]
"""The same words in each language of the site."""


class _Settings(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, use_attribute_docstrings=True
    )


class Licence(_Settings):
    """The terms under which others may use the data."""

    name: Annotated[ByLanguage, Field(title="许可名称")]
    link: Annotated[Link | None, Field(title="许可全文")] = None
    """The full text of the licence."""


class Footer(_Settings):
    """The lines that the website of a Chinese authority must carry. A line that is absent is not shown."""

    host: Annotated[ByLanguage | None, Field(title="主办单位")] = None
    """主办单位."""
    site_code: Annotated[Words | None, Field(title="网站标识码")] = None
    """网站标识码, ten digits."""
    icp: Annotated[Words | None, Field(title="ICP备案号")] = None
    """ICP备案号."""
    police: Annotated[Words | None, Field(title="公安备案号")] = None
    """公安备案号."""


class RuleSetting(StrEnum):
    """How a rule is to be reported that is not an error anyway."""

    ERROR = "error"
    """错误: nothing is published over it."""
    WARNING = "warning"
    """提醒."""
    ADVICE = "advice"
    """改进建议."""
    OFF = "off"
    """Not at all."""


class SiteConfig(_Settings):
    """All settings of a site."""

    name: Annotated[ByLanguage, Field(title="网站名称")]
    """The name of the site, in every language of the site."""
    publisher: Annotated[ByLanguage | None, Field(title="发布者")] = None
    """Who publishes the site."""
    address: Annotated[Address | None, Field(title="网址")] = None
    """The public address of the root. Without it there is no sitemap and no `hreflang`."""
    languages: Annotated[tuple[Language, ...], Field(title="语言", min_length=1)] = ("zh", "en")
    """Chinese stands at the root, every other language under `/<code>/`."""
    demonstration: Annotated[Flag, Field(title="示范站点")] = False
    """Say on every page that this is not an official site."""
    format: Annotated[
        int, BeforeValidator(_read_format), WithJsonSchema({"type": "integer"}), Field(title="内容格式")
    ] = FORMAT
    """The format of the content files; `jixiao migrate` changes it."""
    preview: Annotated[Flag, Field(title="预览")] = False
    """Say on every page that this is a preview, and ask search engines to leave it out."""
    packs: Annotated[Flag, Field(title="资料包")] = False
    """Set each declaration as a PDF, and each department's year as a PDF and a workbook to hand round."""
    downloads: Annotated[Flag, Field(title="数据下载")] = False
    """Publish all content as data too: CSV, JSON, XLSX, Parquet, SQLite."""
    originals: Annotated[Flag, Field(title="公布原件")] = True
    """Publish the forms as received. Otherwise pages name them with their checksums and lead to none."""
    data_licence: Annotated[Licence | None, Field(title="数据许可")] = None
    contact: Annotated[Contact | None, Field(title="纠错联系方式")] = None
    """Where readers report a mistake: `mailto:` with an address, or the address of a page."""
    footer: Annotated[Footer, Field(title="页脚")] = Footer()
    rules: Annotated[Mapping[str, RuleSetting], Field(title="规则")] = {}
    """The severity of rules that are not errors, by the name of the rule; the others keep their own."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse a site without Chinese, or a name that is missing in one of its languages."""
        if SOURCE_LANGUAGE not in self.languages:
            raise Misread(
                "no-chinese",
                message("languages 里必须有 zh"),
                message("申报表以中文为准，请加上 zh"),
                ("languages",),
            )
        if len(set(self.languages)) < len(self.languages):
            raise Misread(
                "language-repeated",
                message("languages 里有一种语言写了两次"),
                message("每种语言只写一次"),
                ("languages",),
            )
        missing = [language for language in self.languages if language not in self.name]
        if missing:
            raise Misread(
                "missing-language",
                message("网站名称缺少这种语言：{languages}", languages=tuple(missing)),
                message("请在 name 下面补上"),
                ("name",),
            )
        return self

    def said(self, words: ByLanguage | None, language: str) -> Text | None:
        """Give configured words in *language*, or in Chinese where that language is missing."""
        return None if words is None else words.get(language) or words.get(SOURCE_LANGUAGE)


def read_config(project: Path) -> SiteConfig | tuple[Problem, ...]:
    """Read the settings of *project*, or say what is wrong with them."""
    source = read_text(project / FILE, FILE)
    if isinstance(source, Problem):
        return (source,)
    tree = read_tree(source)
    return tree if isinstance(tree, tuple) else read_model(SiteConfig, tree)
