"""What CI does with a proposed change: review it, build a preview of it, and write both down.

The proposal comes from anybody. Its content is read from git as it is stored and never checked out; settings
and theme are those of the base, and so is the program, if the base is what was installed. So whoever proposes
a change decides what the preview says, and nothing about how it is made.

In the folder of results:

    report.md                  for the summary of the job and as a comment
    code-quality.json          every problem with its line, as GitLab reads it
    preview/                   the built site, if there is no error
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from jixiao import pipeline
from jixiao.commands.review import commit_of, review
from jixiao.history.git import Repository, open_repository
from jixiao.i18n import Dictionary, Message, message
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Problem, Severity, stops_publishing
from jixiao.review.outcome import FoundProblem, Review
from jixiao.review.review_markdown import code, markdown
from jixiao.review.snapshot import lay_out

REPORT: Final = "report.md"
QUALITY: Final = "code-quality.json"
PREVIEW: Final = "preview"
_OF_BASE: Final = ("site_config.yml", "mkdocs.yml")
_OF_PROPOSAL: Final = ("content",)
_LISTED: Final = 20
"""Files outside the content that the report names."""
_GRADES: Final = {Severity.ERROR: "blocker", Severity.WARNING: "major", Severity.ADVICE: "info"}
"""What GitLab calls them."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What was found out about a proposed change."""

    review: Review
    built: pipeline.Built | None
    """`None` where an error stands in the way."""
    elsewhere: tuple[str, ...]
    """Files that the proposal changes and the preview does not show: settings, theme, program."""
    seconds: float
    """How long the build took."""
    size: int
    """Bytes of the preview."""
    prefix: str
    """The way from the root of the repository to the project, ending in `/`, or empty."""

    def noteworthy(self) -> tuple[Problem, ...]:
        """List what the proposal has to answer for: every error and all that is new, errors first.

        Places are relative to the root of the repository, as forges want them.
        """
        found = [
            replace(
                one.problem, place=one.problem.place._replace(file=f"{self.prefix}{one.problem.place.file}")
            )
            for one in self.review.problems
            if _is_noteworthy(one)
        ]
        weights = list(_GRADES)
        return tuple(sorted(found, key=lambda problem: weights.index(problem.severity)))


def examine_proposal(project: Path, base: str, head: str, out: Path, progress: pipeline.Progress) -> Proposal:
    """Review a proposed change and build its preview.

    Args:
        project: A folder in the repository, with git as it was cloned; what is checked out does not matter.
        base: The branch, tag or commit that the change is for.
        head: The branch, tag or commit that proposes it.
        out: Where the preview goes; what lies there is replaced.
        progress: Is told what begins.

    Raises:
        NoGit: There is no git, no repository, no such revision, or not enough history.
        BuildFailure: The site cannot be built from it.
        OSError: The disk refuses.
    """
    repository = open_repository(project)
    base_id, head_id = commit_of(repository, base), commit_of(repository, head)
    if (out / PREVIEW).exists():
        shutil.rmtree(out / PREVIEW)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        place = repository.borrowed(Path(temporary), head_id)
        lay_out(repository, repository.files(base_id, _OF_BASE).values(), place)
        left_out = lay_out(repository, repository.files(head_id, _OF_PROPOSAL).values(), place)
        progress(message("比较改动"))
        reviewed = review(place, base_id, called=base)
        reviewed = replace(
            reviewed,
            range=replace(reviewed.range, head_name=head),
            not_read=(*reviewed.not_read, *left_out),
        )
        begun = time.monotonic()
        built = None
        # A preview without a file that nobody could read would show something else than what is proposed.
        if not left_out and not stops_publishing(found.problem for found in reviewed.problems):
            built = pipeline.build(place, progress, pipeline.BuildOrder(with_advice=False, as_preview=True))
        seconds = time.monotonic() - begun
        if built is not None and built.site is not None:
            shutil.copytree(built.site, out / PREVIEW)
    return Proposal(
        review=reviewed,
        built=built,
        elsewhere=_elsewhere(repository, base_id, head_id),
        seconds=seconds,
        prefix=repository.prefix,
        size=sum(file.stat().st_size for file in (out / PREVIEW).rglob("*") if file.is_file()),
    )


def write_report(proposal: Proposal, out: Path, words: Dictionary) -> None:
    """Write what was found out into the folder of results.

    Raises:
        OSError: The disk refuses.
    """
    lines = [*markdown(proposal.review, words), "", *_about_build(proposal, words)]
    (out / REPORT).write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
    rows = [_quality_row(problem, words) for problem in proposal.noteworthy()]
    (out / QUALITY).write_text(
        json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _elsewhere(repository: Repository, base: str, head: str) -> tuple[str, ...]:
    parted = repository.merge_base(base, head) or base
    content = tuple(f"{repository.prefix}{name}/" for name in _OF_PROPOSAL)
    return tuple(file for file in repository.differing(parted, head) if not file.startswith(content))


def _about_build(proposal: Proposal, words: Dictionary) -> Iterator[str]:
    yield f"## {message('预览').say(words)}"
    yield ""
    if proposal.built is None or proposal.built.site is None:
        yield message("有错误，没有生成预览。").say(words)
    else:
        yield message(
            "{pages} 页，{size} MB，用了 {seconds} 秒。",
            pages=str(proposal.built.pages),
            size=f"{proposal.size / 1e6:.1f}",
            seconds=f"{proposal.seconds:.0f}",
        ).say(words)
    if proposal.elsewhere:
        yield ""
        yield message("预览用的是目标分支的设置、样式和程序；下列文件也有改动，请另行审阅：").say(words)
        yield ""
        yield from (f"- {code(file)}" for file in proposal.elsewhere[:_LISTED])
        if len(proposal.elsewhere) > _LISTED:
            rest: Message = message("另有 {count} 个文件", count=str(len(proposal.elsewhere) - _LISTED))
            yield f"- {rest.say(words)}"


def _is_noteworthy(found: FoundProblem) -> bool:
    return found.is_new or found.problem.severity is Severity.ERROR


def _quality_row(problem: Problem, words: Dictionary) -> dict[str, object]:
    said = masked(f"{problem.message.say(words)} {problem.hint.say(words)}")
    sign = f"{problem.rule}\0{problem.place.file}\0{problem.place.line}\0{said}"
    return {
        "description": said,
        "check_name": problem.rule,
        "fingerprint": hashlib.sha256(sign.encode()).hexdigest(),
        "severity": _GRADES[problem.severity],
        "location": {"path": problem.place.file, "lines": {"begin": problem.place.line}},
    }
