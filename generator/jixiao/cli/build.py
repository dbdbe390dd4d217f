"""The commands that check content, build the site and compare it with its content."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jixiao import pipeline
from jixiao.cli.options import Form, Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.i18n import message
from jixiao.other_engines import EngineName, render_with
from jixiao.problems import Format, is_advice, one_line, report, stops_publishing, summary
from jixiao.site.build_failure import BuildFailure
from jixiao.verify.deployed import TIMEOUT, NoAddress, NoManifest, compare_deployed, is_address
from jixiao.verify.download import Unreachable

app = typer.Typer()


def report_on(checked: pipeline.Checked, terminal: Terminal) -> None:
    """Print the problems that stand in the way of a command."""
    _report(checked, Format.TEXT, terminal, with_advice=False)


def _report(checked: pipeline.Checked, form: Format, terminal: Terminal, *, with_advice: bool = True) -> None:
    """Print the problems; who has errors to mend, or builds a site, is told of advice by its number alone."""
    shown = checked.problems
    has_errors = stops_publishing(shown)
    if form is Format.TEXT and (has_errors or not with_advice):
        shown = tuple(problem for problem in shown if not is_advice(problem))
    if form is not Format.TEXT:
        terminal.speak_to_programs()
    for line in report(shown, form, terminal.words):
        terminal.say(line)
    if form is not Format.TEXT:
        return
    terminal.say(summary(checked.counts, checked.read, terminal.words))
    if len(shown) < sum(checked.counts.values()):
        terminal.say(
            message("改好错误以后，再运行 jixiao check，就列出改进建议。")
            if has_errors
            else message("运行 jixiao check 可以看到各条改进建议。")
        )
    elif any(map(is_advice, shown)):
        terminal.say(
            message("已经申报的照录不改；改进建议供下次申报参考。某条规则的说明：jixiao explain 规则名称")
        )


@app.command(help=teach("检查全部内容，列出每一处问题：文件、行、列、说明、建议。"))
def check(project: Project = Path(), form: Form = Format.TEXT, language: Tongue = USER_LANGUAGE) -> None:
    """Check the content."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    checked = pipeline.check(project)
    # Somebody may have removed it meanwhile, which is not what is wrong with the content.
    require_folder(project, terminal)
    _report(checked, form, terminal)
    if stops_publishing(checked.problems):
        raise typer.Exit(PROBLEMS)


@app.command(help=teach("检查内容，生成整个网站到 build/site/。有错误就不发布，原来的网站不变。"))
def build(  # noqa: PLR0913 - typer makes an option of every parameter
    project: Project = Path(),
    form: Form = Format.TEXT,
    language: Tongue = USER_LANGUAGE,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://…",
            help=teach("调度器的地址，让 Dask 集群分担工作；需要 jixiao\\[cluster]。"),
        ),
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(
            metavar="NAME",
            help=teach("试验：建成以后，再用 zensical 或 properdocs 把同样的页面生成到 build/ 里，供比较。"),
        ),
    ] = EngineName.MKDOCS,
    *,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help=teach("设置要求的缺任何一项，就不发布。"),
        ),
    ] = False,
) -> None:
    """Build the site."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    order = pipeline.BuildOrder(
        scheduler=scheduler, with_advice=form is not Format.TEXT, is_complete=complete
    )
    if not build_once(project, form, terminal, order):
        raise typer.Exit(PROBLEMS)
    if engine is not EngineName.MKDOCS:
        _render_too(engine, project, terminal)


def _render_too(engine: EngineName, project: Path, terminal: Terminal) -> None:
    """Render the pages once more, with another engine.

    Raises:
        typer.Exit: It is missing or failed.
    """
    try:
        with terminal.progress() as progress:
            site = render_with(engine, project, progress)
    except BuildFailure as failure:
        terminal.complain(failure.saying, failure.details)
        raise typer.Exit(UNUSABLE) from failure
    except OSError as error:
        terminal.complain(told(error, project / "build"))
        raise typer.Exit(UNUSABLE) from error
    terminal.say(message("另用 {engine} 生成的页面（试验，不发布）：{site}", engine=engine, site=str(site)))


WITHOUT_ADVICE = pipeline.BuildOrder(with_advice=False)


def build_once(
    project: Path, form: Format, terminal: Terminal, order: pipeline.BuildOrder = WITHOUT_ADVICE
) -> bool:
    """Build once; tell whether there is a new site.

    Raises:
        typer.Exit: The installation, the disk or the engine failed.
    """
    try:
        with terminal.progress() as progress:
            built = pipeline.build(project, progress, order)
    except BuildFailure as failure:
        terminal.complain(failure.saying, failure.details)
        for file, saying in failure.places:
            terminal.complain(message("{file}：{saying}", file=file, saying=saying))
        terminal.complain(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(UNUSABLE) from failure
    except OSError as error:
        terminal.complain(told(error, project / "build"))
        terminal.complain(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(UNUSABLE) from error
    # As after a check.
    require_folder(project, terminal)
    _report(built.checked, form, terminal, with_advice=False)
    if built.site is None:
        if form is Format.TEXT:
            terminal.say(message("没有发布：请先改正以上错误。原来的网站没有变。"))
        return False
    if form is Format.TEXT:
        terminal.say(
            message(
                "网站已建成，{pages} 页：{site}",
                pages=str(built.pages),
                site=_from_here(built.site),
            )
        )
        if not built.was_gapless:
            terminal.say(
                message(
                    "这个文件系统不能一步交换文件夹：刚才切换的一瞬间没有网站。"
                    "公众直接看 build/site/ 的，请改用 jixiao ci publish --to，那里切换的是链接。"
                )
            )
    return True


def _from_here(path: Path) -> str:
    """Name *path* from the folder in which the command runs; whole where it is on another drive."""
    try:
        return os.path.relpath(path, Path.cwd())
    except ValueError:
        return os.fspath(path)


@app.command(help=teach("核对已建成的网站：数字、文字、链接、清单，逐项与内容比对。"))
def verify(
    project: Project = Path(),
    site: Annotated[
        Path | None,
        typer.Option("--site", resolve_path=True, help=teach("网站文件夹；不写就是 build/site/。")),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="URL|DIR",
            help=teach("与部署好的网站（网址或文件夹）比对。"),
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", help=teach("等服务器一个回答的秒数。"), min=0.1),
    ] = TIMEOUT,
    *,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Verify a built site, or a deployed copy of it."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    folder = site or project / "build" / "site"
    require_folder(folder, terminal)
    if against is not None:
        _verify_deployed(folder, against, timeout, terminal)
        return
    checked, findings = pipeline.verify(project, folder)
    if checked.config is None or stops_publishing(checked.problems):
        _report(checked, Format.TEXT, terminal)
        raise typer.Exit(PROBLEMS)
    for finding in findings:
        terminal.say(one_line(f"{finding.file}: {finding.saying.say(terminal.words)}"))
    if findings:
        raise typer.Exit(PROBLEMS)
    terminal.say(message("网站与内容相符。"))


def _verify_deployed(site: Path, copy: str, timeout: float, terminal: Terminal) -> None:
    """Hold a deployed copy against the manifest of the site.

    Raises:
        typer.Exit: It differs, or cannot be read.
    """
    if not is_address(copy):
        require_folder(Path(copy), terminal)
    try:
        with terminal.progress() as progress:
            progress(message("核对部署的网站"))
            findings = list(compare_deployed(site, copy, timeout))
    except NoManifest as missing:
        terminal.complain(message("没有清单，或清单读不出来"))
        raise typer.Exit(UNUSABLE) from missing
    except NoAddress as wrong:
        terminal.complain(message("“{copy}”不是能用的网址", copy=copy))
        raise typer.Exit(UNUSABLE) from wrong
    except (Unreachable, OSError) as error:
        terminal.complain(message("读不到 {copy}：{reason}", copy=copy, reason=str(error)))
        raise typer.Exit(UNUSABLE) from error
    for finding in findings:
        terminal.say(one_line(f"{finding.file}: {finding.saying.say(terminal.words)}"))
    if findings:
        raise typer.Exit(PROBLEMS)
    terminal.say(message("部署的网站与清单相符。"))
