"""From a tree to a model: shape first, every mistake with its place.

Works for any pydantic model; settings and content are read the same way.
"""

from __future__ import annotations

from difflib import get_close_matches
from types import UnionType
from typing import Any, TypeVar, get_args
from unicodedata import normalize

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jixiao.i18n import Message, message
from jixiao.load.yaml_tree import Mapping, Node, Path, place_of, plain
from jixiao.problems import MOST_OF_FILE, Misread, Place, Problem

AnyModel = TypeVar("AnyModel", bound=BaseModel)


def read_model(model: type[AnyModel], tree: Node) -> AnyModel | tuple[Problem, ...]:
    """Read *tree* as a *model*; give it, or every problem of its shape at once."""
    if not isinstance(tree, Mapping):
        return (
            _problem(
                "wrong-shape",
                tree.place,
                message("文件开头应是字段，每行一个"),
                message("例如 year: 2021；请对照现有文件"),
            ),
        )
    try:
        return model.model_validate(plain(tree))
    except ValidationError as error:
        details = _telling(error.errors(include_url=False)[:MOST_OF_FILE])
        problems = [_explain(detail, model, tree) for detail in details]
        misspelt = {
            (detail["loc"][:-1], near)
            for detail in details
            if detail["type"] == "extra_forbidden" and (near := _near_field(detail["loc"], model))
        }
        return tuple(
            problem
            for detail, problem in zip(details, problems, strict=True)
            # A field that is there under a wrong name is one mistake, not two.
            if not (detail["type"] == "missing" and (detail["loc"][:-1], detail["loc"][-1]) in misspelt)
        )


def _telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is empty when it is so only because its entries could not be read."""
    groups = {path[:length] for path in (detail["loc"] for detail in details) for length in range(len(path))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in groups]


def _explain(detail: ErrorDetails, model: type[BaseModel], tree: Node) -> Problem:
    path: Path = detail["loc"]
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Misread):
        return cause.at(place_of(tree, (*path, *cause.within)))
    is_blank = detail["input"] is None or detail["input"] == ""
    match detail["type"]:
        case "missing":
            problem = _missing(path, model, tree)
        case "extra_forbidden":
            problem = _unknown_field(path, model, tree)
        case "enum" | "literal_error" if not is_blank:
            problem = _unknown_value(detail, tree)
        case "too_short" | "too_long" if detail["input"]:
            problem = _problem("wrong-shape", place_of(tree, path), _number_of_entries(detail), _COUNT)
        case kind if is_blank or kind in {"too_short", "string_too_short"}:
            problem = _problem("empty-value", place_of(tree, path), _saying_empty(path), _FILL)
        case kind:
            problem = _problem("wrong-shape", place_of(tree, path), _expected(kind), _INDENT)
    return problem


_FILL = message("请填写；表上本来空着的选填栏，请删除这一行")
_COUNT = message("请对照现有文件，补上缺的，删去多的")
_INDENT = message("请检查缩进，对照现有文件的写法")


def _missing(path: Path, model: type[BaseModel], tree: Node) -> Problem:
    field = str(path[-1])
    title = _title_of(_model_at(model, path[:-1]), field)
    return _problem(
        "missing-field",
        place_of(tree, path[:-1], of_key=True),
        message("缺少“{title}”（{field}）", title=title or field, field=field),
        message("请在这一组里加上 {field}: …", field=field),
    )


def _unknown_field(path: Path, model: type[BaseModel], tree: Node) -> Problem:
    typed = str(path[-1])
    near = _near_field(path, model)
    if near:
        hint = message("是不是“{near}”？", near=near)
    else:
        known = fields_within(model, path[:-1])
        groups = [name for name in known if typed in fields_within(model, (*path[:-1], name))]
        hint = (
            message("“{field}”属于 {group}：请放在它下面，多缩进两个空格", field=typed, group=groups[0])
            if groups
            else message("这里可以用：{known}", known=tuple(known))
        )
    return _problem(
        "unknown-field",
        place_of(tree, path, of_key=True),
        message("没有“{field}”这个字段", field=typed),
        hint,
    )


def fields_within(model: type[BaseModel], path: Path) -> list[str]:
    """List the fields of the group at *path* in the order of the form; none where it has names of its own."""
    owner = _model_at(model, path)
    return _field_names(owner) if owner else []


def _near_field(path: Path, model: type[BaseModel]) -> str | None:
    """Find the field that was probably meant: spelt alike, or named by its word on the form."""
    typed = normalize("NFKC", str(path[-1])).strip()
    known = fields_within(model, path[:-1])
    near = get_close_matches(typed.lower(), known, n=1, cutoff=0.6)
    owner = _model_at(model, path[:-1])
    named = (name for name in known if len(typed) > 1 and typed in (_title_of(owner, name) or ""))
    return next(iter(near or named), None)


def _unknown_value(detail: ErrorDetails, tree: Node) -> Problem:
    allowed = (
        str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    )
    typed = str(detail["input"] or "")
    near = get_close_matches(typed, allowed, n=1, cutoff=0.6)
    if any(mark in typed for mark in "，、；"):
        hint = message(
            "一项一项分开写，用英文逗号隔开，例如 [{first}, {second}]", first=allowed[0], second=allowed[1]
        )
    elif near:
        hint = message("是不是“{near}”？", near=near[0])
    else:
        hint = message("只能是：{allowed}", allowed=tuple(allowed))
    return _problem(
        "unknown-value", place_of(tree, detail["loc"]), message("不认识“{typed}”", typed=typed), hint
    )


def _number_of_entries(detail: ErrorDetails) -> Message:
    context = detail.get("ctx", {})
    wanted = context.get("min_length", context.get("max_length"))
    return message(
        "这里应有 {wanted} 项，写了 {found} 项", wanted=str(wanted), found=str(len(detail["input"]))
    )


def _saying_empty(path: Path) -> Message:
    named = [step for step in path if isinstance(step, str)]
    return message("“{field}”是空的", field=named[-1]) if named else message("这里是空的")


def _expected(kind: str) -> Message:
    if kind.startswith(("tuple", "list")):
        return message("这里应是一个列表，每项前面有“- ”")
    if kind.startswith(("model", "dict", "mapping")):
        return message("这里应是一组字段，每行一个")
    return message("这里应是一个值，不是一组")


def _problem(rule: str, place: Place, saying: Message, hint: Message) -> Problem:
    return Problem(rule=rule, place=place, message=saying, hint=hint)


def _field_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _field_named(model: type[BaseModel], typed: str) -> str | None:
    return next((name for name, field in model.model_fields.items() if (field.alias or name) == typed), None)


def _title_of(model: type[BaseModel] | None, typed: str) -> str | None:
    """Give the word of the form for a field."""
    name = _field_named(model, typed) if model else None
    return model.model_fields[name].title if model and name else None


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Find the model of the fields at *path*, going down through lists and mappings."""
    within: Any = model
    for step in path:
        owner = _model_in(within)
        if owner is None:
            within = _inside(within)
        elif "root" in owner.model_fields and len(owner.model_fields) == 1:
            within = _inside(owner.model_fields["root"].annotation)
        else:
            name = _field_named(owner, str(step))
            within = owner.model_fields[name].annotation if name else None
    return _model_in(within)


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - a type annotation can be any object
    """Take off `Annotated` and `None`."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    choices = [entry for entry in get_args(annotation) if entry is not type(None)]
    return _bare(choices[0]) if isinstance(annotation, UnionType) and len(choices) == 1 else annotation


def _inside(annotation: Any) -> Any:  # noqa: ANN401 - a type annotation can be any object
    """Give the type of the entries of a list or mapping type."""
    arguments = get_args(_bare(annotation))
    return next((argument for argument in reversed(arguments) if argument is not ...), None)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type annotation can be any object
    """Give the model that *annotation* names, alone or as an optional one."""
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
