"""Settings of a site: `site_config.yml`, read as strictly as the content.

Every key is documented below; the comments in `site_config.yml` say the same in Chinese. A part that is not
configured is not shown on the site.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from jixiao.i18n import SOURCE_LANGUAGE, list_languages, message
from jixiao.load.source_files import read_text
from jixiao.load.tree_to_model import (
    Flag,
    read_model,
    read_plain_text,
    read_scalar,
    refuse_line_break,
    refuse_longer_than,
)
from jixiao.load.yaml_tree import read_tree
from jixiao.problems import Problem, ReadError
from jixiao.text import Text

CONFIG_FILE = "site_config.yml"
CONTENT_FORMAT = 1
"""Latest format of content files that this program reads."""
_TEXT_LIMIT = 200
"""Characters. Names stand in the head of every page and in the tab of the browser."""


def _read_text(value: object) -> Text:
    typed = read_plain_text(value).strip()
    refuse_line_break(typed)
    refuse_longer_than(_TEXT_LIMIT, typed)
    return Text(typed)


def _find_host(typed: str) -> str | None:
    """Return the host of a web address, or `None` if a browser could not open it."""
    try:
        parts = urlsplit(typed)
        has_port = parts.port is not None
    except ValueError:
        return None
    is_web = parts.scheme in {"https", "http"} and not parts.username
    return parts.hostname if is_web and (has_port or not parts.netloc.endswith(":")) else None


def read_address(value: object) -> str:
    """Read the public address of a site, ending in `/`."""
    typed = read_scalar(value).strip()
    if (
        not _find_host(typed)
        or {".", ".."} & set(typed.split("/"))
        or not re.fullmatch(r"[\w./:\[\]-]+", typed, re.ASCII)
    ):
        raise ReadError(
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
    if not _find_host(typed) or re.search(r"[\s<>\"'\\]", typed):
        raise ReadError(
            "bad-address",
            message("链接写法不对：{typed}", typed=typed),
            message("请写 https:// 开头的网址；联系方式也可写 mailto: 加邮箱"),
        )
    return typed


def _read_language(value: object) -> str:
    typed = read_scalar(value).strip()
    if typed not in list_languages():
        raise ReadError(
            "unknown-language",
            message("没有“{typed}”这种语言", typed=typed),
            message("可以用：{known}", known=list_languages()),
        )
    return typed


def _read_format(value: object) -> int:
    typed = read_scalar(value).strip()
    number = int(typed) if re.fullmatch(r"[1-9][0-9]{0,3}", typed) else 0
    if not 1 <= number <= CONTENT_FORMAT:
        raise ReadError(
            "unknown-format",
            message(
                "这个程序不认识内容文件的第 {typed} 版格式，只认识到第 {known} 版",
                typed=typed,
                known=str(CONTENT_FORMAT),
            ),
            message("请升级 jixiao；format 由 jixiao migrate 改，不要手改"),
        )
    return number


_STRING_SCHEMA = WithJsonSchema({"type": "string"})
ConfigText = Annotated[Text, BeforeValidator(_read_text), _STRING_SCHEMA]
SiteAddress = Annotated[str, BeforeValidator(read_address), _STRING_SCHEMA]
WebLink = Annotated[str, BeforeValidator(_read_link), _STRING_SCHEMA]
ContactLink = Annotated[str, BeforeValidator(_read_contact), _STRING_SCHEMA]
LanguageCode = Annotated[str, BeforeValidator(_read_language), _STRING_SCHEMA]
TextByLanguage = Mapping[LanguageCode, ConfigText]
"""The same text in each language of the site."""


class _Settings(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, use_attribute_docstrings=True
    )


class Licence(_Settings):
    """The terms under which others may use the data."""

    name: Annotated[TextByLanguage, Field(title="许可名称")]
    link: Annotated[WebLink | None, Field(title="许可全文")] = None
    """The full text of the licence."""


class Footer(_Settings):
    """Lines that the website of a Chinese authority must carry. A missing line is not shown."""

    host: Annotated[TextByLanguage | None, Field(title="主办单位")] = None
    """主办单位."""
    site_code: Annotated[ConfigText | None, Field(title="网站标识码")] = None
    """网站标识码, ten digits."""
    icp: Annotated[ConfigText | None, Field(title="ICP备案号")] = None
    """ICP备案号."""
    police: Annotated[ConfigText | None, Field(title="公安备案号")] = None
    """公安备案号."""


class RuleSetting(StrEnum):
    """Severity that a publisher may choose for a rule that is not an error."""

    ERROR = "error"
    """错误: prevents publication."""
    WARNING = "warning"
    """提醒."""
    ADVICE = "advice"
    """改进建议."""
    OFF = "off"
    """The rule is not checked."""


class SiteConfig(_Settings):
    """All settings of a site."""

    name: Annotated[TextByLanguage, Field(title="网站名称")]
    """The name of the site, in every language of the site."""
    publisher: Annotated[TextByLanguage | None, Field(title="发布者")] = None
    """The organisation that publishes the site."""
    address: Annotated[SiteAddress | None, Field(title="网址")] = None
    """Public address of the root. Without it there is no sitemap and no `hreflang`."""
    languages: Annotated[tuple[LanguageCode, ...], Field(title="语言", min_length=1)] = ("zh", "en")
    """Languages of the site. Chinese is at the root, every other one under `/<code>/`."""
    demonstration: Annotated[Flag, Field(title="示范站点")] = False
    """Whether every page states that this is not an official site."""
    format: Annotated[
        int, BeforeValidator(_read_format), WithJsonSchema({"type": "integer"}), Field(title="内容格式")
    ] = CONTENT_FORMAT
    """Format of the content files; `jixiao migrate` changes it."""
    preview: Annotated[Flag, Field(title="预览")] = False
    """Whether every page states that it is a preview and asks search engines to skip it."""
    packs: Annotated[Flag, Field(title="资料包")] = False
    """Whether to make a PDF of each declaration, and a PDF and workbook of each department's year."""
    downloads: Annotated[Flag, Field(title="数据下载")] = False
    """Whether all content is also published as data: CSV, JSON, XLSX, Parquet, SQLite."""
    originals: Annotated[Flag, Field(title="公布原件")] = True
    """Whether received forms are published; if not, pages only name them with their checksums."""
    data_licence: Annotated[Licence | None, Field(title="数据许可")] = None
    contact: Annotated[ContactLink | None, Field(title="纠错联系方式")] = None
    """Where readers report a mistake: a `mailto:` link or the address of a page."""
    footer: Annotated[Footer, Field(title="页脚")] = Footer()
    rules: Annotated[Mapping[str, RuleSetting], Field(title="规则")] = {}
    """Severity of rules that are not errors, by rule name; other rules keep their default."""

    @model_validator(mode="after")
    def _check_languages(self) -> Self:
        """Refuse a site without Chinese, with a repeated language, or without a name in one of them."""
        if SOURCE_LANGUAGE not in self.languages:
            raise ReadError(
                "no-chinese",
                message("languages 里必须有 zh"),
                message("申报表以中文为准，请加上 zh"),
                ("languages",),
            )
        if len(set(self.languages)) < len(self.languages):
            raise ReadError(
                "language-repeated",
                message("languages 里有一种语言写了两次"),
                message("每种语言只写一次"),
                ("languages",),
            )
        missing = [language for language in self.languages if language not in self.name]
        if missing:
            raise ReadError(
                "missing-language",
                message("网站名称缺少这种语言：{languages}", languages=tuple(missing)),
                message("请在 name 下面补上"),
                ("name",),
            )
        return self

    def localize(self, texts: TextByLanguage | None, language: str) -> Text | None:
        """Return a configured text in *language*, or in Chinese if it is missing there."""
        return None if texts is None else texts.get(language) or texts.get(SOURCE_LANGUAGE)


def read_config(root: Path) -> SiteConfig | tuple[Problem, ...]:
    """Read `site_config.yml` below *root*; return the settings or their problems."""
    source = read_text(root / CONFIG_FILE, CONFIG_FILE)
    if isinstance(source, Problem):
        return (source,)
    tree = read_tree(source)
    return tree if isinstance(tree, tuple) else read_model(SiteConfig, tree)
