"""From a form as received to a copy that can be published: what `jixiao redact` does.

The form itself is never touched. The copy is written only after it was searched again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.check.rules.personal_data_in_text import NAMES
from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT
from jixiao.load.received import COPIES, FoundInForm
from jixiao.load.source_files import read_bytes
from jixiao.personal_data.redaction import Blackened, NotBlackened, blackened_copy
from jixiao.personal_data.text_patterns import Kind
from jixiao.problems import Place, Problem
from jixiao.staging import made_for

_KINDS = {**NAMES, Kind.IDENTITY_NUMBER: message("身份证号码")}


@dataclass(frozen=True, kw_only=True)
class RedactionOrder:
    """What was asked for."""

    form: Path
    project: Path
    copy: Path | None = None
    """Where the copy goes; `None` is the place from which the site publishes it."""
    replaces: bool = False
    """Whether a copy that is there is replaced."""


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """How it ended."""

    order: RedactionOrder
    copy: Path
    result: Blackened | Problem
    """A problem where no copy was written."""

    @property
    def is_clean(self) -> bool:
        """Whether a copy was written, all of which could be searched."""
        return isinstance(self.result, Blackened) and not self.result.rest.unsearched


def redact_form(order: RedactionOrder) -> Redacted:
    """Write a copy of a form in which personal data is blacked out.

    Raises:
        OSError: The disk refuses to take the copy.
    """
    file = os.fspath(order.form)
    copy = order.copy or _place_of_copy(order)
    return Redacted(order=order, copy=copy or order.form, result=_result(order, file, copy))


def _result(order: RedactionOrder, file: str, copy: Path | None) -> Blackened | Problem:
    if copy is None:
        return Problem(
            rule="no-place-for-copy",
            place=Place(file),
            message=message("这份申报表不在 content/forms/ 里，不知道副本写到哪里"),
            hint=message("请用 --to 写明副本的文件名，或先把申报表放进 content/forms/"),
        )
    if copy.resolve() == order.form.resolve():
        return Problem(
            rule="copy-in-place-of-form",
            place=Place(file),
            message=message("副本不能写在原件上：收到的申报表不作任何改动"),
            hint=message("请用 --to 另写一个文件名"),
        )
    if os.path.lexists(copy) and not order.replaces:
        return Problem(
            rule="copy-exists",
            place=Place(_shown(copy, order)),
            message=message("副本已经存在，没有动它"),
            hint=message("要替换请加 --force"),
        )
    content = read_bytes(order.form, file, FORM_SIZE_LIMIT)
    if isinstance(content, Problem):
        return content
    try:
        result = blackened_copy(content)
    except NotBlackened as refused:
        return Problem(rule="form-not-redacted", place=Place(file), message=refused.saying, hint=refused.hint)
    _write(copy, result.content)
    return result


def _place_of_copy(order: RedactionOrder) -> Path | None:
    """Name the place of the copy of a form that lies in `content/forms/`."""
    forms = (order.project / "content" / "forms").resolve()
    form = order.form.resolve()
    copies = (order.project / "content" / COPIES).resolve()
    if not form.is_relative_to(forms) or form.is_relative_to(copies):
        return None
    return order.project / "content" / COPIES / form.relative_to(forms)


def _shown(copy: Path, order: RedactionOrder) -> str:
    """Name a file as an editor knows it: from the folder of the project on."""
    project = order.project.resolve()
    resolved = copy.resolve()
    return resolved.relative_to(project).as_posix() if resolved.is_relative_to(project) else os.fspath(copy)


def _write(copy: Path, content: bytes) -> None:
    """Write the whole copy or none."""
    beside = copy.with_name(f".{copy.name}.{os.getpid()}")
    with made_for(copy.parent):
        try:
            beside.write_bytes(content)
            beside.replace(copy)
        finally:
            beside.unlink(missing_ok=True)


def told(redacted: Redacted) -> Iterator[Message]:
    """Say what was blacked out, what nobody has searched, and what is to be done."""
    if isinstance(redacted.result, Problem):
        return
    result, file = redacted.result, os.fspath(redacted.order.form)
    for one in result.covered.findings:
        yield message(
            "{file}：{place}：{kind} {shown}，副本里没有了",
            file=file,
            place=_place(one),
            kind=_KINDS[one.found.kind],
            shown=one.found.masked(),
        )
    for saying in result.rest.unsearched:
        yield message("{file}：{saying}；请打开副本看一遍", file=file, saying=saying)
    yield message(
        "写成 {copy}：{count} 处个人信息用 ■ 遮住或去掉了，再查一遍没有查出；文件属性、批注和修订也去掉了。"
        "公布以前请打开看一遍",
        copy=_shown(redacted.copy, redacted.order),
        count=str(len(result.covered.findings)),
    )
    forms = (redacted.order.project / "content" / "forms").resolve()
    if redacted.copy.resolve().is_relative_to(forms):
        name = redacted.copy.resolve().relative_to(forms).as_posix()
        line = f"{hashlib.sha256(result.content).hexdigest()}  {name}"
        yield message("请在 content/forms/SHA256SUMS 加一行：{line}", line=line)


def _place(one: FoundInForm) -> Message:
    return message("第 {line} 行", line=str(one.line)) if one.place is None else one.place
