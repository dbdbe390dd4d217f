"""From a few answers to a fresh file of a declaration: what `jixiao new` does, read from top to bottom.

Each answer is read before the next question is asked, so that a slip is told at once. Nothing is written
before all of them are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.check.lists import ADDRESSES, ORGANISATIONS, TAXONOMIES, read_lists
from jixiao.check.rules.address_differs_from_file import RESERVED
from jixiao.i18n import Message, message
from jixiao.load.scalars import read_scalar
from jixiao.load.source_files import is_surely_allowed
from jixiao.model.organisation import Kind, Organisation
from jixiao.model.values import is_slug, read_line, read_slug, read_year
from jixiao.problems import Misread, Problem
from jixiao.write_files import place_files
from jixiao.yaml_format.blank_declaration import fresh_file

Answers = Mapping[str, str]
"""Field → what was answered; empty where it is to be filled in later."""
_FOLDER = "content/declarations"
_ASKS: Mapping[str, Message] = {
    "year": message("年度（例如 2026）"),
    "department": message("主管部门的编号"),
    "edition": message("指标体系版本"),
    "unit": message("实施单位的编号（可以以后再填）"),
    "nature": message("项目性质（可以以后再填）"),
    "name": message("项目名称（可以以后再填）"),
    "id": message("文件名，也就是网址的最后一段；以后不能再改，最好用有含义的英文词"),
}
FIELDS = tuple(_ASKS)
"""What is asked, in this order."""
_LATER = frozenset({"unit", "nature", "name"})
"""What may be filled in later."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked about one field."""

    asks: Message
    choices: tuple[tuple[str, str], ...] = ()
    """What may be answered, and what it stands for."""
    proposal: str | None = None
    """What holds when nothing is answered; `None` where there must be an answer."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A fresh file."""

    identity: str
    """Its permanent address: year, department, project."""
    text: str

    @property
    def file(self) -> str:
        """Its path in the project."""
        return f"{_FOLDER}/{self.identity}.yml"


class Desk:
    """The project as whoever fills in a declaration needs it: what may be answered, what is taken."""

    def __init__(self, project: Path, catalogue: Catalogue, *, replaces: bool) -> None:
        """Use the lists of *catalogue*; a file that is there may be replaced if that was asked for."""
        self._project = project
        self._catalogue = catalogue
        self._replaces = replaces

    def question(self, field: str, answers: Answers) -> Question:
        """Ask about *field*, after the fields before it have been answered."""
        return Question(
            asks=_ASKS[field],
            choices=self._choices(field, answers),
            proposal=self._proposal(field, answers),
        )

    def _choices(self, field: str, answers: Answers) -> tuple[tuple[str, str], ...]:
        match field:
            case "department":
                return self._organisations(Kind.DEPARTMENT)
            case "edition":
                return tuple((name, one.title.plain()) for name, one in self._catalogue.taxonomies.items())
            case "unit":
                return self._organisations(Kind.UNIT, answers["department"])
            case "nature":
                return tuple(
                    (nature, "") for nature in self._catalogue.taxonomies[answers["edition"]].natures
                )
            case _:
                return ()

    def _proposal(self, field: str, answers: Answers) -> str | None:
        match field:
            case "edition":
                return max(self._catalogue.taxonomies)
            case "id":
                return self._free_id(answers)
            case _:
                return "" if field in _LATER else None

    def read(self, field: str, typed: str, answers: Answers) -> str:
        """Read what was answered about *field*.

        Raises:
            Misread: It cannot be the answer.
        """
        typed = typed.strip()
        if not is_surely_allowed(typed):
            raise Misread(
                "forbidden-character", message("这里有看不见的字符"), message("请删除它们，再手工输入")
            )
        if not typed and field in _LATER:
            return ""
        return _READERS[field](self, typed, answers)

    def draft(self, answers: Answers) -> Draft:
        """Write the file that the answers give, without putting it anywhere."""
        named = (answers[field] for field in ("department", "unit"))
        organisations = self._catalogue.organisations
        names = {
            field: organisations[identity].name.plain()
            for field, identity in zip(("department", "unit"), named, strict=True)
            if identity
        }
        taxonomy = self._catalogue.taxonomies[answers["edition"]]
        return Draft(identity=_identity(answers, answers["id"]), text=fresh_file(answers, taxonomy, names))

    def place(self, draft: Draft) -> bool:
        """Put the file where it belongs; tell whether it got there, or another had come to be there.

        Raises:
            OSError: The disk or the system refuses.
        """
        path = self._project / draft.file
        return not place_files({path.name: draft.text}, path.parent, replaces=self._replaces)

    def is_registered(self, draft: Draft) -> bool:
        """Tell whether the address is in the register already."""
        return draft.identity in self._catalogue.addresses.published

    def _organisations(self, kind: Kind, department: str = "") -> tuple[tuple[str, str], ...]:
        return tuple((identity, one.name.plain()) for identity, one in self._candidates(kind, department))

    def _candidates(self, kind: Kind, department: str) -> Iterator[tuple[str, Organisation]]:
        """List departments, or the units of a department and itself, which may carry a project out."""
        for identity, one in self._catalogue.organisations.items():
            is_department = one.kind is Kind.DEPARTMENT and kind is Kind.DEPARTMENT
            if is_department or (department and department in {identity, one.parent}):
                yield identity, one

    def _free_id(self, answers: Answers) -> str:
        return next(
            name for number in count(1) if not self._is_taken(_identity(answers, name := f"project-{number}"))
        )

    def _is_taken(self, identity: str) -> bool:
        book = self._catalogue.addresses
        is_there = (self._project / f"{_FOLDER}/{identity}.yml").exists()
        return is_there or identity in {*book.published, *book.renamed, *book.withdrawn}

    def _read_organisation(self, typed: str, kind: Kind, department: str = "") -> str:
        """Take an id, or the name or another name of an organisation."""
        squeezed = "".join(typed.split())
        for identity, one in self._candidates(kind, department):
            names = (one.name.plain(), *(alias.plain() for alias in one.aliases))
            if typed == identity or squeezed in {"".join(name.split()) for name in names}:
                return identity
        raise Misread(
            "organisation-unknown",
            message("没有登记这个机构：{typed}", typed=typed),
            message("请先在 content/organisations.yml 里登记"),
        )

    def _read_department(self, typed: str, _answers: Answers) -> str:
        department = self._read_organisation(typed, Kind.DEPARTMENT)
        if department == urls.PARTS:
            raise Misread(
                "address-differs-from-file",
                message("部门编号“{name}”不能作网址", name=department),
                message("请换一个编号：长列表的续页用了这个网址"),
            )
        return department

    def _read_unit(self, typed: str, answers: Answers) -> str:
        return self._read_organisation(typed, Kind.UNIT, answers["department"])

    def _read_edition(self, typed: str, _answers: Answers) -> str:
        return _one_of(typed, tuple(self._catalogue.taxonomies))

    def _read_nature(self, typed: str, answers: Answers) -> str:
        return _one_of(typed, self._catalogue.taxonomies[answers["edition"]].natures)

    def _read_id(self, typed: str, answers: Answers) -> str:
        read_slug(typed)
        if not is_slug(typed) or typed in RESERVED:
            raise Misread(
                "address-differs-from-file",
                message("文件名“{name}”不能作网址", name=typed),
                message(
                    "只用小写英文字母、数字和连字符，例如 vocational-training；不能用 index、404、search 等"
                ),
            )
        identity = _identity(answers, typed)
        if self._is_taken(identity) and not self._may_replace(identity):
            raise Misread(
                "address-taken",
                message("这个网址已经用过：{id}", id=identity),
                message("请换一个文件名；已有的文件要重新来过，请加 --force"),
            )
        return typed

    def _may_replace(self, identity: str) -> bool:
        """Tell whether the file may be replaced: never where readers are led on or told why it is gone."""
        book = self._catalogue.addresses
        return self._replaces and identity not in {*book.renamed, *book.withdrawn}


_READERS: Mapping[str, Callable[[Desk, str, Answers], str]] = {
    "year": lambda _desk, typed, _answers: str(read_year(typed)),
    "department": Desk._read_department,  # noqa: SLF001 - the readers of the class, by field
    "edition": Desk._read_edition,  # noqa: SLF001 - the same
    "unit": Desk._read_unit,  # noqa: SLF001 - the same
    "nature": Desk._read_nature,  # noqa: SLF001 - the same
    "name": lambda _desk, typed, _answers: read_line(typed).plain(),
    "id": Desk._read_id,  # noqa: SLF001 - the same
}


def open_desk(project: Path, *, replaces: bool) -> Desk | tuple[Problem, ...]:
    """Read what a fresh file is made from; give it, or what is wrong with the lists.

    Args:
        project: The folder of the project.
        replaces: Whether a file that is there may be replaced.
    """
    catalogue, wrong = read_lists(project, (TAXONOMIES, ORGANISATIONS, ADDRESSES))
    return wrong or Desk(project, catalogue, replaces=replaces)


def _identity(answers: Answers, name: str) -> str:
    return f"{answers['year']}/{answers['department']}/{name}"


def _one_of(typed: str, allowed: tuple[str, ...]) -> str:
    if read_scalar(typed) in allowed:
        return typed
    raise Misread(
        "unknown-value",
        message("不认识“{typed}”", typed=typed),
        message("只能是：{allowed}", allowed=allowed),
    )
