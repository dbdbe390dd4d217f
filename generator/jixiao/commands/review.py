"""What merging would change for the public: what `jixiao review` does, read from top to bottom.

The base is read from git as it is stored, the head is what lies in the folder of the project now. The head is
checked whole; of the base only what differs is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao import pipeline
from jixiao.analysis.site_content import Catalogue
from jixiao.check.examination import examine
from jixiao.check.semantic_checks import check_whole
from jixiao.config import SiteConfig
from jixiao.content import read_project
from jixiao.history.git import Blob, Commit, NoGit, Repository, open_repository
from jixiao.history.trailers import statement_on
from jixiao.i18n import SOURCE_LANGUAGE, Dictionary, Message, closed_list_words, message
from jixiao.ignored_files import is_among_leftovers
from jixiao.load.content_files import read_declaration
from jixiao.load.source_files import SIZE_LIMIT, read_bytes
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem
from jixiao.review.change_questions import Asked, Question, questions_on
from jixiao.review.declaration_comparison import Compared, State, compare
from jixiao.review.outcome import FoundProblem, Range, Review
from jixiao.review.register_changes import Shared, form_changes, register_changes
from jixiao.review.snapshot import DECLARATIONS, FORMS, PATHS, NotRead, lay_out, working_files

_UNSHALLOW = "git fetch --unshallow"
_CHINESE = Dictionary(language=SOURCE_LANGUAGE)


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One of the two states."""

    folder: Path
    """Where its files can be read."""
    ids: Mapping[str, str]
    """By file, what identifies its bytes."""

    def declarations(self, files: frozenset[str]) -> Iterator[tuple[str, bytes]]:
        """Give the bytes of those of *files* that are declarations, by id."""
        for file in sorted(files & self.ids.keys()):
            if file.startswith(DECLARATIONS) and file.endswith(".yml"):
                content = read_bytes(self.folder / file, file, SIZE_LIMIT)
                if not isinstance(content, Problem):
                    yield _identity(file), content


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What is known of the base."""

    shared: Shared
    states: Mapping[str, State]
    """The declarations that differ, by id."""
    problems: Counter[tuple[str, ...]]
    """How often each was there."""


def review(project: Path, base_name: str, called: str | None = None) -> Review:
    """Compare the content of *project* with where it parted from *base_name*, a branch, tag or commit.

    Args:
        project: Its folder, in a git repository.
        base_name: The branch, tag or commit.
        called: How the review names it, where that is not its name.

    Raises:
        NoGit: There is no git, no repository, no such revision, or not enough history.
        OSError: The disk refuses to hold what is compared.
    """
    repository = open_repository(project)
    compared = _range(repository, base_name, called or base_name)
    blobs = {
        file: blob
        for file, blob in repository.files(compared.base, PATHS).items()
        if not is_among_leftovers(file)
    }
    committed = repository.files(compared.head, PATHS) if compared.head else {}
    head = _Side(folder=project, ids=working_files(project, blobs.values()))
    with TemporaryDirectory() as temporary:
        differing = frozenset(file for file in {*blobs, *head.ids} if _id(blobs, file) != head.ids.get(file))
        checked = pipeline.check(head.folder)
        now = Shared(catalogue=checked.catalogue, config=checked.config)
        base, told = _base(repository, blobs, differing, Path(temporary, "base"))
        past = _past(base, head, differing, checked)
        states = {identity: _state(identity, content) for identity, content in head.declarations(differing)}
    commits = repository.commits(compared.base, compared.head, PATHS) if compared.head else ()
    living = {_identity(file) for file in head.ids if file.startswith(DECLARATIONS)}
    declarations = tuple(
        _with_statement(one, commits, head.ids, committed)
        for one in compare(past.states, states, now.catalogue.addresses, living)
    )
    forms = tuple(form_changes({file: blob.id for file, blob in blobs.items()}, head.ids))
    questions = [question for one in declarations for question in questions_on(one, _dictionaries(now))]
    questions += [
        Question(
            asked=Asked.FORM_REPLACED,
            field=form.file,
            saying=message("申报表原件被换掉了：收到的原件不改，为什么换？"),
        )
        for form in forms
        if form.old and form.new
    ]
    return Review(
        range=compared,
        declarations=declarations,
        registers=(*register_changes(past.shared, now, differing), *forms),
        problems=tuple(_with_age(checked.problems, past, differing)),
        questions=tuple(questions),
        not_read=told,
        names=_names(past.shared.catalogue, now.catalogue),
    )


def _range(repository: Repository, base_name: str, name: str) -> Range:
    """Find the two commits; the review calls the first by *name*.

    Raises:
        NoGit: The name means no commit, or the history ends before it.
    """
    head = repository.commit("HEAD")
    asked = commit_of(repository, base_name)
    base = repository.merge_base(asked, head) if head else asked
    remark: Message | None = None
    if base is None and repository.is_shallow:
        raise NoGit(
            message(
                "这个仓库只取了最近的历史，找不到与 {base} 的共同起点：请先运行 {command}",
                base=name,
                command=_UNSHALLOW,
            )
        )
    if base is None:
        remark = message("两边没有共同的起点，直接与 {base} 比较", base=name)
    elif base != asked:
        remark = message(
            "{base} 后来又有别的改动，不算在内：比较从共同的起点 {commit} 算起", base=name, commit=base[:10]
        )
    return Range(base_name=name, base=base or asked, head=head, remark=remark)


def commit_of(repository: Repository, name: str) -> str:
    """Find the commit that *name* means.

    Raises:
        NoGit: It means none, or the history ends before it.
    """
    if name.startswith("-"):
        raise NoGit(message("“{name}”不是分支、标签或提交：不能以“-”开头", name=name))
    found = repository.commit(name)
    if found is None and repository.is_shallow:
        raise NoGit(
            message(
                "git 里找不到“{name}”；这个仓库只取了最近的历史，请先运行 {command}",
                name=name,
                command=_UNSHALLOW,
            )
        )
    if found is None:
        raise NoGit(
            message(
                "git 里找不到“{name}”：请写分支、标签或提交的名称；远处的分支请先运行 {command}",
                name=name,
                command="git fetch",
            )
        )
    return found


def _base(
    repository: Repository, blobs: Mapping[str, Blob], differing: frozenset[str], folder: Path
) -> tuple[_Side, tuple[NotRead, ...]]:
    """Lay out what differs of the base; and all that serves its declarations, if any of that differs."""
    folder.mkdir()
    is_shared_changed = any(map(_is_shared, differing))
    wanted = {
        file: blob
        for file, blob in blobs.items()
        if file in differing or (is_shared_changed and _is_shared(file) and not file.startswith(FORMS))
    }
    (folder / DECLARATIONS).mkdir(parents=True)
    told = lay_out(repository, wanted.values(), folder)
    return _Side(folder=folder, ids={file: blob.id for file, blob in wanted.items()}), told


def _past(base: _Side, head: _Side, differing: frozenset[str], checked: pipeline.Checked) -> _Past:
    """Read what was laid out of the base, and find the problems that it had."""
    now = checked.catalogue
    problems: list[Problem] = []
    shared = Shared(catalogue=now, config=checked.config)
    if any(map(_is_shared, differing)):
        read = read_project(base.folder)
        problems += read.problems
        forms = {path: form for path, form in now.forms.items() if f"content/{path}" not in differing}
        catalogue = replace(read.catalogue, forms={**read.catalogue.forms, **forms})
        shared = Shared(catalogue=catalogue, config=read.config)
    contents = dict(base.declarations(differing))
    states = {identity: _state(identity, content) for identity, content in contents.items()}
    entries = {entry.id: entry for entry in now.entries if _file(entry.id) not in differing}
    unread = set(filter(_is_shared, shared.catalogue.unread))
    # A declaration that stayed may have had its problem before, or owe it to a register that changed.
    stayed = frozenset(problem.place.file for problem in checked.problems) - differing
    for identity, content in (*contents.items(), *head.declarations(stayed)):
        examined = examine(identity, _file(identity), content, shared.catalogue)
        problems += examined.problems
        if examined.filed is None:
            unread.add(_file(identity))
        else:
            entries[identity] = examined.filed.entry
    catalogue = replace(
        shared.catalogue,
        entries=tuple(sorted(entries.values(), key=lambda entry: entry.id)),
        unread=frozenset(unread),
    )
    languages = shared.config.languages if shared.config else ()
    problems += check_whole(catalogue, languages)
    return _Past(shared=shared, states=states, problems=Counter(map(_sign, problems)))


def _state(identity: str, content: bytes) -> State:
    tree = read_declaration(content, _file(identity))
    read = None if isinstance(tree, tuple) else read_model(Declaration, tree)
    return State(content=content, declaration=read if isinstance(read, Declaration) else None)


def _with_age(
    problems: tuple[Problem, ...], past: _Past, differing: frozenset[str]
) -> Iterator[FoundProblem]:
    """Tell which problems are new. A place moves with the lines above it, so it does not count."""
    left = past.problems.copy()
    for problem in problems:
        sign = _sign(problem)
        # A form that stayed was not read again.
        is_form = problem.place.file.startswith(FORMS)
        is_old = left[sign] > 0 or (is_form and not {problem.place.file, f"{FORMS}SHA256SUMS"} & differing)
        left[sign] -= 1
        yield FoundProblem(problem=problem, is_new=not is_old)


def _sign(problem: Problem) -> tuple[str, ...]:
    return (problem.rule, problem.place.file, problem.message.say(_CHINESE))


def _with_statement(
    compared: Compared, commits: tuple[Commit, ...], ids: Mapping[str, str], committed: Mapping[str, Blob]
) -> Compared:
    return replace(
        compared,
        statement=statement_on(compared.files, commits),
        is_committed=all(ids.get(file) == _id(committed, file) for file in compared.files),
    )


def _dictionaries(shared: Shared) -> Mapping[str, Dictionary]:
    """Give all that is translated into the other languages of the site, closed lists included."""
    languages = shared.config.languages if isinstance(shared.config, SiteConfig) else ()
    return {
        language: closed_list_words(language).merged_with(shared.catalogue.dictionary(language))
        for language in languages
        if language != SOURCE_LANGUAGE
    }


def _names(*catalogues: Catalogue) -> Mapping[str, str]:
    return {
        identity: organisation.name.plain()
        for catalogue in catalogues
        for identity, organisation in catalogue.organisations.items()
    }


def _id(blobs: Mapping[str, Blob], file: str) -> str | None:
    blob = blobs.get(file)
    return None if blob is None else blob.id


def _is_shared(file: str) -> bool:
    return not file.startswith(DECLARATIONS)


def _identity(file: str) -> str:
    return file.removeprefix(DECLARATIONS).removesuffix(".yml")


def _file(identity: str) -> str:
    return f"{DECLARATIONS}{identity}.yml"
