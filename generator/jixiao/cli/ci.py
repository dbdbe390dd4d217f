"""Commands for CI: review a proposed change, publish, roll back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao import pipeline
from jixiao.cli.app import TranslatedGroup
from jixiao.cli.build import build_site, print_build_result
from jixiao.cli.check import print_errors
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.deploy import deploy, read_target, refuse_target_within, roll_back
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, ProblemFormat, format_problems

app = typer.Typer()
ci = typer.Typer(cls=TranslatedGroup, help=translate_help("流水线运行的命令：审阅、发布、退回。"))
app.add_typer(ci, name="ci")
TargetOption = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="TARGET",
        help=translate_help("去处：/文件夹，或 用户@主机:/文件夹。"),
        show_default=False,
    ),
]


@ci.command(
    name="review",
    help=translate_help(
        "审阅提议的改动并生成预览，不检出它。\n\n设置、样式和程序用目标分支的，内容用提议的。"
        "OUT 里写出：report.md（摘要和评论用）、code-quality.json（GitLab 标注用）、"
        "preview/（预览网站）。\n\n"
        "例如：[bold]jixiao ci review --base main --head FETCH_HEAD --out build/ci[/]"
    ),
)
def review(  # noqa: PLR0913 - typer makes an option of every parameter
    base: Annotated[str, typer.Option(metavar="BASE", help=translate_help("改动要合并到的分支。"))],
    head: Annotated[str, typer.Option(metavar="HEAD", help=translate_help("提议改动的分支、标签或提交。"))],
    out: Annotated[Path, typer.Option(metavar="OUT", help=translate_help("结果写到这个文件夹。"))] = Path(
        "build/ci"
    ),
    annotations: Annotated[
        ProblemFormat,
        typer.Option(metavar="NAME", help=translate_help("github 在合并请求的行上标注；text 给人看。")),
    ] = ProblemFormat.TEXT,
    root: RootOption = Path(),
    *,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Review a proposed change."""
    from jixiao.commands.ci_review import review_proposal, write_proposal_report  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(root)
    with report_os_errors(out):
        with terminal.show_progress() as progress:
            proposal = review_proposal(root, base, head, out, progress)
        write_proposal_report(proposal, out, terminal.catalogue)
    for line in format_problems(proposal.list_noteworthy_problems(), annotations, terminal.catalogue):
        terminal.print_line(line)
    terminal.print_line(message("审阅报告：{path}", path=str(out / "report.md")))
    if proposal.preview is None or proposal.preview.site is None:
        raise typer.Exit(EXIT_PROBLEMS)


@ci.command(
    help=translate_help(
        "检查内容、生成网站、核对，写了 --to 就部署：传成新的一版，一次切换。设置里要的做不全就不发布。\n\n"
        "去处的 current 指向现在的一版，网站服务器显示的就是它；releases/ 里留着最近几版。\n\n"
        "例如：[bold]jixiao ci publish --to web@example.org:/srv/jixiao[/]"
    ),
)
def publish(
    root: RootOption = Path(),
    to: Annotated[
        str | None,
        typer.Option(
            metavar="TARGET", help=translate_help("去处：/文件夹，或 用户@主机:/文件夹；不写就只生成。")
        ),
    ] = None,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Build, verify and deploy the site."""
    terminal = Terminal(language)
    require_folder(root)
    target = None if to is None else read_target(to)
    if target is not None:
        refuse_target_within(target, root)
    complete = pipeline.BuildOptions(with_advice=False, is_complete=True)
    if not print_build_result(build_site(root, terminal, complete), ProblemFormat.TEXT, terminal):
        raise typer.Exit(EXIT_PROBLEMS)
    site = root / "build" / "site"
    checked, findings = pipeline.verify(root, site)
    if findings or checked.config is None:
        print_errors(checked, terminal)
        for finding in findings:
            terminal.print_error(message("{file}：{saying}", file=finding.file, saying=finding.message))
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("网站与内容相符。"))
    if target is not None:
        with terminal.show_progress() as progress:
            release = deploy(site, target, progress)
        terminal.print_line(
            message("已经切换到 {release}：{place}", release=release, place=target.rsync_path)
        )


@ci.command(
    help=translate_help(
        "退回部署过的上一版，或 --release 写明的一版；一次切换，逐字节是原来的网站。\n\n"
        "例如：[bold]jixiao ci rollback --to web@example.org:/srv/jixiao[/]"
    )
)
def rollback(
    to: TargetOption,
    release: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=translate_help("退回哪一版；不写就是上一版。"), show_default=False),
    ] = None,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Switch to an earlier release."""
    terminal = Terminal(language)
    target = read_target(to)
    back = roll_back(target, release)
    terminal.print_line(message("已经切换到 {release}：{place}", release=back, place=target.rsync_path))
