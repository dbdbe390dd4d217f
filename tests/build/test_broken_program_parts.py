"""A template or Pagefind that is broken is named; the site stays as it was and nothing is left behind."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copy_program
from tests.support.build_runs import (
    SITE_UNCHANGED_MESSAGES,
    assert_next_build_publishes,
    assert_refused,
    assert_untouched,
    build,
    build_small_project,
    copy_with_a_change,
    list_differing_files,
    read_all_files,
)

HOME = "theme/pages/home.md.jinja"
FRAME = "theme/engine/main.html"
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["zh", "en"])
IS_WRONG = {"zh": "模板 {file} 第 {line} 行有错", "en": "The template {file} is wrong in line {line}"}
SLIPS = [
    ("zh", "{% if %}\n", "TemplateSyntaxError: Expected an expression, got 'end of statement block'"),
    ("en", "{{ no_such_name }}\n", "UndefinedError: 'no_such_name' is undefined"),
    (
        "zh",
        "{{ translate }}\n",
        "BareValue: a template may not print a method: use Text, a localizer, or the filter `e`",
    ),
    ("en", "{{ year + {} }}\n", "UndefinedError: 'year' is undefined"),
    ("zh", "{{ totals.indicators + '' }}\n", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published site; tests work on copies."""
    return build_small_project(tmp_path_factory.mktemp("published") / "project")


@pytest.fixture
def small(published: Path, tmp_path: Path) -> Path:
    """The same project with a change that waits to be published."""
    return copy_with_a_change(published, tmp_path / "project")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program and the theme, as somebody has it who changes templates."""
    return copy_program(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(params=[HOME])
def template(request: pytest.FixtureRequest, checkout: Path) -> Iterator[Path]:
    """A file of the theme that the test may spoil."""
    file: Path = checkout / request.param
    before = file.read_bytes()
    yield file
    file.write_bytes(before)


def spoil(template: Path, slip: str) -> int:
    """Add *slip* at the end of a template; return its line."""
    text = template.read_text("utf-8")
    template.write_text(f"{text}{slip}", "utf-8")
    return text.count("\n") + 1


def removal_code(folder: Path, step: str) -> str:
    """Write Python that removes *folder* when *step* of a build begins."""
    return f"""
import shutil
from contextlib import contextmanager
from jixiao.cli.terminal import Terminal
@contextmanager
def progress(terminal):
    def removing(step):
        if step.template == {step!r}:
            shutil.rmtree({str(folder)!r})
    yield removing
Terminal.show_progress = progress
"""


@pytest.mark.parametrize(("language", "slip", "reason"), SLIPS)
def test_a_slip_in_a_template_of_a_page_is_told_with_file_and_line(
    language: str, slip: str, reason: str, template: Path, small: Path
) -> None:
    line = spoil(template, slip)
    before = read_all_files(small / "build")

    result = build(small, language=language, checkout=template.parents[2])

    assert_refused(result, [IS_WRONG[language].format(file=HOME, line=line), f"    | {reason}"], language)
    assert list_differing_files(read_all_files(small / "build"), before) == []


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("template", [FRAME], indirect=True)
def test_a_slip_in_the_frame_of_all_pages_is_told_with_file_and_line(
    language: str, template: Path, small: Path, published: Path
) -> None:
    template.write_text(f"{{% if %}}\n{template.read_text('utf-8')}", "utf-8")

    result = build(small, language=language, checkout=template.parents[2])

    reason = "    | TemplateSyntaxError: Expected an expression, got 'end of statement block'"
    assert_refused(result, [IS_WRONG[language].format(file=FRAME, line=1), reason], language)
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
def test_a_template_in_another_encoding_is_named(
    language: str, template: Path, small: Path, published: Path
) -> None:
    template.write_bytes(template.read_text("utf-8").encode("gb18030"))

    result = build(small, language=language, checkout=template.parents[2])

    saying = {"zh": f"模板 {HOME} 读不出来", "en": f"The template {HOME} cannot be read"}
    reason = result.stderr.splitlines()[1]
    assert reason.startswith("    | UnicodeDecodeError: 'utf-8' codec can't decode byte ")
    assert_refused(result, [saying[language], reason], language)
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
def test_a_template_that_is_missing_is_named(
    language: str, template: Path, small: Path, published: Path
) -> None:
    template.unlink()

    result = build(small, language=language, checkout=template.parents[2])

    saying = {"zh": "模板 home.md.jinja 读不出来", "en": "The template home.md.jinja cannot be read"}
    folder = template.parent
    reason = f"    | TemplateNotFound: 'home.md.jinja' not found in search path: '{folder}'"
    assert_refused(result, [saying[language], reason], language)
    assert_untouched(small, published)


@pytest.fixture
def short_lived(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the program and the theme that the test may remove."""
    return shutil.copytree(checkout, tmp_path / "short-lived")


@pytest.mark.parametrize(
    ("folder", "step"),
    [("pages", "检查内容"), ("pages", "生成页面"), ("engine", "检查内容"), ("engine", "生成页面")],
)
def test_a_folder_of_the_theme_that_vanishes_is_named_and_no_template_blamed(
    folder: str, step: str, short_lived: Path, small: Path, published: Path
) -> None:
    theme = short_lived / "theme" / folder

    result = build(small, checkout=short_lived, code=removal_code(theme, step))

    assert_refused(result, [f"Cannot read or write {theme}: there is no such file or folder"], "en")
    assert_untouched(small, published)


@pytest.mark.parametrize(
    ("folder", "step"), [(".staging", "生成列表"), (".staging", "写清单"), ("", "生成列表"), ("", "写清单")]
)
def test_no_site_is_published_of_which_a_part_has_vanished(
    folder: str, step: str, small: Path, published: Path
) -> None:
    (small / "build/.cache").write_text("spoilt", "utf-8")
    result = build(small, code=removal_code(small / "build" / folder, step))

    assert result.returncode == 2
    missing, stays = result.stderr.splitlines()
    assert re.fullmatch(
        r"build/.next-site/\S+ was removed or changed during the build; please build again", missing
    )
    assert stays == SITE_UNCHANGED_MESSAGES["en"]
    if folder:
        assert_untouched(small, published)
    else:
        assert not (small / "build/site").exists()
    assert_next_build_publishes(small)


def test_a_changed_page_that_has_vanished_does_not_come_back_as_it_was(small: Path) -> None:
    result = build(small, code=removal_code(small / "build/.staging", "生成列表"))

    assert result.returncode == 2
    assert re.match(r"build/.next-site/\S+ was removed or changed during the build", result.stderr)
    assert_next_build_publishes(small)


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("template", ["theme/pages/declaration.md.jinja"], indirect=True)
def test_a_site_that_says_something_else_than_the_content_is_refused_and_each_place_named(
    language: str, template: Path, small: Path, published: Path
) -> None:
    text = template.read_text("utf-8")
    filled = "macros.money(sum, unit, localizer) }}"
    assert filled in text
    template.write_text(text.replace(filled, f"{filled}0"), "utf-8")

    result = build(small, language=language, checkout=template.parents[2])

    first = {
        "zh": "网站与内容不符，有 {count} 处",
        "en": "Places where the site differs from the content: {count}",
    }
    places = result.stderr.splitlines()[1:-1]
    assert_refused(result, [first[language].format(count=len(places)), *places], language)
    pages = ("2021/health/clinic/index.html", "en/2021/health/clinic/index.html")
    assert {page for page in pages for place in places if place.startswith(page)} == set(pages)
    assert [place for place in places if not place.startswith(pages)] == []
    assert_untouched(small, published)


@pytest.mark.parametrize(
    ("template", "added", "why"),
    [
        (
            "theme/engine/404.html",
            "{% block libs %}<script>1</script>{% endblock %}",
            "A script is written into the page",
        ),
        (
            "theme/engine/assets/site.css",
            "body { background: url(https://example.org/x.png) }",
            "Loaded from outside: https://example.org/x.png",
        ),
    ],
    indirect=["template"],
)
def test_what_all_pages_share_is_held_against_the_same_rules_as_a_page(
    template: Path, added: str, why: str, small: Path, published: Path
) -> None:
    template.write_text(f"{template.read_text('utf-8')}\n{added}\n", "utf-8")
    theme = next(folder for folder in template.parents if folder.name == "theme")
    page = template.relative_to(theme / "engine").as_posix()

    result = build(small, checkout=theme.parent)

    first = "Places where the site differs from the content: 2"
    assert_refused(result, [first, f"{page}: {why}", f"en/{page}: {why}"], "en")
    assert_untouched(small, published)


def test_what_the_verification_cannot_read_is_named_and_not_published(small: Path, published: Path) -> None:
    code = "import jixiao.verify.sources as s\nimport jixiao.build.declarations as b\n"
    code += "def refuse(content, identity):\n"
    code += "    raise s.UnreadableSourceError(f'content/declarations/{identity}.yml')\n"
    code += "b.read_declaration = refuse"

    result = build(small, code=code)

    first = "Places where the site differs from the content: 1"
    why = "The file cannot be read, so the site cannot be verified"
    assert_refused(result, [first, f"content/declarations/2021/health/clinic.yml: {why}"], "en")
    assert_untouched(small, published)


@pytest.mark.parametrize("template", [FRAME], indirect=True)
def test_a_site_that_a_dead_build_had_set_aside_is_back_even_if_the_next_build_fails(
    template: Path, small: Path, published: Path
) -> None:
    # As a build leaves it that dies between the two renames of a system without an exchange.
    (small / "build/site").rename(small / "build/.old-site")
    template.write_text("{% if %}", "utf-8")

    result = build(small, checkout=template.parents[2])

    assert result.returncode == 2
    assert_untouched(small, published)


def double(folder: Path, script: str) -> str:
    """Write a program that stands in for Pagefind; return the code that makes the build use it."""
    program = folder / "pagefind-double"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    return f"import os\nos.environ['PAGEFIND_BINARY_PATH'] = {str(program)!r}"


NO_INDEX = {"zh": "搜索索引没有建成", "en": "The search index could not be built"}
FAILURES_OF_PAGEFIND = [
    ("zh", "exit 1", ["Pagefind: exit 1"]),
    ("en", "echo 'out of memory'; exit 1", ["out of memory", "Pagefind: exit 1"]),
    ("zh", "printf 'Lorem ipsum,'", ["Lorem ipsum"]),
    ("en", "printf e30=,; exec sleep 60", ["e30="]),
    # A refusal in the language of the service, in base64.
    ("zh", "printf eyJwYXlsb2FkIjogeyJ0eXBlIjogIkVycm9yIiwgIm1lc3NhZ2UiOiAibm8gcm9vbSJ9fQ==,", ["no room"]),
    # What it says is not an order to the CI or the terminal.
    (
        "en",
        r"printf '::error::x\n\033[2J::set-output name=a::b\n'; exit 1",
        ["::error::x", r"\x1b[2J::set-output name=a::b", "Pagefind: exit 1"],
    ),
]


@pytest.mark.parametrize(("language", "script", "details"), FAILURES_OF_PAGEFIND)
def test_what_pagefind_said_is_told_when_it_fails(
    language: str, script: str, details: list[str], small: Path, tmp_path: Path
) -> None:
    before = read_all_files(small / "build")

    result = build(small, language=language, code=double(tmp_path, script))

    assert_refused(result, [NO_INDEX[language], *(f"    | {line}" for line in details)], language)
    assert list_differing_files(read_all_files(small / "build"), before) == []


@pytest.mark.parametrize(
    ("language", "script"),
    [("zh", "exec sleep 60"), ("en", "trap '' TERM; while read -r _; do :; done; exec sleep 60")],
)
def test_a_pagefind_that_hangs_is_ended(
    language: str, script: str, small: Path, published: Path, tmp_path: Path
) -> None:
    code = f"{double(tmp_path, script)}\nimport jixiao.site.pagefind_service as s\ns.PATIENCE_SECONDS = 0.5"

    result = build(small, language=language, code=code)

    saying = {"zh": "Pagefind 在 0.5 秒内没有回答", "en": "Pagefind did not answer within 0.5 seconds"}
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("is_there", [False, True])
def test_a_pagefind_that_is_missing_or_no_program_is_told(
    language: str, small: Path, published: Path, tmp_path: Path, *, is_there: bool
) -> None:
    program = tmp_path / "pagefind-double"
    if is_there:
        program.touch(0o644)

    result = build(
        small, language=language, code=f"import os\nos.environ['PAGEFIND_BINARY_PATH'] = '{program}'"
    )

    saying = {
        "zh": "Pagefind 无法启动；请重新安装依赖",
        "en": "Pagefind cannot be started; install the dependencies again",
    }
    reason = "[Errno 13] Permission denied" if is_there else "[Errno 2] No such file or directory"
    assert_refused(result, [saying[language], f"    | {reason}: '{program}'"], language)
    assert_untouched(small, published)


def test_only_an_unreadable_repository_leaves_the_history_out(small: Path, published: Path) -> None:
    """A worker that dies while states are compared ends the build like everywhere else."""
    code = """
import jixiao.build.history_stage as stage
from jixiao.i18n import message
from jixiao.problems import UserError
def die(root):
    raise UserError(message("一个工作进程意外结束，可能是内存不足"))
stage.open_repository = die
"""

    result = build(small, code=code)

    assert_refused(result, ["A worker process ended unexpectedly; there may be too little memory"], "en")
    assert_untouched(small, published)
