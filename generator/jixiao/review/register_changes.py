"""What changed in the files that serve all declarations, a sentence each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from jixiao.analysis.site_content import Catalogue, HandwrittenPage
from jixiao.config import SiteConfig
from jixiao.i18n import Message, message
from jixiao.model.organisation import Organisation
from jixiao.model.taxonomy import Taxonomy
from jixiao.review.snapshot import FORMS
from jixiao.text import Text

ADDRESSES = "content/addresses.yml"
ORGANISATIONS = "content/organisations.yml"
SETTINGS = "site_config.yml"
ENGINE_SETTINGS = "mkdocs.yml"


@dataclass(frozen=True, kw_only=True)
class RegisterChange:
    """One change."""

    file: str
    field: str
    """The way to what changed, within the file."""
    old: str | None
    """As it stood; `None` where it was not there."""
    new: str | None
    saying: Message


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What serves all declarations, at one time."""

    catalogue: Catalogue
    config: SiteConfig | None


def register_changes(old: Shared, new: Shared, differing: Collection[str]) -> Iterator[RegisterChange]:
    """Yield what changed, file by file.

    Args:
        old: As it was.
        new: As it is.
        differing: The files that differ in any byte.
    """
    one, other = old.catalogue, new.catalogue
    # What could not be read is told as such, and not as taken away.
    unread = tuple(one.unread | other.unread)
    for change in chain(
        _addresses(one, other),
        _organisations(one.organisations, other.organisations),
        _taxonomies(one.taxonomies, other.taxonomies),
        _translations(one, other),
        _pages(one, other),
    ):
        if not any(file.startswith(change.file) for file in unread):
            yield change
    if old.config and new.config:
        yield from _settings(old.config, new.config)
    if ENGINE_SETTINGS in differing:
        yield RegisterChange(
            file=ENGINE_SETTINGS,
            field="",
            old=None,
            new=None,
            saying=message("生成网页的设置变了：它能改变每一页，也能运行程序，请程序维护者看过"),
        )


def form_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[RegisterChange]:
    """Yield what changed among the forms as received; by file, what identifies their bytes."""
    for file in sorted(file for file in {*old, *new} if file.startswith(FORMS)):
        was, is_now = old.get(file), new.get(file)
        if was == is_now or file == f"{FORMS}SHA256SUMS":
            continue
        if was is None:
            saying = message("新增申报表原件")
        elif is_now is None:
            saying = message("删去了申报表原件")
        else:
            saying = message("申报表原件被换掉了")
        yield RegisterChange(file=file, field="", old=was, new=is_now, saying=saying)


def _addresses(old: Catalogue, new: Catalogue) -> Iterator[RegisterChange]:
    before, after = old.addresses, new.addresses
    for identity in sorted({*before.published, *after.published}):
        was, is_now = identity in before.published, identity in after.published
        if was is not is_now:
            saying = (
                message("登记了网址 {id}", id=identity)
                if is_now
                else message("删去了网址 {id} 的登记", id=identity)
            )
            yield _changed(
                ADDRESSES, "published", identity if was else None, identity if is_now else None, saying
            )
    for field, saying_new, saying_gone in (
        ("renamed", "旧网址 {id} 现在指到 {to}", "旧网址 {id} 不再指到别处"),
        ("withdrawn", "{id} 撤下，理由：{to}", "{id} 不再是撤下的"),
    ):
        one, other = _plain_values(getattr(before, field)), _plain_values(getattr(after, field))
        for identity in sorted({*one, *other}):
            was_to, to = one.get(identity), other.get(identity)
            if was_to != to:
                saying = message(saying_gone if to is None else saying_new, id=identity, to=to or "")
                yield _changed(ADDRESSES, f"{field}.{identity}", was_to, to, saying)


def _plain_values(values: Mapping[str, str | Text]) -> Mapping[str, str]:
    return {name: value.plain() if isinstance(value, Text) else value for name, value in values.items()}


def _organisations(
    old: Mapping[str, Organisation], new: Mapping[str, Organisation]
) -> Iterator[RegisterChange]:
    for identity in sorted({*old, *new}):
        before, after = old.get(identity), new.get(identity)
        if before is None and after is not None:
            name = after.name.plain()
            saying = message("新增机构 {id}：{name}", id=identity, name=name)
            yield _changed(ORGANISATIONS, identity, None, name, saying)
        elif after is None and before is not None:
            name = before.name.plain()
            saying = message("删去机构 {id}：{name}", id=identity, name=name)
            yield _changed(ORGANISATIONS, identity, name, None, saying)
        elif before is not None and after is not None:
            yield from _fields(ORGANISATIONS, identity, _flat(before), _flat(after))


def _taxonomies(old: Mapping[str, Taxonomy], new: Mapping[str, Taxonomy]) -> Iterator[RegisterChange]:
    for edition in sorted({*old, *new}):
        file = f"content/taxonomies/{edition}.yml"
        before, after = old.get(edition), new.get(edition)
        if before is None or after is None:
            saying = message("删去了指标体系 {edition}", edition=edition)
            if before is None:
                saying = message("新增指标体系 {edition}", edition=edition)
            yield _changed(
                file, "", None if before is None else edition, None if after is None else edition, saying
            )
        else:
            yield from _fields(file, "", _flat(before), _flat(after))


def _settings(old: SiteConfig, new: SiteConfig) -> Iterator[RegisterChange]:
    yield from _fields(SETTINGS, "", _flat(old), _flat(new))


def _flat(model: BaseModel) -> Mapping[str, str]:
    """Give the values of a model by the way to each; a list is one value."""
    return dict(_values("", {name: getattr(model, name) for name in type(model).model_fields}))


def _values(way: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case BaseModel():
            yield from _values(way, {name: getattr(value, name) for name in type(value).model_fields})
        case Mapping():
            steps = ((f"{way}.{name}" if way else str(name), inner) for name, inner in value.items())
            yield from chain.from_iterable(_values(step, inner) for step, inner in steps)
        case tuple():
            yield way, "、".join(_word(entry) for entry in value)
        case _:
            yield way, _word(value)


def _word(value: object) -> str:
    match value:
        case Text():
            return value.plain()
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _fields(
    file: str, within: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[RegisterChange]:
    for way in dict.fromkeys((*old, *new)):
        was, is_now = old.get(way), new.get(way)
        if was == is_now:
            continue
        field = f"{within}.{way}" if within else way
        if was is None:
            saying = message("{field} 现在是“{new}”，原来没有", field=field, new=is_now or "")
        elif is_now is None:
            saying = message("{field} 没有了，原来是“{old}”", field=field, old=was)
        else:
            saying = message("{field} 由“{old}”改成“{new}”", field=field, old=was, new=is_now)
        yield _changed(file, field, was, is_now, saying)


def _translations(old: Catalogue, new: Catalogue) -> Iterator[RegisterChange]:
    for language in sorted({*old.translations, *new.translations}):
        before, after = old.dictionary(language).translations, new.dictionary(language).translations
        file = f"content/translations/{language}"
        for source in sorted({*before, *after}):
            was, is_now = before.get(source), after.get(source)
            if was == is_now:
                continue
            if was is None:
                saying = message("“{source}”有了译文“{new}”", source=source, new=is_now or "")
            elif is_now is None:
                saying = message("“{source}”不再有译文“{old}”", source=source, old=was)
            else:
                saying = message("“{source}”的译文由“{old}”改成“{new}”", source=source, old=was, new=is_now)
            yield _changed(file, source, was, is_now, saying)


def _pages(old: Catalogue, new: Catalogue) -> Iterator[RegisterChange]:
    before, after = _by_file(old.handwritten), _by_file(new.handwritten)
    for file in sorted({*before, *after}):
        was, is_now = before.get(file), after.get(file)
        if _shown(was) == _shown(is_now):
            continue
        if was is None and is_now is not None:
            saying = message("新增页面“{title}”", title=is_now.title.plain())
        elif is_now is None and was is not None:
            saying = message("删去了页面“{title}”", title=was.title.plain())
        else:
            title = is_now.title.plain() if is_now else ""
            saying = message("页面“{title}”的文字变了", title=title)
        yield _changed(file, "", _shown(was), _shown(is_now), saying)


def _shown(page: HandwrittenPage | None) -> str | None:
    """Give all that readers see of a page."""
    return None if page is None else f"{page.title.plain()}\n{page.description.plain()}\n{page.markdown}"


def _by_file(pages: tuple[HandwrittenPage, ...]) -> Mapping[str, HandwrittenPage]:
    return {page.file: page for page in pages}


def _changed(file: str, field: str, old: str | None, new: str | None, saying: Message) -> RegisterChange:
    return RegisterChange(file=file, field=field, old=old, new=new, saying=saying)
