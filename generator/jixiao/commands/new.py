"""Creation of a declaration file from a few answers, for `jixiao new`.

Each answer is validated before the next question, so that a mistake is reported at once. The file is
written only after all answers are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from jixiao.analysis import urls
from jixiao.analysis.site_content import SiteContent
from jixiao.check.read_site_content import read_registers
from jixiao.check.rules.address_differs_from_file import RESERVED_NAMES
from jixiao.i18n import Message, message
from jixiao.load.content_files import ADDRESSES_FILE, ORGANISATIONS_FILE, TAXONOMY_FOLDER
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
        default = "" if field in _OPTIONAL_FIELDS else None
        if field == "edition":
            default = max(self._registers.taxonomies)
        if field == "id":
            names = (f"project-{number}" for number in count(1))
            default = next(name for name in names if not self._is_taken(_build_declaration_id(answers, name)))
        return Prompt(
            text=_PROMPT_TEXTS[field], choices=tuple(self._list_choices(field, answers)), default=default
        )

    def _list_choices(self, field: str, answers: PromptAnswers) -> Iterator[tuple[str, str]]:
        taxonomies = self._registers.taxonomies
        match field:
            case "department" | "unit":
                for identity, organisation in self._find_candidates(field, answers):
                    yield identity, organisation.name.plain()
            case "edition":
                yield from ((edition, taxonomy.title.plain()) for edition, taxonomy in taxonomies.items())
            case "nature":
                yield from ((nature, "") for nature in taxonomies[answers["edition"]].natures)
            case _:
                pass

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
        match field:
            case "year":
                return str(read_year(typed))
            case "department" | "unit":
                return self._read_organisation(field, typed, answers)
            case "edition" | "nature":
                return self._read_choice(field, typed, answers)
            case "id":
                return self._read_id(typed, answers)
            case _:
                return read_line(typed).plain()

    def draft(self, answers: PromptAnswers) -> NewDeclaration:
        """Build the declaration file from the answers without writing it."""
        names = {
            field: self._registers.organisations[answers[field]].name.plain()
            for field in ("department", "unit")
            if answers[field]
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

    def _find_candidates(self, field: str, answers: PromptAnswers) -> Iterator[tuple[str, Organisation]]:
        """Yield all departments, or a department with its units, which may carry out a project."""
        for identity, organisation in self._registers.organisations.items():
            if field == "department":
                is_candidate = organisation.kind is OrganisationKind.DEPARTMENT
            else:
                is_candidate = answers["department"] in {identity, organisation.parent}
            if is_candidate:
                yield identity, organisation

    def _is_taken(self, identity: str) -> bool:
        register = self._registers.address_register
        exists = (self._root / f"{_DECLARATIONS_FOLDER}/{identity}.yml").exists()
        return exists or identity in {*register.published, *register.renamed, *register.withdrawn}

    def _read_organisation(self, field: str, typed: str, answers: PromptAnswers) -> str:
        """Find a department or unit by id, name or alias."""
        for identity, organisation in self._find_candidates(field, answers):
            names = (organisation.name.plain(), *(alias.plain() for alias in organisation.aliases))
            if typed == identity or "".join(typed.split()) in {"".join(name.split()) for name in names}:
                break
        else:
            raise ReadError(
                "organisation-unknown",
                message("没有登记这个机构：{typed}", typed=typed),
                message("请先在 content/organisations.yml 里登记"),
            )
        if field == "department" and identity == urls.LIST_PARTS:
            raise ReadError(
                "address-differs-from-file",
                message("部门编号“{name}”不能作网址", name=identity),
                message("请换一个编号：长列表的续页用了这个网址"),
            )
        return identity

    def _read_choice(self, field: str, typed: str, answers: PromptAnswers) -> str:
        taxonomies = self._registers.taxonomies
        allowed = tuple(taxonomies) if field == "edition" else taxonomies[answers["edition"]].natures
        if read_scalar(typed) in allowed:
            return typed
        raise ReadError(
            "unknown-value",
            message("不认识“{typed}”", typed=typed),
            message("只能是：{allowed}", allowed=allowed),
        )

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
        register = self._registers.address_register
        # A renamed or withdrawn address is never used again.
        may_replace = self._replaces and identity not in {*register.renamed, *register.withdrawn}
        if self._is_taken(identity) and not may_replace:
            raise ReadError(
                "address-taken",
                message("这个网址已经用过：{id}", id=identity),
                message("请换一个文件名；已有的文件要重新来过，请加 --force"),
            )
        return typed


def open_prompts(root: Path, *, replaces: bool) -> Prompts | tuple[Problem, ...]:
    """Read the registers for a new declaration; return the prompts, or problems of the registers.

    Args:
        root: The folder of the site.
        replaces: Whether an existing file may be replaced.
    """
    registers, problems = read_registers(root, (TAXONOMY_FOLDER, ORGANISATIONS_FILE, ADDRESSES_FILE))
    return problems or Prompts(root, registers, replaces=replaces)


def _build_declaration_id(answers: PromptAnswers, name: str) -> str:
    return f"{answers['year']}/{answers['department']}/{name}"
