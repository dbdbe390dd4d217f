"""Check the register of organisations: parents exist, names are told apart, numbers of projects can be."""

from collections.abc import Iterator
from dataclasses import replace

from jixiao.analysis.site_content import Catalogue
from jixiao.i18n import Message, message
from jixiao.load.yaml_tree import Path, place_of
from jixiao.model.organisation import Kind, Organisation
from jixiao.problems import Place, Problem, Severity
from jixiao.text import Text

FILE = "content/organisations.yml"


def check_organisations(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the problems of the register as a whole."""
    owner_of: dict[str, str] = {}
    for identity, organisation in catalogue.organisations.items():
        parent = organisation.parent
        if parent is not None and parent not in catalogue.organisations:
            yield _problem(
                catalogue,
                (identity, "parent"),
                "parent-unknown",
                message("“{id}”的上级“{parent}”没有登记", id=identity, parent=parent),
                message("请登记上级，或改正 parent"),
            )
        elif parent is not None and catalogue.organisations[parent].kind is not Kind.DEPARTMENT:
            yield _problem(
                catalogue,
                (identity, "parent"),
                "parent-not-department",
                message("“{id}”的上级“{parent}”登记的是单位，不是主管部门", id=identity, parent=parent),
                message("请把 parent 改为主管部门的编号"),
            )
        if organisation.kind is Kind.UNIT and parent is None:
            yield _problem(
                catalogue,
                (identity,),
                "parent-missing",
                message("单位“{id}”没有写上级", id=identity),
                message("请加上 parent: 主管部门的编号"),
            )
        yield from _projects(catalogue, identity, organisation)
        names: list[tuple[Path, Text]] = [(("name",), organisation.name)]
        names += [(("aliases", place), alias) for place, alias in enumerate(organisation.aliases)]
        for path, name in names:
            owner = owner_of.setdefault(name.plain(), identity)
            if owner != identity:
                yield _problem(
                    catalogue,
                    (identity, *path),
                    "name-shared",
                    message(
                        "“{name}”同时是 {first} 和 {second} 的名称",
                        name=name.plain(),
                        first=owner,
                        second=identity,
                    ),
                    message("名称和又称不能重复，请只留给一个"),
                )


def _projects(catalogue: Catalogue, identity: str, organisation: Organisation) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of projects that an organisation states."""
    if organisation.projects and organisation.kind is Kind.UNIT:
        yield _problem(
            catalogue,
            (identity, "projects"),
            "projects-of-unit",
            message("“{id}”是实施单位，项目总数由主管部门写明", id=identity),
            message("请把 projects 移到它的主管部门下面"),
        )
        return
    for year, stated in organisation.projects.items():
        published = len(catalogue.of_department_year(identity, year))
        if published > stated:
            problem = _problem(
                catalogue,
                (identity, "projects", str(year)),
                "projects-fewer-than-published",
                message(
                    "“{id}”{year}年度写明有 {stated} 个项目，公开的申报表却有 {published} 份",
                    id=identity,
                    year=str(year),
                    stated=str(stated),
                    published=str(published),
                ),
                message("请核对项目总数；公开比例会超过100%"),
            )
            yield replace(problem, severity=Severity.WARNING)


def _problem(catalogue: Catalogue, path: Path, rule: str, saying: Message, hint: Message) -> Problem:
    tree = catalogue.organisations_tree
    place = place_of(tree, path) if tree else Place(FILE)
    return Problem(rule=rule, place=place, message=saying, hint=hint)
