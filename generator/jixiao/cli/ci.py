"""The commands that CI runs: look at a proposed change, publish what was merged, go back.

What they call is loaded when they are called: no other command has to wait for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao import pipeline
from jixiao.cli.app import TaughtGroup
from jixiao.cli.build import build_once, report_on
from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.commands.deploy import CannotDeploy, deploy, read_target, refuse_within, roll_back
from jixiao.i18n import message
from jixiao.problems import Format, one_line, report
from jixiao.site.build_failure import BuildFailure

app = typer.Typer()
ci = typer.Typer(cls=TaughtGroup, help=teach("流水线运行的命令：审阅、发布、退回。"))
app.add_typer(ci, name="ci")
Place = Annotated[
    str,
    typer.Option(
        "--to", metavar="TARGET", help=teach("去处：/文件夹，或 用户@主机:/文件夹。"), show_default=False
    ),
]


@ci.command(
    name="review",
    help=teach(
        "审阅提议的改动并生成预览，不检出它。\n\n设置、样式和程序用目标分支的，内容用提议的。"
        "OUT 里写出：report.md（摘要和评论用）、code-quality.json（GitLab 标注用）、"
        "preview/（预览网站）。\n\n"
        "例如：[bold]jixiao ci review --base main --head FETCH_HEAD --out build/ci[/]"
    ),
)
def review_change(  # noqa: PLR0913 - typer makes an option of every parameter
    base: Annotated[str, typer.Option(metavar="BASE", help=teach("改动要合并到的分支。"))],
    head: Annotated[str, typer.Option(metavar="HEAD", help=teach("提议改动的分支、标签或提交。"))],
    out: Annotated[Path, typer.Option(metavar="OUT", help=teach("结果写到这个文件夹。"))] = Path("build/ci"),
    annotations: Annotated[
        Format, typer.Option(metavar="NAME", help=teach("github 在合并请求的行上标注；text 给人看。"))
    ] = Format.TEXT,
    project: Project = Path(),
    *,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Review a proposed change."""
    from jixiao.commands.ci_review import examine_proposal, write_report  # noqa: PLC0415
    from jixiao.history.git import NoGit  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        with terminal.progress() as progress:
            proposal = examine_proposal(project, base, head, out, progress)
        write_report(proposal, out, terminal.words)
    except (NoGit, BuildFailure) as failure:
        terminal.complain(failure.saying, failure.details)
        raise typer.Exit(UNUSABLE) from failure
    except OSError as error:
        terminal.complain(told(error, out))
        raise typer.Exit(UNUSABLE) from error
    for line in report(proposal.noteworthy(), annotations, terminal.words):
        terminal.say(line)
    terminal.say(message("审阅报告：{path}", path=str(out / "report.md")))
    if proposal.built is None or proposal.built.site is None:
        raise typer.Exit(PROBLEMS)


@ci.command(
    help=teach(
        "检查内容、生成网站、核对，写了 --to 就部署：传成新的一版，一次切换。设置里要的做不全就不发布。\n\n"
        "去处的 current 指向现在的一版，网站服务器显示的就是它；releases/ 里留着最近几版。\n\n"
        "例如：[bold]jixiao ci publish --to web@example.org:/srv/jixiao[/]"
    ),
)
def publish(
    project: Project = Path(),
    to: Annotated[
        str | None,
        typer.Option(metavar="TARGET", help=teach("去处：/文件夹，或 用户@主机:/文件夹；不写就只生成。")),
    ] = None,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Build, verify and deploy."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        target = None if to is None else read_target(to)
        if target is not None:
            refuse_within(target, project)
        complete = pipeline.BuildOrder(with_advice=False, is_complete=True)
        if not build_once(project, Format.TEXT, terminal, complete):
            raise typer.Exit(PROBLEMS)
        site = project / "build" / "site"
        checked, findings = pipeline.verify(project, site)
        if findings or checked.config is None:
            report_on(checked, terminal)
            for finding in findings:
                terminal.complain(message("{file}：{saying}", file=finding.file, saying=finding.saying))
            raise typer.Exit(PROBLEMS)
        terminal.say(message("网站与内容相符。"))
        if target is not None:
            with terminal.progress() as progress:
                release = deploy(site, target, progress)
            terminal.say(message("已经切换到 {release}：{place}", release=release, place=target.place))
    except CannotDeploy as refused:
        _complain(refused, terminal)


@ci.command(
    help=teach(
        "退回部署过的上一版，或 --release 写明的一版；一次切换，逐字节是原来的网站。\n\n"
        "例如：[bold]jixiao ci rollback --to web@example.org:/srv/jixiao[/]"
    )
)
def rollback(
    to: Place,
    release: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=teach("退回哪一版；不写就是上一版。"), show_default=False),
    ] = None,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Go back to an earlier release."""
    terminal = Terminal(language)
    try:
        target = read_target(to)
        back = roll_back(target, release)
    except CannotDeploy as refused:
        _complain(refused, terminal)
    else:
        terminal.say(message("已经切换到 {release}：{place}", release=back, place=target.place))


def _complain(refused: CannotDeploy, terminal: Terminal) -> None:
    terminal.complain(refused.saying, refused.details)
    for finding in refused.findings:
        terminal.complain(message("{file}：{saying}", file=one_line(finding.file), saying=finding.saying))
    raise typer.Exit(UNUSABLE) from refused
