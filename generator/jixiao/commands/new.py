"""Creation of a declaration file from a few answers, for `jixiao new`.

Each answer is validated before the next question, so that a mistake is reported at once. The file is
written only after all answers are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from jixiao.analysis import urls
from jixiao.analysis.site_content import SiteContent
from jixiao.check.read_site_content import ADDRESSES_FILE, ORGANISATIONS_FILE, TAXONOMY_FOLDER, read_registers
from jixiao.check.rules.address_differs_from_file import RESERVED_NAMES
from jixiao.i18n import Message, message
from jixiao.load.source_files import has_only_allowed_characters
from jixiao.load.tree_to_model import read_scalar
from jixiao.model.organisation import Organisation, OrganisationKind
from jixiao.model.values import is_slug, read_line, read_slug, read_year
from jixiao.problems import Problem, ReadError
from jixiao.write_files import write_files
from jixiao.yaml_format.blank_declaration import format_blank_declaration

PromptAnswers = Mapping[str, str]
"""Field → answer; empty if it is to be filled in later."""
_DECLARATIONS_FOLDER = "content/declarations"
_PROMPT_TEXTS: Mapping[str, Message] = {
    "year": message("年度（例如 2026）"),
    "department": message("主管部门的编号"),
    "edition": message("指标体系版本"),
    "unit": message("实施单位的编号（可以以后再填）"),
    "nature": message("项目性质（可以以后再填）"),
    "name": message("项目名称（可以以后再填）"),
    "id": message("文件名，也就是网址的最后一段；以后不能再改，最好用有含义的英文词"),
}
PROMPT_FIELDS = tuple(_PROMPT_TEXTS)
"""Fields that are asked for, in this order."""
_OPTIONAL_FIELDS = frozenset({"unit", "nature", "name"})
"""Fields that may be filled in later."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Question about one field."""

    text: Message
    choices: tuple[tuple[str, str], ...] = ()
    """Allowed answers with their meanings."""
    default: str | None = None
    """Answer if the user enters nothing, or `None` if an answer is required."""


@dataclass(frozen=True, kw_only=True)
class NewDeclaration:
    """A new declaration file that has not been written yet."""

    id: str
    """Permanent address: year, department, project."""
    text: str

    @property
    def file(self) -> str:
        """Path relative to the site's folder."""
        return f"{_DECLARATIONS_FOLDER}/{self.id}.yml"


class Prompts:
    """Questions for a new declaration, with their allowed answers from the registers."""

    def __init__(self, root: Path, registers: SiteContent, *, replaces: bool) -> None:
        """Use the given registers; *replaces* allows an existing file to be replaced."""
        self._root = root
        self._registers = registers
        self._replaces = replaces

    def find_prompt(self, field: str, answers: PromptAnswers) -> Prompt:
        """Return the prompt for *field*, given the answers before it."""
        return Prompt(
            text=_PROMPT_TEXTS[field],
            choices=self._list_choices(field, answers),
            default=self._find_default(field, answers),
        )

    def _list_choices(self, field: str, answers: PromptAnswers) -> tuple[tuple[str, str], ...]:
        match field:
            case "department":
                return self._list_organisations(OrganisationKind.DEPARTMENT)
            case "edition":
                return tuple((name, one.title.plain()) for name, one in self._registers.taxonomies.items())
            case "unit":
                return self._list_organisations(OrganisationKind.UNIT, answers["department"])
            case "nature":
                return tuple(
                    (nature, "") for nature in self._registers.taxonomies[answers["edition"]].natures
                )
            case _:
                return ()

    def _find_default(self, field: str, answers: PromptAnswers) -> str | None:
        match field:
            case "edition":
                return max(self._registers.taxonomies)
            case "id":
                return self._find_free_id(answers)
            case _:
                return "" if field in _OPTIONAL_FIELDS else None

    def read_answer(self, field: str, typed: str, answers: PromptAnswers) -> str:
        """Validate and normalise the answer for *field*.

        Raises:
            ReadError: The answer is invalid.
        """
        typed = typed.strip()
        if not has_only_allowed_characters(typed):
            raise ReadError(
                "forbidden-character", message("这里有看不见的字符"), message("请删除它们，再手工输入")
            )
        if not typed and field in _OPTIONAL_FIELDS:
            return ""
        return _ANSWER_READERS[field](self, typed, answers)

    def draft(self, answers: PromptAnswers) -> NewDeclaration:
        """Build the declaration file from the answers without writing it."""
        named = (answers[field] for field in ("department", "unit"))
        organisations = self._registers.organisations
        names = {
            field: organisations[identity].name.plain()
            for field, identity in zip(("department", "unit"), named, strict=True)
            if identity
        }
        taxonomy = self._registers.taxonomies[answers["edition"]]
        return NewDeclaration(
            id=_build_declaration_id(answers, answers["id"]),
            text=format_blank_declaration(answers, taxonomy, names),
        )

    def write(self, draft: NewDeclaration) -> bool:
        """Write the file; return whether it was written, or `False` if another exists by now.

        Raises:
            OSError: The disk or the system refuses.
        """
        path = self._root / draft.file
        return not write_files({path.name: draft.text}, path.parent, replaces=self._replaces)

    def is_registered(self, draft: NewDeclaration) -> bool:
        """Return whether the address is already in the register."""
        return draft.id in self._registers.address_register.published

    def _list_organisations(
        self, kind: OrganisationKind, department: str = ""
    ) -> tuple[tuple[str, str], ...]:
        return tuple(
            (identity, one.name.plain()) for identity, one in self._find_candidates(kind, department)
        )

    def _find_candidates(self, kind: OrganisationKind, department: str) -> Iterator[tuple[str, Organisation]]:
        """Yield all departments, or a department with its units, which may carry out a project."""
        for identity, one in self._registers.organisations.items():
            is_department = one.kind is OrganisationKind.DEPARTMENT and kind is OrganisationKind.DEPARTMENT
            if is_department or (department and department in {identity, one.parent}):
                yield identity, one

    def _find_free_id(self, answers: PromptAnswers) -> str:
        return next(
            name
            for number in count(1)
            if not self._is_taken(_build_declaration_id(answers, name := f"project-{number}"))
        )

    def _is_taken(self, identity: str) -> bool:
        book = self._registers.address_register
        is_there = (self._root / f"{_DECLARATIONS_FOLDER}/{identity}.yml").exists()
        return is_there or identity in {*book.published, *book.renamed, *book.withdrawn}

    def _read_organisation(self, typed: str, kind: OrganisationKind, department: str = "") -> str:
        """Find an organisation by id, name or alias."""
        squeezed = "".join(typed.split())
        for identity, one in self._find_candidates(kind, department):
            names = (one.name.plain(), *(alias.plain() for alias in one.aliases))
            if typed == identity or squeezed in {"".join(name.split()) for name in names}:
                return identity
        raise ReadError(
            "organisation-unknown",
            message("没有登记这个机构：{typed}", typed=typed),
            message("请先在 content/organisations.yml 里登记"),
        )

    def _read_department(self, typed: str, _answers: PromptAnswers) -> str:
        department = self._read_organisation(typed, OrganisationKind.DEPARTMENT)
        if department == urls.LIST_PARTS:
            raise ReadError(
                "address-differs-from-file",
                message("部门编号“{name}”不能作网址", name=department),
                message("请换一个编号：长列表的续页用了这个网址"),
            )
        return department

    def _read_unit(self, typed: str, answers: PromptAnswers) -> str:
        return self._read_organisation(typed, OrganisationKind.UNIT, answers["department"])

    def _read_edition(self, typed: str, _answers: PromptAnswers) -> str:
        return _read_choice(typed, tuple(self._registers.taxonomies))

    def _read_nature(self, typed: str, answers: PromptAnswers) -> str:
        return _read_choice(typed, self._registers.taxonomies[answers["edition"]].natures)

    def _read_id(self, typed: str, answers: PromptAnswers) -> str:
        read_slug(typed)
        if not is_slug(typed) or typed in RESERVED_NAMES:
            raise ReadError(
                "address-differs-from-file",
                message("文件名“{name}”不能作网址", name=typed),
                message(
                    "只用小写英文字母、数字和连字符，例如 vocational-training；不能用 index、404、search 等"
                ),
            )
        identity = _build_declaration_id(answers, typed)
        if self._is_taken(identity) and not self._may_replace(identity):
            raise ReadError(
                "address-taken",
                message("这个网址已经用过：{id}", id=identity),
                message("请换一个文件名；已有的文件要重新来过，请加 --force"),
            )
        return typed

    def _may_replace(self, identity: str) -> bool:
        """Return whether the file may be replaced; never if its address is renamed or withdrawn."""
        book = self._registers.address_register
        return self._replaces and identity not in {*book.renamed, *book.withdrawn}


_ANSWER_READERS: Mapping[str, Callable[[Prompts, str, PromptAnswers], str]] = {
    "year": lambda _desk, typed, _answers: str(read_year(typed)),
    "department": Prompts._read_department,  # noqa: SLF001 - the readers of the class, by field
    "edition": Prompts._read_edition,  # noqa: SLF001 - the same
    "unit": Prompts._read_unit,  # noqa: SLF001 - the same
    "nature": Prompts._read_nature,  # noqa: SLF001 - the same
    "name": lambda _desk, typed, _answers: read_line(typed).plain(),
    "id": Prompts._read_id,  # noqa: SLF001 - the same
}


def open_prompts(root: Path, *, replaces: bool) -> Prompts | tuple[Problem, ...]:
    """Read the registers for a new declaration; return the prompts, or problems of the registers.

    Args:
        root: The folder of the site.
        replaces: Whether an existing file may be replaced.
    """
    catalogue, wrong = read_registers(root, (TAXONOMY_FOLDER, ORGANISATIONS_FILE, ADDRESSES_FILE))
    return wrong or Prompts(root, catalogue, replaces=replaces)


def _build_declaration_id(answers: PromptAnswers, name: str) -> str:
    return f"{answers['year']}/{answers['department']}/{name}"


def _read_choice(typed: str, allowed: tuple[str, ...]) -> str:
    if read_scalar(typed) in allowed:
        return typed
    raise ReadError(
        "unknown-value",
        message("不认识“{typed}”", typed=typed),
        message("只能是：{allowed}", allowed=allowed),
    )
