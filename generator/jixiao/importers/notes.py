"""What a proposal says: how the form stands there and how it is read, in neutral words."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import SOURCE_LANGUAGE, Dictionary, Message, message
from jixiao.importers.grid import Cell
from jixiao.importers.indicator_classes import Class, Classified, Doubt
from jixiao.importers.indicator_columns import Columns
from jixiao.importers.indicator_rows import Moved, Promise


def say_notes(notes: tuple[Message, ...], words: Dictionary) -> str:
    """Write sentences one after the other in the language of *words*."""
    return ("" if words.language == SOURCE_LANGUAGE else " ").join(note.say(words) for note in notes)


def notes_of(row: Classified, columns: Columns) -> Iterator[Message]:
    """Say everything that is to be said of a damaged row but its target.

    Args:
        row: A promise with its class.
        columns: Of the table, whose names the sentences use.
    """
    promise = row.promise
    if promise.is_split:
        yield message(
            "原文在换页处断开：前一页到“{upper}”为止，其余在后一页；这里把两段接成一行。",
            upper=promise.parts[0].free[-1].words,
        )
    yield from _of_place(promise, columns)
    if promise.shared is not None:
        yield message(
            "指标名称和目标值同在一格，中间隔一个空格；名称读作“{name}”，目标值读作“{target}”。",
            name=promise.name,
            target=promise.target or "",
        )
    yield from _of_completion(row)
    if promise.may_be_two:
        yield message("另一种读法是两项指标，前一项没有目标值；文字待核。")
    if promise.is_split and promise.parts[-1].has_class:
        yield message("归类按后一页。")
    if row.doubt is not None:
        yield from _of_doubt(row)
    elif row.inherits and (promise.moved or promise.is_split):
        yield message("归类沿用上一行。")


def _of_completion(row: Classified) -> Iterator[Message]:
    if row.doubt is not None or not (row.level2_in_level1 or row.is_completed):
        return
    if row.promise.labels.level2 and row.promise.labels.level2.squeezed == row.of.level2:
        yield message(
            "“{level2}”属于{level1}，缺的一级指标据此补上。", level2=row.of.level2, level1=row.of.level1
        )
    else:
        yield message(
            "{level1}只有“{level2}”一类，缺的二级指标据此补上。", level2=row.of.level2, level1=row.of.level1
        )


def _of_place(promise: Promise, columns: Columns) -> Iterator[Message]:
    if any(not one.on_page for one in promise.moved):
        yield message("原文这一页缺少最左侧的列，各格左移；这里把各格移回原位。")
    moved = tuple(one for one in promise.moved if one.on_page)
    if moved:
        yield message(
            "原文有错栏：{cells}；这里把各格移回原位。",
            cells=_listed([_of_cell(one, columns) for one in moved]),
        )


def _of_cell(moved: Moved, columns: Columns) -> Message:
    return message("“{words}”在{column}", words=moved.cell.words, column=columns.named(moved.column))


def _listed(sentences: list[Message]) -> Message:
    """List sentences with the comma of the language."""
    first = sentences[0]
    for other in sentences[1:]:
        first = message("{first}，{other}", first=first, other=other)
    return first


def _class(of: Class) -> Message:
    return message("{level1}下的{level2}", level1=of.level1, level2=of.level2)


def _of_doubt(row: Classified) -> Iterator[Message]:
    labels = row.promise.labels
    if row.follows_doubt:
        yield message("归类沿用上一行，疑问也与上一行相同。")
    elif row.doubt is Doubt.CONFLICT:
        one, other = _contradiction(row)
        yield message("原文的“{one}”和“{other}”两个类别不能同时成立。", one=one.words, other=other.words)
    elif row.doubt is Doubt.BORDER:
        yield message("原文这一行少了一格，没有类别名称，夹在两个类别之间。")
    elif row.doubt is Doubt.UNKNOWN:
        yield message("原文的类别“{typed}”不在名目里。", typed=labels.unknown[-1].squeezed)
    if row.elsewhere is not None:
        yield message(
            "另一份申报表（{name}）将同样的指标列在{of}。", name=row.elsewhere[0], of=_class(row.elsewhere[1])
        )
    if row.alternative is None:
        yield message("这里暂列{of}，归类待核。", of=_class(row.of))
    else:
        yield message(
            "这里暂列{of}；另一种读法是{other}，归类待核。",
            of=_class(row.of),
            other=_class(row.alternative),
        )


def _contradiction(row: Classified) -> tuple[Cell, Cell]:
    labels = row.promise.labels
    pair = tuple(cell for cell in (labels.level1, labels.level2, labels.second) if cell)
    return pair[0], pair[-1]
