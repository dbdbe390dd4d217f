"""What stops a build that is not the editor's mistake: an engine, a disk, an installation."""

from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.pages.templates import Slip


class BuildFailure(Exception):  # noqa: N818 - named for what it is; caught once, by the command line
    """The site could not be built; the site that was there stays."""

    def __init__(
        self, saying: Message, details: str = "", places: tuple[tuple[str, Message], ...] = ()
    ) -> None:
        """Keep what to tell the user.

        Args:
            saying: What happened, in one sentence.
            details: What the failing part said, as it said it.
            places: Files of the site, each with what is wrong there.
        """
        super().__init__(saying.template)
        self.saying = saying
        self.details = details
        self.places = places

    def __reduce__(self) -> tuple[type["BuildFailure"], tuple[object, ...]]:
        """Come whole out of a worker."""
        return (BuildFailure, (self.saying, self.details, self.places))


def changed_meanwhile(identity: str) -> Message:
    """Say that a file is no longer what was checked."""
    return message("{file} 在构建时被改动，请再构建一次", file=f"content/declarations/{identity}.yml")


def changed_during_build(file: Path, project: Path) -> BuildFailure:
    """Tell of a file that the build had made and that is not there any more, or is another."""
    shown = file.relative_to(project).as_posix()
    return BuildFailure(message("{path} 在构建时不见了或被改动，请再构建一次", path=shown))


def bad_template(slip: Slip) -> BuildFailure:
    """Tell of a template of the theme that cannot be filled."""
    if slip.line is None:
        return BuildFailure(message("模板 {file} 读不出来", file=slip.file), slip.reason)
    saying = message("模板 {file} 第 {line} 行有错", file=slip.file, line=str(slip.line))
    return BuildFailure(saying, slip.reason)
