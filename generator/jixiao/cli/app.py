"""Root command of the command line; each command's module is imported when the command is used.

A build does not wait for the readers of Word forms; only the help needs all commands.
Exit codes: 0 clean, 1 problems in the content, 2 wrong use or a broken installation. Here alone a `UserError`
becomes words on standard error.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from jixiao import cli
from jixiao.cli.terminal import USER_LANGUAGE, MessageLanguage, Terminal, translate_help
from jixiao.cli.version import print_versions
from jixiao.i18n import load_interface_catalogue, message
from jixiao.problems import UserError, escape_for_terminal

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer.core import TyperOption

_INFRASTRUCTURE: Final = frozenset({"app", "options", "startup", "terminal"})
"""Modules of this package that hold no command."""
_HELP_ORDER: Final = (
    "check",
    "build",
    "serve",
    "verify",
    "export",
    "archive",
    "import",
    "redact",
    "new",
    "fmt",
    "migrate",
    "explain",
    "review",
    "doctor",
    "translate",
    "init",
    "admin",
    "ci",
    "help",
    "version",
)
"""Order of the commands in the help; others follow by name."""
_SIMILARITY_CUTOFF: Final = 0.5
"""Minimum similarity of a mistyped command name, from 0 to 1."""


def find_command_modules() -> dict[str, str]:
    """Return the module of each command, in the order of the help: `cli/import_.py` holds `import`."""
    modules = {
        name.rstrip("_"): name for _, name, _ in iter_modules(cli.__path__) if name not in _INFRASTRUCTURE
    }
    order = {name: place for place, name in enumerate(_HELP_ORDER)}
    return dict(sorted(modules.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))


class TranslatedGroup(TyperGroup):
    """Command group with translated help; without a command it prints that help."""

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:
        """Return a command, or `None` if none has this name."""
        found = cast("TyperCommand | None", super().get_command(ctx, cmd_name))
        return found and translate_help_option(found, ctx)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """Return the `--help` option with a translated description."""
        return set_help_text(super().get_help_option(ctx))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Print the help and exit with 0 if there are no arguments."""
        if not args and not ctx.resilient_parsing:
            print_help(self, ctx)
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | None, list[str]]:
        """Return the command that *args* begin with, or refuse an unknown name."""
        # What begins with a dash is an option that the library knows to refuse.
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            self.refuse(ctx, args[0])
        return cast("tuple[str, TyperCommand, list[str]]", super().resolve_command(ctx, args))

    def refuse(self, ctx: Context, name: str) -> NoReturn:
        """Exit because no command is called *name*, and suggest the most similar one."""
        alike = get_close_matches(name.lower(), list(self.commands), n=1, cutoff=_SIMILARITY_CUTOFF)
        saying = (
            message("没有“{name}”这个命令。是不是“{alike}”？", name=name, alike=alike[0])
            if alike
            else message("没有“{name}”这个命令。", name=name)
        )
        ctx.fail(escape_for_terminal(saying.translate(load_interface_catalogue(USER_LANGUAGE))))


class LazyCommandGroup(TranslatedGroup):
    """Group of all commands, each imported when it is used."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - whatever the library gives a group
        """Register the command names, which suffice to suggest similar ones."""
        super().__init__(**attributes)
        self._modules = find_command_modules()
        self.commands = dict.fromkeys(self._modules, TyperCommand(None))

    def main(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the library declares it
        """Run a command; print the `UserError` that ends it and exit with its code."""
        chosen: dict[str, MessageLanguage] = {}
        try:
            return super().main(*args, obj=chosen, **options)
        except UserError as error:
            # The disk that ended the command may be the one that standard error is written to.
            with suppress(OSError):
                Terminal(chosen.get("language", USER_LANGUAGE)).print_user_error(error)
            sys.exit(error.exit_code)

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:
        """Import a command; return `None` if none has this name."""
        if cmd_name not in self._modules:
            return None
        module = import_module(f"jixiao.cli.{self._modules[cmd_name]}")
        return translate_help_option(cast("TyperCommand", get_group(module.app).commands[cmd_name]), ctx)


def translate_help_option(command: TyperCommand, ctx: Context) -> TyperCommand:
    """Return *command* with a translated description of `--help`."""
    set_help_text(command.get_help_option(ctx))
    return command


def set_help_text(option: TyperOption | None) -> TyperOption | None:
    """Return the help *option* with a translated description."""
    if option is not None:
        option.help = translate_help("显示这段说明。")
    return option


def print_help(command: Command, ctx: Context) -> None:
    """Print the help of *command* to standard output."""
    # The library prints what has colours itself and returns the rest.
    print(command.get_help(ctx))  # noqa: T201


app = typer.Typer(
    name="jixiao",
    cls=LazyCommandGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
    help=translate_help(
        "把财政项目支出绩效目标申报表做成公开网站：一个项目一个 YAML 文件，检查、生成页面、发布。\n\n"
        "第一次用：[bold]jixiao init 文件夹[/] 开始一个网站，在那个文件夹里再运行其他命令；"
        "[bold]jixiao import[/] 读入收到的申报表，或 [bold]jixiao new[/] 照表填写一份。\n\n"
        "常用：[bold]jixiao check[/] 检查内容；[bold]jixiao serve[/] 边改边看；"
        "[bold]jixiao build[/] 生成网站。某个命令怎么用：[bold]jixiao help[/] 命令。"
    ),
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the flag
    if wanted:
        print_versions()
        raise typer.Exit


@app.callback()
def accept_program_options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help=translate_help("显示版本。"), callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Accept the options that stand before a command."""
    del version  # its callback has done the work


def main() -> None:
    """Run the command line."""
    app()
