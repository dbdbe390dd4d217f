"""Review of the public effect of merging the current content.

The base is read from git; the head is the content of the folder as it is. The head is checked whole; of the
base only the differing files are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao import pipeline
from jixiao.check.semantic_checks import check_across_files, check_declaration
from jixiao.content import read_content
from jixiao.history.git import Blob, Repository, open_repository
from jixiao.history.steps import DECLARATIONS_FOLDER
from jixiao.history.trailers import read_statement
from jixiao.i18n import SOURCE_LANGUAGE, Message, TranslationCatalogue, load_taxonomy_catalogue, message
from jixiao.ignored_files import is_ignored_path
from jixiao.load.content_files import load_declaration
from jixiao.load.source_files import FILE_SIZE_LIMIT, read_bytes
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem, UserError
from jixiao.review.change_questions import ChangeQuestion, ChangeQuestionKind, find_change_questions
from jixiao.review.declaration_comparison import DeclarationComparison, DeclarationState, compare_declarations
from jixiao.review.register_changes import (
    RegisterChange,
    SharedContent,
    find_form_changes,
    find_register_changes,
)
from jixiao.review.review_result import ComparedRange, ReviewedProblem, ReviewResult
from jixiao.review.snapshot import (
    FORMS_FOLDER,
    SITE_PATHS,
    UncomparedFile,
    hash_working_files,
    write_blobs,
)

_UNSHALLOW_COMMAND = "git fetch --unshallow"
_CHINESE_CATALOGUE = TranslationCatalogue(language=SOURCE_LANGUAGE)


@dataclass(frozen=True, kw_only=True)
class _ReviewSide:
    """Files of the base or of the head of a review."""

    folder: Path
    """Folder with the files."""
    ids: Mapping[str, str]
    """Hash of the content, by file."""

    def read_declarations(self, files: frozenset[str]) -> Iterator[tuple[str, bytes]]:
        """Yield id and content of each declaration among *files*."""
        for file in sorted(files & self.ids.keys()):
            if file.startswith(DECLARATIONS_FOLDER) and file.endswith(".yml"):
                content = read_bytes(self.folder / file, file, FILE_SIZE_LIMIT)
                if not isinstance(content, Problem):
                    yield _find_declaration_id(file), content


@dataclass(frozen=True, kw_only=True)
class _BaseState:
    """Content and problems of the base."""

    shared: SharedContent
    states: Mapping[str, DeclarationState]
    """Changed declarations, by id."""
    problems: Counter[tuple[str, ...]]
    """Number of occurrences of each problem."""


def review_changes(root: Path, base_name: str, display_name: str | None = None) -> ReviewResult:
    """Compare the content below *root* with its common ancestor with *base_name*.

    Args:
        root: The folder of the site, in a git repository.
        base_name: The branch, tag or commit to compare with.
        display_name: The name of the base in the review, if it is not *base_name*.

    Raises:
        UserError: There is no git, no repository, no such revision, or not enough history.
        OSError: The disk refuses to hold the files to compare.
    """
    repository = open_repository(root)
    compared = _find_range(repository, base_name, display_name or base_name)
    blobs = {
        file: blob
        for file, blob in repository.list_files(compared.base, SITE_PATHS).items()
        if not is_ignored_path(file)
    }
    committed = repository.list_files(compared.head, SITE_PATHS) if compared.head else {}
    head = _ReviewSide(folder=root, ids=hash_working_files(root, blobs.values()))
    checked = pipeline.check(head.folder)
    new = SharedContent(content=checked.catalogue, config=checked.config)
    with TemporaryDirectory() as temporary:
        differing = frozenset(
            file for file in {*blobs, *head.ids} if _find_blob_id(blobs, file) != head.ids.get(file)
        )
        base, unread = _write_base(repository, blobs, differing, Path(temporary, "base"))
        old = _read_base(base, head, differing, checked)
    states = {
        identity: _read_declaration_state(identity, content)
        for identity, content in head.read_declarations(differing)
    }
    commits = repository.list_commits(compared.base, compared.head, SITE_PATHS) if compared.head else ()
    present_ids = {_find_declaration_id(file) for file in head.ids if file.startswith(DECLARATIONS_FOLDER)}
    declarations = tuple(
        replace(
            comparison,
            statement=read_statement(comparison.files, commits),
            is_committed=all(
                head.ids.get(file) == _find_blob_id(committed, file) for file in comparison.files
            ),
        )
        for comparison in compare_declarations(old.states, states, new.content.address_register, present_ids)
    )
    forms = tuple(find_form_changes({file: blob.id for file, blob in blobs.items()}, head.ids))
    organisations = {**old.shared.content.organisations, **new.content.organisations}
    return ReviewResult(
        range=compared,
        declarations=declarations,
        registers=(*find_register_changes(old.shared, new, differing), *forms),
        problems=tuple(_mark_new_problems(checked.problems, old, differing)),
        questions=tuple(_list_questions(declarations, forms, new)),
        not_read=unread,
        organisation_names={
            identity: organisation.name.plain() for identity, organisation in organisations.items()
        },
    )


def _list_questions(
    declarations: Sequence[DeclarationComparison], forms: Sequence[RegisterChange], new: SharedContent
) -> Iterator[ChangeQuestion]:
    catalogues = {
        language: load_taxonomy_catalogue(language).merge(new.content.find_translations(language))
        for language in (new.config.languages if new.config else ())
        if language != SOURCE_LANGUAGE
    }
    for comparison in declarations:
        yield from find_change_questions(comparison, catalogues)
    for form in forms:
        if form.old and form.new:
            yield ChangeQuestion(
                kind=ChangeQuestionKind.FORM_REPLACED,
                field=form.file,
                message=message("申报表原件被换掉了：收到的原件不改，为什么换？"),
            )


def _find_range(repository: Repository, base_name: str, display_name: str) -> ComparedRange:
    """Find the commits to compare; *display_name* is the name of the base in messages.

    Raises:
        UserError: *base_name* is no commit, or the history ends before it.
    """
    head = repository.resolve_commit("HEAD")
    requested = find_commit(repository, base_name)
    base = repository.find_merge_base(requested, head) if head else requested
    remark: Message | None = None
    if base is None and repository.is_shallow:
        raise UserError(
            message(
                "这个仓库只取了最近的历史，找不到与 {base} 的共同起点：请先运行 {command}",
                base=display_name,
                command=_UNSHALLOW_COMMAND,
            )
        )
    if base is None:
        remark = message("两边没有共同的起点，直接与 {base} 比较", base=display_name)
    elif base != requested:
        remark = message(
            "{base} 后来又有别的改动，不算在内：比较从共同的起点 {commit} 算起",
            base=display_name,
            commit=base[:10],
        )
    return ComparedRange(base_name=display_name, base=base or requested, head=head, remark=remark)


def find_commit(repository: Repository, name: str) -> str:
    """Return the id of the commit that *name* refers to.

    Raises:
        UserError: *name* is no commit, or the history ends before it.
    """
    if name.startswith("-"):
        raise UserError(message("“{name}”不是分支、标签或提交：不能以“-”开头", name=name))
    commit = repository.resolve_commit(name)
    if commit is None and repository.is_shallow:
        raise UserError(
            message(
                "git 里找不到“{name}”；这个仓库只取了最近的历史，请先运行 {command}",
                name=name,
                command=_UNSHALLOW_COMMAND,
            )
        )
    if commit is None:
        raise UserError(
            message(
                "git 里找不到“{name}”：请写分支、标签或提交的名称；远处的分支请先运行 {command}",
                name=name,
                command="git fetch",
            )
        )
    return commit


def _write_base(
    repository: Repository, blobs: Mapping[str, Blob], differing: frozenset[str], folder: Path
) -> tuple[_ReviewSide, tuple[UncomparedFile, ...]]:
    """Write the changed base files into *folder*, with the shared files if one of these changed."""
    folder.mkdir()
    is_shared_changed = any(map(_is_shared_file, differing))
    wanted = {
        file: blob
        for file, blob in blobs.items()
        if file in differing
        or (is_shared_changed and _is_shared_file(file) and not file.startswith(FORMS_FOLDER))
    }
    (folder / DECLARATIONS_FOLDER).mkdir(parents=True)
    unread = write_blobs(repository, wanted.values(), folder)
    return _ReviewSide(folder=folder, ids={file: blob.id for file, blob in wanted.items()}), unread


def _read_base(
    base: _ReviewSide, head: _ReviewSide, differing: frozenset[str], checked: pipeline.Checked
) -> _BaseState:
    """Read the base files that were written, and collect their problems."""
    new = checked.catalogue
    problems: list[Problem] = []
    shared = SharedContent(content=new, config=checked.config)
    if any(map(_is_shared_file, differing)):
        read = read_content(base.folder)
        problems += read.problems
        unchanged_forms = {
            path: form for path, form in new.forms.items() if f"content/{path}" not in differing
        }
        registers = replace(read.registers, forms={**read.registers.forms, **unchanged_forms})
        shared = SharedContent(content=registers, config=read.config)
    contents = dict(base.read_declarations(differing))
    summaries = {
        summary.id: summary
        for summary in new.summaries
        if _find_declaration_file(summary.id) not in differing
    }
    unread = set(filter(_is_shared_file, shared.content.unread_paths))
    # An unchanged declaration may have had its problem before, or have it because a register changed.
    unchanged = frozenset(problem.place.file for problem in checked.problems) - differing
    for identity, content in (*contents.items(), *head.read_declarations(unchanged)):
        result = check_declaration(identity, _find_declaration_file(identity), content, shared.content)
        problems += result.problems
        if result.parsed is None:
            unread.add(_find_declaration_file(identity))
        else:
            summaries[identity] = result.parsed.summary
    site_content = replace(
        shared.content,
        summaries=tuple(summaries[identity] for identity in sorted(summaries)),
        unread_paths=frozenset(unread),
    )
    problems += check_across_files(site_content, shared.config.languages if shared.config else ())
    return _BaseState(
        shared=shared,
        states={
            identity: _read_declaration_state(identity, content) for identity, content in contents.items()
        },
        problems=Counter(map(_build_problem_key, problems)),
    )


def _read_declaration_state(declaration_id: str, content: bytes) -> DeclarationState:
    tree = load_declaration(content, _find_declaration_file(declaration_id))
    model = None if isinstance(tree, tuple) else read_model(Declaration, tree)
    return DeclarationState(content=content, declaration=model if isinstance(model, Declaration) else None)


def _mark_new_problems(
    problems: tuple[Problem, ...], base: _BaseState, differing: frozenset[str]
) -> Iterator[ReviewedProblem]:
    """Mark each problem as new or old. Places are ignored, because edits above a line move it."""
    remaining = base.problems.copy()
    for problem in problems:
        key, file = _build_problem_key(problem), problem.place.file
        # The checks of an unchanged form were not repeated for the base.
        is_unchanged_form = (
            file.startswith(FORMS_FOLDER)
            and not {
                file,
                f"{FORMS_FOLDER}SHA256SUMS",
            }
            & differing
        )
        yield ReviewedProblem(problem=problem, is_new=remaining[key] <= 0 and not is_unchanged_form)
        remaining[key] -= 1


def _build_problem_key(problem: Problem) -> tuple[str, ...]:
    return (problem.rule, problem.place.file, problem.message.translate(_CHINESE_CATALOGUE))


def _find_blob_id(blobs: Mapping[str, Blob], file: str) -> str | None:
    blob = blobs.get(file)
    return None if blob is None else blob.id


def _is_shared_file(file: str) -> bool:
    return not file.startswith(DECLARATIONS_FOLDER)


def _find_declaration_id(file: str) -> str:
    return file.removeprefix(DECLARATIONS_FOLDER).removesuffix(".yml")


def _find_declaration_file(declaration_id: str) -> str:
    return f"{DECLARATIONS_FOLDER}{declaration_id}.yml"
