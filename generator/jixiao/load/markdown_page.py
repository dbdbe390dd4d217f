"""A hand-written page: front matter between two lines of `---`, then Markdown."""

from dataclasses import dataclass

from jixiao.i18n import message
from jixiao.load.source_files import SourceText
from jixiao.load.yaml_tree import Node, read_tree
from jixiao.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class PageSource:
    """The two halves of a page file."""

    file: str
    front_matter: Node
    markdown: str
    first_line: int
    """The line of the file at which `markdown` starts, counted from 1."""


def read_page(source: SourceText) -> PageSource | tuple[Problem, ...]:
    """Split a page and read its front matter."""
    lines = source.lines
    # Blanks after --- cannot be seen, so they are not held against anybody.
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if fences[:1] != [0] or len(fences) == 1:
        return (
            Problem(
                rule="no-front-matter",
                place=Place(source.file),
                message=message("页面开头缺少标题和简介"),
                hint=message("第一行写 ---，接着 title: 和 description:，再写一行 ---"),
            ),
        )
    end = fences[1]
    # The first line stays blank so that lines of the front matter keep their numbers.
    tree = read_tree(SourceText(source.file, "\n".join(["", *lines[1:end], ""])))
    if isinstance(tree, tuple):
        return tree
    return PageSource(source.file, tree, "\n".join(lines[end + 1 :]), end + 2)
