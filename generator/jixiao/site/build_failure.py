"""Errors of a build that its steps share."""

from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.problems import UserError


def describe_changed_declaration(identity: str) -> Message:
    """Return the message for a declaration that changed after it was checked."""
    return message("{file} 在构建时被改动，请再构建一次", file=f"content/declarations/{identity}.yml")


def make_changed_file_failure(file: Path, root: Path) -> UserError:
    """Return the failure for a built file that is missing or was changed."""
    shown = file.relative_to(root).as_posix()
    return UserError(message("{path} 在构建时不见了或被改动，请再构建一次", path=shown))
