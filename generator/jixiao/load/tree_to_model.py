"""From a tree to a pydantic model: readers of scalar values, and schema problems with their places.

Works for any pydantic model; settings and content are read the same way.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args
from unicodedata import normalize

from pydantic import BaseModel, BeforeValidator, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from jixiao.i18n import Message, message
from jixiao.load.yaml_tokens import CommentedFigure, refuse_comment
from jixiao.load.yaml_tree import MappingNode, Node, TreePath, find_place, strip_places
from jixiao.problems import MAX_PROBLEMS_PER_FILE, Place, Problem, ReadError

_MARKUP_TAG = re.compile(r"<[A-Za-z/!?]")


def read_scalar(value: object) -> str:
    """Return the text of a scalar; refuse empty values, lists and groups."""
    match value:
        case None | "":
            raise ReadError(
                "empty-value", message("这里是空的"), message("请填写；表上本来空着的选填栏，请删除这一行")
            )
        case str():
            return value
        case _:
            raise ReadError(
                "wrong-shape",
                message("这里应是一个值，不是一组"),
                message("请检查缩进；值写在冒号后面，不用方括号和花括号"),
            )


def read_uncommented(value: object) -> str:
    """Return the text of a scalar in a text field, where a comment would cut it off."""
    if isinstance(value, CommentedFigure):
        raise refuse_comment()
    return read_scalar(value)


def read_plain_text(value: object) -> str:
    """Return non-blank text without HTML tags."""
    typed = read_uncommented(value)
    if not typed.strip():
        raise ReadError(
            "empty-value", message("这里只有空格"), message("请填写；表上本来空着的选填栏，请删除这一行")
        )
    if _MARKUP_TAG.search(typed):
        raise ReadError(
            "markup-in-text",
            message("文字里有网页标记（“<”后面紧跟字母或“/”）"),
            message("请删除标记；表上原样如此的，请记在 as_filed 里"),
        )
    return typed


def refuse_line_break(typed: str) -> None:
    """Refuse several lines in a field that has one line on the form."""
    if "\n" in typed:
        raise ReadError("line-break", message("这里不能换行"), message("请把文字接成一行"))


def refuse_longer_than(limit: int, typed: str) -> None:
    """Refuse text of more than *limit* characters, which was probably pasted by mistake."""
    if len(typed) > limit:
        raise ReadError(
            "text-too-long",
            message("有 {length} 个字，超过 {limit} 个", length=str(len(typed)), limit=str(limit)),
            message("请核对是否把别的内容粘了进来"),
        )


def read_flag(value: object) -> bool:
    """Read `true` or `false`."""
    match value:
        case "true":
            return True
        case "false":
            return False
        case _:
            raise ReadError(
                "flag-format", message("这里应写 true 或 false"), message("true 是“是”，false 是“否”")
            )


Flag = Annotated[bool, BeforeValidator(read_flag), WithJsonSchema({"type": "boolean"})]


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def read_model(model: type[AnyModel], tree: Node) -> AnyModel | tuple[Problem, ...]:
    """Validate *tree* as a *model*; return it, or all of its schema problems at once."""
    if not isinstance(tree, MappingNode):
        return (
            _build_problem(
                "wrong-shape",
                tree.place,
                message("文件开头应是字段，每行一个"),
                message("例如 year: 2021；请对照现有文件"),
            ),
        )
    try:
        return model.model_validate(strip_places(tree))
    except ValidationError as error:
        details = error.errors(include_url=False)[:MAX_PROBLEMS_PER_FILE]
        parents = {
            path[:length] for path in (detail["loc"] for detail in details) for length in range(len(path))
        }
        # A list whose entries are invalid is reported as empty, too.
        details = [
            detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in parents
        ]
        problems = [_describe_error(detail, model, tree) for detail in details]
        misspelt = {
            (detail["loc"][:-1], near)
            for detail in details
            if detail["type"] == "extra_forbidden" and (near := _find_similar_field(detail["loc"], model))
        }
        return tuple(
            problem
            for detail, problem in zip(details, problems, strict=True)
            # A misspelt field is one mistake, although another one is missing.
            if not (detail["type"] == "missing" and (detail["loc"][:-1], detail["loc"][-1]) in misspelt)
        )


def _describe_error(detail: ErrorDetails, model: type[BaseModel], tree: Node) -> Problem:
    path: TreePath = detail["loc"]
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, ReadError):
        return cause.to_problem(find_place(tree, (*path, *cause.path)))
    match detail["type"]:
        case "missing":
            field = str(path[-1])
            title = _find_field_title(_find_model_at_path(model, path[:-1]), field)
            return _build_problem(
                "missing-field",
                find_place(tree, path[:-1], of_key=True),
                message("缺少“{title}”（{field}）", title=title or field, field=field),
                message("请在这一组里加上 {field}: …", field=field),
            )
        case "extra_forbidden":
            return _report_unknown_field(path, model, tree)
        case "enum" | "literal_error" if detail["input"] not in (None, ""):
            return _report_unknown_value(detail, tree)
    return _report_wrong_shape(detail, find_place(tree, path))


def _report_unknown_field(path: TreePath, model: type[BaseModel], tree: Node) -> Problem:
    typed = str(path[-1])
    near = _find_similar_field(path, model)
    if near:
        hint = message("是不是“{near}”？", near=near)
    else:
        known = list_fields(model, path[:-1])
        groups = [name for name in known if typed in list_fields(model, (*path[:-1], name))]
        hint = (
            message("“{field}”属于 {group}：请放在它下面，多缩进两个空格", field=typed, group=groups[0])
            if groups
            else message("这里可以用：{known}", known=tuple(known))
        )
    return _build_problem(
        "unknown-field",
        find_place(tree, path, of_key=True),
        message("没有“{field}”这个字段", field=typed),
        hint,
    )


def list_fields(model: type[BaseModel], path: TreePath) -> list[str]:
    """List the fields at *path* in the order of the form; empty if their names are free."""
    owner = _find_model_at_path(model, path)
    return [field.alias or name for name, field in owner.model_fields.items()] if owner else []


def _find_similar_field(path: TreePath, model: type[BaseModel]) -> str | None:
    """Find the field that was probably meant, by spelling or by its title on the form."""
    typed = normalize("NFKC", str(path[-1])).strip()
    known = list_fields(model, path[:-1])
    near = get_close_matches(typed.lower(), known, n=1, cutoff=0.6)
    owner = _find_model_at_path(model, path[:-1])
    named = (name for name in known if len(typed) > 1 and typed in (_find_field_title(owner, name) or ""))
    return next(iter(near or named), None)


def _report_unknown_value(detail: ErrorDetails, tree: Node) -> Problem:
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
    return _build_problem(
        "unknown-value", find_place(tree, detail["loc"]), message("不认识“{typed}”", typed=typed), hint
    )


def _report_wrong_shape(detail: ErrorDetails, place: Place) -> Problem:
    """Report an empty value, a wrong number of entries, or a group in the place of a value."""
    kind, value = detail["type"], detail["input"]
    if kind in {"too_short", "too_long"} and value:
        context = detail.get("ctx", {})
        wanted = str(context.get("min_length", context.get("max_length")))
        description = message("这里应有 {wanted} 项，写了 {found} 项", wanted=wanted, found=str(len(value)))
        return _build_problem(
            "wrong-shape", place, description, message("请对照现有文件，补上缺的，删去多的")
        )
    if value is None or value == "" or kind in {"too_short", "string_too_short"}:
        fields = [step for step in detail["loc"] if isinstance(step, str)]
        description = message("“{field}”是空的", field=fields[-1]) if fields else message("这里是空的")
        return _build_problem(
            "empty-value", place, description, message("请填写；表上本来空着的选填栏，请删除这一行")
        )
    if kind.startswith(("tuple", "list")):
        description = message("这里应是一个列表，每项前面有“- ”")
    elif kind.startswith(("model", "dict", "mapping")):
        description = message("这里应是一组字段，每行一个")
    else:
        description = message("这里应是一个值，不是一组")
    return _build_problem("wrong-shape", place, description, message("请检查缩进，对照现有文件的写法"))


def _build_problem(rule: str, place: Place, message: Message, hint: Message) -> Problem:
    return Problem(rule=rule, place=place, message=message, hint=hint)


def _find_field_name(model: type[BaseModel], typed: str) -> str | None:
    return next((name for name, field in model.model_fields.items() if (field.alias or name) == typed), None)


def _find_field_title(model: type[BaseModel] | None, typed: str) -> str | None:
    """Return the title of a field on the form."""
    name = _find_field_name(model, typed) if model else None
    return model.model_fields[name].title if model and name else None


def _find_model_at_path(model: type[BaseModel], path: TreePath) -> type[BaseModel] | None:
    """Find the model at *path*, going down through lists and mappings."""
    within: Any = model
    for step in path:
        owner = _find_annotated_model(within)
        if owner is None:
            within = _find_entry_type(within)
        elif "root" in owner.model_fields and len(owner.model_fields) == 1:
            within = _find_entry_type(owner.model_fields["root"].annotation)
        else:
            name = _find_field_name(owner, str(step))
            within = owner.model_fields[name].annotation if name else None
    return _find_annotated_model(within)


def _unwrap_annotation(annotation: Any) -> Any:  # noqa: ANN401 - a type annotation can be any object
    """Remove `Annotated` and `None` from a type annotation."""
    if hasattr(annotation, "__metadata__"):
        return _unwrap_annotation(annotation.__origin__)
    choices = [entry for entry in get_args(annotation) if entry is not type(None)]
    return (
        _unwrap_annotation(choices[0])
        if isinstance(annotation, UnionType) and len(choices) == 1
        else annotation
    )


def _find_entry_type(annotation: Any) -> Any:  # noqa: ANN401 - a type annotation can be any object
    """Return the type of the entries of a list or mapping type."""
    arguments = get_args(_unwrap_annotation(annotation))
    return next((argument for argument in reversed(arguments) if argument is not ...), None)


def _find_annotated_model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type annotation can be any object
    """Return the model in *annotation*, required or optional."""
    bare = _unwrap_annotation(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
