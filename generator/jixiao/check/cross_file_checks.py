"""Checks across files: registers of organisations and addresses, continued declarations, translations.

The site content comes in; problems with places in the registers, declarations and translations come out.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.summary import ContinuedDeclaration, Summary
from jixiao.i18n import Message, list_languages, message
from jixiao.load.content_files import ADDRESSES_FILE, DECLARATIONS_FOLDER, ORGANISATIONS_FILE
from jixiao.load.yaml_tree import TreePath, find_place
from jixiao.model.address_register import is_declaration_id
from jixiao.model.organisation import Organisation, OrganisationKind
from jixiao.model.project import is_earlier, map_continuations
from jixiao.problems import Place, Problem, Severity
from jixiao.text import Text

_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def check_organisations(content: SiteContent) -> Iterator[Problem]:
    """Yield the problems of the register of organisations."""
    owner_of: dict[str, str] = {}
    for identity, organisation in content.organisations.items():
        parent = organisation.parent
        if parent is not None and parent not in content.organisations:
            yield _organisation_problem(
                content,
                (identity, "parent"),
                "parent-unknown",
                message("“{id}”的上级“{parent}”没有登记", id=identity, parent=parent),
                message("请登记上级，或改正 parent"),
            )
        elif parent is not None and content.organisations[parent].kind is not OrganisationKind.DEPARTMENT:
            yield _organisation_problem(
                content,
                (identity, "parent"),
                "parent-not-department",
                message("“{id}”的上级“{parent}”登记的是单位，不是主管部门", id=identity, parent=parent),
                message("请把 parent 改为主管部门的编号"),
            )
        if organisation.kind is OrganisationKind.UNIT and parent is None:
            yield _organisation_problem(
                content,
                (identity,),
                "parent-missing",
                message("单位“{id}”没有写上级", id=identity),
                message("请加上 parent: 主管部门的编号"),
            )
        yield from _check_project_counts(content, identity, organisation)
        names: list[tuple[TreePath, Text]] = [(("name",), organisation.name)]
        names += [(("aliases", place), alias) for place, alias in enumerate(organisation.aliases)]
        for path, name in names:
            owner = owner_of.setdefault(name.plain(), identity)
            if owner != identity:
                yield _organisation_problem(
                    content,
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


def _check_project_counts(
    content: SiteContent, identity: str, organisation: Organisation
) -> Iterator[Problem]:
    """Yield the problems of the project counts that an organisation states."""
    if organisation.projects and organisation.kind is OrganisationKind.UNIT:
        yield _organisation_problem(
            content,
            (identity, "projects"),
            "projects-of-unit",
            message("“{id}”是实施单位，项目总数由主管部门写明", id=identity),
            message("请把 projects 移到它的主管部门下面"),
        )
        return
    for year, stated in organisation.projects.items():
        published = len(content.summaries_in_department_year(identity, year))
        if published > stated:
            problem = _organisation_problem(
                content,
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


def _organisation_problem(
    content: SiteContent, path: TreePath, rule: str, problem_message: Message, hint: Message
) -> Problem:
    tree = content.organisations_tree
    place = find_place(tree, path) if tree else Place(ORGANISATIONS_FILE)
    return Problem(rule=rule, place=place, message=problem_message, hint=hint)


def check_addresses(content: SiteContent) -> Iterator[Problem]:
    """Yield the problems of the register of addresses."""
    if ADDRESSES_FILE in content.unread_paths:
        return
    register = content.address_register
    unread = (file for file in content.unread_paths if file.startswith(DECLARATIONS_FOLDER))
    existing = {summary.id for summary in content.summaries}
    existing |= {file.removeprefix(DECLARATIONS_FOLDER).removesuffix(".yml") for file in unread}
    # A name that can be no address has an error of its own.
    for identity in sorted(filter(is_declaration_id, existing - set(register.published))):
        yield _address_problem(
            content,
            ("published",),
            "address-not-registered",
            message("新的网址还没有登记：{id}", id=identity),
            message("请在 content/addresses.yml 的 published 下加一行：{line}", line=f"- {identity}"),
        )
    accounted = {*existing, *register.renamed, *register.withdrawn}
    for position, identity in enumerate(register.published):
        if identity not in accounted and not _is_in_unread_folder(identity, content):
            yield _address_problem(
                content,
                ("published", position),
                "address-lost",
                message("发布过的申报表不见了：{id}", id=identity),
                message("请恢复文件；改了名的写进 renamed，撤下的写进 withdrawn 并说明理由"),
            )
    for old, new in register.renamed.items():
        if new not in existing and new not in register.withdrawn and not _is_in_unread_folder(new, content):
            yield _address_problem(
                content,
                ("renamed", old),
                "address-leads-nowhere",
                message("新网址没有申报表：{id}", id=new),
                message("请核对新网址"),
            )
    yield from _check_taken_addresses(content, existing)


def _check_taken_addresses(content: SiteContent, existing: set[str]) -> Iterator[Problem]:
    """Yield a problem for each renamed or withdrawn address that has another use."""
    register = content.address_register
    for identity in sorted(set(register.renamed) & set(register.withdrawn)):
        yield _address_problem(
            content,
            ("withdrawn", identity),
            "address-taken",
            message("这个网址同时写在 renamed 和 withdrawn 下：{id}", id=identity),
            message("改了名的留在 renamed，撤下的留在 withdrawn"),
        )
    for field, identities in (("renamed", register.renamed), ("withdrawn", register.withdrawn)):
        for identity in identities:
            if identity in existing:
                yield _address_problem(
                    content,
                    (field, identity),
                    "address-taken",
                    message("这个网址还有申报表：{id}", id=identity),
                    message("请删除这一行，或删除那份申报表"),
                )


def _is_in_unread_folder(identity: str, content: SiteContent) -> bool:
    """Return whether the declaration may be in a folder that could not be read."""
    return content.is_unread(f"{DECLARATIONS_FOLDER}{identity}.yml")


def _address_problem(
    content: SiteContent, path: TreePath, rule: str, problem_message: Message, hint: Message
) -> Problem:
    tree = content.address_register_tree
    place = find_place(tree, path, of_key=len(path) == 1) if tree else Place(ADDRESSES_FILE)
    return Problem(rule=rule, place=place, message=problem_message, hint=hint)


def check_continuations(content: SiteContent) -> Iterator[Problem]:
    """Yield a problem for each `continues:` that names no declaration that can be continued."""
    stated = [(summary, summary.continues) for summary in content.summaries if summary.continues is not None]
    if not stated:
        return
    known = {summary.id for summary in content.summaries}
    earlier = map_continuations(known, content.continued_ids)
    for summary, continued in stated:
        if not is_earlier(continued.id, summary.id):
            yield _continuation_problem(
                summary,
                continued,
                "continues-not-earlier",
                message("接续的应当是以前年度的申报表：{id}", id=continued.id),
                message("写同一个项目较早年度的申报表；晚的一份写 continues，早的不写"),
            )
        elif continued.id not in known and not content.is_unread(f"{DECLARATIONS_FOLDER}{continued.id}.yml"):
            yield _continuation_problem(
                summary,
                continued,
                "continues-unknown",
                message("没有这份申报表：{id}", id=continued.id),
                message("写成 年度/主管部门/项目，例如 2021/health/clinic；没有公开的，删去 continues"),
            )
        elif earlier.get(summary.id) != continued.id and continued.id in known:
            other = next(identity for identity, before in earlier.items() if before == continued.id)
            yield _continuation_problem(
                summary,
                continued,
                "continues-taken",
                message("{id}已经有一份接续的申报表：{other}", id=continued.id, other=other),
                message("一份申报表只能由一份接续；项目分成几个的，请留下主要的一个"),
            )


def _continuation_problem(
    summary: Summary, continued: ContinuedDeclaration, rule: str, problem_message: Message, hint: Message
) -> Problem:
    place = Place(f"{DECLARATIONS_FOLDER}{summary.id}.yml", continued.line, continued.column)
    return Problem(rule=rule, place=place, message=problem_message, hint=hint)


def check_translated_figures(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[Problem]:
    """Yield a problem for each target of a declaration whose translation has other figures."""
    for language, catalogue in sorted(content.translations.items()):
        for path, indicator in parsed.declaration.indicators_with_paths():
            target = indicator.target
            if target is None or target.quantity is None:
                continue
            filed = target.filed.plain()
            translation = catalogue.find(filed)
            if translation and _FIGURE.findall(translation) != _FIGURE.findall(filed):
                yield Problem(
                    rule="figure-differs-in-translation",
                    place=find_place(parsed.tree, (*path, "target")),
                    message=message(
                        "译文里的数字与原文不同：{said}，原文是 {filed}",
                        said=translation,
                        filed=filed,
                    ),
                    hint=message(
                        "请改正 content/translations/{language}/ 里的译文；数字必须与申报表一致",
                        language=language,
                    ),
                )


def check_translation_languages(content: SiteContent) -> Iterator[Problem]:
    """Yield a problem for each folder of translations into an unknown language."""
    for language in sorted(set(content.translations) - set(list_languages())):
        yield Problem(
            rule="unknown-language",
            place=Place(f"content/translations/{language}"),
            message=message("没有“{typed}”这种语言", typed=language),
            hint=message(
                "翻译文件放在 content/translations/语言/，有这些语言：{known}", known=list_languages()
            ),
        )
