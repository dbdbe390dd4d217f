"""Changes of shared files: registers, translations, settings, pages and original forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from jixiao.analysis.site_content import HandwrittenPage, SiteContent
from jixiao.config import CONFIG_FILE, SiteConfig
from jixiao.i18n import Message, message
from jixiao.load.content_files import ADDRESSES_FILE, ORGANISATIONS_FILE, TAXONOMY_FOLDER
from jixiao.model.address_register import AddressRegister
from jixiao.model.organisation import Organisation
from jixiao.model.taxonomy import Taxonomy
from jixiao.review.snapshot import ENGINE_SETTINGS_FILE, FORMS_FOLDER
from jixiao.text import Text


@dataclass(frozen=True)
class RegisterChange:
    """Change of one value in a shared file."""

    file: str
    field: str
    """Path of the value within the file."""
    old: str | None
    """Old value; `None` if there was none."""
    new: str | None
    """New value; `None` if it was removed."""
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
    before, after = old.content, new.content
    # A file that cannot be read is reported as a problem, not as removed.
    unread = tuple(before.unread_paths | after.unread_paths)
    for change in chain(
        _compare_addresses(before.address_register, after.address_register),
        _compare_organisations(before.organisations, after.organisations),
        _compare_taxonomies(before.taxonomies, after.taxonomies),
        _compare_translations(before, after),
        _compare_pages(before.handwritten_pages, after.handwritten_pages),
    ):
        if not any(file.startswith(change.file) for file in unread):
            yield change
    if old.config and new.config:
        yield from _compare_models(CONFIG_FILE, "", old.config, new.config)
    if ENGINE_SETTINGS_FILE in differing_files:
        text = message("生成网页的设置变了：它能改变每一页，也能运行程序，请程序维护者看过")
        yield RegisterChange(ENGINE_SETTINGS_FILE, "", None, None, text)


def find_form_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[RegisterChange]:
    """Yield the changes among the original forms, given the content hash of each file."""
    for file in sorted(file for file in {*old, *new} if file.startswith(FORMS_FOLDER)):
        before, after = old.get(file), new.get(file)
        if before == after or file == f"{FORMS_FOLDER}SHA256SUMS":
            continue
        text = message("申报表原件被换掉了")
        if before is None:
            text = message("新增申报表原件")
        elif after is None:
            text = message("删去了申报表原件")
        yield RegisterChange(file, "", before, after, text)


def _compare_addresses(old: AddressRegister, new: AddressRegister) -> Iterator[RegisterChange]:
    for identity in sorted(set(old.published) ^ set(new.published)):
        if identity in new.published:
            text = message("登记了网址 {id}", id=identity)
            yield RegisterChange(ADDRESSES_FILE, "published", None, identity, text)
        else:
            text = message("删去了网址 {id} 的登记", id=identity)
            yield RegisterChange(ADDRESSES_FILE, "published", identity, None, text)
    reasons = [
        {name: reason.plain() for name, reason in register.withdrawn.items()} for register in (old, new)
    ]
    for field, (before, after), new_template, removed_template in (
        ("renamed", (old.renamed, new.renamed), "旧网址 {id} 现在指到 {to}", "旧网址 {id} 不再指到别处"),
        ("withdrawn", reasons, "{id} 撤下，理由：{to}", "{id} 不再是撤下的"),
    ):
        for identity in sorted({*before, *after}):
            target = after.get(identity)
            if before.get(identity) != target:
                template = removed_template if target is None else new_template
                text = message(template, id=identity, to=target or "")
                yield RegisterChange(
                    ADDRESSES_FILE, f"{field}.{identity}", before.get(identity), target, text
                )


def _compare_organisations(
    old: Mapping[str, Organisation], new: Mapping[str, Organisation]
) -> Iterator[RegisterChange]:
    for identity in sorted({*old, *new}):
        before, after = old.get(identity), new.get(identity)
        if before and after:
            yield from _compare_models(ORGANISATIONS_FILE, identity, before, after)
        elif after:
            name = after.name.plain()
            text = message("新增机构 {id}：{name}", id=identity, name=name)
            yield RegisterChange(ORGANISATIONS_FILE, identity, None, name, text)
        elif before:
            name = before.name.plain()
            text = message("删去机构 {id}：{name}", id=identity, name=name)
            yield RegisterChange(ORGANISATIONS_FILE, identity, name, None, text)


def _compare_taxonomies(old: Mapping[str, Taxonomy], new: Mapping[str, Taxonomy]) -> Iterator[RegisterChange]:
    for edition in sorted({*old, *new}):
        file = f"{TAXONOMY_FOLDER}/{edition}.yml"
        before, after = old.get(edition), new.get(edition)
        if before and after:
            yield from _compare_models(file, "", before, after)
        elif after:
            text = message("新增指标体系 {edition}", edition=edition)
            yield RegisterChange(file, "", None, edition, text)
        else:
            text = message("删去了指标体系 {edition}", edition=edition)
            yield RegisterChange(file, "", edition, None, text)


def _compare_models(file: str, prefix: str, old: BaseModel, new: BaseModel) -> Iterator[RegisterChange]:
    before, after = dict(_flatten_value(prefix, old)), dict(_flatten_value(prefix, new))
    for field in dict.fromkeys((*before, *after)):
        old_value, new_value = before.get(field), after.get(field)
        if old_value == new_value:
            continue
        values = {"field": field, "old": old_value or "", "new": new_value or ""}
        text = message("{field} 由“{old}”改成“{new}”", **values)
        if old_value is None:
            text = message("{field} 现在是“{new}”，原来没有", **values)
        elif new_value is None:
            text = message("{field} 没有了，原来是“{old}”", **values)
        yield RegisterChange(file, field, old_value, new_value, text)


def _flatten_value(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the values of a model by their paths; a list is one value."""
    match value:
        case None:
            return
        case BaseModel():
            yield from _flatten_value(path, {name: getattr(value, name) for name in type(value).model_fields})
        case Mapping():
            for name, inner in value.items():
                yield from _flatten_value(f"{path}.{name}" if path else str(name), inner)
        case tuple():
            yield path, "、".join(map(_format_value, value))
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


def _compare_translations(old: SiteContent, new: SiteContent) -> Iterator[RegisterChange]:
    for language in sorted({*old.translations, *new.translations}):
        old_texts = old.find_translations(language).translations
        new_texts = new.find_translations(language).translations
        for source in sorted({*old_texts, *new_texts}):
            before, after = old_texts.get(source), new_texts.get(source)
            if before == after:
                continue
            values = {"source": source, "old": before or "", "new": after or ""}
            text = message("“{source}”的译文由“{old}”改成“{new}”", **values)
            if before is None:
                text = message("“{source}”有了译文“{new}”", **values)
            elif after is None:
                text = message("“{source}”不再有译文“{old}”", **values)
            yield RegisterChange(f"content/translations/{language}", source, before, after, text)


def _compare_pages(
    old: tuple[HandwrittenPage, ...], new: tuple[HandwrittenPage, ...]
) -> Iterator[RegisterChange]:
    before, after = ({page.file: page for page in pages} for pages in (old, new))
    for file, page in sorted((before | after).items()):
        old_text, new_text = map(_join_visible_text, (before.get(file), after.get(file)))
        if old_text == new_text:
            continue
        title = page.title.plain()
        text = message("页面“{title}”的文字变了", title=title)
        if old_text is None:
            text = message("新增页面“{title}”", title=title)
        elif new_text is None:
            text = message("删去了页面“{title}”", title=title)
        yield RegisterChange(file, "", old_text, new_text, text)


def _join_visible_text(page: HandwrittenPage | None) -> str | None:
    """Return all text of a page that readers see."""
    return None if page is None else f"{page.title.plain()}\n{page.description.plain()}\n{page.markdown}"
