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
from jixiao.history.git import open_repository
from jixiao.i18n import TranslationCatalogue, message
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Problem, Severity, has_error
from jixiao.review.review_markdown import render_code, render_review
from jixiao.review.review_result import ReviewResult
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
        problems: list[Problem] = []
        for reviewed in self.review.problems:
            problem = reviewed.problem
            if reviewed.is_new or problem.severity is Severity.ERROR:
                place = problem.place._replace(file=f"{self.prefix}{problem.place.file}")
                problems.append(replace(problem, place=place))
        order = list(_GITLAB_SEVERITIES)
        return tuple(sorted(problems, key=lambda problem: order.index(problem.severity)))


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
        proposed = repository.create_shared_repository(Path(temporary), head_id)
        write_blobs(repository, repository.list_files(base_id, _BASE_PATHS).values(), proposed)
        unread = write_blobs(repository, repository.list_files(head_id, _PROPOSED_PATHS).values(), proposed)
        progress(message("比较改动"))
        review = review_changes(proposed, base_id, display_name=base)
        review = replace(
            review, range=replace(review.range, head_name=head), not_read=(*review.not_read, *unread)
        )
        start = time.monotonic()
        built = None
        # Without a file that cannot be read, the preview would differ from what is proposed.
        if not unread and not has_error(reviewed.problem for reviewed in review.problems):
            built = pipeline.build(
                proposed, progress, pipeline.BuildOptions(with_advice=False, as_preview=True)
            )
        seconds = time.monotonic() - start
        if built is not None and built.site is not None:
            shutil.copytree(built.site, out / PREVIEW_FOLDER)
    ancestor = repository.find_merge_base(base_id, head_id) or base_id
    content = tuple(f"{repository.prefix}{name}/" for name in _PROPOSED_PATHS)
    return ProposalReview(
        review=review,
        preview=built,
        other_files=tuple(
            file
            for file in repository.list_differing_files(ancestor, head_id)
            if not file.startswith(content)
        ),
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
    problems = []
    for problem in proposal.list_noteworthy_problems():
        place = problem.place
        text = mask_personal_data(
            f"{problem.message.translate(catalogue)} {problem.hint.translate(catalogue)}"
        )
        identity = f"{problem.rule}\0{place.file}\0{place.line}\0{text}"
        problems.append(
            {
                "description": text,
                "check_name": problem.rule,
                "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
                "severity": _GITLAB_SEVERITIES[problem.severity],
                "location": {"path": place.file, "lines": {"begin": place.line}},
            }
        )
    (out / QUALITY_FILE).write_text(
        json.dumps(problems, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
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
            omitted = len(proposal.other_files) - _MAX_LISTED_FILES
            yield f"- {message('另有 {count} 个文件', count=str(omitted)).translate(catalogue)}"
