"""The readers and writers that meet what others typed, each as a function of a text."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markdown import Markdown

from jixiao import pipeline
from jixiao.analysis import phrasing
from jixiao.analysis.phrasing import find_months
from jixiao.commands.fmt import FormatRequest as FormatOrder
from jixiao.commands.fmt import describe_result, format_files
from jixiao.commands.import_ import ImportRequest as ImportOrder
from jixiao.commands.import_ import import_forms
from jixiao.commands.migrate import migrate
from jixiao.history.diff_messages import find_differences
from jixiao.history.git import Commit
from jixiao.history.trailers import read_statement
from jixiao.i18n import load_interface_catalogue
from jixiao.importers.readers.workbook_form import display_cell
from jixiao.load.content_files import load_declaration
from jixiao.load.po import read_po_catalogue
from jixiao.load.source_files import FILE_SIZE_LIMIT, SourceText
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.model.target import read_target
from jixiao.model.values import read_day, read_line, read_money, read_prose, read_slug
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import (
    Problem,
    ProblemFormat,
    ReadError,
    escape_for_terminal,
    format_json,
    format_problems,
)
from jixiao.review.review_markdown import render_code
from jixiao.site.search_text import extract_search_text, separate_han
from jixiao.text import Text
from jixiao.verify.html_stream import MalformedHtmlError, read_html
from jixiao.verify.source_numbers import numbers_in
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, copy_small_project

Read = Callable[[str], object]

_FILE = "content/declarations/2021/health/clinic.yml"
_WORDS = load_interface_catalogue("en")
_PAGE = "---\ntitle: 关于\ndescription: 关于本站\n---\n"
_FORM = (EXAMPLES / "import/labels-with-values/form.txt").read_text("utf-8")
_LONGEST_LINE_OF_FORM = 90_000
_LONGEST_GOAL, _LONGEST_NAME = 49_000, 490


def _told(problems: tuple[Problem, ...]) -> None:
    for form in ProblemFormat:
        for _ in format_problems(problems, form, _WORDS):
            pass


def _declaration(text: str) -> None:
    tree = load_declaration(text.encode(), _FILE)
    read = tree if isinstance(tree, tuple) else read_model(Declaration, tree)
    _told(read if isinstance(read, tuple) else ())


def _within(before: str, behind: str = "\n") -> Read:
    return lambda text: _declaration(f"{before}{text}{behind}")


def _po(text: str) -> None:
    read = read_po_catalogue(SourceText("content/translations/en/a.po", text), "en")
    _told(read if isinstance(read, tuple) else ())


def _value(read: Callable[[object], object]) -> Read:
    def reader(text: str) -> None:
        with suppress(ReadError):
            read(text)

    return reader


def _html(before: str, behind: str) -> Read:
    def reader(text: str) -> None:
        with suppress(MalformedHtmlError):
            read_html(f"{before}{text}{behind}")

    return reader


def _searched(escaped: Callable[[str], str]) -> Read:
    page = '<html lang="zh"><title>a</title><body><article><p>绩{}</p></article></body></html>'
    return lambda text: extract_search_text(page.format(escaped(text)))


def _commit(text: str) -> None:
    body = f"subject\n\n变更理由：{text}\nChange-Kind:{text}"
    read_statement(("a",), (Commit(id="1", body=body, files=frozenset({"a"})),))


def _as_page(text: str) -> None:
    """Render a hand-written page that the check takes, whatever it would have said of it."""
    Markdown(extensions=["def_list", "jixiao.site.markdown_extension"]).convert(text)


def _phrased(text: str) -> None:
    words = phrasing.strip_punctuation(text)
    phrasing.is_vague(words[:_LONGEST_NAME], text[:_LONGEST_NAME])
    for tells in (phrasing.has_measure, phrasing.has_time, phrasing.is_rate, phrasing.is_count):
        tells(f"率{text}")


@dataclass(frozen=True)
class _Project:
    """A project whose files are replaced, one after the other."""

    folder: Path

    def checked(self, file: str, before: str = "", behind: str = "") -> Read:
        def reader(text: str) -> None:
            self._with(file, f"{before}{text}{behind}", lambda: _told(pipeline.check(self.folder).problems))

        return reader

    def page(self, text: str) -> None:
        """Check a hand-written page, and render it where nothing is said against it."""

        def check_and_render() -> None:
            checked = pipeline.check(self.folder)
            _told(checked.problems)
            if not any(problem.place.file.endswith(".md") for problem in checked.problems):
                for page in checked.catalogue.handwritten_pages:
                    _as_page(page.markdown)

        self._with("content/pages/zh/about.md", f"{_PAGE}{text}", check_and_render)

    def filled(self, text: str) -> None:
        """Check a declaration with the longest texts that it may have."""
        line = text.replace("\n", " ").replace("'", "''")[:_LONGEST_NAME]
        goal = text.replace("\n", "\n    ")[:_LONGEST_GOAL].rstrip()
        filled = (self.folder / CLINIC_PATH).read_text("utf-8")
        for old, new in (
            ("name: 巡诊次数", f"name: '{line}'"),
            ('target: ">=120次"', f"target: '{line}'"),
            ("annual: 完成巡诊。", f"annual: |\n    {goal}一"),
            ("note: 原文没有目标值；归类待核。", f"note: '{line}'"),
        ):
            assert old in filled
            filled = filled.replace(old, new)
        self._with(CLINIC_PATH, filled, lambda: _told(pipeline.check(self.folder).problems))

    def formatted(self, before: str, behind: str = "\n") -> Read:
        file = self.folder / "content/declarations/2021/health/other.yml"

        def reader(text: str) -> None:
            file.write_text(f"{before}{text}{behind}", encoding="utf-8")
            try:
                order = FormatOrder(root=self.folder, files=[file], writes=False)
                for formatted in format_files(order):
                    for _ in describe_result(formatted, _WORDS, writes=False):
                        pass
            finally:
                file.unlink()

        return reader

    def migrated(self, text: str) -> None:
        self._with("site_config.yml", text, lambda: migrate(self.folder, writes=False))

    def imported(self, *places: str) -> Read:
        """Import a form in which *places* are followed by the text."""
        file = self.folder / "form.txt"

        def reader(text: str) -> None:
            form, cell = _FORM, text.replace("\n", " ")[:_LONGEST_LINE_OF_FORM]
            for place in places:
                form = form.replace(place, f"{place}{cell}", 1)
            file.write_text(form if places else text, encoding="utf-8")
            import_forms(
                ImportOrder(forms=[file], root=self.folder, folder=self.folder / "new", replaces=True)
            )

        return reader

    def _with(self, file: str, text: str, act: Callable[[], object]) -> None:
        path = self.folder / file
        before = path.read_bytes()
        path.write_bytes(text.encode()[:FILE_SIZE_LIMIT].decode("utf-8", "ignore").encode())
        try:
            act()
        finally:
            path.write_bytes(before)


def readers(folder: Path) -> Mapping[str, Read]:
    """Name the readers.

    Args:
        folder: Where a project is made for those that read files.
    """
    project = _Project(copy_small_project(folder / "project"))
    return {
        "declaration": _declaration,
        "declaration: value": _within("name: "),
        "declaration: name of a field": _within("", ": a\n"),
        "declaration: double quotes": _within('name: "', '"\n'),
        "declaration: single quotes": _within("name: '", "'\n"),
        "declaration: block": _within("goals:\n  overall: |\n    "),
        "declaration: brackets": _within("name: [", "\n]\n"),
        "declaration: braces": _within("name: {", "\n}\n"),
        "declaration: deeper line": _within("a:\n  b: "),
        "declaration: money": _within("funding:\n  project:\n    total: "),
        "declaration: year": _within("year: "),
        "whole check: longest texts": project.filled,
        "organisations": project.checked("content/organisations.yml"),
        "organisations: name": project.checked(
            "content/organisations.yml", "health:\n  name: ", "\n  units: {}\n"
        ),
        "addresses": project.checked("content/addresses.yml", "published:\n"),
        "addresses: entry": project.checked("content/addresses.yml", "published:\n  - "),
        "closed lists": project.checked("content/taxonomies/2015.yml"),
        "settings": project.checked("site_config.yml"),
        "settings: address": project.checked("site_config.yml", "address: https://"),
        "settings: contact": project.checked("site_config.yml", "contact: mailto:"),
        "page": project.page,
        "page: front matter": project.checked("content/pages/zh/about.md"),
        "page: heading": lambda text: project.page(f"# a {text}\n\ntext\n"),
        "page: list": lambda text: project.page(f"- {text}\n"),
        "page: link": lambda text: project.page(f"[a](/about/{text})\n"),
        "translations": project.checked("content/translations/en/content.po"),
        "translations: text": lambda text: _po(f'msgid "a"\nmsgstr "{text}"\n'),
        "translations: keyword": lambda text: _po(f'msgid {text}\nmsgstr "a"\n'),
        "checksums": project.checked("content/forms/SHA256SUMS"),
        "form in the content": project.checked("content/forms/example.txt"),
        "fmt": project.formatted(""),
        "fmt: value": project.formatted("name: "),
        "fmt: quotes": project.formatted('name: "', '"\n'),
        "fmt: list": project.formatted("remarks:\n  - "),
        "fmt: comment": project.formatted("# ", "\nname: a\n"),
        "migrate": project.migrated,
        "import": project.imported(),
        "import: head": project.imported("项目名称：", "主管部门：", "计划开始日期：", "其他资金："),
        "import: money": project.imported("项目资金总额（元）：", "其中：财政资金："),
        "import: goals": project.imported("每村每月巡诊一次", "完成巡诊"),
        "import: labels": project.imported("项目类别", "上年结转资金"),
        "import: table": project.imported("产出指标\t", "巡诊次数", ">=480次"),
        "import: heading": project.imported("一级指标", "指标目标值"),
        "import: person": project.imported("实施单位负责人", "联系电话"),
        "import: title": project.imported("财政项目支出绩效目标申报表"),
        "format of a cell": lambda text: (display_cell(1.5, text), display_cell(date(2021, 3, 1), text)),
        "money": _value(read_money),
        "day": _value(read_day),
        "target": _value(read_target),
        "line": _value(read_line),
        "prose": _value(read_prose),
        "permanent name": _value(read_slug),
        "months": find_months,
        "phrasing": _phrased,
        "personal data": mask_personal_data,
        "report: line": escape_for_terminal,
        "report: JSON": format_json,
        "review: code": render_code,
        "review: commit": _commit,
        "review: difference": lambda text: tuple(
            find_differences(text[:_LONGEST_GOAL], f"甲{text[:_LONGEST_GOAL]}")
        ),
        "review: short difference": lambda text: tuple(find_differences(text[:999], f"甲{text[7:]}乙"[:999])),
        "page of HTML": lambda text: Text(text).html(),
        "page of Markdown": lambda text: _as_page(Text(text[:_LONGEST_NAME]).markdown()),
        "words for the search": separate_han,
        "search: HTML": _searched(lambda text: Text(text).html()),
        "search: Markdown": _searched(lambda text: Text(text).markdown()),
        "verify: text": _html("<p>", "</p>"),
        "verify: tag": _html("<p ", "></p>"),
        "verify: attribute": _html('<p title="', '"></p>'),
        "verify: numbers": numbers_in,
    }
