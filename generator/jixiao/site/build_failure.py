"""Build failure: stopped by the engine, the disk, the installation or a template, not by the content."""

from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.pages.templates import TemplateError


class BuildFailure(Exception):  # noqa: N818 - named for what it is; caught once, by the command line
    """The site could not be built; the previous site stays."""

    def __init__(
        self, message: Message, details: str = "", places: tuple[tuple[str, Message], ...] = ()
    ) -> None:
        """Store the message, details and places.

        Args:
            message: The failure in one sentence.
            details: Output of the failing part, unchanged.
            places: Files of the site, each with its problem.
        """
        super().__init__(message.template)
        self.message = message
        self.details = details
        self.places = places

    def __reduce__(self) -> tuple[type["BuildFailure"], tuple[object, ...]]:
        """Support pickling, so that a failure travels from a worker with all its fields."""
        return (BuildFailure, (self.message, self.details, self.places))


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
