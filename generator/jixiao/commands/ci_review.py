"""Review of a proposed change in CI, with a preview of the site.

A proposal may come from anybody. Its content is read from git and never checked out; settings, theme and
program are those of the base. The output folder receives:

    report.md                  for the summary of the job and as a comment
    code-quality.json          every problem with its line, in GitLab's format
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
from jixiao.commands.review import find_commit, review_changes
from jixiao.history.git import Repository, open_repository
from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Problem, Severity, has_error
from jixiao.review.review_markdown import render_code, render_review
from jixiao.review.review_result import ReviewedProblem, ReviewResult
from jixiao.review.snapshot import write_blobs

REPORT_FILE: Final = "report.md"
QUALITY_FILE: Final = "code-quality.json"
PREVIEW_FOLDER: Final = "preview"
_BASE_PATHS: Final = ("site_config.yml", "mkdocs.yml")
_PROPOSED_PATHS: Final = ("content",)
_MAX_LISTED_FILES: Final = 20
"""Maximum number of files outside the content that the report names."""
_GITLAB_SEVERITIES: Final = {Severity.ERROR: "blocker", Severity.WARNING: "major", Severity.ADVICE: "info"}
"""GitLab's names of the severities."""


@dataclass(frozen=True, kw_only=True)
class ProposalReview:
    """Result of reviewing a proposed change."""

    review: ReviewResult
    preview: pipeline.BuildResult | None
    """Result of the preview build, or `None` if an error prevented it."""
    other_files: tuple[str, ...]
    """Changed files that the preview does not use, such as settings, theme and program."""
    seconds: float
    """Duration of the build."""
    size: int
    """Size of the preview in bytes."""
    prefix: str
    """Path from the root of the repository to the site's folder, ending in `/`, or empty."""

    def list_noteworthy_problems(self) -> tuple[Problem, ...]:
        """List every error and all new problems, errors first.

        Places are relative to the root of the repository, as forges expect them.
        """
        found = [
            replace(
                one.problem, place=one.problem.place._replace(file=f"{self.prefix}{one.problem.place.file}")
            )
            for one in self.review.problems
            if _is_noteworthy(one)
        ]
        weights = list(_GITLAB_SEVERITIES)
        return tuple(sorted(found, key=lambda problem: weights.index(problem.severity)))


def review_proposal(
    root: Path, base: str, head: str, out: Path, progress: pipeline.Progress
) -> ProposalReview:
    """Review a proposed change and build its preview.

    Args:
        root: The folder of the site in its repository; the checked-out state does not matter.
        base: The branch, tag or commit that the change is for.
        head: The branch, tag or commit that proposes it.
        out: The output folder, where an earlier preview is replaced.
        progress: Called at the start of each step.

    Raises:
        UserError: There is no git, no repository, no such revision, or not enough history.
        UserError: The preview cannot be built.
        OSError: The disk refuses.
    """
    repository = open_repository(root)
    base_id, head_id = find_commit(repository, base), find_commit(repository, head)
    if (out / PREVIEW_FOLDER).exists():
        shutil.rmtree(out / PREVIEW_FOLDER)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        place = repository.create_shared_repository(Path(temporary), head_id)
        write_blobs(repository, repository.list_files(base_id, _BASE_PATHS).values(), place)
        left_out = write_blobs(repository, repository.list_files(head_id, _PROPOSED_PATHS).values(), place)
        progress(message("比较改动"))
        reviewed = review_changes(place, base_id, display_name=base)
        reviewed = replace(
            reviewed,
            range=replace(reviewed.range, head_name=head),
            not_read=(*reviewed.not_read, *left_out),
        )
        begun = time.monotonic()
        built = None
        # A preview without a file that nobody could read would show something else than what is proposed.
        if not left_out and not has_error(found.problem for found in reviewed.problems):
            built = pipeline.build(place, progress, pipeline.BuildOptions(with_advice=False, as_preview=True))
        seconds = time.monotonic() - begun
        if built is not None and built.site is not None:
            shutil.copytree(built.site, out / PREVIEW_FOLDER)
    return ProposalReview(
        review=reviewed,
        preview=built,
        other_files=_list_other_files(repository, base_id, head_id),
        seconds=seconds,
        prefix=repository.prefix,
        size=sum(file.stat().st_size for file in (out / PREVIEW_FOLDER).rglob("*") if file.is_file()),
    )


def write_proposal_report(proposal: ProposalReview, out: Path, catalogue: TranslationCatalogue) -> None:
    """Write the report and the code-quality file into the output folder.

    Raises:
        OSError: The disk refuses.
    """
    lines = [*render_review(proposal.review, catalogue), "", *_describe_preview(proposal, catalogue)]
    (out / REPORT_FILE).write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
    rows = [_format_quality_entry(problem, catalogue) for problem in proposal.list_noteworthy_problems()]
    (out / QUALITY_FILE).write_text(
        json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _list_other_files(repository: Repository, base: str, head: str) -> tuple[str, ...]:
    parted = repository.find_merge_base(base, head) or base
    content = tuple(f"{repository.prefix}{name}/" for name in _PROPOSED_PATHS)
    return tuple(
        file for file in repository.list_differing_files(parted, head) if not file.startswith(content)
    )


def _describe_preview(proposal: ProposalReview, catalogue: TranslationCatalogue) -> Iterator[str]:
    yield f"## {message('预览').translate(catalogue)}"
    yield ""
    if proposal.preview is None or proposal.preview.site is None:
        yield message("有错误，没有生成预览。").translate(catalogue)
    else:
        yield message(
            "{pages} 页，{size} MB，用了 {seconds} 秒。",
            pages=str(proposal.preview.pages),
            size=f"{proposal.size / 1e6:.1f}",
            seconds=f"{proposal.seconds:.0f}",
        ).translate(catalogue)
    if proposal.other_files:
        yield ""
        yield message("预览用的是目标分支的设置、样式和程序；下列文件也有改动，请另行审阅：").translate(
            catalogue
        )
        yield ""
        yield from (f"- {render_code(file)}" for file in proposal.other_files[:_MAX_LISTED_FILES])
        if len(proposal.other_files) > _MAX_LISTED_FILES:
            rest: Message = message(
                "另有 {count} 个文件", count=str(len(proposal.other_files) - _MAX_LISTED_FILES)
            )
            yield f"- {rest.translate(catalogue)}"


def _is_noteworthy(found: ReviewedProblem) -> bool:
    return found.is_new or found.problem.severity is Severity.ERROR


def _format_quality_entry(problem: Problem, catalogue: TranslationCatalogue) -> dict[str, object]:
    said = mask_personal_data(f"{problem.message.translate(catalogue)} {problem.hint.translate(catalogue)}")
    sign = f"{problem.rule}\0{problem.place.file}\0{problem.place.line}\0{said}"
    return {
        "description": said,
        "check_name": problem.rule,
        "fingerprint": hashlib.sha256(sign.encode()).hexdigest(),
        "severity": _GITLAB_SEVERITIES[problem.severity],
        "location": {"path": problem.place.file, "lines": {"begin": problem.place.line}},
    }
