"""Check the register of organisations: parents exist, and no two entries answer to one name."""

from collections.abc import Iterator

from generator.model.catalogue import Catalogue
from generator.model.organisation import Kind
from generator.problems import Place, Problem
from generator.words import Message, message

FILE = "content/organisations.yml"


def check_organisations(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the problems of the register as a whole."""
    owner_of: dict[str, str] = {}
    for identity, organisation in catalogue.organisations.items():
        parent = organisation.parent
        if parent is not None and parent not in catalogue.organisations:
            yield _problem(
                "parent-unknown",
                message("“{id}”的上级“{parent}”没有登记", id=identity, parent=parent),
                message("请登记上级，或改正 parent"),
            )
        if organisation.kind is Kind.UNIT and parent is None:
            yield _problem(
                "parent-missing",
                message("单位“{id}”没有写上级", id=identity),
                message("请加上 parent: 主管部门的编号"),
            )
        for name in (organisation.name, *organisation.aliases):
            owner = owner_of.setdefault(name.plain(), identity)
            if owner != identity:
                yield _problem(
                    "name-shared",
                    message(
                        "“{name}”同时是 {first} 和 {second} 的名称",
                        name=name.plain(),
                        first=owner,
                        second=identity,
                    ),
                    message("名称和又称不能重复，请只留给一个"),
                )


def _problem(rule: str, saying: Message, hint: Message) -> Problem:
    return Problem(rule=rule, place=Place(FILE), message=saying, hint=hint)
