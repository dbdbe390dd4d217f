"""Changes of shared files: registers, translations, settings, pages and original forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from jixiao.analysis.site_content import HandwrittenPage, SiteContent
from jixiao.config import SiteConfig
from jixiao.i18n import Message, message
from jixiao.model.organisation import Organisation
from jixiao.model.taxonomy import Taxonomy
from jixiao.review.snapshot import FORMS_FOLDER
from jixiao.text import Text

ADDRESSES_FILE = "content/addresses.yml"
ORGANISATIONS_FILE = "content/organisations.yml"
SETTINGS_FILE = "site_config.yml"
ENGINE_SETTINGS_FILE = "mkdocs.yml"


@dataclass(frozen=True, kw_only=True)
class RegisterChange:
    """Change of one value in a shared file."""

    file: str
    field: str
    """Path of the value within the file."""
    old: str | None
    """Old value; `None` if there was none."""
    new: str | None
    message: Message


@dataclass(frozen=True, kw_only=True)
class SharedContent:
    """Content that all declarations share, in one of the two states."""

    content: SiteContent
    config: SiteConfig | None


def find_register_changes(
    old: SharedContent, new: SharedContent, differing_files: Collection[str]
) -> Iterator[RegisterChange]:
    """Yield the changes of the shared files, file by file.

    Args:
        old: The old state.
        new: The new state.
        differing_files: The files that differ in at least one byte.
    """
    one, other = old.content, new.content
    # What could not be read is told as such, and not as taken away.
    unread = tuple(one.unread_paths | other.unread_paths)
    for change in chain(
        _compare_addresses(one, other),
        _compare_organisations(one.organisations, other.organisations),
        _compare_taxonomies(one.taxonomies, other.taxonomies),
        _compare_translations(one, other),
        _compare_pages(one, other),
    ):
        if not any(file.startswith(change.file) for file in unread):
            yield change
    if old.config and new.config:
        yield from _compare_settings(old.config, new.config)
    if ENGINE_SETTINGS_FILE in differing_files:
        yield RegisterChange(
            file=ENGINE_SETTINGS_FILE,
            field="",
            old=None,
            new=None,
            message=message("生成网页的设置变了：它能改变每一页，也能运行程序，请程序维护者看过"),
        )


def find_form_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[RegisterChange]:
    """Yield the changes among the original forms, given the content hash of each file."""
    for file in sorted(file for file in {*old, *new} if file.startswith(FORMS_FOLDER)):
        was, is_now = old.get(file), new.get(file)
        if was == is_now or file == f"{FORMS_FOLDER}SHA256SUMS":
            continue
        if was is None:
            saying = message("新增申报表原件")
        elif is_now is None:
            saying = message("删去了申报表原件")
        else:
            saying = message("申报表原件被换掉了")
        yield RegisterChange(file=file, field="", old=was, new=is_now, message=saying)


def _compare_addresses(old: SiteContent, new: SiteContent) -> Iterator[RegisterChange]:
    before, after = old.address_register, new.address_register
    for identity in sorted({*before.published, *after.published}):
        was, is_now = identity in before.published, identity in after.published
        if was is not is_now:
            saying = (
                message("登记了网址 {id}", id=identity)
                if is_now
                else message("删去了网址 {id} 的登记", id=identity)
            )
            yield _build_change(
                ADDRESSES_FILE, "published", identity if was else None, identity if is_now else None, saying
            )
    for field, saying_new, saying_gone in (
        ("renamed", "旧网址 {id} 现在指到 {to}", "旧网址 {id} 不再指到别处"),
        ("withdrawn", "{id} 撤下，理由：{to}", "{id} 不再是撤下的"),
    ):
        one, other = _convert_to_strings(getattr(before, field)), _convert_to_strings(getattr(after, field))
        for identity in sorted({*one, *other}):
            was_to, to = one.get(identity), other.get(identity)
            if was_to != to:
                saying = message(saying_gone if to is None else saying_new, id=identity, to=to or "")
                yield _build_change(ADDRESSES_FILE, f"{field}.{identity}", was_to, to, saying)


def _convert_to_strings(values: Mapping[str, str | Text]) -> Mapping[str, str]:
    return {name: value.plain() if isinstance(value, Text) else value for name, value in values.items()}


def _compare_organisations(
    old: Mapping[str, Organisation], new: Mapping[str, Organisation]
) -> Iterator[RegisterChange]:
    for identity in sorted({*old, *new}):
        before, after = old.get(identity), new.get(identity)
        if before is None and after is not None:
            name = after.name.plain()
            saying = message("新增机构 {id}：{name}", id=identity, name=name)
            yield _build_change(ORGANISATIONS_FILE, identity, None, name, saying)
        elif after is None and before is not None:
            name = before.name.plain()
            saying = message("删去机构 {id}：{name}", id=identity, name=name)
            yield _build_change(ORGANISATIONS_FILE, identity, name, None, saying)
        elif before is not None and after is not None:
            yield from _compare_fields(
                ORGANISATIONS_FILE, identity, _flatten_model(before), _flatten_model(after)
            )


def _compare_taxonomies(old: Mapping[str, Taxonomy], new: Mapping[str, Taxonomy]) -> Iterator[RegisterChange]:
    for edition in sorted({*old, *new}):
        file = f"content/taxonomies/{edition}.yml"
        before, after = old.get(edition), new.get(edition)
        if before is None or after is None:
            saying = message("删去了指标体系 {edition}", edition=edition)
            if before is None:
                saying = message("新增指标体系 {edition}", edition=edition)
            yield _build_change(
                file, "", None if before is None else edition, None if after is None else edition, saying
            )
        else:
            yield from _compare_fields(file, "", _flatten_model(before), _flatten_model(after))


def _compare_settings(old: SiteConfig, new: SiteConfig) -> Iterator[RegisterChange]:
    yield from _compare_fields(SETTINGS_FILE, "", _flatten_model(old), _flatten_model(new))


def _flatten_model(model: BaseModel) -> Mapping[str, str]:
    """Return the values of a model by their paths; a list is one value."""
    return dict(_flatten_value("", {name: getattr(model, name) for name in type(model).model_fields}))


def _flatten_value(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case BaseModel():
            yield from _flatten_value(path, {name: getattr(value, name) for name in type(value).model_fields})
        case Mapping():
            steps = ((f"{path}.{name}" if path else str(name), inner) for name, inner in value.items())
            yield from chain.from_iterable(_flatten_value(step, inner) for step, inner in steps)
        case tuple():
            yield path, "、".join(_format_value(entry) for entry in value)
        case _:
            yield path, _format_value(value)


def _format_value(value: object) -> str:
    match value:
        case Text():
            return value.plain()
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _compare_fields(
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
        yield _build_change(file, field, was, is_now, saying)


def _compare_translations(old: SiteContent, new: SiteContent) -> Iterator[RegisterChange]:
    for language in sorted({*old.translations, *new.translations}):
        before, after = (
            old.find_translations(language).translations,
            new.find_translations(language).translations,
        )
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
            yield _build_change(file, source, was, is_now, saying)


def _compare_pages(old: SiteContent, new: SiteContent) -> Iterator[RegisterChange]:
    before, after = _index_by_file(old.handwritten_pages), _index_by_file(new.handwritten_pages)
    for file in sorted({*before, *after}):
        was, is_now = before.get(file), after.get(file)
        if _join_visible_text(was) == _join_visible_text(is_now):
            continue
        if was is None and is_now is not None:
            saying = message("新增页面“{title}”", title=is_now.title.plain())
        elif is_now is None and was is not None:
            saying = message("删去了页面“{title}”", title=was.title.plain())
        else:
            title = is_now.title.plain() if is_now else ""
            saying = message("页面“{title}”的文字变了", title=title)
        yield _build_change(file, "", _join_visible_text(was), _join_visible_text(is_now), saying)


def _join_visible_text(page: HandwrittenPage | None) -> str | None:
    """Return all text of a page that readers see."""
    return None if page is None else f"{page.title.plain()}\n{page.description.plain()}\n{page.markdown}"


def _index_by_file(pages: tuple[HandwrittenPage, ...]) -> Mapping[str, HandwrittenPage]:
    return {page.file: page for page in pages}


def _build_change(
    file: str, field: str, old: str | None, new: str | None, message: Message
) -> RegisterChange:
    return RegisterChange(file=file, field=field, old=old, new=new, message=message)
