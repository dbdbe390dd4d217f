"""Errors of a build that its steps share."""

from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.pages.templates import TemplateError
from jixiao.problems import UserError

BuildFailure = UserError
"""Former name, for modules that are being rewritten."""


def describe_changed_declaration(identity: str) -> Message:
    """Return the message for a declaration that changed after it was checked."""
    return message("{file} 在构建时被改动，请再构建一次", file=f"content/declarations/{identity}.yml")


def make_changed_file_failure(file: Path, root: Path) -> BuildFailure:
    """Return the failure for a built file that is missing or was changed."""
    shown = file.relative_to(root).as_posix()
    return BuildFailure(message("{path} 在构建时不见了或被改动，请再构建一次", path=shown))


def make_template_failure(template_error: TemplateError) -> BuildFailure:
    """Return the failure for a template of the theme that cannot be filled."""
    if template_error.line is None:
        return BuildFailure(message("模板 {file} 读不出来", file=template_error.file), template_error.reason)
    saying = message("模板 {file} 第 {line} 行有错", file=template_error.file, line=str(template_error.line))
    return BuildFailure(saying, template_error.reason)
