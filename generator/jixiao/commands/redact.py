"""Redaction of a form: write a copy that can be published, for `jixiao redact`.

The form itself is never changed. The copy is written only after it was searched again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.check.rules.personal_data_in_text import KIND_NAMES
from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT
from jixiao.load.received_forms import PUBLISHED_COPIES
from jixiao.load.source_files import read_bytes
from jixiao.originals.redaction import RedactedCopy, create_redacted_copy
from jixiao.personal_data.text_patterns import PersonalDataKind
from jixiao.problems import Place, Problem, ReadError
from jixiao.write_files import created_folder

_KIND_TITLES = {**KIND_NAMES, PersonalDataKind.IDENTITY_NUMBER: message("身份证号码")}


@dataclass(frozen=True, kw_only=True)
class RedactionRequest:
    """Form to redact and options of the command."""

    form: Path
    root: Path
    copy: Path | None = None
    """Path of the copy; `None` is the path from which the site publishes it."""
    replaces: bool = False
    """Whether an existing copy is replaced."""


@dataclass(frozen=True, kw_only=True)
class RedactionResult:
    """Result of a redaction."""

    request: RedactionRequest
    copy: Path
    result: RedactedCopy | Problem
    """The copy, or the problem if none was written."""

    @property
    def is_clean(self) -> bool:
        """Whether a copy was written that could be searched completely."""
        return isinstance(self.result, RedactedCopy) and not self.result.copy_result.unsearched


def redact_form(request: RedactionRequest) -> RedactionResult:
    """Write a copy of a form in which personal data is blacked out.

    Raises:
        OSError: The disk refuses to take the copy.
    """
    copy = request.copy or _find_copy_path(request)
    return RedactionResult(request=request, copy=copy or request.form, result=_redact(request, copy))


def _redact(request: RedactionRequest, copy: Path | None) -> RedactedCopy | Problem:
    file = os.fspath(request.form)
    if copy is None:
        return Problem(
            rule="no-place-for-copy",
            place=Place(file),
            message=message("这份申报表不在 content/forms/ 里，不知道副本写到哪里"),
            hint=message("请用 --to 写明副本的文件名，或先把申报表放进 content/forms/"),
        )
    if copy.resolve() == request.form.resolve():
        return Problem(
            rule="copy-in-place-of-form",
            place=Place(file),
            message=message("副本不能写在原件上：收到的申报表不作任何改动"),
            hint=message("请用 --to 另写一个文件名"),
        )
    if os.path.lexists(copy) and not request.replaces:
        return Problem(
            rule="copy-exists",
            place=Place(_name_from_root(copy, request)),
            message=message("副本已经存在，没有动它"),
            hint=message("要替换请加 --force"),
        )
    content = read_bytes(request.form, file, FORM_SIZE_LIMIT)
    if isinstance(content, Problem):
        return content
    try:
        result = create_redacted_copy(content)
    except ReadError as error:
        return error.to_problem(Place(file))
    unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
    with created_folder(copy.parent):
        try:
            unfinished.write_bytes(result.content)
            unfinished.replace(copy)
        finally:
            unfinished.unlink(missing_ok=True)
    return result


def _find_copy_path(request: RedactionRequest) -> Path | None:
    """Return the path of the copy of a form in `content/forms/`, or `None` for any other form."""
    forms = (request.root / "content" / "forms").resolve()
    form = request.form.resolve()
    copies = (request.root / "content" / PUBLISHED_COPIES).resolve()
    if not form.is_relative_to(forms) or form.is_relative_to(copies):
        return None
    return request.root / "content" / PUBLISHED_COPIES / form.relative_to(forms)


def _name_from_root(copy: Path, request: RedactionRequest) -> str:
    """Return the path of a copy relative to the site's folder, or as typed if it is outside."""
    root, resolved = request.root.resolve(), copy.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else os.fspath(copy)


def describe_redaction(redacted: RedactionResult) -> Iterator[Message]:
    """Describe redacted findings, unsearched parts, and remaining steps."""
    if isinstance(redacted.result, Problem):
        return
    result, file = redacted.result, os.fspath(redacted.request.form)
    for finding in result.form_result.findings:
        yield message(
            "{file}：{place}：{kind} {shown}，副本里没有了",
            file=file,
            place=finding.place or message("第 {line} 行", line=str(finding.line)),
            kind=_KIND_TITLES[finding.found.kind],
            shown=finding.found.mask(),
        )
    for part in result.copy_result.unsearched:
        yield message("{file}：{saying}；请打开副本看一遍", file=file, saying=part)
    yield message(
        "写成 {copy}：{count} 处个人信息用 ■ 遮住或去掉了，再查一遍没有查出；文件属性、批注和修订也去掉了。"
        "公布以前请打开看一遍",
        copy=_name_from_root(redacted.copy, redacted.request),
        count=str(len(result.form_result.findings)),
    )
    forms = (redacted.request.root / "content" / "forms").resolve()
    if redacted.copy.resolve().is_relative_to(forms):
        name = redacted.copy.resolve().relative_to(forms).as_posix()
        line = f"{hashlib.sha256(result.content).hexdigest()}  {name}"
        yield message("请在 content/forms/SHA256SUMS 加一行：{line}", line=line)
